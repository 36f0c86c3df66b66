"""Retries, several ways, checks, guards, and values that were read off a print and typed."""

from __future__ import annotations

from tests.distil.corpus.case import Case
from tests.distil.corpus.data import (
    ACCESS,
    ACCESS_LATER,
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
    "three ways that must agree": Case(
        question="How many POST requests are there?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
import re
a = context.count('"POST ')
b = len(re.findall(r'"POST ', context))
c = sum(1 for l in context.splitlines() if l.split('"')[1:2] and l.split('"')[1].startswith("POST"))
print(a, b, c)
#---
assert a == b == c, (a, b, c)
results = {"count": a, "regex": b, "split": c}
if len(set(results.values())) == 1:
    FINAL(c)
else:
    print("disagree")
""",
        answer=2,
        elsewhere=2,
        statements=2,
        lacks=["results", "assert"],
    ),
    "an answer kept in a dict of findings": Case(
        question="What is the median response time?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
findings = {}
lines = [l for l in context.splitlines() if l and l[0].isdigit()]
findings["n"] = len(lines)
times = sorted(float(l.split()[-1]) for l in lines)
findings["min"], findings["max"] = times[0], times[-1]
print(findings)
#---
import statistics
findings["median"] = statistics.median(times)
findings["mean"] = statistics.mean(times)
print(findings)
#---
FINAL(findings["median"])
""",
        answer=0.12,
        elsewhere=0.3,
    ),
    "a typed count between two guards": Case(
        question="How many ERROR lines are there?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
errors = [l for l in context.splitlines() if " ERROR " in l]
for e in errors:
    print(e)
print("total:", len(errors))
#---
expected = 3
check = len(errors)
if check == expected and check > 0:
    answer = {"content": 3, "ready": True}
""",
        answer=3,
        elsewhere=2,
        statements=2,
        lacks=["expected", "== 3", "return 3"],
    ),
    "a submission only if the sum is right": Case(
        question="How many requests per day?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
from collections import Counter
days = Counter(l.split("[")[1][:11] for l in context.splitlines() if "[" in l)
print(days, sum(days.values()))
#---
total = sum(days.values())
if total == 9:
    FINAL(dict(days))
""",
        answer={"03/Mar/2025": 6, "04/Mar/2025": 3},
        elsewhere={"09/Apr/2025": 3, "10/Apr/2025": 2},
        statements=2,
        lacks=["== 9", "total"],
    ),
    "an f-string sentence around computed parts": Case(
        question="Which host had the most events and how many?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
from collections import Counter
c = Counter(json.loads(l)["host"] for l in context.splitlines())
(host, n), = c.most_common(1)
print(c)
#---
msg = f"{host} had the most events: {n}"
msg2 = "see also %s" % host
FINAL(msg)
""",
        answer="alpha had the most events: 3",
        elsewhere="delta had the most events: 2",
        statements=3,
        lacks=["msg2"],
    ),
    "a mean typed with three digits": Case(
        question="What is the mean reading, rounded to 3 digits?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
ok = []
for l in context.splitlines():
    l = l.strip()
    if not l or l[0] == "#" or l == "n/a":
        continue
    ok.append(float(l))
print(f"n={len(ok)} mean={sum(ok)/len(ok):.3f} max={max(ok)}")
#---
FINAL(15.2)
""",
        answer=15.2,
        elsewhere=4.25,
        lacks=["15.2", "max("],
    ),
    "the busiest found, then counted again by name": Case(
        question="How many bytes did the client with the most requests receive?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
from collections import Counter
rows = [l.split() for l in context.splitlines() if l[:1].isdigit()]
print(Counter(r[0] for r in rows).most_common())
#---
tot = 0
for r in rows:
    if r[0] == "198.51.100.7":
        tot += int(r[9])
print(tot)
FINAL(tot)
""",
        answer=512 + 2048 + 640,
        elsewhere=128 + 128 + 350,
        lacks=["198.51.100.7"],
    ),
    "an exception halfway through a long cell": Case(
        question="How many distinct workers are there?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
import re
heads = [l for l in context.splitlines() if re.match(r"\\d{4}-", l)]
workers = {l.split()[3] for l in heads}
levels = {l.split()[2] for l in heads}
when = [datetime.fromisoformat(l[:19]) for l in heads]
workers = set()
#---
from datetime import datetime
when = [datetime.fromisoformat(l[:19]) for l in heads]
print(when[-1] - when[0], levels)
#---
FINAL(len(workers))
""",
        answer=3,
        elsewhere=2,
        statements=3,
        lacks=["when", "levels", "datetime"],
    ),
    "a dry run on a sample, then the whole": Case(
        question="What is the error rate of requests in percent, rounded to 1 digit?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
sample = context.splitlines()[:3]
def rate(lines):
    codes = [int(l.split()[8]) for l in lines if len(l.split()) == 11]
    bad = sum(c >= 400 for c in codes)
    return round(100 * bad / len(codes), 1)
print(rate(sample))
#---
r = rate(context.splitlines())
print(r)
if r > 100:
    raise ValueError("impossible")
#---
SUBMIT(percent=r)
""",
        answer=33.3,
        elsewhere=40.0,
        lacks=["sample"],
    ),
    "top two, typed as a list of pairs": Case(
        question="Which 2 users made the most requests, and how many each?",
        data=ACCESS,
        other=ACCESS_LATER.replace(" - - ", " - zoe "),
        cells="""
from collections import Counter
users = Counter()
for line in context.splitlines():
    p = line.split()
    if len(p) == 11 and p[2] != "-":
        users[p[2]] += 1
for u, n in sorted(users.items(), key=lambda t: (-t[1], t[0])):
    print(u, n)
#---
FINAL([["ada", 3], ["bob", 3]])
""",
        answer=[["ada", 3], ["bob", 3]],
        elsewhere=[["eve", 3], ["ada", 1]],
        lacks=["'bob'", "'ada'"],
    ),
    "dates looked at, the boundary typed from the question": Case(
        question="How many orders were placed between 2025-01-05 and 2025-02-15?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import csv, io
from datetime import date
rows = list(csv.DictReader(io.StringIO(context)))
print(min(r["placed"] for r in rows), max(r["placed"] for r in rows))
#---
lo, hi = date(2025, 1, 5), date(2025, 2, 15)
sel = [r for r in rows if lo <= date.fromisoformat(r["placed"]) <= hi]
print([r["order"] for r in sel])
FINAL(len(sel))
""",
        answer=3,
        elsewhere=0,
        statements=4,
        calls=[({"start": "2025-02-01", "end": "2025-03-31"}, 5)],
    ),
    "dates compared as text": Case(
        question="How many orders were placed before 2025-02-01?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
rows = [l.split(",") for l in context.splitlines()[1:]]
n = 0
for r in rows:
    if r[6] < "2025-02-01":
        n += 1
        print(r)
FINAL(n)
""",
        answer=3,
        elsewhere=0,
        calls=[({"date": "2025-03-03"}, 7)],
    ),
    "a lookup table typed by the model": Case(
        question="How many events happened in each phase (start is early, retry is middle, stop is late)?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
phase = {"start": "early", "retry": "middle", "stop": "late"}
out = {"early": 0, "middle": 0, "late": 0}
for l in context.splitlines():
    out[phase[json.loads(l)["kind"]]] += 1
print(out)
FINAL(out)
""",
        answer={"early": 2, "middle": 2, "late": 2},
        elsewhere={"early": 0, "middle": 2, "late": 1},
        statements=5,
    ),
    "a limit that the question names, twice in the code": Case(
        question="How many requests were slower than 0.2 seconds?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
LIMIT = 0.2
def slow(line, limit=LIMIT):
    try:
        return float(line.rsplit(None, 1)[-1]) > limit
    except ValueError:
        return False
n = sum(slow(l) for l in context.splitlines())
print(n)
FINAL(n)
""",
        answer=3,
        elsewhere=3,
        lacks=["LIMIT"],
        calls=[({"threshold": 1.0}, 1)],
    ),
    "the answer as the default of a helper": Case(
        question="What is the highest reading?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
print(max(float(x) for x in context.split() if x[-1].isdigit() and x[0] != "#" and x != "4"))
#---
def highest(text, found=40.0):
    return found if str(found) in text else None
FINAL(highest(context))
""",
        answer=40.0,
        elsewhere=9.0,
        statements=1,
        lacks=["found", "40.0"],
    ),
}
