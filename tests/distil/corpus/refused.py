"""Sequences from which nothing can be kept, and the reason that is given."""

from __future__ import annotations

from tests.distil.corpus.case import Case
from tests.distil.corpus.data import ACCESS, ORDERS, TRACES

CASES = {
    "eyes instead of code": Case(
        question="Which worker seems to be in trouble?",
        data=TRACES,
        cells="""
print(context)
#---
FINAL("worker-2")
""",
        answer="worker-2",
        reason="typed",
    ),
    "a number from two prints added in the head": Case(
        question="How many 4xx and 5xx responses are there together?",
        data=ACCESS,
        cells="""
print(context.count('" 404 '), context.count('" 403 '))
print(context.count('" 500 '))
#---
FINAL(1 + 1 + 1)
""",
        answer=3,
        reason="typed",
    ),
    "time": Case(
        question="How old is the newest order in days?",
        data=ORDERS,
        cells="""
import time
newest = max(l.rsplit(",", 1)[1] for l in context.splitlines()[1:])
FINAL(newest + " " + str(time.time_ns()))
""",
        answer=None,
        reason="another answer",
    ),
    "names made from text": Case(
        question="How many lines of each level are there?",
        data=TRACES,
        cells="""
for level in ("INFO", "WARN", "ERROR"):
    globals()["n_" + level] = context.count(f" {level} ")
FINAL([n_INFO, n_WARN, n_ERROR])
""",
        answer=[2, 1, 3],
        reason="unseen",
    ),
}
