"""What tests asked of the tool, so that another tool can be told from it without running all of them again.

The tests see nothing of a tool but its answers. A tool that answers every call of a test alike looks to it like the
first one, so how it ends is known; running pytest and hypothesis costs ten times what the calls do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from lithify.gates.elsewhere import Elsewhere
from lithify.gates.runner import ASKING
from lithify.records.plain import Plain

_MOST_CALLS = 2_000
_MOST_CHARACTERS = 4_000_000


@dataclass(slots=True, kw_only=True)
class _Call:
    """One call, the answer as it reads, and who made it ("": nobody knows)."""

    args: Sequence[Plain]
    told: str
    tests: set[str] = field(default_factory=set)


class Heard:
    """Distinct calls in their order, each with its answer and the tests that made it."""

    def __init__(self, tool: Elsewhere) -> None:
        self._tool = tool
        self._calls: dict[str, _Call] = {}
        self._characters = 0
        self._whole = True

    async def answer(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of the host function: the tool's own answer, remembered."""
        given = await self._tool.answer(args, kwargs)
        asked, told = repr(args), repr(given)
        if asked not in self._calls:
            self._characters += len(asked) + len(told)
            if len(self._calls) >= _MOST_CALLS or self._characters > _MOST_CHARACTERS:
                self._whole = False
                return given
            self._calls[asked] = _Call(args=args, told=told)
        self._calls[asked].tests.add(str(kwargs.get(ASKING, "")).rpartition(" (")[0].partition("[")[0])
        return given

    @property
    def seconds(self) -> float:
        """What all calls took."""
        return self._tool.spent

    async def differing(self, other: Elsewhere, tests: Collection[str]) -> tuple[str, ...]:
        """Those of the tests that another tool answers otherwise, to the letter; all where it is not known which.

        Which test asks is what the tests' own worker says: one that lies has fewer of its tests run.
        """
        found: set[str] = set() if self._whole else {""}
        for call in self._calls.values():
            if not call.tests <= found and repr(await other.answer(call.args, {})) != call.told:
                found |= call.tests
        known = tuple(test for test in tests if test in found)
        return tuple(tests) if "" in found else known
