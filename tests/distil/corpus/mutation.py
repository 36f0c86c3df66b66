"""Objects that are changed in place, under several names, and names that are bound anew."""

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
    "one name reused for five things": Case(
        question="How many distinct client addresses made requests?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
data = context[:120]
print(data)
#---
data = context.split("\\n")
print(len(data), data[0])
#---
data = [d for d in data if d and not d.startswith("--")]
print(len(data))
#---
res = [d.split()[0] for d in data]
print(res[:3])
res = set(res)
print(len(res))
#---
data = res
FINAL(len(data))
""",
        answer=4,
        elsewhere=3,
        statements=6,
        lacks=["[:120]", "print"],
    ),
    "two lists, one of them filled through an alias": Case(
        question="What is the sum of bytes sent for successful requests?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
ok, bad = [], []
target = ok
noise = bad
for line in context.splitlines():
    f = line.split()
    if len(f) < 11:
        noise.append(line)
        continue
    if f[8] == "200":
        target.append(int(f[9]))
    else:
        bad.append(int(f[9]))
print(len(ok), len(bad))
#---
FINAL(sum(ok))
""",
        answer=512 + 2048 + 130 + 2 + 640 + 2,
        elsewhere=2 + 700 + 350,
        statements=9,
        lacks=["bad", "noise"],
    ),
    "a dict of dicts, counted two ways": Case(
        question="How many requests did each user make per status?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
import re
rx = re.compile(r'^(\\S+) - (\\S+) \\[([^\\]]+)\\] "(\\S+) (\\S+) [^"]*" (\\d{3}) (\\d+) ([\\d.]+)$')
rows = [m.groups() for m in map(rx.match, context.splitlines()) if m]
len(rows), rows[0]
#---
table = {}
totals = {}
for ip, user, ts, verb, path, status, size, secs in rows:
    table.setdefault(user, {})
    table[user][status] = table[user].get(status, 0) + 1
    totals[user] = totals.get(user, 0) + 1
    totals["all"] = totals.get("all", 0) + 1
for u in sorted(table):
    print(u, table[u], totals[u])
print(totals["all"])
#---
del totals
del table["-"]
FINAL(table)
""",
        answer={"ada": {"200": 3}, "bob": {"500": 1, "200": 1, "403": 1}},
        elsewhere={"eve": {"500": 2, "200": 1}, "ada": {"200": 1}},
        statements=8,
        lacks=["totals", "print"],
    ),
    "sorted in place, reversed, cut with del": Case(
        question="What are the 3 slowest request times?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
times = []
for line in context.strip().split("\\n"):
    last = line.rsplit(" ", 1)[-1]
    try:
        times.append(float(last))
    except ValueError:
        print("skip", line)
print(times)
#---
times.sort()
times.reverse()
backup = list(times)
backup.append(0)
del times[3:]
FINAL(times)
""",
        answer=[1.5, 0.9, 0.24],
        elsewhere=[2.5, 0.5, 0.3],
        statements=11,
        lacks=["backup", "print"],
        calls=[({"top": 1}, [1.5])],
    ),
    "attributes counted up on an object": Case(
        question="What is the longest streak of requests of one user?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
class State:
    pass

s = State()
s.best = 0
s.run = 0
s.prev = None
s.seen = 0
for line in context.splitlines():
    parts = line.split()
    if len(parts) < 5:
        continue
    s.seen += 1
    user = parts[2]
    if user == s.prev:
        s.run += 1
    else:
        s.run = 1
        s.prev = user
    if s.run > s.best:
        s.best = s.run
print(vars(s))
#---
FINAL(s.best)
""",
        answer=1,
        elsewhere=2,
    ),
    "a queue drained in a loop": Case(
        question="How many seconds lie between the first and the last event of host alpha?",
        data=EVENTS,
        other=EVENTS_LATER.replace("delta", "alpha"),
        cells="""
import json
from collections import deque
queue = deque(json.loads(l) for l in context.splitlines())
history = []
first = last = None
while queue:
    e = queue.popleft()
    history.append(e)
    if e["host"] != "alpha":
        continue
    if first is None:
        first = e["t"]
    last = e["t"]
print(first, last, len(history))
#---
span = last - first
print(span)
FINAL(span)
""",
        answer=300,
        elsewhere=25,
        statements=11,
        lacks=["history"],
    ),
    "a nested list through two subscripts": Case(
        question="How many events are there per host and kind, as rows of a matrix?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
ev = [json.loads(x) for x in context.splitlines()]
hosts = sorted({e["host"] for e in ev})
kinds = sorted({e["kind"] for e in ev})
print(hosts, kinds)
m = [[0] * len(kinds) for _ in hosts]
t = [[0] * len(hosts) for _ in kinds]
for e in ev:
    i, j = hosts.index(e["host"]), kinds.index(e["kind"])
    m[i][j] += 1
    t[j][i] += 1
for row in m:
    print(row)
for row in t:
    print(row)
#---
assert sum(map(sum, m)) == len(ev) == 6
FINAL(m)
""",
        answer=[[2, 1, 0], [0, 1, 1], [0, 0, 1]],
        elsewhere=[[1, 0], [1, 1]],
        statements=8,
        lacks=["assert", "t[j]", "t ="],
    ),
    "a heap": Case(
        question="Which 2 events took longest, in ms?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import heapq, json
heap = []
for l in context.splitlines():
    e = json.loads(l)
    heapq.heappush(heap, (-e["ms"], e["t"]))
    if len(heap) > 100:
        print("large heap")
print(heap[0])
#---
top = [-heapq.heappop(heap)[0] for _ in range(2)]
print(top)
#---
FINAL(top)
""",
        answer=[700, 300],
        elsewhere=[80, 20],
        statements=6,
        calls=[({"how_many": 3}, [700, 300, 40])],
    ),
    "a default that is a list": Case(
        question="In what order do the levels first appear?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
def note(level, seen=[]):
    if level not in seen:
        seen.append(level)
    return seen

for line in context.splitlines():
    if line[:2] == "20":
        order = note(line.split()[2])
        print(order)
#---
FINAL(list(order))
""",
        answer=["INFO", "ERROR", "WARN"],
        elsewhere=["ERROR", "INFO"],
    ),
    "a string built up piece by piece": Case(
        question="What are the first letters of the levels, in order?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
acc = ""
dump = ""
n = 0
for line in context.splitlines():
    n += 1
    if line.startswith(" "):
        dump += line
        continue
    level = line.split()[2]
    acc += level[0]
    if n % 5 == 0:
        print(n, acc)
#---
print(len(dump))
answer["content"] = acc
answer["ready"] = True
""",
        answer="IEIEEW",
        elsewhere="EIE",
        statements=8,
        lacks=["dump", "n += 1"],
    ),
    "a table updated from another one": Case(
        question="What is the newest status of each customer?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import csv
import io
rows = list(csv.DictReader(io.StringIO(context)))
rows.sort(key=lambda r: r["placed"])
status = dict.fromkeys(r["customer"] for r in rows)
stat2 = {}
for r in rows:
    status.update({r["customer"]: r["status"]})
    stat2[r["order"]] = r["status"]
status
#---
missing = [k for k, v in status.items() if v is None]
if missing:
    raise ValueError(missing)
FINAL(status)
""",
        answer={"Ines": "shipped", "Jon": "shipped", "Kim": "open", "Lea": "shipped"},
        elsewhere={"Mia": "shipped", "Noa": "open", "Oto": "returned"},
        statements=9,
        lacks=["stat2"],
    ),
    "swapping and unpacking with a star": Case(
        question="What is the difference between the two largest readings?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
vals = []
for raw in context.split():
    try: vals.append(float(raw))
    except ValueError: pass
vals
#---
a, b = float("-inf"), float("-inf")
for v in vals:
    if v > b:
        b = v
    if b > a:
        a, b = b, a
head, *rest = vals
print(a, b, head, rest)
#---
FINAL(a - b)
""",
        answer=27.0,
        elsewhere=1.5,
    ),
}
