"""Functions, classes, closures, comprehensions, generators: whose name is whose."""

from __future__ import annotations

from tests.distil.corpus.case import Case
from tests.distil.corpus.data import (
    ACCESS,
    ACCESS_LATER,
    CONFIGS,
    CONFIGS_LATER,
    EVENTS,
    EVENTS_LATER,
    ORDERS,
    ORDERS_LATER,
    READINGS,
    READINGS_LATER,
    TRACES,
    TRACES_LATER,
)

CASES = {
    "helpers of three cells that call each other": Case(
        question="What is the average response time of GET requests?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
def fields(line):
    quoted = line.split('"')
    return quoted if len(quoted) == 3 else None

def show(x):
    print("->", x)

show(fields(context.splitlines()[0]))
#---
def verb(line):
    f = fields(line)
    show(f) if f is None else None
    return f[1].split()[0] if f else ""

def secs(line):
    return float(fields(line)[2].split()[-1])
#---
def mean(xs):
    xs = list(xs)
    return sum(xs) / len(xs)

got = [secs(l) for l in context.splitlines() if verb(l) == "GET"]
show(got)
FINAL(mean(got))
""",
        answer=(0.12 + 0.01 + 0.24 + 0.001 + 0.18 + 0.002) / 6,
        elsewhere=(0.004 + 0.3 + 0.05) / 3,
        lacks=["print"],
    ),
    "a helper defined again after it failed": Case(
        question="What is the total of the readings?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
def to_num(s):
    return float(s)

vals = [to_num(x) for x in context.splitlines()]
#---
def to_num(s):
    s = s.strip()
    if not s or s.startswith("#"):
        return None
    return float(s)

vals = [to_num(x) for x in context.splitlines()]
#---
def to_num(s):
    s = s.strip()
    if not s or s.startswith("#") or s == "n/a":
        return None
    return float(s)

vals = [v for v in map(to_num, context.splitlines()) if v is not None]
print(vals)
FINAL(sum(vals))
""",
        answer=76.0,
        elsewhere=8.5,
        statements=7,
    ),
    "a class with methods that nobody calls": Case(
        question="How many errors did each worker have?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
class Log:
    def __init__(self, text):
        self.lines = text.splitlines()
        self.heads = [l for l in self.lines if l[:4].isdigit()]

    def errors(self):
        return [l for l in self.heads if " ERROR " in l]

    def report(self):
        for l in self.heads:
            print(l)

    def by_worker(self):
        out = {}
        for l in self.errors():
            w = l.split()[3]
            out[w] = out.get(w, 0) + 1
        return out

log = Log(context)
log.report()
#---
res = log.by_worker()
print(res)
FINAL(res)
""",
        answer={"worker-2": 2, "worker-1": 1},
        elsewhere={"worker-9": 1, "worker-8": 1},
        lacks=["print"],
    ),
    "inheritance and super": Case(
        question="What is the maximum reading?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
class Acc:
    def __init__(self):
        self.n = 0
    def add(self, v):
        self.n += 1

class Max(Acc):
    def __init__(self):
        super().__init__()
        self.best = None
    def add(self, v):
        super().add(v)
        if self.best is None or v > self.best:
            self.best = v

m = Max()
for l in context.splitlines():
    try:
        m.add(float(l))
    except ValueError as e:
        print("bad:", e)
m.n, m.best
#---
FINAL(m.best)
""",
        answer=40.0,
        elsewhere=7.5,
    ),
    "comprehension variables that hide outer names": Case(
        question="How many orders have a quantity above 1?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
x = 5
line = "header"
rows = [line.split(",") for line in context.splitlines()]
x = [x[4] for x in rows[1:]]
q = {x: rows.count(x) for x in ()}
print(line, x, q)
#---
n = sum(int(x) > 1 for x in x)
print([n for n in range(3)])
FINAL(n)
""",
        answer=4,
        elsewhere=2,
        statements=4,
        lacks=["header", "rows.count"],
        calls=[({"threshold": 3}, 2)],
    ),
    "a generator that is consumed once": Case(
        question="What is the first and the largest event time?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
def times():
    for l in context.splitlines():
        yield json.loads(l)["t"]

preview = times()
print(next(preview), next(preview))
#---
it = times()
first = next(it)
print(first)
largest = max(it)
print(largest, list(it))
FINAL([first, largest])
""",
        answer=[100, 410],
        elsewhere=[5, 30],
        statements=7,
        lacks=["preview"],
    ),
    "an iterator shared by two loops": Case(
        question="How many readings come after the first pause?",
        data=READINGS,
        other="1\n# pause\n2\n# pause\n3\nn/a\n",
        cells="""
it = iter(context.splitlines())
before = 0
for l in it:
    if "pause" in l:
        break
    before += 1
print("before", before)
after = 0
for l in it:
    if l.startswith("#"):
        continue
    after += 1
FINAL(after)
""",
        answer=3,
        elsewhere=3,
        statements=10,
        lacks=["before"],
    ),
    "a closure that remembers": Case(
        question="How often does the level change from one log line to the next?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
def changes():
    last, n = None, 0
    def feed(level):
        nonlocal last, n
        if last is not None and level != last:
            n += 1
        last = level
        return n
    return feed

feed = changes()
total = 0
for l in context.splitlines():
    if l.startswith("20"):
        total = feed(l.split()[2])
        print(l[:19], total)
#---
FINAL(total)
""",
        answer=4,
        elsewhere=2,
    ),
    "global counters in a function": Case(
        question="How many health checks are there?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
hits = 0
misses = 0
def look(line):
    global hits, misses
    if "/health" in line:
        hits += 1
    else:
        misses += 1

for l in context.splitlines():
    look(l)
print(hits, misses)
#---
FINAL(hits)
""",
        answer=2,
        elsewhere=1,
    ),
    "walrus in a comprehension's condition": Case(
        question="Which order numbers have no price?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
found = [f[0] for l in context.splitlines()[1:] if len(f := l.split(",")) == 7 and f[5] == ""]
print(f, found)
#---
if (n := len(found)) > 0:
    print(n)
FINAL(found)
""",
        answer=["1006"],
        elsewhere=["2002"],
        statements=2,
        lacks=["n :="],
    ),
    "with, a context manager of its own": Case(
        question="How many distinct paths were requested?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
from contextlib import contextmanager
import io

@contextmanager
def reading(text):
    f = io.StringIO(text)
    try:
        yield f
    finally:
        f.close()

paths = set()
with reading(context) as f:
    for line in f:
        if '"' in line:
            paths.add(line.split('"')[1].split()[1])
print(sorted(paths))
#---
FINAL(len(paths))
""",
        answer=6,
        elsewhere=4,
    ),
    "recursion over a folder's files": Case(
        question="What is the total number of workers?",
        data=CONFIGS,
        other=CONFIGS_LATER,
        cells="""
import configparser
def parse(text):
    cp = configparser.ConfigParser()
    cp.read_string(text)
    return cp
print(list(context))
print(parse(context["app/api.ini"]).sections())
#---
def total(names):
    if not names:
        return 0
    head, *tail = names
    return parse(context[head]).getint("server", "workers") + total(tail)

names = sorted(context)
n = total(names)
print(n)
#---
FINAL(n)
""",
        answer=22,
        elsewhere=10,
        lacks=["api.ini", "print"],
        options={"form": "files"},
    ),
    "try, else and finally": Case(
        question="How many lines are no numbers?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
bad = good = tried = 0
for l in context.splitlines():
    try:
        float(l)
    except ValueError:
        bad += 1
    else:
        good += 1
    finally:
        tried += 1
print(bad, good, tried)
FINAL(bad)
""",
        answer=3,
        elsewhere=2,
        lacks=["print"],
    ),
    "a lambda table and match": Case(
        question="What is the net quantity, returns counted negative and open orders not at all?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import csv
weight = {"shipped": lambda q: q, "returned": lambda q: -q}
def signed(row):
    match row["status"], int(row["qty"]):
        case "open", _:
            return 0
        case status, q if status in weight:
            return weight[status](q)
        case other:
            print("unknown", other)
            return 0
rows = list(csv.DictReader(context.splitlines()))
print(rows[0])
#---
vals = [signed(r) for r in rows]
print(vals)
FINAL(sum(vals))
""",
        answer=16,
        elsewhere=6,
    ),
    "sorting by a cmp function, itertools": Case(
        question="What is the longest gap in seconds between two events?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
from functools import cmp_to_key
from itertools import pairwise, groupby
evs = [json.loads(l) for l in context.splitlines()]
evs.sort(key=cmp_to_key(lambda a, b: a["t"] - b["t"]))
for k, g in groupby(evs, key=lambda e: e["host"]):
    print(k, len(list(g)))
#---
gaps = [b["t"] - a["t"] for a, b in pairwise(evs)]
print(gaps)
FINAL(max(gaps))
""",
        answer=150,
        elsewhere=21,
        statements=4,
        lacks=["groupby(evs"],
    ),
}
