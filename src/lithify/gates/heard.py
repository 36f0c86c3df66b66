"""What tests asked of the tool, so that another tool can be told from it without running the tests again.

The tests see nothing of a tool but its answers. A tool that answers every one of their calls alike looks to them like
the first one, so how they end is known; running pytest and hypothesis costs ten times what the calls do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lithify.gates.elsewhere import Elsewhere
from lithify.ports import HostHandler
from lithify.records.plain import Plain

_MOST_CALLS = 2_000
_MOST_CHARACTERS = 4_000_000


class Heard:
    """Distinct calls in their order, each with its answer; whole: none is missing."""

    def __init__(self, tool: HostHandler) -> None:
        self._tool = tool
        self._calls: dict[str, tuple[Sequence[Plain], str]] = {}
        self._characters = 0
        self.whole = True

    async def answer(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of the host function: the tool's own answer, remembered."""
        given = await self._tool(args, kwargs)
        asked, told = repr(args), repr(given)
        if asked not in self._calls:
            self._characters += len(asked) + len(told)
            if len(self._calls) < _MOST_CALLS and self._characters < _MOST_CHARACTERS:
                self._calls[asked] = (args, told)
            else:
                self.whole = False
        return given

    async def same(self, other: Elsewhere) -> bool:
        """Whether another tool answers every call to the letter as this one did; False where not all are known."""
        if not self.whole:
            return False
        for args, told in self._calls.values():
            if repr(await other.answer(args, {})) != told:
                return False
        return True
