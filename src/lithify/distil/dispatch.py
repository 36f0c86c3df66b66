"""Two derivations of one question for inputs of different shapes, made one tool that looks which shape it is given.

The public function asks a small private predicate for each shape, and hands the input to the derivation that is meant
for it; an input of no known shape is refused. Pure.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from lithify.distil.bench import Runnable
from lithify.distil.program import parse_statement
from lithify.distil.rename import identifiers, renamed
from lithify.distil.shapes import ShapeTest, shape_test
from lithify.distil.source import code_of
from lithify.distil.unify import Different
from lithify.records.context import Fingerprint
from lithify.records.quick import dataclass
from lithify.records.tool import Signature

_WIDTH = 90
_WHETHER = "Whether the input is {}."
_ANSWER = "The answer for {}."
_REFUSAL = "the input is none of these: {}"
_Definition = ast.FunctionDef | ast.ClassDef | ast.Assign


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A shape that a tool knows: the functions that test for it (any of them will do) and the one that answers.

    arguments: names of the tool's parameters, in the order in which the answering function takes them
    """

    tests: tuple[str, ...]
    run: str
    says: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A derivation that joins a tool: its module, the shape of input that it is for, and the tool's names for its
    parameters by their own."""

    tool: Runnable
    shape: Fingerprint
    names: Mapping[str, str]


def dispatched(
    old: Runnable, shapes: Sequence[Fingerprint], new: Derivation, signature: Signature, *, first: bool = False
) -> str | Different:
    """The source of one tool, not formatted yet, with this signature. shapes: of the inputs that the old one knows.

    first: the new shape is looked for before the old ones. A branch for the same shape is replaced.
    """
    module = _Module(old, reads=_annotation(new.tool))
    known = module.branches() or module.wrapped(shapes, new.shape)
    if isinstance(known, Different):
        return known
    test = shape_test(new.shape, shapes, frame=signature.context_frame)
    if test is None:
        return Different("the shape of the input says too little to be told from another by a test in the code")
    same = next((one for one in known if any(module.is_test(name, test) for name in one.tests)), None)
    branch = module.joined(new, test, same)
    others = [one for one in known if one is not same]
    branches = [branch, *others] if first or same is not None else [*others, branch]
    if len(branches) < 2:
        return Different("both derivations are for inputs of the same shape")
    module.public(branches, signature)
    if same is not None:
        module.prune(signature.function)
    return module.source()


class _Module:
    """A tool's module under change: its imports one name a statement, its other statements, its public function.

    reads: the annotation of what the derivation reads that joins it
    """

    def __init__(self, tool: Runnable, reads: str) -> None:
        body = _single_imports(ast.parse(tool.source).body)
        self._signature = tool.signature
        self._imports: list[ast.stmt] = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
        self._rest = [node for node in body if not isinstance(node, (ast.Import, ast.ImportFrom))]
        name = tool.signature.function
        self._public = next(node for node in self._rest if isinstance(node, ast.FunctionDef) and node.name == name)
        self._rest.remove(self._public)
        self._doc = ast.get_docstring(self._public, clean=True) or ""
        self._reads = _annotation(tool)
        if self._reads != reads:  # a list to the one and a dict to the other
            self._reads = "Any"
            self._import("from typing import Any")

    def branches(self) -> list[Branch]:
        """What the public function chooses from, when it does nothing else; else nothing."""
        found: list[Branch] = []
        for node in _without_docstring(self._public.body)[:-1]:
            match node:
                case ast.If(test=test, body=[ast.Return(value=ast.Call() as answer)], orelse=[]):
                    run = self._given(answer)
                    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
                    tests = [self._given(part) for part in parts if isinstance(part, ast.Call)]
                    if run is None or len(tests) < len(parts) or any(one is None or one[1] for one in tests):
                        return []
                    names = tuple(one[0] for one in tests if one is not None)
                    found.append(Branch(tests=names, run=run[0], says=self._says(names[0]), arguments=run[1]))
                case _:
                    return []
        return found if isinstance(self._public.body[-1], ast.Raise) else []

    def _given(self, call: ast.Call) -> tuple[str, tuple[str, ...]] | None:
        """The function that is given the context, and the names that it is given besides; None for another call."""
        match call:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=first), *others], keywords=[]):
                names = tuple(other.id for other in others if isinstance(other, ast.Name))
                whole = first == self._signature.context_parameter and len(names) == len(others)
                return (name, names) if whole else None
        return None

    def wrapped(self, shapes: Sequence[Fingerprint], new: Fingerprint) -> list[Branch] | Different:
        """The public function made a private one, for inputs of the shapes that it knows; new: the one beside them."""
        tests = [shape_test(shape, (new,), frame=self._signature.context_frame) for shape in shapes]
        distinct = list(dict.fromkeys(test for test in tests if test is not None))
        if not distinct or None in tests:
            return Different("the shape of its inputs says too little to be told from another by a test in the code")
        names = tuple(self._add_test(test) for test in distinct)
        says = " or ".join(dict.fromkeys(test.says for test in distinct))
        run = self._fresh(f"_from_{distinct[0].kind}")
        self._rest = renamed(self._rest, {self._signature.function: run})
        self._rest.append(_private(renamed([self._public], {self._signature.function: run})[0], says))
        arguments = tuple(one.name for one in self._signature.parameters)
        return [Branch(tests=names, run=run, says=says, arguments=arguments)]

    def joined(self, new: Derivation, test: ShapeTest, same: Branch | None) -> Branch:
        """The new derivation and its test, put in; where there is the same test already, that one serves."""
        signature = new.tool.signature
        body = _single_imports(ast.parse(new.tool.source).body)
        body = [node for node in body if not _is_docstring(node)]
        strange = _strange(body, {ast.unparse(node) for node in (*self._imports, *self._rest)})
        taken = self._bound() | {self._signature.function}
        names: dict[str, str] = {}
        used = set(identifiers(strange))
        clashing = [name for node in strange for name in _binds(node) if name in taken]
        for name in dict.fromkeys([signature.function, *clashing]):
            wish = f"_from_{test.kind}" if name == signature.function else name
            names[name] = self._fresh(wish, used | set(names.values()))
        moved = renamed(strange, names)
        self._imports += [node for node in moved if isinstance(node, (ast.Import, ast.ImportFrom))]
        run = names[signature.function]
        for node in moved:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                self._rest.append(_private(node, test.says) if _is_function(node, run) else node)
        tests = same.tests if same is not None else (self._add_test(test),)
        arguments = tuple(new.names[one.name] for one in signature.parameters)
        return Branch(tests=tests, run=run, says=test.says, arguments=arguments)

    def is_test(self, name: str, test: ShapeTest) -> bool:
        """Whether a function of the module is this test, whatever it and its constant are called."""
        return _key([node for node in self._rest if not isinstance(node, ast.ClassDef)], name) == _key(
            _test_nodes(test, "_test", "_CONSTANT", self._reads), "_test"
        )

    def public(self, branches: Sequence[Branch], signature: Signature) -> None:
        """Put in the public function that chooses among the branches."""
        context = signature.context_parameter
        slots = (f"{one.name}: {one.annotation} = {one.default!r}" for one in signature.parameters)
        head = f"def {signature.function}({', '.join([f'{context}: {self._reads}', *slots])}) -> {signature.returns}:"
        says = [one.says for one in branches]
        lines = [f"    {_doc(self._doc, context, says)!r}"]
        for one in branches:
            tests = " or ".join(f"{name}({context})" for name in one.tests)
            lines += [f"    if {tests}:", f"        return {one.run}({', '.join([context, *one.arguments])})"]
        lines.append(f"    raise ValueError({_REFUSAL.format('; '.join(says))!r})")
        self._rest.append(parse_statement("\n".join([head, *lines])))

    def prune(self, function: str) -> None:
        """Take out private definitions that nothing leads to any more."""
        while True:
            used = {
                name
                for at, node in enumerate(self._rest)
                for name in identifiers([node]) - (set(_binds(node)) if isinstance(node, _Definition) else set())
            } | {function}
            kept = [node for node in self._rest if not isinstance(node, _Definition) or set(_binds(node)) & used]
            if len(kept) == len(self._rest):
                return
            self._rest = kept

    def source(self) -> str:
        """The module."""
        heading = [node for node in self._rest[:1] if _is_docstring(node)]
        return code_of([*heading, *self._imports, *self._rest[len(heading) :]]) + "\n"

    def _says(self, test: str) -> str:
        node = next((node for node in self._rest if _is_function(node, test)), None)
        text = (ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None) or test
        found = re.fullmatch(re.escape(_WHETHER).replace(r"\{\}", "(.*)"), " ".join(text.split()))
        return found[1] if found else text

    def _add_test(self, test: ShapeTest) -> str:
        name = self._fresh(f"_is_{test.kind}")
        constant = self._fresh(f"_{test.kind}_begin".upper(), {name})
        for line in test.imports:
            self._import(line)
        self._rest += _test_nodes(test, name, constant, self._reads)
        return name

    def _import(self, line: str) -> None:
        if line not in {ast.unparse(node) for node in self._imports}:
            self._imports += _single_imports([parse_statement(line)])

    def _bound(self) -> set[str]:
        return {name for node in (*self._imports, *self._rest) for name in _binds(node)}

    def _fresh(self, wish: str, besides: set[str] | None = None) -> str:
        nodes = [*self._imports, *self._rest, self._public]
        taken = set(identifiers(nodes)) | (besides or set())
        return next(name for name in _variants(wish) if name not in taken)


def adopted(new: Runnable, like: Signature, names: Mapping[str, str]) -> str | None:
    """The source of a derivation under another signature, not formatted yet; None where a name is in its way.

    names: the parameters of the other signature by those of the derivation.
    """
    body = ast.parse(new.source).body
    wanted = {new.signature.function: like.function, new.signature.context_parameter: like.context_parameter, **names}
    changed = {name: other for name, other in wanted.items() if name != other}
    if set(changed.values()) & (set(identifiers(body)) - set(changed)):
        return None
    body = renamed(body, changed)
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == like.function:
            by_name = {argument.arg: argument for argument in node.args.args}
            node.args.args = [node.args.args[0], *(by_name[one.name] for one in like.parameters)]
            node.args.defaults = [ast.Constant(value=one.default) for one in like.parameters]
            node.returns = ast.parse(like.returns, mode="eval").body
    return code_of(body) + "\n"


def _doc(text: str, context: str, says: Sequence[str]) -> str:
    """The docstring of a tool that now reads several shapes, indented as it stands in the source."""
    line = f"{context}: The input, whole: {'; or '.join(says)}."
    wrapped = textwrap.fill(
        line, _WIDTH, initial_indent="    ", subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )
    changed, count = re.subn(rf"(?m)^    {context}: .*(?:\n {{8}}.*)*", lambda _: wrapped, text, count=1)
    if not count:
        changed = f"{text}\n\n{textwrap.dedent(wrapped)}" if text else textwrap.dedent(wrapped)
    return changed.replace("\n", "\n    ").replace("\n    \n", "\n\n") + "\n    "


def _private(node: ast.stmt, says: str) -> ast.stmt:
    """A tool's public function as a private one: without defaults, since it is given everything, and briefly said."""
    if isinstance(node, ast.FunctionDef):
        node.args.defaults = []
        doc = ast.Expr(value=ast.Constant(value=_ANSWER.format(says)))
        node.body = [doc, *(_without_docstring(node.body) or [ast.Pass()])]
    return node


def _annotation(tool: Runnable) -> str:
    """What stands at a tool's first parameter; "Any" where nothing does."""
    public = next(node for node in ast.parse(tool.source).body if _is_function(node, tool.signature.function))
    first = public.args.args[0].annotation if isinstance(public, ast.FunctionDef) else None
    return "Any" if first is None else ast.unparse(first)


def _test_nodes(test: ShapeTest, name: str, constant: str, annotation: str) -> list[ast.stmt]:
    """The function of a test under a name, after its constant."""
    nodes = [parse_statement(test.constant.replace("@CONSTANT@", constant))] if test.constant else []
    body = "\n".join(f"    {line}" for line in test.body.replace("@CONSTANT@", constant).splitlines())
    doc = _WHETHER.format(test.says)
    return [*nodes, parse_statement(f"def {name}({test.reads}: {annotation}) -> bool:\n    {doc!r}\n{body}")]


def _key(nodes: Sequence[ast.stmt], name: str) -> str:
    """What a function does, with the values of the module's constants in it; "" when there is no such function."""
    node = next((node for node in nodes if _is_function(node, name)), None)
    if not isinstance(node, ast.FunctionDef):
        return ""
    values = {
        one.targets[0].id: ast.unparse(one.value)
        for one in nodes
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    body = "\n".join(ast.unparse(part) for part in _without_docstring(node.body))
    for constant, value in values.items():
        body = body.replace(f"{constant}.", f"{value}.")
    return body


def _strange(body: Sequence[ast.stmt], here: set[str]) -> list[ast.stmt]:
    """Statements of a module that are not here already; what is here serves both, as long as it leads to the same."""
    strange = [node for node in body if ast.unparse(node) not in here]
    while True:
        own = {name for node in strange for name in _binds(node)}
        more = [node for node in body if node in strange or identifiers([node]) & own]
        if len(more) == len(strange):
            return strange
        strange = more


def _single_imports(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements, with each import of several names as several imports."""
    found: list[ast.stmt] = []
    for node in body:
        match node:
            case ast.Import(names=names):
                found += [ast.Import(names=[alias]) for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                found += [ast.ImportFrom(module=module, names=[alias], level=level) for alias in names]
            case _:
                found.append(node)
    return found


def _binds(node: ast.stmt) -> Iterator[str]:
    """The module-level names that a statement makes."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.split(".")[0] for alias in names)


def _variants(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, 10_000))


def _is_function(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _without_docstring(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    return list(body[1:] if body and _is_docstring(body[0]) else body)
