"""Versions: what tools were let in with and ask for, against what is installed today. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lithify.records.upkeep import Surroundings
from lithify.upkeep.facts import Facts
from lithify.upkeep.page import Finding

_PYTHON = "Python"
_NAMED = 3


def version_findings(known: Sequence[Facts], here: Surroundings) -> tuple[Finding, ...]:
    """One line for each package, and for Python, of which today's version is another one; a patch of Python is none.

    The tools' own uses and tests ran with today's: how many of them pass is said.
    """
    return (*_asked_for(known, here), *_let_in_with(known, here))


def _asked_for(known: Sequence[Facts], here: Surroundings) -> Iterator[Finding]:
    for requirement, version in here.unmet:
        asking = [one for one in known if requirement in one.tool.requirements]
        if not asking:
            continue
        text = f"{_tools(asking)} {_verb(asking)} for it, {version} is installed: with that, {_state(asking)}"
        yield Finding(where=requirement, kind="versions", severity="note", text=text)


def _let_in_with(known: Sequence[Facts], here: Surroundings) -> Iterator[Finding]:
    for package, version in ((_PYTHON, here.python), *here.packages):
        other = [one for one in known if _differs(package, one.tried.get(package), version)]
        if other:
            before = ", ".join(sorted({one.tried[package] for one in other}))
            text = f"{version} here; {_tools(other)} came in with {before}: with today's, {_state(other)}"
            yield Finding(where=package, kind="versions", severity="note", text=text)


def _differs(package: str, before: str | None, now: str) -> bool:
    if before is None:
        return False
    return before.split(".")[:2] != now.split(".")[:2] if package == _PYTHON else before != now


def _tools(some: Sequence[Facts]) -> str:
    names = [one.tool.name for one in some]
    return _listed(names) if len(names) <= _NAMED else f"{len(names)} tools"


def _verb(some: Sequence[Facts]) -> str:
    return "asks" if len(some) == 1 else "ask"


def _state(some: Sequence[Facts]) -> str:
    """How they are with what is installed: all pass, or which do not."""
    failed = [one.tool.name for one in some if one.checkup.health in ("broken", "surroundings")]
    untried = [one.tool.name for one in some if one.checkup.health == "untried"]
    if len(some) == 1:
        return "its tests fail" if failed else "there is nothing to try it on" if untried else "its tests pass"
    parts = [f"{len(some) - len(failed) - len(untried)} of {len(some)} pass their tests"]
    parts += [f"not {_listed(failed)}"] * bool(failed) + [f"nothing to try on for {_listed(untried)}"] * bool(untried)
    return "; ".join(parts)


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more
