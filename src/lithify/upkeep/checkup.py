"""What the gates' second look at a tool comes to: sound, broken, or the machine's fault."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from lithify.records.quick import dataclass
from lithify.records.tool import GateResult, Tool, Verdict
from lithify.records.upkeep import Surroundings

Health: TypeAlias = Literal["sound", "broken", "surroundings", "untried"]
"""sound: it passed; broken: it did not, by its own fault; surroundings: this machine lacks what it needs; untried:
nothing is recorded that it could be tried on."""

_MACHINE = re.compile(r"\bit raised (?:MemoryError|PermissionError|OSError|BlockingIOError)\b|\bended: .*\bmemory\b")
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """How a tool is, and why, in a line; "" for a sound one."""

    health: Health
    why: str = ""


def checkup(tool: Tool, verdict: Verdict | str | None, here: Surroundings) -> Checkup:
    """Judge the verdict on a tool as it is now.

    verdict: a text says why the tool could not be judged at all, None that there is nothing to try it on. That a
    requirement is gone, or there in a version that the tool does not ask for, is not the tool's fault.
    """
    lacking = sorted(set(here.missing).intersection(tool.requirements))
    if lacking:
        return Checkup(health="surroundings", why=f"{', '.join(lacking)} is not installed here")
    if verdict is None:
        return Checkup(health="untried", why="no use of it is recorded in the library, so nothing can be tried")
    if isinstance(verdict, str):
        return Checkup(health="broken", why=_short(verdict))
    failed = next((one for one in verdict.results if one.outcome == "fail"), None)
    if failed is None:
        return Checkup(health="sound")
    unmet = [f"{wanted} ({there} is installed)" for wanted, there in here.unmet if wanted in tool.requirements]
    if unmet:
        return Checkup(health="surroundings", why=f"it asks for {', '.join(unmet)}; {_told(failed)}")
    ours = failed.gate == "requirements" or _MACHINE.search(failed.evidence) is not None
    return Checkup(health="surroundings" if ours else "broken", why=_told(failed))


def _told(result: GateResult) -> str:
    return _short(f"{result.gate}: {result.evidence}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
