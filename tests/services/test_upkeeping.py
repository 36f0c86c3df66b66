"""Upkeep of a library with the real gates: what is found, what is proposed once, and whose fault is what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lithify.records.gating import Bounds
from lithify.records.tool import Candidate, Verdict
from lithify.records.upkeep import Surroundings
from lithify.services.upkeeping import Means, Order, keep_up
from lithify.testing.candidates import SIGNATURE, SOURCE, example, make_candidate
from lithify.testing.ledger_memory import MemoryLedger
from lithify.upkeep import Page
from tests.services.bench import Place

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"


def named(name: str, source: str = SOURCE, **parts: object) -> Candidate:
    """A tool of its own, which nothing but its code says is like the others."""
    one = make_candidate(identity=name, source=source.replace(NAME, name), template=f"{name} {{top}}")
    one = replace(
        one,
        signature=replace(SIGNATURE, function=name),
        recipe=replace(one.recipe, tool=name, question=f"{name} 1?"),
        description=f"{name} words of {name}",
    )
    return replace(one, **parts)  # type: ignore[arg-type]


SOUND = make_candidate()
WRONG = named("wrong", SOURCE.replace("-pair[1], pair[0]", "pair[1], pair[0]"))
HANGS = named("hangs", SOURCE.replace("    counts = ", "    while log:\n        pass\n    counts = "))
LACKS = named("lacks", f"import zzz_not_there\n\n{SOURCE}", requirements=("zzz_not_there",))


class Keeper:
    def __init__(self, place: Place, judged: Judge) -> None:
        self.place = place
        self.judged = judged
        self.ledger = MemoryLedger()
        self.now = datetime.now(UTC)

    def keep(self, *candidates: Candidate) -> None:
        for one in candidates:
            self.place.library.keep(one, self.judged(one), "provisional", "Ada")

    def upkeep(self, order: Order | None = None, days: int = 0) -> Page:
        """An upkeep in so many days; nothing but the standard library is installed."""
        bench = replace(self.place.bench, bounds=Bounds(seconds=1.0, strength_seconds=1.0))
        means = Means(
            bench=bench,
            ledger=self.ledger,
            surroundings=lambda wanted: Surroundings(python="3.11.9", missing=tuple(wanted)),
            now=lambda: self.now + timedelta(days=days),
            find=lambda run: None,
            bench_for=lambda context: bench,
        )
        return self.place.wait(keep_up(order or Order(), means))


@pytest.fixture
def keeper(tmp_path: Path, judged: Judge) -> Keeper:
    return Keeper(Place(tmp_path), judged)


def test_an_empty_library_is_well(keeper: Keeper) -> None:
    page = keeper.upkeep(Order(propose=True, share=True))
    assert (page.tools, page.findings, page.proposals, page.shared, page.needs_person) == ((), (), (), "", False)
    assert not keeper.place.library.path.exists()


def test_whose_fault_it_is_and_what_is_proposed_for_it(keeper: Keeper, git: Shell) -> None:
    keeper.keep(SOUND, WRONG, HANGS, LACKS)
    path = keeper.place.library.path
    before = git(path, "rev-parse", "HEAD")
    page = keeper.upkeep(Order(propose=True))
    assert {one.name: one.checkup.health for one in page.tools} == {
        NAME: "sound",
        "wrong": "broken",
        "hangs": "broken",
        "lacks": "surroundings",
    }
    assert [(one.where, one.kind) for one in page.findings if one.severity == "problem"] == [
        ("hangs", "broken"),
        ("lacks", "surroundings"),
        ("wrong", "broken"),
    ]
    day = keeper.now.date().isoformat()
    assert [(one.state, one.branch) for one in page.proposals] == [
        ("made", f"upkeep/{day}/hangs-deprecate"),
        ("made", f"upkeep/{day}/wrong-deprecate"),
    ]
    assert page.needs_person
    assert git(path, "rev-parse", "HEAD") == before


def test_a_change_is_proposed_once(keeper: Keeper, git: Shell) -> None:
    keeper.keep(WRONG)
    path = keeper.place.library.path
    (made,) = keeper.upkeep(Order(propose=True)).proposals
    (again,) = keeper.upkeep(Order(propose=True), days=1).proposals
    assert (made.state, again.state, again.branch) == ("made", "waiting", made.branch)
    git(path, "branch", "-qD", made.branch)
    assert keeper.upkeep(Order(propose=True), days=2).proposals == (), "its branch is gone, which was a no"


def test_what_a_person_edited_is_theirs(keeper: Keeper) -> None:
    keeper.keep(SOUND)
    library = keeper.place.library
    file = library.path / "tools" / NAME / "tool.py"
    file.write_text(file.read_text() + "\n\n_MINE = 1\n")
    (finding, *_) = keeper.upkeep().findings
    assert (finding.where, finding.kind, finding.severity) == (NAME, "lock", "problem")
    library.accept_edit(NAME, keeper.judged(library.edited(NAME)), "Ada")
    page = keeper.upkeep(Order(propose=True), days=100)
    assert page.proposals == ()
    assert [(one.kind, one.severity) for one in page.findings] == [("unused", "note"), ("yours", "note")]
    assert not page.needs_person


def test_two_that_do_the_same_are_merged_once_they_pass_together(keeper: Keeper, git: Shell) -> None:
    words = {"description": SOUND.description, "examples": (example("theirs", top=2),)}
    ready = named("apart", SOURCE.replace('"restarted"', '"ready"'), examples=(replace(example(), expected=["db"]),))
    keeper.keep(SOUND, named("twin", f"{SOURCE}\n\n_OTHER = 1\n", **words), ready)
    page = keeper.upkeep(Order(propose=True))
    (one,) = page.proposals
    assert one.why == ""
    assert one.proposal is not None
    assert (one.state, one.proposal.kind, {one.proposal.tool, one.proposal.into}) == ("made", "merge", {NAME, "twin"})
    git(keeper.place.library.path, "merge", "-q", one.branch)
    assert sorted(tool.name for tool in keeper.place.library.view().tools) == sorted({"apart", one.proposal.into})
    assert keeper.place.library.lock.check() == ()
