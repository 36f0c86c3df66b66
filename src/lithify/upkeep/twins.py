"""Which tools are so alike that it is worth running them on one another's uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from lithify.records.tool import Tool


def likely_pairs(
    tools: Sequence[Tool], alike: Callable[[Tool, Tool], bool], code: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """For the first tool of each likely pair, by name, the others of its pairs.

    alike: whether the words of two are; code: a digest of a source that layout and names do not change. A pair that has
    drawn its boundary (not_for names the other) is settled, unless the code is the same.
    """
    digests = {tool.name: code(tool.source) for tool in tools}
    found: dict[str, list[str]] = {}
    for one, other in combinations(sorted(tools, key=lambda tool: tool.name), 2):
        if one.signature.context_kind != other.signature.context_kind:
            continue
        same_code = digests[one.name] == digests[other.name]
        if same_code or (not _bounded(one, other) and not _bounded(other, one) and alike(one, other)):
            found.setdefault(one.name, []).append(other.name)
    return {name: tuple(others) for name, others in found.items()}


def _bounded(one: Tool, other: Tool) -> bool:
    return any(f": {other.name} " in line for line in one.not_for)
