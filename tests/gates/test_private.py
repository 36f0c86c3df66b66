"""A candidate whose uses are private is judged on them, and bound to the contents that leave them out."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from lithify.gates import judge
from lithify.layout import candidate_contents
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import make_candidate


def test_private_uses_are_judged_and_not_kept() -> None:
    made = make_candidate()
    private = replace(made, examples=tuple(replace(one, private=True) for one in made.examples))
    verdict = asyncio.run(judge(private, start_sandbox))
    assert {one.gate: one.outcome for one in verdict.results}["tests"] == "pass"
    assert verdict.contents == candidate_contents(private).sha256 != candidate_contents(made).sha256


def test_a_secret_that_is_not_kept_is_no_secret_of_the_library() -> None:
    made = make_candidate()
    log = "ghp_" + "a1B2" * 9 + "\n"
    uses = tuple(replace(one, context=f"{one.context}{log}", private=True) for one in made.examples)
    found = {one.gate: one.outcome for one in asyncio.run(judge(replace(made, examples=uses), start_sandbox)).results}
    assert found["secrets"] == "pass"
    shown = tuple(replace(one, private=False) for one in uses)
    found = {one.gate: one.outcome for one in asyncio.run(judge(replace(made, examples=shown), start_sandbox)).results}
    assert found["secrets"] == "fail"
