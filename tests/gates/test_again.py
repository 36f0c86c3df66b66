"""Kept tools tried again, several of them with the same sandboxes: each is judged as if it were alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from lithify.gates import Again, Bounds
from lithify.records.tool import Candidate, Verdict
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import SOURCE, example, make_candidate

BESIDE = {"tests/test_more.py": b"def test_it():\n    assert 1 == 2\n"}


def again(*candidates: Candidate) -> list[Verdict]:
    async def run() -> list[Verdict]:
        async with Again(start_sandbox, Bounds(seconds=2.0)) as trying:
            return list(await asyncio.gather(*(trying.judge(one) for one in candidates)))

    return asyncio.run(run())


def test_each_is_judged_by_its_own_uses_and_tests() -> None:
    sound = make_candidate()
    other = replace(sound, examples=(replace(example(), expected=["db"]),))
    failing = replace(sound, extra=BESIDE)
    broken = make_candidate(source="import asyncore_of_old\n" + SOURCE)
    sealed = replace(sound, holdout=(replace(example("sealed"), expected=["db"]),))
    told = [
        {one.gate: one.outcome for one in verdict.results} for verdict in again(sound, other, failing, broken, sealed)
    ]
    assert told == [
        {"requirements": "pass", "replay": "pass", "tests": "pass", "holdout": "pass"},
        {"requirements": "pass", "replay": "fail"},
        {"requirements": "pass", "replay": "pass", "tests": "fail"},
        {"requirements": "pass", "replay": "fail"},
        {"requirements": "pass", "replay": "pass", "tests": "pass", "holdout": "fail"},
    ]


def test_nothing_is_left_behind_and_nothing_is_started_for_nothing() -> None:
    trying = Again(start_sandbox, Bounds())

    async def run() -> None:
        async with trying:
            assert trying.root.is_dir()

    asyncio.run(run())
    assert not trying.root.exists()
