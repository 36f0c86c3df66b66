"""What a piece of a program reads and changes, with what the functions and methods that it calls do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from lithify.distil.knowledge import ITERATORS
from lithify.distil.names import CallSite, Summary, Uses, bound_names, uses_of
from lithify.distil.sharing import Spot

_CONTEXT = "context"
_DEEPEST_CALLS = 8


class Effects:
    """Of one program. A step is the place of a top-level statement; a function means the last definition up to it."""

    def __init__(self, program: Sequence[ast.stmt]) -> None:
        self._defined = [dict(uses_of(statement).defines) for statement in program]
        self.imported = frozenset[str]().union(
            *(uses_of(node).binds for node in program if isinstance(node, (ast.Import, ast.ImportFrom)))
        )
        self._iterators = _iterators(program, self._defined)
        self._local: Mapping[str, Summary] = {}

    def inside(self, defines: Mapping[str, Summary]) -> Mapping[str, Summary]:
        """Look names up in these definitions first from here on; gives what was looked up first before."""
        before, self._local = self._local, {**self._local, **defines}
        return before

    def outside(self, before: Mapping[str, Summary]) -> None:
        """Undo inside."""
        self._local = before

    def of(self, uses: Uses, step: int) -> Uses:
        """The uses of a piece of code with those of the functions that it calls, or hands on to be called.

        calls and methods are resolved into mutates, where it is certain, and may_mutate.
        """
        loads, binds, consumes = set(uses.loads), set(uses.binds), set(uses.consumes)
        mutates, may_mutate = set(uses.mutates), set(uses.may_mutate)
        calls, methods = list(uses.calls), list(uses.methods)
        waiting, seen = set(uses.loads) | self._methods_of(uses.methods, step), set[str]()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            summary = self._summary(name, step)
            if summary is None:
                continue
            loads |= summary.uses.loads
            binds |= summary.uses.binds
            mutates |= summary.uses.mutates
            may_mutate |= summary.uses.may_mutate
            consumes |= summary.uses.consumes
            calls += summary.uses.calls
            methods += summary.uses.methods
            waiting |= (summary.uses.loads | self._methods_of(summary.uses.methods, step)) - seen
        for certain, possible in self._changes(calls, methods, step, 0):
            mutates |= certain
            may_mutate |= possible
        return Uses(
            loads=frozenset(loads),
            binds=frozenset(binds),
            mutates=frozenset(_not_of_context(mutates | {(name, 0) for name in consumes & self._iterators})),
            may_mutate=frozenset(spot for spot in may_mutate if spot[0] not in self.imported and spot[0] != _CONTEXT),
            consumes=frozenset(consumes),
        )

    def _methods_of(self, sites: Sequence[CallSite], step: int) -> set[str]:
        """The methods of the program's own classes that calls by name may mean."""
        names = {f".{site.function}" for site in sites}
        return {name for name in names if self._summary(name, step) is not None}

    def _changes(
        self, calls: Sequence[CallSite], methods: Sequence[CallSite], step: int, depth: int
    ) -> Iterator[tuple[set[Spot], set[Spot]]]:
        for site in calls:
            itself = {(site.function, 0)}  # a closure or an object, with a state of its own
            yield self._changed_by(site, self._summary(site.function, step), itself, step, depth)
        for site in methods:
            yield self._changed_by(site, self._summary(f".{site.function}", step), set(), step, depth)

    def _changed_by(
        self, site: CallSite, summary: Summary | None, itself: set[Spot], step: int, depth: int
    ) -> tuple[set[Spot], set[Spot]]:
        """The spots that a call changes through its arguments: certainly, and perhaps."""
        if summary is None or depth > _DEEPEST_CALLS:
            return set(), itself.union(*site.positional, *(spots for _, spots in site.keywords))
        certain, possible = set(summary.mutated_parameters), set[Spot]()
        for inner, perhaps in self._changes(summary.calls, summary.methods, step, depth + 1):
            certain |= inner
            possible |= perhaps
        pairs = [*zip(summary.parameters, site.positional, strict=False), *site.keywords]
        return _given(certain, pairs), _given(possible, pairs)

    def _summary(self, name: str, step: int) -> Summary | None:
        if name in self._local:
            return self._local[name]
        for defined in reversed(self._defined[: step + 1]):
            if name in defined:
                return defined[name]
        return None


def _given(changed: set[Spot], pairs: Sequence[tuple[str, frozenset[Spot]]]) -> set[Spot]:
    """What a function changes in its parameters, as the spots of the arguments that it was given."""
    return {
        (name, depth + inner)
        for parameter, inner in changed
        for word, spots in pairs
        if word == parameter
        for name, depth in spots
    }


def _not_of_context(spots: set[Spot]) -> Iterator[Spot]:
    """Without what cannot be: the texts of the context are never changed in place."""
    return (spot for spot in spots if spot[0] != _CONTEXT or spot[1] == 0)


def _iterators(program: Sequence[ast.stmt], defined: Sequence[Mapping[str, Summary]]) -> frozenset[str]:
    """Names that hold something which can be gone through only once."""
    generators = {name for defines in defined for name, summary in defines.items() if summary.generates}
    found: set[str] = set()
    for node in (part for top in program for part in ast.walk(top)):
        match node:
            case ast.Assign(targets=targets, value=value) if _gives_iterator(value, generators):
                found |= frozenset[str]().union(*(bound_names(target) for target in targets))
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                found |= bound_names(target) if _gives_iterator(value, generators) else set()
    return frozenset(found)


def _gives_iterator(value: ast.expr, generators: set[str]) -> bool:
    match value:
        case ast.GeneratorExp():
            return True
        case ast.Call(func=ast.Name(id=function) | ast.Attribute(attr=function)):
            return function in ITERATORS or function in generators or f".{function}" in generators
    return False
