"""Whole stories: cells as models write them, run in the sandbox, distilled, and the tool tried on other data."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from lithify.distil import NoCandidate
from lithify.questions import match_template
from lithify.records.plain import Plain

LOG = """\
Jun 14 01:00:01 combo sshd[101]: ERROR authentication failure for user root took 120 ms
Jun 14 02:10:05 combo cron[102]: INFO session opened for user news took 15 ms
Jun 14 03:20:07 combo sshd[103]: ERROR authentication failure for user guest took 230 ms
Jun 15 04:30:00 combo kernel[1]: WARN temperature high took 7 ms
Jun 15 05:00:00 combo sshd[105]: INFO session opened for user root took 31 ms
Jun 15 06:00:00 combo cron[106]: ERROR cannot open crontab took 44 ms
Jun 16 07:00:00 combo sshd[107]: ERROR authentication failure for user root took 9 ms
not a log line
"""
OTHER_LOG = """\
Jul  1 01:00:01 node7 cron[201]: ERROR cannot open crontab took 3 ms
Jul  1 02:00:01 node7 cron[202]: ERROR cannot open crontab took 5 ms
Jul  2 03:00:01 node7 cron[203]: WARN clock skew took 500 ms
Jul  2 04:00:01 node7 sshd[204]: ERROR authentication failure for user news took 70 ms
Jul  3 05:00:01 node7 kernel[1]: INFO link up took 2 ms
"""
TABLE = """\
name,city,amount,day
Ada,Paris,10.5,2024-01-05
Bob,Rome,20,2024-01-07
Cid,Paris,30.25,2024-02-01
Dee,Oslo,5,2024-02-03
"""
OTHER_TABLE = """\
name,city,amount,day
Eve,Oslo,1,2023-05-01
Fay,Oslo,2.5,2023-05-02
Gus,Rome,100,2023-06-03
"""
FILES = {
    "app/a.log": "INFO start\nERROR disk full\nERROR disk full\n",
    "app/b.log": "INFO start\nERROR timeout\n",
    "web/c.log": "WARN slow\n",
}
OTHER_FILES = {"x/d.log": "ERROR one\nERROR two\nERROR three\n", "x/e.log": "INFO fine\n"}


@dataclass(frozen=True, kw_only=True)
class Story:
    """A question answered by cells over data, what the tool must give on other data, and what its source is like.

    answer: on the data itself. calls: (arguments, answer) on the data. has, lacks: pieces of the source.
    """

    question: str
    cells: Sequence[str]
    answer: Plain
    other: Plain
    data: Any = LOG
    other_data: Any = OTHER_LOG
    template: str = ""
    calls: Sequence[tuple[Mapping[str, int | float | str], Plain]] = ()
    has: Sequence[str] = ()
    lacks: Sequence[str] = ("print(", "context", "FINAL")
    options: Mapping[str, Any] = field(default_factory=dict)


STORIES = {
    "probe, compute, submit": Story(
        question="Which service has the most log lines?",
        cells=[
            "print(type(context), len(context))\nprint(context[:200])",
            "import re\nfrom collections import Counter\nlines = context.splitlines()\nprint(len(lines))\n"
            "pat = re.compile(r'^\\w+ +\\d+ [\\d:]+ \\S+ (\\w+)\\[')\ncounts = Counter()\nbad = []\n"
            "for line in lines:\n    m = pat.match(line)\n    if not m:\n        bad.append(line)\n        continue\n"
            "    counts[m.group(1)] += 1\nprint(counts.most_common())\nprint('unparsed', bad)",
            "top, n = counts.most_common(1)[0]\nprint(top, n)\nFINAL(top)",
        ],
        answer="sshd",
        other="cron",
        has=["re.compile(r", "def "],
        lacks=["print(", "bad", "context"],
    ),
    "the answer variable": Story(
        question="How many lines have level ERROR?",
        cells=[
            "n = 0\nfor line in context.splitlines():\n    parts = line.split()\n    "
            "if len(parts) > 5 and parts[5] == 'ERROR':"
            "\n        n += 1\nanswer = {'content': n, 'ready': True}"
        ],
        answer=4,
        other=3,
        template="how many lines have level {level}",
        calls=[({"level": "WARN"}, 1), ({"level": "INFO"}, 2)],
    ),
    "the answer's two halves": Story(
        question="How many lines mention authentication?",
        cells=[
            "total = sum('authentication' in line for line in context.splitlines())\nanswer['content'] = total",
            "answer['ready'] = True",
        ],
        answer=3,
        other=1,
    ),
    "a retry after an exception": Story(
        question="What is the longest time in ms?",
        cells=[
            "import re\ntimes = []\nfor line in context.splitlines():\n    "
            "times.append(int(line.split()[-2]))\nmax(times)",
            "times = [int(t) for t in re.findall(r'took (\\d+) ms', context)]\nprint(times)",
            "FINAL(max(times))",
        ],
        answer=230,
        other=500,
        lacks=["append", "print("],
    ),
    "an exception after what matters": Story(
        question="What is the mean time in ms?",
        cells=[
            "import re, statistics\nvalues = list(map(int, re.findall(r'took (\\d+) ms', context)))\n"
            "mean = statistics.mean(values)\nprint(undefined_name)",
            "FINAL(mean)",
        ],
        answer=pytest.approx(456 / 7),
        other=116,
    ),
    "an exception inside a function of the same cell": Story(
        question="How many distinct users are there?",
        cells=[
            "import re\nusers = set(re.findall(r'user (\\w+)', context))\ndef check(x):\n    return x / 0\n"
            "n = len(users)\n"
            "check(n)\nn = -1",
            "FINAL(n)",
        ],
        answer=3,
        other=1,
        lacks=["check", "-1"],
    ),
    "cross-checks and a guard": Story(
        question="How many sshd lines are there?",
        cells=[
            "lines = context.splitlines()\nby_split = sum(1 for l in lines if 'sshd[' in l)\nimport re\n"
            "by_regex = len(re.findall(r' sshd\\[\\d+\\]', context))\nprint(by_split, by_regex)\n"
            "assert by_split == by_regex == 4\nif by_split == by_regex:\n    FINAL(by_split)"
        ],
        answer=4,
        other=1,
        template="how many sshd lines are there",
        lacks=["assert", "by_regex", "if by_split"],
    ),
    "a guard on the literal result": Story(
        question="How many WARN lines are there?",
        cells=["n = sum(' WARN ' in l for l in context.splitlines())\nprint(n)", "if n == 1:\n    FINAL(n)"],
        answer=1,
        other=1,
        lacks=["== 1"],
    ),
    "a choice between two submissions": Story(
        question="Is there any WARN line?",
        cells=["found = ' WARN ' in context\nif found:\n    FINAL('yes')\nelse:\n    FINAL('no')"],
        answer="yes",
        other="yes",
        calls=[({"level": "FATAL"}, "no")],
    ),
    "a number typed off the print": Story(
        question="How many lines are there in total?",
        cells=["lines = context.splitlines()\nprint('lines:', len(lines))\nprint(lines[0])", "FINAL(8)"],
        answer=8,
        other=5,
        has=["splitlines()"],
        lacks=["return 8"],
    ),
    "a name typed off a counter": Story(
        question="Which user appears most often?",
        cells=[
            "import re\nfrom collections import Counter\nc = Counter(re.findall(r'user (\\w+)', context))\nprint(c)",
            "FINAL('root')",
        ],
        answer="root",
        other="news",
        has=["most_common(1)"],
        lacks=["'root'", '"root"'],
    ),
    "a name typed off a loop": Story(
        question="Which day has the most lines?",
        cells=[
            "from collections import Counter\nc = Counter(' '.join(l.split()[:2]) for l in context.splitlines() "
            "if l[:3].isalpha() and '[' in l)\nfor day, n in sorted(c.items(), key=lambda kv: (-kv[1], kv[0])):\n"
            "    print(f'{day:<10} {n:>4}')",
            "FINAL('Jun 14')",
        ],
        answer="Jun 14",
        other="Jul 1",
    ),
    "a text composed of two typed values": Story(
        question="Which service has the most lines, and how many?",
        cells=[
            "import re\nfrom collections import Counter\nc = Counter(re.findall(r' (\\w+)\\[', context))\n"
            "top, count = c.most_common(1)[0]\nprint(f'{top}: {count}')\nprint(c)",
            "FINAL('sshd (4 lines)')",
        ],
        answer="sshd (4 lines)",
        other="cron (3 lines)",
    ),
    "a dict typed off the prints": Story(
        question="How many lines of each level are there?",
        cells=[
            "from collections import Counter\nlevels = Counter()\nfor l in context.splitlines():\n"
            "    for level in ('ERROR', 'WARN', 'INFO'):\n        if f' {level} ' in l:\n            "
            "levels[level] += 1\n"
            "for k, v in sorted(levels.items()):\n    print(k, v)",
            "FINAL({'ERROR': 4, 'INFO': 2, 'WARN': 1})",
        ],
        answer={"ERROR": 4, "INFO": 2, "WARN": 1},
        other={"ERROR": 3, "INFO": 1, "WARN": 1},
    ),
    "a rounded value, typed in prose": Story(
        question="What is the average time in ms, to two decimals?",
        cells=[
            "import re\nv = [int(x) for x in re.findall(r'took (\\d+) ms', context)]\navg = sum(v) / len(v)\n"
            "print(f'average {avg:.2f} over {len(v)}')"
        ],
        answer=65.14,
        other=116,
        options={"typed": 65.14},
    ),
    "FINAL_VAR and a helper in an earlier cell": Story(
        question="List the services in order of first appearance",
        cells=[
            "import re\ndef service(line):\n    '''The service that wrote a line, or None.'''\n"
            "    m = re.search(r' (\\w+)\\[\\d+\\]:', line)\n    print('.', end='')\n    "
            "return m.group(1) if m else None",
            "seen = []\nfor line in context.splitlines():\n    s = service(line)\n    if s and s not in seen:\n"
            "        seen.append(s)\nresult = seen",
            "FINAL_VAR('result')",
        ],
        answer=["sshd", "cron", "kernel"],
        other=["cron", "sshd", "kernel"],
        has=["def _service(line)", "-> list[str]"],
    ),
    "SUBMIT with several fields": Story(
        question="How many lines and how many users are there?",
        cells=[
            "import re\nn_lines = len(context.splitlines())\n"
            "n_users = len(set(re.findall(r'user (\\w+)', context)))\n"
            "SUBMIT(lines=n_lines, users=n_users)"
        ],
        answer={"lines": 8, "users": 3},
        other={"lines": 5, "users": 1},
        has=["-> dict[str, int]"],
    ),
    "SUBMIT inside a function": Story(
        question="How many INFO lines are there?",
        cells=[
            "def main():\n    total = 0\n    for l in context.splitlines():\n        "
            "if ' INFO ' in l:\n            total += 1\n"
            "    print('total', total)\n    SUBMIT(total=total)\nmain()"
        ],
        answer=2,
        other=1,
    ),
    "pandas": Story(
        question="What is the total amount for Paris?",
        data=TABLE,
        other_data=OTHER_TABLE.replace("Rome", "Paris"),
        cells=[
            "import pandas as pd, io\ndf = pd.read_csv(io.StringIO(context))\nprint(df.head())\nprint(df.describe())",
            "paris = df[df['city'] == 'Paris']\nprint(len(paris))\ntotal = paris['amount'].sum()\nFINAL(total)",
        ],
        answer=40.75,
        other=100.0,
        template="what is total amount for {city}",
        calls=[({"city": "Oslo"}, 5.0)],
        has=["import pandas as pd", "-> float", "float("],
        options={"form": "delimited"},
    ),
    "pandas groups as a dict": Story(
        question="What is the number of rows per city?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import io\nimport pandas as pd\ndf = pd.read_csv(io.StringIO(context))\ndf.head()",
            "per = df.groupby('city').size()\nper",
            "FINAL(per.to_dict())",
        ],
        answer={"Oslo": 1, "Paris": 2, "Rome": 1},
        other={"Oslo": 2, "Rome": 1},
        options={"form": "delimited"},
    ),
    "a numpy number": Story(
        question="What is the median amount?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import csv, io\nimport numpy as np\nrows = list(csv.DictReader(io.StringIO(context)))\nrows[:1]",
            "a = np.array([float(r['amount']) for r in rows])\nprint(a.mean(), a.std())\nFINAL(np.median(a))",
        ],
        answer=15.25,
        other=2.5,
        has=["float(np.median(a))"],
        options={"form": "delimited"},
    ),
    "an advanced reader": Story(
        question="Who has the largest amount?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import csv\nreader = csv.reader(context.splitlines())\nheader = next(reader)\nprint(header)\n"
            "rows = list(reader)",
            "best = None\nfor r in rows:\n    if best is None or float(r[2]) > float(best[2]):\n        "
            "best = r\nprint(best)\n"
            "FINAL(best[0])",
        ],
        answer="Cid",
        other="Gus",
        options={"form": "delimited"},
    ),
    "dates": Story(
        question="How many days lie between the first and the last date?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "from datetime import datetime\nrows = [l.split(',') for l in context.strip().splitlines()[1:]]\n"
            "days = sorted(datetime.strptime(r[3], '%Y-%m-%d') for r in rows)\nprint(days[0], days[-1])",
            "delta = days[-1] - days[0]\nprint(delta)\nFINAL(delta.days)",
        ],
        answer=29,
        other=33,
        options={"form": "delimited"},
    ),
    "two meanings of one imported name": Story(
        question="On which weekday was the earliest date?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import datetime\nfirst = min(l.split(',')[3] for l in context.strip().splitlines()[1:])\n"
            "d = datetime.date.fromisoformat(first)",
            "from datetime import datetime\nagain = datetime.strptime(first, '%Y-%m-%d')\nprint(again)\n"
            "FINAL(again.strftime('%A') + ' ' + str(d))",
        ],
        answer="Friday 2024-01-05",
        other="Monday 2023-05-01",
        options={"form": "delimited"},
    ),
    "a class": Story(
        question="What is the balance by city?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "from collections import defaultdict\nclass Book:\n    def __init__(self):\n        "
            "self.by = defaultdict(float)\n"
            "    def feed(self, line):\n        name, city, amount, day = line.split(',')\n        "
            "print('fed', name)\n"
            "        self.by[city] += float(amount)\n",
            "book = Book()\nfor line in context.splitlines()[1:]:\n    book.feed(line)\nprint(book.by)\n"
            "FINAL(dict(book.by))",
        ],
        answer={"Paris": 40.75, "Rome": 20.0, "Oslo": 5.0},
        other={"Oslo": 3.5, "Rome": 100.0},
        has=["class _Book"],
        options={"form": "delimited"},
    ),
    "groups in a dict of lists": Story(
        question="Which city has the most rows?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "groups = {}\nunused = {}\nfor line in context.splitlines()[1:]:\n    "
            "name, city, *rest = line.split(',')\n"
            "    groups.setdefault(city, []).append(name)\n    unused[name] = rest\n"
            "for k, v in groups.items():\n    print(k, v)",
            "winner = max(groups, key=lambda c: (len(groups[c]), c))\nFINAL(winner)",
        ],
        answer="Paris",
        other="Oslo",
        lacks=["unused", "print("],
        options={"form": "delimited"},
    ),
    "top 2 as a list of pairs": Story(
        question="What are the top 2 services by number of lines?",
        cells=[
            "import re\nfrom collections import Counter\nc = Counter(re.findall(r' (\\w+)\\[', context))\n"
            "FINAL(c.most_common(2))"
        ],
        answer=[["sshd", 4], ["cron", 2]],
        other=[["cron", 3], ["sshd", 1]],
        template="what are top {top} services by number of lines",
        calls=[({"top": 3}, [["sshd", 4], ["cron", 2], ["kernel", 1]])],
    ),
    "a threshold and nested functions": Story(
        question="How many requests took more than 100 ms?",
        cells=[
            "import re\ndef slow(limit):\n    hits = []\n    def note(t):\n        if t > limit:\n            "
            "hits.append(t)\n"
            "    for t in re.findall(r'took (\\d+) ms', context):\n        note(int(t))\n    return hits\n"
            "over = slow(100)\nprint(over)\nFINAL(len(over))"
        ],
        answer=2,
        other=1,
        calls=[({"threshold": 10}, 5)],
    ),
    "a quoted phrase": Story(
        question='How many lines contain "session opened"?',
        cells=["hits = [l for l in context.splitlines() if 'session opened' in l]\nhits[:2]", "FINAL(len(hits))"],
        answer=2,
        other=0,
        template='how many lines contain "{phrase}"',
        calls=[({"phrase": "authentication failure"}, 3)],
    ),
    "a name inside a regular expression": Story(
        question="How many authentication failures were there for user root?",
        cells=[
            "import re\nn = len(re.findall(r'authentication failure for user root\\b', context))\nprint(n)\nFINAL(n)"
        ],
        answer=2,
        other=0,
        calls=[({"user": "guest"}, 1)],
        has=["re.escape(user)"],
    ),
    "code that folds case": Story(
        question="How many Error lines are there?",
        cells=["n = sum(1 for l in context.splitlines() if ' error ' in l.lower())\nFINAL(n)"],
        answer=4,
        other=3,
        template="how many {level} lines are there",
        calls=[({"level": "Warn"}, 1)],
    ),
    "another spelling stays a constant": Story(
        question="How many lines are from June?",
        cells=["n = sum(l.startswith('Jun') for l in context.splitlines())\nFINAL(n)"],
        answer=7,
        other=0,
        template="how many lines are from june",
    ),
    "an f-string answer": Story(
        question="Give the first and last service",
        cells=[
            "import re\nall_ = re.findall(r' (\\w+)\\[', context)\nfirst, last = all_[0], all_[-1]\n"
            "FINAL(f'{first} to {last}')"
        ],
        answer="sshd to sshd",
        other="cron to kernel",
    ),
    "files": Story(
        question="How many ERROR lines are in each file?",
        data=FILES,
        other_data=OTHER_FILES,
        cells=[
            "print(list(context))\nfor name, body in context.items():\n    print(name, len(body))",
            "out = {}\nfor name, body in context.items():\n"
            "    out[name] = sum(l.startswith('ERROR') for l in body.splitlines())\nout",
            "FINAL(out)",
        ],
        answer={"app/a.log": 2, "app/b.log": 1, "web/c.log": 0},
        other={"x/d.log": 3, "x/e.log": 0},
        template="how many {level} lines are in each file",
        has=["files: dict[str, str]", "files.items()"],
        options={"form": "files"},
    ),
    "a variable called like the parameter": Story(
        question="How long is the longest line?",
        cells=[
            "text = context.strip()\nlengths = [len(text) for text in text.split('\\n')]\nprint(lengths)\n"
            "FINAL(max(lengths))"
        ],
        answer=88,
        other=86,
        has=["text: str"],
    ),
    "a global counter": Story(
        question="How many numbered processes are there?",
        cells=[
            "import re\ncount = 0\ndef hit(m):\n    global count\n    count += 1\n    return ''\n"
            "_ = re.sub(r'\\[\\d+\\]', hit, context)\nprint(count)\nFINAL(count)"
        ],
        answer=7,
        other=5,
        has=["nonlocal count"],
    ),
    "context itself cut down": Story(
        question="How many words are there on the last line?",
        cells=["context = context.strip()\nlast = context.split('\\n')[-1]\nwords = last.split()\nFINAL(len(words))"],
        answer=4,
        other=11,
        lacks=["print("],
    ),
    "a walrus and a while loop": Story(
        question="How many times does 'user' occur?",
        cells=[
            "n, at = 0, -1\nwhile (at := context.find('user', at + 1)) >= 0:\n    n += 1\n    "
            "if n < 3:\n        print(at)\nFINAL(n)"
        ],
        answer=5,
        other=1,
    ),
    "json": Story(
        question="What is the sum of the prices?",
        data='{"items": [{"price": 3, "tags": ["a"]}, {"price": 4, "tags": []}]}',
        other_data='{"items": [{"price": 10}]}',
        cells=[
            "import json\ndata = json.loads(context)\nprint(data.keys())\nitems = data['items']\nitems[0]",
            "FINAL(sum(i['price'] for i in items))",
        ],
        answer=7,
        other=10,
        options={"form": "json"},
    ),
    "a set, given sorted": Story(
        question="Which users are there?",
        cells=["import re\nusers = set(re.findall(r'user (\\w+)', context))\nFINAL(users)"],
        answer=["guest", "news", "root"],
        other=["news"],
        has=["sorted("],
    ),
    "a name read off one cell and used in the next": Story(
        question="How many lines does the busiest service have?",
        cells=[
            "import re\nfrom collections import Counter\nc = Counter(re.findall(r' (\\w+)\\[', context))\n"
            "for name, n in c.most_common():\n    print(name, n)",
            "n = sum(1 for l in context.splitlines() if re.search(r' (\\w+)\\[', l)\n"
            "        and re.search(r' (\\w+)\\[', l).group(1) == 'sshd')\nprint(n)\nFINAL(n)",
        ],
        answer=4,
        other=3,
        lacks=["'sshd'", "print("],
    ),
    "a mean read off one cell and used in the next": Story(
        question="How many requests took longer than the average?",
        cells=[
            "import re\nv = [int(x) for x in re.findall(r'took (\\d+) ms', context)]\n"
            "print(f'mean {sum(v) / len(v):.2f}')",
            "FINAL(sum(1 for x in v if x > 65.14))",
        ],
        answer=2,
        other=1,
        lacks=["65.14"],
    ),
    "a list read off one cell and used in the next": Story(
        question="How many lines does each service have?",
        cells=[
            "import re\nfrom collections import Counter\nc = Counter(re.findall(r' (\\w+)\\[\\d+\\]', context))\n"
            "print(c)",
            "out = {}\nfor s in ['sshd', 'cron', 'kernel']:\n    out[s] = context.count(f' {s}[')\nFINAL(out)",
        ],
        answer={"cron": 2, "kernel": 1, "sshd": 4},
        other={"cron": 3, "kernel": 1, "sshd": 1},
        lacks=["'sshd'"],
    ),
    "an extreme seen in a table": Story(
        question="Which service has the fewest lines?",
        cells=[
            "import re\nd = {}\nfor s in re.findall(r' (\\w+)\\[\\d+\\]', context):\n    d[s] = d.get(s, 0) + 1\n"
            "for k, v in d.items():\n    print(k, v)",
            "FINAL('kernel')",
        ],
        answer="kernel",
        other="sshd",
        has=["min("],
    ),
    "an extreme seen in a dict and used in the next cell": Story(
        question="How many lines does the service with the most lines have?",
        cells=[
            "import re\nd = {}\nfor s in re.findall(r' (\\w+)\\[\\d+\\]', context):\n    d[s] = d.get(s, 0) + 1\nd",
            "FINAL(sum(s == 'sshd' for s in re.findall(r' (\\w+)\\[\\d+\\]', context)))",
        ],
        answer=4,
        other=3,
        lacks=["'sshd'"],
    ),
    "a dataclass with a field called like the parameter": Story(
        question="Which process id had the longest time?",
        cells=[
            "from dataclasses import dataclass\nimport re\n@dataclass\nclass Rec:\n    pid: int\n    "
            "text: str\n    ms: int = 0\n"
            "recs = []\nfor line in context.splitlines():\n    "
            "m = re.search(r'\\[(\\d+)\\]: (.*) took (\\d+) ms', line)\n"
            "    if m:\n        recs.append(Rec(pid=int(m[1]), text=m[2], ms=int(m[3])))\nprint(recs[:2])",
            "best = max(recs, key=lambda r: r.ms)\nprint(best)\nFINAL(best.pid)",
        ],
        answer=103,
        other=203,
        has=["class _Rec"],
    ),
    "a generator": Story(
        question="How many lines have an even process id?",
        cells=[
            "import re\ndef pids(text):\n    for m in re.finditer(r'\\[(\\d+)\\]', text):\n        "
            "yield int(m.group(1))",
            "evens = [p for p in pids(context) if p % 2 == 0]\nlen(evens)",
            "FINAL(len(evens))",
        ],
        answer=2,
        other=2,
    ),
    "a sentence typed off the print": Story(
        question="Which service has the most lines?",
        cells=[
            "import re\nfrom collections import Counter\n"
            "c = Counter(re.findall(r' (\\w+)\\[', context)).most_common()\nc",
            "FINAL('The service with the most lines is sshd with 4 lines.')",
        ],
        answer="The service with the most lines is sshd with 4 lines.",
        other="The service with the most lines is cron with 3 lines.",
    ),
    "an answer that was revised": Story(
        question="What is the total amount?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import csv, io\nrows = list(csv.DictReader(io.StringIO(context)))\n"
            "total = sum(float(r['amount']) for r in rows if r['city'] == 'Paris')\n"
            "answer = {'content': total, 'ready': False}\nprint(answer)",
            "total = sum(float(r['amount']) for r in rows)\nanswer['content'] = total\nanswer['ready'] = True",
        ],
        answer=65.75,
        other=103.5,
        lacks=["Paris", "answer"],
        options={"form": "delimited"},
    ),
    "asserts: of the format, and of the result": Story(
        question="What is the average amount?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "def parse(l):\n    parts = l.split(',')\n    assert len(parts) == 4, l\n    return float(parts[2])\n"
            "vals = [parse(l) for l in context.splitlines()[1:]]\navg = sum(vals) / len(vals)\n"
            "assert abs(avg - 16.4375) < 1e-6\nFINAL(avg)"
        ],
        answer=16.4375,
        other=34.5,
        has=["assert len(parts) == 4"],
        lacks=["16.4375"],
        options={"form": "delimited"},
    ),
    "a builtin's name, and the main guard": Story(
        question="How many lines are there?",
        cells=[
            "list = context.splitlines()\ndef main():\n    print(list)\n    return len(list)\n"
            "if __name__ == '__main__':\n    n = main()\n    FINAL(n)"
        ],
        answer=8,
        other=5,
        lacks=["__main__", "print("],
    ),
    "rows of a table": Story(
        question="Which rows have an amount above 10?",
        data=TABLE,
        other_data=OTHER_TABLE,
        cells=[
            "import pandas as pd, io\ndf = pd.read_csv(io.StringIO(context))\n"
            "res = df[df.amount > 10][['name', 'amount']]\nres",
            "FINAL(res)",
        ],
        answer=[
            {"name": "Ada", "amount": 10.5},
            {"name": "Bob", "amount": 20.0},
            {"name": "Cid", "amount": 30.25},
        ],
        other=[{"name": "Gus", "amount": 100.0}],
        calls=[({"threshold": 25}, [{"name": "Cid", "amount": 30.25}])],
        options={"form": "delimited"},
    ),
    "llm_query beside the way": Story(
        question="How many cron lines are there?",
        cells=[
            "mood = llm_query('what mood is this?')\nprint(mood)",
            "FINAL(sum(' cron[' in l for l in context.splitlines()))",
        ],
        answer=2,
        other=3,
        lacks=["llm_query"],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_tool_answers_here_and_elsewhere(name: str, teller: Any) -> None:
    story = STORIES[name]
    candidate = teller.tell(story.question, story.data, story.cells, **story.options)
    assert not isinstance(candidate, NoCandidate), candidate.reason
    source = candidate.source
    assert teller.call(candidate, story.data) == story.answer, source
    assert teller.call(candidate, story.other_data) == story.other, source
    for arguments, answer in story.calls:
        assert teller.call(candidate, story.data, **arguments) == answer, source
    if story.template:
        assert candidate.recipe.template == story.template
    for piece in story.has:
        assert piece in source, source
    code = ast.unparse(_without_docstrings(source))
    for piece in story.lacks:
        assert piece not in code, source
    assert candidate.examples
    for example in candidate.examples:
        assert teller.call(candidate, example.context, **example.arguments) == example.expected
    defaults = {slot.name: slot.default for slot in candidate.recipe.slots}
    assert match_template(candidate.recipe.template, candidate.recipe.slots, story.question) == defaults


def _without_docstrings(source: str) -> ast.Module:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return tree
