"""Which names a piece of code reads, binds and changes, as its surrounding scope sees it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import field, replace

from lithify.distil.knowledge import (
    CONSUMING,
    MUTATING_FUNCTIONS,
    MUTATING_METHODS,
    PURE_FUNCTIONS,
    READING_METHODS,
    SHARING_METHODS,
)
from lithify.distil.sharing import Spot
from lithify.records.quick import dataclass

_DEEPEST = 3
"""How deep into an object spots are told apart."""


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call of a named function: the spots that each argument may denote, by position and by keyword."""

    function: str
    positional: tuple[frozenset[Spot], ...]
    keywords: tuple[tuple[str, frozenset[Spot]], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What calling a function (or using a class) does to the scope it was defined in.

    parameters: all, in order; mutated_parameters: spots in them that it changes in place; calls, methods: those in
    its body, whose spots may be in parameters; generates: it is a generator.
    """

    uses: Uses
    parameters: tuple[str, ...] = ()
    mutated_parameters: frozenset[Spot] = frozenset()
    calls: tuple[CallSite, ...] = ()
    methods: tuple[CallSite, ...] = ()
    generates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """loads: names read; binds: names bound or deleted; mutates: spots that are changed in place;
    may_mutate: the same, but only if a method or function that is not known does so; calls: calls of named
    functions; defines: functions and classes by name, whose own uses happen when they are called;
    consumes: names that are iterated over, or given to a function that does so; methods: calls of methods that are
    not known, the object as first argument: a class of the program may say what they do."""

    loads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    mutates: frozenset[Spot] = frozenset()
    may_mutate: frozenset[Spot] = frozenset()
    calls: tuple[CallSite, ...] = ()
    defines: tuple[tuple[str, Summary], ...] = ()
    consumes: frozenset[str] = frozenset()
    methods: tuple[CallSite, ...] = ()


def uses_of(*nodes: ast.AST) -> Uses:
    """The uses of statements or expressions, taken together."""
    collector = _Collector()
    for node in nodes:
        collector.visit(node)
    return collector.uses()


def roots(node: ast.expr) -> frozenset[Spot]:
    """The spots that an expression may denote: ("d", 1) for `d.setdefault(k, [])`, what d holds."""
    match node:
        case ast.Name(id=name):
            return frozenset({(name, 0)})
        case ast.Attribute(value=value) | ast.Subscript(value=value):
            return _deeper(roots(value))
        case ast.Starred(value=value) | ast.Await(value=value):
            return roots(value)
        case ast.Call(func=ast.Attribute(value=value, attr=method)):
            if method in READING_METHODS and method not in SHARING_METHODS:
                return frozenset()
            return roots(value) | _deeper(roots(value))
        case ast.Call(func=ast.Name(id="super"), args=[]):
            return frozenset({("self", 0)})
        case ast.Call(func=ast.Name(id=function), args=args):
            found = frozenset[Spot]().union(*(roots(arg) for arg in args))
            return _deeper(found) if function in PURE_FUNCTIONS else found | _deeper(found)
        case ast.IfExp(body=body, orelse=orelse):
            return roots(body) | roots(orelse)
        case ast.BoolOp(values=values):
            return frozenset[Spot]().union(*(roots(value) for value in values))
        case ast.NamedExpr(target=target, value=value):
            return roots(target) | roots(value)
    return frozenset()


def _deeper(spots: frozenset[Spot]) -> frozenset[Spot]:
    return frozenset((name, min(depth + 1, _DEEPEST)) for name, depth in spots)


def _without(spots: frozenset[Spot], hidden: frozenset[str]) -> frozenset[Spot]:
    return frozenset((name, depth) for name, depth in spots if name not in hidden)


def bound_names(target: ast.expr) -> frozenset[str]:
    """The names that an assignment target binds; not those that it changes through a subscript or attribute."""
    match target:
        case ast.Name(id=name):
            return frozenset({name})
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return frozenset[str]().union(*(bound_names(element) for element in elements))
        case ast.Starred(value=value):
            return bound_names(value)
    return frozenset()


@dataclass(slots=True)
class _Collector(ast.NodeVisitor):
    """Gathers the uses of one scope; inner scopes are summed up by collectors of their own."""

    loads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    mutates: set[Spot] = field(default_factory=set)
    may_mutate: set[Spot] = field(default_factory=set)
    calls: list[CallSite] = field(default_factory=list)
    defines: dict[str, Summary] = field(default_factory=dict)
    outward: set[str] = field(default_factory=set)  # declared global or nonlocal
    consumes: set[str] = field(default_factory=set)
    methods: list[CallSite] = field(default_factory=list)

    def uses(self) -> Uses:
        return Uses(
            loads=frozenset(self.loads),
            binds=frozenset(self.binds),
            mutates=frozenset(self.mutates),
            may_mutate=frozenset(self.may_mutate),
            calls=tuple(self.calls),
            defines=tuple(self.defines.items()),
            consumes=frozenset(self.consumes),
            methods=tuple(self.methods),
        )

    def visit_Name(self, node: ast.Name) -> None:
        (self.loads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):  # `a += [x]` changes the list that other names may hold
            self.loads.add(node.target.id)
            certain = isinstance(node.value, (ast.List, ast.ListComp, ast.Tuple))
            (self.mutates if certain else self.may_mutate).add((node.target.id, 0))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._stored_through(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._stored_through(node)

    def _stored_through(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.mutates |= roots(node.value)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.outward |= set(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815 - ast's spelling

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.binds |= {alias.asname or alias.name.split(".")[0] for alias in node.names if alias.name != "*"}

    visit_ImportFrom = visit_Import  # noqa: N815 - ast's spelling

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.binds |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.binds |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self.binds |= {node.name} if node.name else set()

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.binds |= {node.rest} if node.rest else set()
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        arguments = [roots(arg) for arg in node.args]
        keywords = [(word.arg or "", roots(word.value)) for word in node.keywords]
        everything = frozenset[Spot]().union(*arguments, *(spots for _, spots in keywords))
        self._consumed(node)
        match node.func:
            case ast.Attribute(value=owner, attr=method):
                called = CallSite(method, (roots(owner), *arguments), tuple(keywords))
                self._method_called(node, called, everything)
            case ast.Name(id=function):
                if function in MUTATING_FUNCTIONS:
                    self.mutates |= everything
                elif function == "print":
                    self.mutates |= dict(keywords).get("file", frozenset())
                elif function not in PURE_FUNCTIONS:
                    self.calls.append(CallSite(function, tuple(arguments), tuple(keywords)))
            case _:
                self.may_mutate |= everything
        self.generic_visit(node)

    def _consumed(self, node: ast.Call) -> None:
        """Names whose elements a call takes: `list(it)`, `max(it)`, `", ".join(it)`."""
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if function in CONSUMING:
            self.consumes |= {arg.id for arg in node.args if isinstance(arg, ast.Name)}

    def _method_called(self, node: ast.Call, called: CallSite, arguments: frozenset[Spot]) -> None:
        owner, method = called.positional[0], called.function
        in_place = any(
            word.arg in ("inplace", "out") and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in node.keywords
        )
        if method in MUTATING_FUNCTIONS:  # random.shuffle(x), heapq.heappush(h, x)
            self.mutates |= arguments
        if method in MUTATING_METHODS or in_place:
            self.mutates |= owner
        elif method not in READING_METHODS:
            self.methods.append(called)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.consumes |= {node.iter.id} if isinstance(node.iter, ast.Name) else set()
        self.generic_visit(node)

    visit_AsyncFor = visit_For  # noqa: N815 - ast's spelling

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.binds.add(node.name)
        for part in (*node.decorator_list, *_defaults(node.args), *_annotations(node)):
            self.visit(part)
        summary = _summarise(node.args, node.body)
        if {name for name, _ in summary.mutated_parameters} & _with_default(node.args):  # it keeps what it was given
            kept = replace(summary.uses, mutates=summary.uses.mutates | {(node.name, 0)})
            summary = replace(summary, uses=kept)
        self.defines[node.name] = summary

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's spelling

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in _defaults(node.args):
            self.visit(part)
        self._absorb(_summarise(node.args, [node.body]).uses)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        if isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Name):
            self.defines[node.targets[0].id] = _summarise(node.value.args, [node.value.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.binds.add(node.name)
        for part in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
            self.visit(part)
        inner = _Collector()
        for statement in node.body:
            inner.visit(statement)
        hidden = frozenset(inner.binds)
        self._absorb(_outside(inner.uses(), hidden))
        methods = _Collector()
        for name, method in inner.uses().defines:
            methods._absorb(method.uses)
            earlier = self.defines.get(f".{name}")
            self.defines[f".{name}"] = _either(earlier, method) if earlier else method
        self.defines[node.name] = Summary(methods.uses())

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)  # evaluated outside: `[x for x in x]`
        self.consumes |= {part.iter.id for part in node.generators if isinstance(part.iter, ast.Name)}
        inner = _Collector()
        inner.generic_visit(node)
        targets = frozenset[str]().union(*(bound_names(part.target) for part in node.generators))
        self.binds |= inner.binds - targets  # a walrus binds outside
        self._absorb(_outside(inner.uses(), targets))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815 - ast's spelling

    def _absorb(self, uses: Uses) -> None:
        self.loads |= uses.loads
        self.mutates |= uses.mutates
        self.may_mutate |= uses.may_mutate
        self.calls += uses.calls
        self.methods += uses.methods
        self.consumes |= uses.consumes
        for name, summary in uses.defines:
            self.defines.setdefault(name, summary)


def _summarise(arguments: ast.arguments, body: Sequence[ast.AST]) -> Summary:
    """The uses of a function's body that reach the scope around it."""
    inner = _Collector()
    for part in body:
        inner.visit(part)
    everything = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parameters = tuple(argument.arg for argument in everything)
    extra = {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument}
    local = (frozenset(parameters) | extra | inner.binds) - inner.outward
    uses = inner.uses()
    for _, nested in uses.defines:  # closures: what they do to names of the scope around this function
        inner._absorb(nested.uses)
    whole = inner.uses()
    outside = _outside(whole, local)
    outward = Uses(
        loads=outside.loads,
        binds=frozenset(inner.binds & inner.outward),
        mutates=outside.mutates,
        may_mutate=outside.may_mutate,
        calls=outside.calls,
        consumes=outside.consumes,
        methods=outside.methods,
    )
    return Summary(
        outward,
        parameters,
        frozenset(spot for spot in whole.mutates if spot[0] in parameters),
        calls=whole.calls,
        methods=whole.methods,
        generates=any(isinstance(part, (ast.Yield, ast.YieldFrom)) for top in body for part in ast.walk(top)),
    )


def _either(one: Summary, other: Summary) -> Summary:
    """What one of two methods of the same name does."""
    together = _Collector()
    together._absorb(one.uses)
    together._absorb(other.uses)
    longer = max(one.parameters, other.parameters, key=len)
    places = {
        (longer[summary.parameters.index(name)], depth)
        for summary in (one, other)
        for name, depth in summary.mutated_parameters
    }
    calls, methods = (*one.calls, *other.calls), (*one.methods, *other.methods)
    return Summary(together.uses(), longer, frozenset(places), calls, methods)


def _outside(uses: Uses, hidden: frozenset[str]) -> Uses:
    """The uses without the names that an inner scope binds for itself."""
    return Uses(
        loads=uses.loads - hidden,
        mutates=_without(uses.mutates, hidden),
        may_mutate=_without(uses.may_mutate, hidden),
        calls=tuple(_site_outside(site, hidden) for site in uses.calls if site.function not in hidden),
        defines=uses.defines,
        consumes=uses.consumes - hidden,
        methods=tuple(_site_outside(site, hidden) for site in uses.methods),
    )


def _site_outside(site: CallSite, hidden: frozenset[str]) -> CallSite:
    positional = tuple(_without(spots, hidden) for spots in site.positional)
    return CallSite(site.function, positional, tuple((word, _without(spots, hidden)) for word, spots in site.keywords))


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _with_default(arguments: ast.arguments) -> frozenset[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return frozenset(
        [argument.arg for argument in positional[first:]] + [argument.arg for argument, default in named if default]
    )


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    found = [argument.annotation for argument in arguments] + [node.returns]
    return [annotation for annotation in found if annotation is not None]
