"""Whether the inputs that come now are still of the shape that a tool was made for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from lithify.curves import Share, share
from lithify.records.quick import dataclass
from lithify.records.tool import Tool

Met: TypeAlias = Literal["answered", "other-shape", "declined"]
"""answered: the tool answered; other-shape: the input had not the shape that it knows, so it was not run; declined: it
ran and did not cover the input."""

RECENT = 20
"""The last runs by which drift is told."""
_SURELY = 0.2
_FEWEST = 3
_NO_SHAPE = re.compile(r"it is (?:deprecated|retired|candidate)\b|its recipe names ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A run that asked a tool's question, and what became of the tool in it. why: for one that refused, the reason."""

    at: datetime
    met: Met
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """refused: of the recent runs that asked the tool's question, those whose input it did not cover; latest: why,
    the last time."""

    refused: Share
    latest: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it is more than chance: surely above a fifth of the runs, by the interval, and not of one or two."""
        return self.refused.total >= _FEWEST and self.refused.low > _SURELY


def drift(meetings: Sequence[Meeting]) -> Drift:
    """The drift over the last meetings."""
    last = sorted(meetings, key=lambda one: one.at)[-RECENT:]
    refused = [one for one in last if one.met != "answered"]
    return Drift(refused=share(len(refused), len(last)), latest=refused[-1].why if refused else "")


def refused_shape(tool: Tool, why: Sequence[str]) -> str:
    """What a run's reasons say of the tool when its question matched and the input's shape did not; "" for nothing.

    why: as routing gives it, a line for each tool that matched or came near, or all of them in the error of a run that
    no kept tool answered.
    """
    name = re.escape(tool.name)
    told = re.compile(rf"\btool {name} v\d+: the question matches, but (.*?)(?=; tool \w+ v\d+: |\Z)", re.DOTALL)
    slots = tuple(f"{slot.name}: " for recipe in tool.recipes for slot in recipe.slots)
    for line in why:
        found = told.search(line)
        if found is not None and not _NO_SHAPE.match(found[1]) and not found[1].startswith(slots):
            return found[1]
    return ""
