"""Small faults put into a source, one at a time (mutation testing, DeMillo, Lipton and Sayward 1978). Pure.

Of our own, because mutmut and cosmic-ray write files, start a process per mutant and take their verdict from an exit
code: 44 mutants in 21 s. These are texts, run in sessions of a warm sandbox and judged by the parent. Each fault is a
splice of the source, so that it is shown as the person's own line with one thing changed.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Sequence

from lithify.gates.operators import Edit, edits_of
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A source with one fault. line: where (1-based); before and after: the place on one line each."""

    line: int
    kind: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.before}  →  {self.after}"


def mutants_of(source: str, function: str) -> tuple[Mutant, ...]:
    """Every mutant of a module, in the order of the source; where no fault can be put, one that answers None.

    function: the public one, whose defaults are left alone: each use gives all arguments. Raises SyntaxError.
    """
    tree = _parse(source)
    original = ast.dump(tree)
    data = source.encode("utf-8", "surrogatepass")
    starts = _line_starts(data)
    found: dict[str, Mutant] = {}
    for edit in edits_of(tree, data, starts, function):
        mutant = _applied(edit, data, starts)
        if mutant is not None and mutant.source not in found and _differs(mutant.source, original):
            found[mutant.source] = mutant
    telling = tuple(mutant for mutant in found.values() if mutant.kind != "result")
    return telling or tuple(found.values())


def sampled(mutants: Sequence[Mutant], limit: int) -> tuple[Mutant, ...]:
    """At most limit of them, the same ones each time, in the order in which they are tried.

    Kinds take turns, and within a kind a digest of the fault decides: stopping early still tries all kinds.
    """
    kinds: dict[str, list[Mutant]] = {}
    for mutant in sorted(mutants, key=_digest):
        kinds.setdefault(mutant.kind, []).append(mutant)
    ordered: list[Mutant] = []
    while len(ordered) < min(limit, len(mutants)):
        ordered += [waiting.pop() for waiting in kinds.values() if waiting]
    return tuple(ordered[:limit])


def rewritten(source: str, function: str) -> str:
    """The same program as another text: laid out anew, comments gone, a statement more that does nothing.

    What behaves differently when it is rewritten looks at its own text or code. Raises SyntaxError.
    """
    tree = _parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            documented = ast.get_docstring(node) is not None
            node.body.insert(int(documented), ast.parse("_lithify_nothing = 'nothing'").body[0])
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _applied(edit: Edit, data: bytes, starts: Sequence[int]) -> Mutant | None:
    """The edit as a mutant; None when the place is not text that can be changed so."""
    changed = data[: edit.start] + edit.text.encode("utf-8", "surrogatepass") + data[edit.end :]
    first = max(start for start in starts if start <= edit.start)
    end = data.find(b"\n", edit.end)
    last = len(data) if end < 0 else end
    moved = last + len(changed) - len(data)
    return Mutant(
        line=starts.index(first) + 1,
        kind=edit.kind,
        before=_one_line(data[first:last]),
        after=_one_line(changed[first:moved]),
        source=changed.decode("utf-8", "surrogatepass"),
    )


def _differs(source: str, original: str) -> bool:
    """Whether a source can be run at all, and is another program than the original."""
    try:
        tree = _parse(source)
        compile(source, "tool.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return ast.dump(tree) != original


def _parse(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is ruff's to name
        return ast.parse(source)


def _line_starts(data: bytes) -> list[int]:
    return [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n|\f", data) if match[0] != b"\f")]


def _one_line(data: bytes) -> str:
    text = " ".join(data.decode("utf-8", "replace").split())
    return text if len(text) <= 160 else f"{text[:159]}…"


def _digest(mutant: Mutant) -> str:
    return hashlib.sha256(f"{mutant.kind}\0{mutant.before}\0{mutant.after}".encode("utf-8", "replace")).hexdigest()
