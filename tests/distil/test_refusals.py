"""Explorations that give nothing to keep, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from lithify.distil import NoCandidate

LOG = "\n".join(
    f"2024-05-{day:02d} {service} {level} request {number}"
    for number, (day, service, level) in enumerate(
        [(1, "api", "ERROR"), (1, "db", "INFO"), (2, "api", "WARN"), (3, "web", "ERROR"), (3, "api", "INFO")] * 3, 40
    )
)

REFUSED = {
    "an answer from nowhere": ("How many users are there?", ["print(len(context))", "FINAL(4711)"], "typed"),
    "a constant by way of a variable": ("Which host is it?", ["name = 'zeus'\nFINAL(name)"], "typed"),
    "a name of the data, typed": ("Which service is the busiest?", ["print(context[:300])", "FINAL('api')"], "typed"),
    "a name typed off a list in no order": (
        "Which service is the busiest?",
        ["names = set(l.split()[1] for l in context.splitlines())\nfor n in names:\n    print(n)", "FINAL('api')"],
        "",
    ),
    "code that names its answer": (
        "Which service is the busiest?",
        ["hits = [l for l in context.splitlines() if 'api' in l]\nFINAL(hits[0].split()[1] if 'api' else 'api')"],
        "names this input's answer",
    ),
    "a count that is compared with itself": (
        "How many lines are there?",
        ["lines = context.splitlines()\nif len(lines) == 15:\n    n = 15\nFINAL(n)"],
        "names this input's answer",
    ),
    "a typed answer with a typed part": (
        "Which service is the busiest, with how many lines?",
        [
            "from collections import Counter\nc = Counter(l.split()[1] for l in context.splitlines())\n"
            "top = c.most_common(1)[0][0]",
            "FINAL(f'{top} 9 lines of 4711')",
        ],
        "",
    ),
    "a child run inside a helper": (
        "What is the mood of the log?",
        ["def ask(t):\n    return rlm_query('mood?', t)\nmoods = [ask(l) for l in context.splitlines()[:2]]",
         "FINAL(moods[0])"],
        "needs a child run",
    ),
    "the model asked about nothing": (
        "What is the mood of the log?",
        ["mood = llm_query('what is a mood?')\nFINAL(mood)"],
        "does not depend on the context",
    ),
    "names bound unseen": (
        "How many lines are there?",
        ["exec('n = len(context.splitlines())')\nFINAL(n)"],
        "",
    ),
    "names read unseen": (
        "How many lines are there?",
        ["lines = context.splitlines()\nFINAL(len(globals()['lines']))"],
        "unseen",
    ),
    "an asterisk import": (
        "What is the sum of the numbers?",
        ["from math import *\nv = [int(l.split()[-1]) for l in context.splitlines()]\nFINAL(fsum(v))"],
        "asterisk",
    ),
    "a loop that only half ran": (
        "What is the last service?",
        [
            "for l in context.splitlines():\n    last = l.split()[1]\n    if '45' in l:\n        raise ValueError(l)",
            "FINAL(last)",
        ],
        "",
    ),
    "a value that changes from run to run": (
        "Which line is the luckiest?",
        ["import random\nline = random.choice(context.splitlines())\nFINAL(line + str(random.random()))"],
        "another answer",
    ),
    "top-level await": (
        "How many lines are there?",
        ["import asyncio\nawait asyncio.sleep(0)\nlines = context.splitlines()",
         "async def count():\n    return len(lines)\nFINAL(await count())"],
        "awaits",
    ),
    "budget as an answer": ("What is left?", ["left = SHOW_VARS()\nFINAL(len(context) + len(left))"], "REPL"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_kept(name: str, teller: Any) -> None:
    question, cells, reason = REFUSED[name]
    found = teller.tell(question, LOG, cells)
    assert isinstance(found, NoCandidate), found.source
    assert reason in found.reason


def test_an_incomplete_answer_is_not_kept(teller: Any) -> None:
    found = teller.tell("How many lines?", LOG, ["FINAL(len(context.splitlines()))"], complete=False)
    assert isinstance(found, NoCandidate)
    assert "incomplete" in found.reason


def test_two_values_that_only_agree_here_are_told_apart(teller: Any) -> None:
    cells = [
        "lines = context.splitlines()\nerrors = [l for l in lines if 'ERROR' in l]\n"
        "infos = [l for l in lines if 'INFO' in l]\nprint(len(errors), len(infos))",
        "FINAL(6)",
    ]
    log = LOG.replace("2024-05-03 web ERROR", "2024-05-03 web ERROR late") + "\n"
    found = teller.tell("How many errors are there?", log, cells)
    assert isinstance(found, NoCandidate)
    assert "differ on other input" in found.reason
