"""Whether a module is one typed public function and otherwise imports, constants and private definitions. Pure."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import replace

from lithify.gates.complaint import Complaint
from lithify.gates.imports import Imports
from lithify.gates.knowledge import CONSTANT_CALLS, DECORATORS
from lithify.records.tool import Parameter, Signature

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BUILTINS = frozenset(dir(builtins))
_LLM = "llm"
"""The keyword-only parameter by which a hybrid tool asks a language model."""
_RENAME = "give it a name that Python does not use itself"


def check_shape(tree: ast.Module, signature: Signature, imports: Imports) -> Iterator[Complaint]:
    """What speaks against the module's shape."""
    public = [node for node in tree.body if isinstance(node, _DEFINITIONS) and not node.name.startswith("_")]
    names = [node.name for node in public]
    if names != [signature.function]:
        said = f"{len(names)} public names ({', '.join(names)})" if names else "no public function"
        remedy = f"one function called {signature.function}; begin the names of the others with _"
        yield Complaint(0, f"{said}; a tool has one, {signature.function}", remedy)
    for position, node in enumerate(tree.body):
        yield from _check_statement(node, position, imports)
    for name, line in _bound(tree):
        if name in _BUILTINS:
            yield Complaint(line, f"{name!r} hides Python's own {name}", _RENAME)
        if name.startswith("__lithify"):
            yield Complaint(line, f"{name!r} is lithify's own name", _RENAME)
    for node in public:
        if node.name == signature.function:
            yield from _check_function(node, signature)


def _check_statement(node: ast.stmt, position: int, imports: Imports) -> Iterator[Complaint]:
    """At module level nothing may happen but making definitions and constants."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return
        case ast.Expr(value=ast.Constant(value=str())) if position == 0:
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield from _check_definition(node, imports)
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            if not (name.startswith("_") or name.isupper()):
                yield Complaint(node.lineno, f"{name!r} is public", f"call it {name.upper()} or _{name}")
            yield from _check_constant(value, imports)
        case _:
            what = f"{type(node).__name__} at module level: importing a tool may do nothing"
            yield Complaint(node.lineno, what, "move it into the function")


def _check_definition(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, imports: Imports
) -> Iterator[Complaint]:
    """Decorators, defaults, annotations and class bodies run while the module is imported."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if imports.dotted(called) not in DECORATORS:
            yield Complaint(decorator.lineno, f"decorator {ast.unparse(called)[:60]}", "do without it")
    if isinstance(node, ast.ClassDef):
        if node.keywords:
            yield Complaint(node.lineno, "a class with a metaclass or class arguments", "a plain class")
        for inner in node.body:
            if isinstance(inner, _DEFINITIONS):
                yield from _check_definition(inner, imports)
            elif isinstance(inner, ast.Assign | ast.AnnAssign):
                yield from _check_constant(inner.value, imports, _CLASS_CALLS)
            elif not isinstance(inner, ast.Pass) and not _is_docstring(inner):
                yield Complaint(inner.lineno, f"{type(inner).__name__} in a class body", "move it into a method")
        return
    for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)):
        yield from _check_constant(default, imports)
    for annotation in _annotations(node):
        if any(isinstance(part, ast.Call) for part in ast.walk(annotation)):
            yield Complaint(annotation.lineno, "a call in an annotation", "annotate with types only")


_CLASS_CALLS = frozenset({"dataclasses.field", "enum.auto", "property"})


def _check_constant(
    value: ast.expr | None, imports: Imports, more: frozenset[str] = frozenset()
) -> Iterator[Complaint]:
    for part in ast.walk(value) if value is not None else ():
        if isinstance(part, ast.Call) and imports.dotted(part.func) not in CONSTANT_CALLS | more:
            what = f"{ast.unparse(part.func)[:60]}(…) is called while the module is imported"
            yield Complaint(part.lineno, what, "a constant without computing, or compute it in the function")
        elif isinstance(part, ast.Lambda | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            yield Complaint(part.lineno, f"{type(part).__name__} at module level", "move it into the function")


def _bound(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Module-level names and the parameters of module-level functions, with their lines."""
    for node in tree.body:
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    yield (alias.asname or alias.name).split(".")[0], node.lineno
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from ((part.id, node.lineno) for part in ast.walk(target) if isinstance(part, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
                if not isinstance(node, ast.ClassDef):
                    yield from ((argument.arg, argument.lineno) for argument in _arguments(node))


def _check_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, signature: Signature
) -> Iterator[Complaint]:
    if not isinstance(node, ast.FunctionDef):
        yield Complaint(node.lineno, f"{node.name} is no plain function", f"def {node.name}(…): …")
        return
    if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in _own(node)):
        yield Complaint(node.lineno, "the function is a generator", "return the whole answer")
    if node.args.vararg or node.args.kwarg or node.args.posonlyargs:
        yield Complaint(node.lineno, "*args, **kwargs or positional-only parameters", "name every parameter")
    untyped = [argument.arg for argument in _arguments(node) if argument.annotation is None]
    if untyped or node.returns is None:
        missing = ", ".join([*untyped, *(["the answer"] if node.returns is None else [])])
        yield Complaint(node.lineno, f"no type for {missing}", "annotate every parameter and what is returned")
        return
    found = _signature_of(node, signature)
    if found != signature:
        said, meant = _shown(found), _shown(signature)
        yield Complaint(node.lineno, f"the source has {said}, tool.toml says {meant}", "make the two agree")


def signature_in(source: str, like: Signature) -> Signature | None:
    """The signature of the one public function of a source, reading what `like` reads; None when there is no such."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return _signature_of(functions[0], like) if len(functions) == 1 else None


def _signature_of(node: ast.FunctionDef, signature: Signature) -> Signature | None:
    """The signature as the source has it; None when its defaults are no values."""
    arguments = [*node.args.args, *node.args.kwonlyargs]
    first = len(signature.context_parameters)
    if len(arguments) < first:
        return None
    positional = [None] * (len(node.args.args) - len(node.args.defaults)) + list(node.args.defaults)
    defaults = [*positional, *node.args.kw_defaults]
    parameters = []
    pairs = list(zip(arguments, defaults, strict=True))[first:]
    asks = [pair for pair in pairs[max(0, len(positional) - first) :] if pair[0].arg == _LLM and pair[1] is None]
    for argument, default in (pair for pair in pairs if pair not in asks):
        try:
            value = ast.literal_eval(default) if default is not None else None
        except ValueError:
            value = None
        if isinstance(value, bool) or not isinstance(value, int | float | str) or argument.annotation is None:
            return None
        parameters.append(Parameter(name=argument.arg, annotation=ast.unparse(argument.annotation), default=value))
    return Signature(
        function=node.name,
        context_parameter=arguments[0].arg,
        context_kind=signature.context_kind,
        parameters=tuple(parameters),
        returns=ast.unparse(node.returns) if node.returns is not None else "",
        needs_llm=bool(asks),
        context_frame=signature.context_frame,
        inputs=tuple(
            replace(one, name=argument.arg) for one, argument in zip(signature.inputs, arguments, strict=False)
        ),
    )


def _shown(signature: Signature | None) -> str:
    if signature is None:
        return "parameters without a number or text as default"
    rest = [f"{one.name}: {one.annotation} = {one.default!r}" for one in signature.parameters]
    llm = ["*", _LLM] if signature.needs_llm else []
    return f"({', '.join([*signature.context_parameters, *rest, *llm])}) -> {signature.returns}"


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    optional = [one for one in (node.args.vararg, node.args.kwarg) if one is not None]
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, *optional]


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    found = [argument.annotation for argument in _arguments(node)] + [node.returns]
    return [annotation for annotation in found if annotation is not None]


def _own(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions inside it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(part))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
