"""A slice as one typed public function: the source of a tool."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from lithify.distil import hybrid
from lithify.distil.bench import Runnable
from lithify.distil.hits import COLLECTED
from lithify.distil.inputs import with_inputs
from lithify.distil.knowledge import BUILTINS, LLM_FUNCTIONS
from lithify.distil.names import uses_of
from lithify.distil.program import parse_statement
from lithify.distil.reading import Reads
from lithify.distil.rename import identifiers, renamed
from lithify.distil.returns import HELPER
from lithify.distil.source import code_of
from lithify.distil.wording import answer_said, input_said, refusals
from lithify.errors import ProgrammerMustAct
from lithify.records.context import Fingerprint
from lithify.records.quick import dataclass
from lithify.records.tool import Input, Parameter, Signature

_WIDTH = 90
_Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A tool before it is written down.

    body and expression read the context as `context` and the slots as the names of parameters. meaning: for each
    parameter what the docstring says of it. helper: the expression calls the helper of lithify.distil.returns.
    asks: the code asks a model by the REPL's functions. shape: what the input looks like, for the docstring.
    reads: the first parameter, or one for each of several inputs; copies: those of them that the code changes, and of
    which it works on a copy.
    """

    body: tuple[ast.stmt, ...]
    expression: ast.expr
    function: str
    reads: Reads
    parameters: tuple[Parameter, ...]
    meaning: Mapping[str, str]
    returns: str
    question: str
    helper: bool
    asks: bool = False
    copies: frozenset[str] = frozenset()
    shape: Fingerprint = field(default_factory=lambda: Fingerprint(format="prose"))


def signature_of(draft: Draft) -> Signature:
    """The signature of the public function."""
    return Signature(
        function=draft.function,
        context_parameter=draft.reads.name,
        context_kind=draft.reads.form.kind,
        context_frame=draft.reads.form.frame,
        parameters=draft.parameters,
        returns=draft.returns,
        needs_llm=draft.asks,
        inputs=tuple(Input(name=one.name, kind=one.form.kind, frame=one.form.frame) for one in draft.reads.parts),
    )


def assemble(draft: Draft) -> str:
    """The source of the tool's module, not formatted yet: imports, private helpers, the public function."""
    imports, body = _hoist_imports(_with_parameter_names(draft))
    if draft.asks:
        imports = [*(parse_statement(line) for line in hybrid.IMPORTS), *imports]
    kinds = list[str]()
    for reads in draft.reads.each:
        kind, needed = _type_read(reads, [*imports, *body])
        if needed and needed not in map(ast.unparse, imports):
            imports = [parse_statement(needed), *imports]
        kinds.append(f"{reads.name}: {kind}")
    helpers, body = _hoist_helpers(imports, body, draft)
    function = _function(draft, kinds)
    function.body += [_nonlocal(node) for node in _returning(_comprehended(body))]
    plain = [parse_statement(HELPER)] if draft.helper else []
    return code_of([*imports, *plain, *helpers, function]) + "\n"


def runnable(draft: Draft) -> Runnable:
    """The tool as it can be run, not formatted yet."""
    return Runnable(assemble(draft), signature_of(draft))


def one_line(text: str, width: int) -> str:
    """Text on one line, its end cut off when it is longer than width characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _with_parameter_names(draft: Draft) -> list[ast.stmt]:
    """The body, and a return of the expression, with the context under its parameter's name."""
    nodes: list[ast.stmt] = [*draft.body, ast.Return(value=draft.expression)]
    nodes = with_inputs(nodes, [one.name for one in draft.reads.parts]) if draft.reads.parts else nodes
    copied = [one for one in draft.reads.each if one.name in draft.copies]
    nodes = [*(parse_statement(line) for one in copied for line in _copying(one, draft.reads)), *nodes]
    if draft.asks:
        nodes = [node for node in hybrid.with_parameter(nodes) if isinstance(node, ast.stmt)]
    context = draft.reads.name
    used = identifiers(nodes)
    taken = used | BUILTINS | {context, draft.function, *(slot.name for slot in draft.parameters)}
    taken |= {one.name for one in draft.reads.each}
    names: dict[str, str] = {}
    own = {hybrid.PARAMETER} if draft.asks else set()
    own |= set() if draft.reads.parts else {context}
    for clash in sorted(({draft.function} | own) & used):
        names[clash] = next(name for name in _variants(clash) if name not in taken)
        taken |= {names[clash]}
    llm = dict.fromkeys(LLM_FUNCTIONS, hybrid.PARAMETER) if draft.asks else {}
    whole = {} if draft.reads.parts else {"context": context}
    return renamed(nodes, {**names, **llm, **whole})


def _copying(part: Reads, whole: Reads) -> list[str]:
    """The statements that put a copy in the place of what a parameter holds."""
    if not whole.parts:
        return [line for line in (part.copying, f"context = {part.copied}") if line]
    copied = re.sub(r"\bcontext\b", part.name, part.copied)
    return [line for line in (part.copying, f"{part.name} = {copied}") if line]


def _variants(name: str) -> Iterator[str]:
    yield f"{name}_"
    yield from (f"{name}_{number}" for number in range(2, 10_000))


def _bindings(body: list[ast.stmt]) -> Mapping[str, int]:
    """How many top-level statements bind each name."""
    found: dict[str, int] = {}
    for node in body:
        for name in uses_of(node).binds:
            found[name] = found.get(name, 0) + 1
    return found


def _hoist_imports(body: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """(imports, the rest). Imports whose name is bound to something else as well stay where they are."""
    hoisted: dict[str, ast.stmt] = {}
    rest: list[ast.stmt] = []
    different = {ast.unparse(node): node for node in body}
    times = _bindings(list(different.values()))
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and all(times[name] == 1 for name in uses_of(node).binds):
            hoisted[ast.unparse(node)] = node
        else:
            rest.append(node)
    return list(hoisted.values()), rest


def _hoist_helpers(
    imports: list[ast.stmt], body: list[ast.stmt], draft: Draft
) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """(helpers, the rest): functions and classes that need nothing of the function around them, made private."""
    times = _bindings(body)
    known = uses_of(*imports).binds | (BUILTINS - set(times))
    candidates = [node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and times[node.name] == 1]
    while True:  # a helper may need another; what needs a local name stays, and so does what needs that
        names = {node.name for node in candidates}
        alone = [node for node in candidates if _needs(node) <= known | names]
        if len(alone) == len(candidates):
            break
        candidates = alone
    used = identifiers([*imports, *body]) | {draft.function, "_plain"}
    private = {name: f"_{name.lstrip('_')}" for name in names}
    private = {old: new if old == new or new not in used else f"{new}_" for old, new in private.items()}
    moved = renamed(candidates, private)
    rest = renamed([node for node in body if node not in candidates], private)
    return list(moved), rest


def _needs(node: _Definition) -> frozenset[str]:
    """Every name from outside that a definition needs, when it is made and when it is called."""
    uses = uses_of(node)
    later = frozenset[str]().union(*(summary.uses.loads | summary.uses.binds for _, summary in uses.defines))
    return (uses.loads | later) - {node.name}


def _returning(body: list[ast.stmt]) -> list[ast.stmt]:
    """Without the detour of assigning what is returned at once."""
    match body:
        case [*rest, last, ast.Return(value=ast.Name(id=name))]:
            shorter = _returned_by(last, name)
            return [*rest, shorter] if shorter is not None else body
    return body


def _returned_by(node: ast.stmt, name: str) -> ast.stmt | None:
    """The statement as one that returns what it assigned to a name last, if it does so in every branch."""
    match node:
        case ast.Assign(targets=[ast.Name(id=assigned)], value=value) if assigned == name:
            return ast.Return(value=value)
        case ast.If(test=test, body=[*body, last], orelse=[*orelse, other]):
            ends = _returned_by(last, name), _returned_by(other, name)
            if ends[0] is not None and ends[1] is not None:
                return ast.If(test=test, body=[*body, ends[0]], orelse=[*orelse, ends[1]])
    return None


def _comprehended(body: list[ast.stmt]) -> list[ast.stmt]:
    """With a comprehension in place of a loop that only collects what a cell had printed."""
    done: list[ast.stmt] = []
    for node in body:
        match (done[-1] if done else None, node):
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])),
                ast.For(target=target, iter=source, body=[inner], orelse=[]),
            ) if name.startswith(COLLECTED):
                collected = _collected(inner, name)
                if collected is not None:
                    element, tests = collected
                    loop = ast.comprehension(target=target, iter=source, ifs=tests, is_async=0)
                    value = ast.ListComp(elt=element, generators=[loop])
                    done[-1] = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value, lineno=0)
                    continue
        done.append(node)
    return done


def _collected(node: ast.stmt, name: str) -> tuple[ast.expr, list[ast.expr]] | None:
    """(element, conditions) of a loop's body that does nothing but append to a list."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="append"), args=[element])):
            return (element, []) if owner == name else None
        case ast.If(test=test, body=[inner], orelse=[]):
            found = _collected(inner, name)
            return None if found is None else (found[0], [test, *found[1]])
    return None


def _nonlocal(node: ast.stmt) -> ast.stmt:
    """What was global to the cells is a variable of the function now."""

    class Rewriter(ast.NodeTransformer):
        def visit_Global(self, node: ast.Global) -> ast.Nonlocal:
            return ast.Nonlocal(names=node.names)

    rewritten = Rewriter().visit(node)
    return rewritten if isinstance(rewritten, ast.stmt) else node


def _type_read(reads: Reads, nodes: Sequence[ast.stmt]) -> tuple[str, str]:
    """(the annotation of the first parameter, the import that it needs: "" for none)"""
    binding = [node for node in nodes if ast.unparse(node) != reads.imports]
    alias = reads.annotation.partition(".")[0] if "." in reads.annotation else "Any"
    return reads.plainly if reads.plainly[0] and alias in uses_of(*binding).binds else (reads.annotation, reads.imports)


def _function(draft: Draft, kinds: Sequence[str]) -> ast.FunctionDef:
    """The public function with its docstring, its body still to come. kinds: its first parameters with their types."""
    slots = (f"{slot.name}: {slot.annotation} = {slot.default!r}" for slot in draft.parameters)
    llm = ["*", f"{hybrid.PARAMETER}: {hybrid.ANNOTATION}"] if draft.asks else []
    head = f"def {draft.function}({', '.join([*kinds, *slots, *llm])}) -> {draft.returns}:\n    pass"
    function = parse_statement(head)
    if not isinstance(function, ast.FunctionDef):
        raise ProgrammerMustAct(f"not a function's head: {head}")
    function.body = [ast.Expr(value=ast.Constant(value=_docstring(draft)))]
    return function


def _docstring(draft: Draft) -> str:
    lines = textwrap.wrap(one_line(draft.question, 2_000), _WIDTH) or ["Answer the question it was kept for."]
    first = lines[0] if len(lines) == 1 else one_line(draft.question, _WIDTH)
    shapes = dict(draft.shape.members) if draft.reads.parts else {draft.reads.name: draft.shape}
    arguments = [f"{one.name}: {input_said(one.form.kind, shapes[one.name])}" for one in draft.reads.each]
    arguments += [f"{slot.name}: {draft.meaning[slot.name]}" for slot in draft.parameters]
    arguments += [f"{hybrid.PARAMETER}: {hybrid.MEANING}"] if draft.asks else []
    parts = [first, *(["", *lines] if len(lines) > 1 else []), "", "Args:"]
    parts += [line for argument in arguments for line in _wrapped(argument)]
    parts += ["", "Returns:", *_wrapped(answer_said(draft.returns))]
    refused = refusals(draft.body)
    parts += ["", "Raises:", *(line for one in refused for line in _wrapped(one))] if refused else []
    parts += [""]
    return "\n".join(f"    {line}" if line and place else line for place, line in enumerate(parts)) + "    "


def _wrapped(text: str) -> list[str]:
    """A line of a section, indented, and what does not fit on it below, further in."""
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="        ", break_long_words=False)
