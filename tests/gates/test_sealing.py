"""Sealed uses: what the exploration's own cells give on parts that the author did not see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from lithify.gates import join, seal
from lithify.ports import SandboxSpec
from lithify.records.cell import CellResult
from lithify.records.context import Context, Fingerprint
from lithify.records.plain import Plain
from lithify.records.run import CellRun, SubCall, Trajectory, Turn
from lithify.records.tool import Candidate, Example
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import make_candidate

LOG = "".join(
    f"10:{n // 60:02d}:{n % 60:02d} {('web', 'db', 'cron')[n * n % 3]} {'restarted' if n % 4 else 'ready'}\n"
    for n in range(1_200)
)
COMPUTE = """\
from collections import Counter
counts = Counter(line.split()[1] for line in context.splitlines() if line.endswith("restarted"))
print(counts)
"""
SUBMIT = "FINAL([name for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:1]])"


def context(text: str = LOG) -> Context:
    return Context(
        kind="text",
        value=text,
        sources=("x.log",),
        size=len(text),
        digest="d" * 64,
        preview=text[:500],
        fingerprint=Fingerprint(format="lines"),
    )


def trajectory(
    cells: Sequence[str], answer: Plain, printed: str = "", subcalls: tuple[SubCall, ...] = ()
) -> Trajectory:
    runs = tuple(
        CellRun(code=code, result=CellResult(stdout=printed, stdout_length=len(printed)), subcalls=subcalls)
        for code in cells
    )
    turns = (Turn(number=1, reply="", cells=runs),)
    return Trajectory(
        question="Which 1 services restarted most often?", turns=turns, answer=answer, form="FINAL", complete=True
    )


def sealed(candidate: Candidate, run: Trajectory, where: Context) -> tuple[Example, ...]:
    async def go() -> tuple[Example, ...]:
        sandbox = await start_sandbox(SandboxSpec())
        try:
            return await seal(candidate, run, where, sandbox, seconds=10.0)
        finally:
            await sandbox.close()

    return asyncio.run(go())


def test_the_cells_answer_on_parts_that_were_not_shown() -> None:
    where = context()
    found = sealed(make_candidate(), trajectory([COMPUTE, SUBMIT], ["web"]), where)
    assert len(found) == 5
    shown = set(where.preview.splitlines()[1:])
    for one in found:
        assert isinstance(one.context, str)
        assert not shown & set(one.context.splitlines()[1:])
        assert one.expected in (["web"], ["db"], ["cron"])
        assert one.arguments == {"top": 1}


def test_a_tool_that_says_otherwise_does_not_change_what_is_sealed() -> None:
    honest = sealed(make_candidate(), trajectory([COMPUTE, SUBMIT], ["web"]), context())
    wrong = make_candidate(source=make_candidate().source.replace("-pair[1]", "pair[1]"))
    assert sealed(wrong, trajectory([COMPUTE, SUBMIT], ["web"]), context()) == honest


def test_an_answer_that_was_written_down_seals_nothing() -> None:
    wrong = make_candidate(source=make_candidate().source.replace("-pair[1]", "pair[1]"))
    assert sealed(wrong, trajectory([COMPUTE, "FINAL(['cron'])"], ["cron"]), context()) == ()


def test_where_a_value_was_read_off_a_print_only_what_both_say_is_sealed() -> None:
    cells = [
        "print(context[:300])",
        "FINAL([line for line in context.splitlines() if '10:00:03' in line][:1] or ['none'])",
    ]
    run = trajectory(cells, ["10:00:03 web restarted"], printed="10:00:03 web restarted\n")
    assert sealed(make_candidate(), run, context()) == ()


def test_cells_that_ask_a_model_or_submit_nothing_seal_nothing() -> None:
    asked = trajectory([COMPUTE, SUBMIT], ["web"], subcalls=(SubCall(prompt="?", answer="!"),))
    assert sealed(make_candidate(), asked, context()) == ()
    assert sealed(make_candidate(), trajectory(["FINAL([llm_query('which?')])"], ["web"]), context()) == ()
    assert sealed(make_candidate(), trajectory([COMPUTE], ["web"]), context()) == ()
    assert sealed(make_candidate(), trajectory(["import os\nos._exit(0)"], ["web"]), context()) == ()
    assert sealed(make_candidate(), trajectory([COMPUTE, SUBMIT], ["web"]), context("one line\n")) == ()


def test_a_guard_on_the_whole_input_seals_nothing() -> None:
    guarded = [COMPUTE, "assert sum(counts.values()) == 900\n" + SUBMIT]
    assert sealed(make_candidate(), trajectory(guarded, ["web"]), context()) == ()


def test_other_kinds_of_context_are_left_alone() -> None:
    table = replace(context(), kind="bytes", value=b"x")
    assert sealed(make_candidate(), trajectory([COMPUTE, SUBMIT], ["web"]), table) == ()


def test_later_uses_join_within_bounds() -> None:
    first = join((), "a", {"top": 1}, ["x"])
    assert [one.name for one in first] == ["later 1"]
    assert join(first, "a", {"top": 1}, ["x"]) == first
    assert len(join(first, "a", {"top": 2}, ["x"])) == 2
    assert join(first, "x" * 1_000_000, {}, ["x"]) == first
    many: tuple[Example, ...] = ()
    for n in range(50):
        many = join(many, str(n), {}, n)
    assert len(many) == 20
