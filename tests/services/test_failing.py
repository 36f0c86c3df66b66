"""Which cases are a tool's own to answer: what healing begins with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from lithify.context import context_of
from lithify.records.run import RunId
from lithify.records.tool import LibraryView, Tool
from lithify.records.uses import ToolUse
from lithify.services.failing import arguments_of, failing_run, failing_shapes, failing_uses
from lithify.testing.candidates import make_candidate
from tests.services.test_trust import tool

LINES = "".join(f"09:0{n % 6} web restarted\n" for n in range(30))
TABLE = "service,what\n" + "".join(f"s{n % 3},restarted\n" for n in range(30))
QUESTION = "Which 3 services restarted most often?"
RUN = RunId("r1")


def kept(data: str = LINES) -> Tool:
    return replace(tool(), applicability=(context_of(data).fingerprint,), recipes=(make_candidate().recipe,))


def used(error: str, version: int = 1, arguments: object = None) -> ToolUse:
    return ToolUse(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        run_id="r1",
        question=QUESTION,
        context_digest="d",
        tool=tool().name,
        version=version,
        arguments={"top": 3, "flag": True} if arguments is None else arguments,  # type: ignore[arg-type]
        seconds=0.1,
        error=error,
    )


def test_a_failure_of_its_own_is_a_case_and_one_of_its_surroundings_is_none() -> None:
    (case,) = failing_run(RUN, kept(), {"top": 3}, "it raised KeyError: 'x'")
    assert (case.tool, case.version, case.by, case.run_id, dict(case.arguments)) == (
        kept().name, 1, "run", "r1", {"top": 3},
    )  # fmt: skip
    for error in (
        "it raised MemoryError",
        "its worker was ended: timeout",
        "it raised CellTimeout: 20 s",
        "it may not run: x",
    ):
        assert failing_run(RUN, kept(), {}, error) == []


def test_the_same_from_what_is_on_record() -> None:
    view = LibraryView(tools=(kept(),))
    (case,) = failing_uses([used("it raised KeyError: 'x'"), used(""), used("it raised X", version=2)], view)
    assert dict(case.arguments) == {"top": 3}
    assert arguments_of(used("", arguments=["no", "mapping"])) == {}


def test_data_of_another_shape_is_a_case_unless_another_tool_knows_it() -> None:
    table = context_of(TABLE)
    (case,) = failing_shapes(RUN, QUESTION, table, LibraryView(tools=(kept(),)))
    assert (case.by, dict(case.arguments)) == ("shape", {"top": 3})
    assert "the context is delimited" in case.why
    both = (kept(), replace(kept(TABLE), name="other"))
    assert failing_shapes(RUN, QUESTION, table, LibraryView(tools=both)) == ()
    assert failing_shapes(RUN, "Which 3 services restarted least often?", table, LibraryView(tools=(kept(),))) == ()
    assert failing_shapes(RUN, QUESTION, context_of(LINES), LibraryView(tools=(kept(),))) == ()
    assert failing_shapes(RUN, QUESTION, context_of(""), LibraryView(tools=(kept(),))) == ()
    put_away = replace(kept(), status="deprecated")
    assert failing_shapes(RUN, QUESTION, table, LibraryView(tools=(put_away,))) == ()
