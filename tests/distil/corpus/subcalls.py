"""Cells that ask a model: hybrid tools, and calls that turn out to be beside the way."""

from __future__ import annotations

from tests.distil.corpus.case import Case
from tests.distil.corpus.data import ACCESS, ACCESS_LATER, REVIEWS, REVIEWS_LATER, TRACES, TRACES_LATER

CASES = {
    "one question per line, in a batch": Case(
        question="How many reviews are negative?",
        data=REVIEWS,
        other=REVIEWS_LATER,
        cells="""
texts = [l.split("|", 1)[1] for l in context.splitlines()]
print(len(texts), texts[:2])
prompts = [f"Is this review negative? Answer yes or no.\\n{t}" for t in texts]
replies = llm_query_batched(prompts)
print(list(zip(replies, texts)))
#---
n = sum(r.strip().lower().startswith("yes") for r in replies)
FINAL(n)
""",
        answer=3,
        elsewhere=1,
        statements=4,
        has=["*, llm: ", "llm(prompts)"],
        lacks=["llm_query", "print"],
    ),
    "one question after the other, in a helper": Case(
        question="Which ratings do the negative reviews have?",
        data=REVIEWS,
        other=REVIEWS_LATER,
        cells="""
def negative(text):
    reply = llm_query("Is this review negative? Answer yes or no.\\n" + text)
    return reply.lower().startswith("yes")

print(negative("awful"))
#---
out = []
for line in context.splitlines():
    stars, text = line.split("|")
    if negative(text):
        out.append(int(stars))
print(out)
FINAL(out)
""",
        answer=[1, 2, 1],
        elsewhere=[1],
        statements=9,
        has=["*, llm: "],
        lacks=["llm_query", "print", "'awful'"],
    ),
    "a batch with failures handled": Case(
        question="What share of the reviews is negative?",
        data=REVIEWS,
        other=REVIEWS_LATER,
        cells="""
lines = context.splitlines()
replies = llm_query_batched(["Is this review negative? Answer yes or no.\\n" + l.split("|")[1] for l in lines])
failed = [r for r in replies if not r]
if failed:
    raise RuntimeError(failed[0].error)
yes = sum(1 for r in replies if r.startswith("yes"))
FINAL(yes / len(lines))
""",
        answer=0.6,
        elsewhere=0.5,
        has=["*, llm: "],
    ),
    "the model asked for a hint only": Case(
        question="How many log lines are errors?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
hint = llm_query("Is this review negative? Answer yes or no.\\n" + context[:80])
print(hint)
#---
n = 0
for l in context.splitlines():
    if l[24:].startswith("ERROR") or " ERROR " in l:
        n += 1
FINAL(n)
""",
        answer=3,
        elsewhere=2,
        statements=5,
        lacks=["llm", "hint"],
    ),
    "the model's answer typed into the code": Case(
        question="How many negative reviews have 1 star?",
        data=REVIEWS,
        other=REVIEWS_LATER,
        cells="""
lines = context.splitlines()
r = llm_query_batched(["Is this review negative? Answer yes or no.\\n" + l.split("|")[1] for l in lines])
neg = [l for l, a in zip(lines, r) if a == "yes"]
print(neg)
#---
n = len([l for l in neg if l.startswith("1|")])
print(n)
#---
FINAL(2)
""",
        answer=2,
        elsewhere=1,
        has=["*, llm: "],
        lacks=["return 2"],
    ),
    "a child run": Case(
        question="What do the errors have in common?",
        data=TRACES,
        other=TRACES_LATER,
        cells="""
errors = [l for l in context.splitlines() if "ERROR" in l]
common = rlm_query("What do these have in common?", context="\\n".join(errors))
FINAL(common)
""",
        answer="yes, in part",
        reason="rlm_query",
    ),
    "an answer that the model alone gave": Case(
        question="Is the tone of the log calm?",
        data=ACCESS,
        other=ACCESS_LATER,
        cells="""
FINAL(llm_query("Is this review negative? Answer yes or no.\\n" + context[:200]))
""",
        answer="no",
        elsewhere="no",
        has=["*, llm: "],
    ),
}
