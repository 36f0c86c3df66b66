"""Candidates that wait for a word, under .lithify/candidates: on this machine only, never used for answering."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

from lithify.errors import LibraryProblem
from lithify.layout import (
    Toml,
    candidate_contents,
    candidate_from,
    check_candidate_id,
    dump,
    parse,
    read_recipes,
    render_candidate,
    render_recipes,
    verdict_from_table,
    verdict_to_table,
)
from lithify.layout.rendering import in_clear
from lithify.library.folder import read_file, read_tree
from lithify.library.linking import with_callees
from lithify.library.place import PRIVATE
from lithify.library.writing import Writer
from lithify.records.proposal import Proposal, ProposalState
from lithify.records.tool import Candidate, Verdict

_FOLDER = f"{PRIVATE}/candidates"
_VERDICT = "verdict.toml"
_RECIPE = "recipe.toml"
_HEADING = "What the gates said of this candidate, and what became of it."


class Shelf:
    """The candidates of one library. Nothing is deleted: a rejected one is marked, a kept one as well."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._root = library / _FOLDER

    def put(self, writer: Writer, candidate: Candidate, verdict: Verdict) -> str:
        """Store a candidate; gives the id that it has here. One that was rejected or kept stays so.

        The same code for the same question waits once: the one that came first is given back.
        """
        check_candidate_id(candidate.id)
        waiting = self._waiting(candidate)
        if waiting:
            return waiting
        state, reason, number = self._standing(candidate.id)
        table: dict[str, Toml] = {
            "number": number,
            "state": state,
            "reason": reason,
            "proposal": _proposal_key(candidate),
            **verdict_to_table(verdict),
        }
        private = [one.name for one in (*candidate.examples, *candidate.holdout) if one.private]
        if private:  # they wait here, outside git, and are left out when the candidate is kept
            table["private"] = list(private)
        recipe = render_recipes(candidate.recipe.tool, [candidate.recipe])
        files = {**render_candidate(in_clear(candidate)), _RECIPE: recipe}
        for path, data in files.items():
            writer.put(f"{_FOLDER}/{candidate.id}/{path}", data)
        writer.put(f"{_FOLDER}/{candidate.id}/{_VERDICT}", dump(_HEADING, table))
        return candidate.id

    def mark(self, writer: Writer, identity: str, state: ProposalState, reason: str = "") -> None:
        """Store what became of a candidate; its evidence stays. Raises LibraryProblem when there is none."""
        if not self.holds(identity):
            raise self._unknown(identity)
        where = f"{_FOLDER}/{identity}/{_VERDICT}"
        table = parse(where, read_file(self._library / where))
        writer.put(where, dump(_HEADING, {**cast("dict[str, Toml]", table.data), "state": state, "reason": reason}))

    def get(self, identity: str) -> Proposal:
        """One candidate as its files stand now. Raises LibraryProblem when there is none, or it cannot be read."""
        if not self.holds(identity):
            raise self._unknown(identity)
        where = f"{_FOLDER}/{identity}"
        files = read_tree(self._root / identity)
        if _RECIPE not in files:
            raise LibraryProblem(f"{where}/{_RECIPE} is missing: remove the folder and ask the question again")
        table = parse(f"{where}/{_VERDICT}", files[_VERDICT])
        recipes = read_recipes(f"{where}/{_RECIPE}", files[_RECIPE])
        if len(recipes) != 1:
            raise LibraryProblem(f"{where}/{_RECIPE} holds {len(recipes)} recipes; a candidate has one")
        candidate = self._linked(candidate_from(files, recipes[0], where))
        candidate = _with_private(candidate, table.texts("private"))
        verdict = verdict_from_table(table)
        edited = verdict.contents != candidate_contents(candidate).sha256
        return Proposal(
            candidate=candidate,
            verdict=Verdict(results=()) if edited else verdict,
            state=cast(ProposalState, table.choice("state", get_args(ProposalState))),
            reason=table.text("reason", ""),
            edited=edited,
        )

    def all(self) -> tuple[Proposal, ...]:
        """Those that were not kept, oldest first."""
        standing = [(self._standing(identity), identity) for identity in self._identities()]
        waiting = sorted((number, identity) for (state, _, number), identity in standing if state != "kept")
        return tuple(self.get(identity) for _, identity in waiting)

    def holds(self, identity: str) -> bool:
        """Whether a candidate of this id was put here."""
        return (self._root / check_candidate_id(identity) / _VERDICT).is_file()

    def is_rejected(self, candidate: Candidate) -> bool:
        """Whether a person said no to the same code, whatever its layout and comments, for the same question."""
        return next(self._with_state(candidate, "rejected"), None) is not None

    def _waiting(self, candidate: Candidate) -> str:
        """The id under which the same proposal waits already, or ""."""
        return next((one for one in self._with_state(candidate, "open") if one != candidate.id), "")

    def _with_state(self, candidate: Candidate, state: ProposalState) -> Iterator[str]:
        """Ids of the same code for the same question in this state."""
        key = _proposal_key(candidate)
        for identity in self._identities():
            table = parse(f"{_FOLDER}/{identity}/{_VERDICT}", read_file(self._root / identity / _VERDICT))
            if table.text("state") == state and table.text("proposal") == key:
                yield identity

    def _linked(self, candidate: Candidate) -> Candidate:
        """With the tools that it imports as they are now. Without them it is not what the gates judged."""
        try:
            return with_callees(self._library, candidate)
        except LibraryProblem:
            return candidate

    def _unknown(self, identity: str) -> LibraryProblem:
        return LibraryProblem(f"there is no candidate {identity!r} in {self._library}; `lithify review` lists them")

    def _standing(self, identity: str) -> tuple[ProposalState, str, int]:
        """State, reason and number in the order of arrival; those of a new one when there is none yet."""
        file = self._root / identity / _VERDICT
        if not file.is_file():
            return "open", "", 1 + max((self._standing(one)[2] for one in self._identities()), default=0)
        table = parse(f"{_FOLDER}/{identity}/{_VERDICT}", read_file(file))
        state = cast(ProposalState, table.choice("state", get_args(ProposalState)))
        return state, table.text("reason", ""), table.integer("number")

    def _identities(self) -> Iterator[str]:
        """Ids of the complete ones: the verdict is written last."""
        if self._root.is_dir():
            yield from sorted(one.name for one in self._root.iterdir() if (one / _VERDICT).is_file())


def _proposal_key(candidate: Candidate) -> str:
    """The same for two proposals of the same code, whatever its comments and layout, for the same question."""
    try:
        code = ast.dump(ast.parse(candidate.source))
    except (SyntaxError, ValueError, RecursionError):
        code = candidate.source
    key: tuple[object, ...] = (candidate.recipe.template, code)
    if candidate.healed is not None:  # the same code may come to know one shape after the other
        key = (*key, candidate.healed.tool, candidate.healed.version, candidate.applicability)
    return hashlib.sha256(repr(key).encode()).hexdigest()


def _with_private(candidate: Candidate, names: tuple[str, ...]) -> Candidate:
    """The candidate with the uses of these names private."""
    examples, holdout = (
        tuple(replace(one, private=one.name in names) for one in uses)
        for uses in (candidate.examples, candidate.holdout)
    )
    return replace(candidate, examples=examples, holdout=holdout)
