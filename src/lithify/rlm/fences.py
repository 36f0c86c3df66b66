"""The fenced blocks of a reply, read tolerantly: where each begins and ends, in which language, and the text around."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from lithify.records.quick import dataclass

LABELS = frozenset({"repl", "python", "py", "python3", "python-repl", "ipython", "pycon", "tool_code"})
"""Languages of blocks that are code for the REPL."""
_WRAPPERS = frozenset({"markdown", "md"})
_OPENING = re.compile(r"^(?P<indent>[ \t]*)(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_AFTER_PROSE = re.compile(r"^.*[^\s`][ \t]*(?P<mark>`{3,})(?P<info>repl|python|py)[ \t]*$")
_ONE_LINE = re.compile(r"^[ \t]*(`{3,})(?:repl|python|py)[ \t]+(?P<code>.*\S)[ \t]*\1[ \t]*$")
_BARE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*$")
_LANGUAGE = re.compile(r"\{?\.?([\w+#-]*)")
_MOST_ENDS = 60
"""Places tried for the end of one block: each is a parse of all that stands before it."""
_MOST_TRIES = 1_000
"""The same for all blocks of one reply; what is left over ends at its first closing fence."""
_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. language is "" when none is said; code is what stands in it, without the indent of its fence."""

    language: str
    code: str


@dataclass(frozen=True, slots=True)
class _Fence:
    """An opening fence: its mark, the indent of its line, the language."""

    mark: str
    indent: str
    language: str


@dataclass(frozen=True, slots=True)
class _End:
    """Where a block ends: before line `end`; reading goes on at line `after`. last: code on the closing line."""

    end: int
    after: int
    last: str = ""


def blocks(text: str) -> tuple[list[Block], str]:
    """The fenced blocks of a reply in order, and the text around them."""
    return _Reader(text.replace("\r\n", "\n").split("\n")).read()


class _Reader:
    """Reads the lines of one reply."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._tries = 0
        self._bare = [at for at, line in enumerate(lines) if _BARE.match(line)]
        self._labelled = [
            at
            for at, line in enumerate(lines)
            if (found := _OPENING.match(line)) and _language(found["info"]) in LABELS
        ]

    def read(self) -> tuple[list[Block], str]:
        found: list[Block] = []
        prose: list[str] = []
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            one_line = _ONE_LINE.match(line)
            fence = self._fence(at)
            if one_line and parses(one_line["code"]):
                found.append(Block("repl", one_line["code"]))
            elif fence is None:
                prose.append(line)
            elif fence.language not in _WRAPPERS and not self._is_decoration(at, fence):
                block, at = self._block(at + 1, fence)
                found.append(block)
                continue
            at += 1
        return found, "\n".join(prose)

    def _fence(self, at: int) -> _Fence | None:
        """The fence that opens a block on this line."""
        opening = _OPENING.match(self._lines[at])
        if opening is not None:
            return _Fence(opening["mark"], opening["indent"], _language(opening["info"]))
        inside = _AFTER_PROSE.match(self._lines[at])
        if inside is None:
            return None
        fence = _Fence(inside["mark"], "", _language(inside["info"]))
        ends = islice(self._closings(at + 1, fence), _MOST_ENDS)
        return fence if any(self._as_code(at + 1, end, fence) is not None for end in ends) else None

    def _is_decoration(self, at: int, fence: _Fence) -> bool:
        """A fence without language right around a labelled one."""
        following = bisect_left(self._labelled, at + 1)
        if fence.language or following == len(self._labelled):
            return False
        return not any(line.strip() for line in islice(self._lines, at + 1, self._labelled[following]))

    def _block(self, start: int, fence: _Fence) -> tuple[Block, int]:
        """The block that begins at line start, and the line after it."""
        if not fence.language or fence.language in LABELS:
            for end in self._ends(start, fence):
                code = self._as_code(start, end, fence)
                if code is not None:
                    return Block(fence.language, code), end.after
        end = next(self._closings(start, fence), None) or next(self._openings(start), None) or self._rest
        return Block(fence.language, "\n".join(_unindented(self._lines[start : end.end], fence.indent))), end.after

    def _ends(self, start: int, fence: _Fence) -> Iterator[_End]:
        """Where the block may end, most plausible first: code may hold fences of its own, inside strings.

        A closing fence, or one that opens the next block; a closing fence right after code; the end of the reply.
        """
        openings = self._openings(start) if fence.language else iter(())
        yield from islice(merge(self._closings(start, fence), openings, key=lambda end: end.end), _MOST_ENDS)
        first = next(self._closings(start, fence), None) or next(self._openings(start), None)
        yield from islice(self._stuck(start, (first or self._rest).end, fence), _MOST_ENDS)
        if first is None:
            yield self._rest

    def _stuck(self, start: int, stop: int, fence: _Fence) -> Iterator[_End]:
        """Lines that end with a closing fence behind code."""
        for at in range(start, min(stop, start + _MOST_LINES)):
            line = self._lines[at].rstrip(" \t")
            if line.endswith(fence.mark) and line.rstrip(fence.mark[0]).strip():
                yield _End(at, at + 1, line.rstrip(fence.mark[0]))

    @property
    def _rest(self) -> _End:
        return _End(len(self._lines), len(self._lines))

    def _closings(self, start: int, fence: _Fence) -> Iterator[_End]:
        """The lines that hold a fence which closes this one, and nothing else."""
        for place in range(bisect_left(self._bare, start), len(self._bare)):
            at = self._bare[place]
            if self._lines[at].strip().startswith(fence.mark):
                yield _End(at, at + 1)

    def _openings(self, start: int) -> Iterator[_End]:
        """The next labelled fence: whoever forgot to close a block begins another one there."""
        for place in range(bisect_left(self._labelled, start), len(self._labelled)):
            yield _End(self._labelled[place], self._labelled[place])

    def _as_code(self, start: int, end: _End, fence: _Fence) -> str | None:
        """What stands there, if it is Python: as it is, without a common indent, or without a session's prompts."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            return None
        inside = [*self._lines[start : end.end], *([end.last] if end.last else [])]
        plain = "\n".join(_unindented(inside, fence.indent))
        if parses(plain):
            return plain
        for other in (textwrap.dedent(plain), _without_prompts(inside)):
            if other.strip() and other != plain and parses(other):
                return other
        return None


def _language(info: str) -> str:
    found = _LANGUAGE.match(info)
    return found.group(1).lower() if found else ""


def _unindented(lines: Sequence[str], indent: str) -> list[str]:
    """The lines without the indent of their fence, where they have it."""
    return [line.removeprefix(indent) for line in lines] if indent else list(lines)


def _without_prompts(lines: Sequence[str]) -> str:
    """The input of an interactive session: what follows `>>> ` and `... `; "" when it is none."""
    bare = [line.lstrip(" \t") for line in lines]
    if not any(line.startswith(">>> ") for line in bare):
        return ""
    return "\n".join(line[4:] for line in bare if line.startswith((">>> ", "... ")) or line in (">>>", "..."))


def parses(code: str) -> bool:
    """Whether it is Python."""
    return tree_of(code) is not None


def tree_of(code: str) -> ast.Module | None:
    """The code as a tree, None when it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a model's string is no news for whoever runs this
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
