"""Commit messages: a line for people, trailers for programs (`git log --format='%(trailers:key=Lithify-Run)'`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lithify.records.tool import Provenance, Verdict

_SUBJECT = 72
TRIED = "Tried"
"""The trailer that says with which versions a tool passed its gates when it was let in."""
ACCEPTED, TAKEN_IN = "accept the edit of ", "take in "
"""How the messages begin of commits whose contents a person wrote."""


def kept_message(name: str, semver: str, provenance: Provenance, trailers: Mapping[str, str]) -> str:
    """The message of the commit that keeps a tool."""
    cost = "unpriced" if provenance.cost is None else str(provenance.cost)
    origin = {
        "Run": provenance.run_id,
        "Question": provenance.question,
        "Model": provenance.model,
        "Cost": cost,
        "Calls": str(provenance.model_calls),
    }
    return message(f"keep {name} {semver}: {provenance.question}", {**origin, **trailers})


def edited_subject(name: str, semver: str, *, known: bool) -> str:
    """The first line for a folder that a person edited, or (not known before) wrote."""
    return f"{ACCEPTED}{name} as {semver}" if known else f"{TAKEN_IN}{name} {semver}"


def is_by_hand(subject: str) -> bool:
    """Whether a commit's first line says that a person wrote what it holds."""
    return subject.startswith((ACCEPTED, TAKEN_IN))


def verdict_trailer(verdict: Verdict) -> str:
    """The verdict in one line: the outcome, then each gate's."""
    gates = ", ".join(f"{result.gate} {result.outcome}" for result in verdict.results)
    return f"{verdict.outcome} ({gates})"


def message(subject: str, trailers: Mapping[str, str], body: Iterable[str] = ()) -> str:
    """A commit's message. Every point of the body and every trailer is one line; empty ones are left out."""
    points = [f"- {_one_line(point)}" for point in body if point.strip()]
    lines = [f"Lithify-{key}: {_one_line(value)}" for key, value in trailers.items() if value.strip()]
    parts = [_shortened(_one_line(subject)), "\n".join(points), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _one_line(text: str) -> str:
    """Without line ends and control characters: a question cannot add trailers of its own."""
    words = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(words.split())


def _shortened(text: str) -> str:
    return text if len(text) <= _SUBJECT else f"{text[: _SUBJECT - 1].rstrip()}…"
