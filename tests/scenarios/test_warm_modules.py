"""A kept tool that needs a heavy module finds it imported: each use is a new session, and none waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lithify.context import context_of
from lithify.layout import candidate_contents
from lithify.library import open_library
from lithify.records.tool import GateResult, Verdict
from lithify.testing.candidates import LOG, SIGNATURE, make_candidate
from tests.scenarios.test_the_whole_way import lab

SOURCE = f"""import sys

_BEFORE = "pandas" in sys.modules


def {SIGNATURE.function}(log: str, top: int = 1) -> list[str]:
    return ["was there" if _BEFORE else "was not there"]
"""


@pytest.mark.parametrize(("requirements", "said"), [(("pandas",), "was there"), ((), "was not there")])
def test_what_a_replay_needs_is_imported_before_it_begins(
    requirements: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    one = make_candidate(source=SOURCE, requirements=requirements, applicability=context_of(LOG).fingerprint)
    passed = (GateResult(gate="static", outcome="pass", evidence=""),)
    verdict = Verdict(results=passed, contents=candidate_contents(one).sha256)
    open_library(tmp_path / "library").keep(one, verdict, "provisional", "Ada <ada@example.org>")
    with lab(tmp_path)[0] as reuser:
        result = reuser.ask("Which 1 services restarted most often?", LOG)
        assert (result.route, result.answer) == ("replay", [said])
