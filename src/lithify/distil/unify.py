"""Anti-unification: from two solved questions of one family, one tool that answers both.

After Plotkin and Reynolds (1970): the least general term of which both are instances. Here the terms are two tools and
their questions. What differs in both at once is a parameter; what is the same in both stays. A plain word that one
question alone would not show to be a value ("how many kernel lines") is shown to be one by the second. Pure.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lithify import questions
from lithify.distil.binding import Value, bind
from lithify.distil.knowledge import BUILTINS
from lithify.distil.rename import identifiers, renamed
from lithify.distil.slotnames import slot_name
from lithify.distil.source import code_of
from lithify.errors import ProgrammerMustAct
from lithify.questions import Literal
from lithify.records.quick import dataclass
from lithify.records.tool import Parameter, Recipe, Signature, Slot

_HELD = "lithify_held_value"
_SPELLINGS = ("{}", "{}.lower()", "{}.upper()", "{}.title()", "{}[:3]", "{}[:3].lower()", "{}[:3].upper()")
"""How code may hold a text of the question, as an expression over it: "Jun" for June."""
_MOST_NEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A question with the tool that answers it: the module's source, the signature, and the question's recipe."""

    source: str
    signature: Signature
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Unified:
    """One tool for two questions.

    source is not formatted yet. Its defaults are the first one's: a call without arguments means what it meant before.
    renamed: the second one's parameters by what they are called here; arguments: what the second question gives to
    the parameters, new ones and old.
    """

    source: str
    signature: Signature
    recipe: Recipe
    renamed: Mapping[str, str]
    arguments: Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Different:
    """Two tools that no parameters make one; reason says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A place in which both questions hold a value, and how it is called in either tool ("" for no parameter)."""

    first: Literal
    second: Literal
    names: tuple[str, str]


def anti_unify(first: Solved, second: Solved) -> Unified | Different:
    """One tool of which both are instances, with the first one's names and defaults, for the second one's question."""
    pairs = _pairs(first, second)
    if isinstance(pairs, Different):
        return pairs
    new = [pair for pair in pairs if not all(pair.names)]
    if not new or len(new) > _MOST_NEW:
        return Different(
            "they differ in no value that is not a parameter already" if not new else "they differ too much"
        )
    one, other = _body(first), _body(second)
    if one is None or other is None:
        return Different("a source is not one function with its helpers")
    shared = {pair.names[1]: pair.names[0] for pair in pairs if all(pair.names)}
    made: list[tuple[_Pair, str, str]] = []
    for number, pair in enumerate(new):
        held = f"{_HELD}_{number}"
        bound = _bound(one, other, pair, held)
        if bound is None:
            return Different(f"the code does not hold {pair.first.text!r} where the other holds {pair.second.text!r}")
        one, other, spelling = bound
        made.append((pair, held, spelling))
    if _shape(one, first.signature, {}) != _shape(other, second.signature, shared):
        return Different("beside the values of the questions, the code differs")
    return _unified(first, second, one, pairs, made)


def widen(first: Solved, second: Solved) -> Unified | Different:
    """The first tool with parameters for the values in which the questions differ, whatever the second one's code is.

    That it answers the second question too is for who asks to try: two ways to compute the same are no difference.
    """
    pairs = _pairs(first, second)
    if isinstance(pairs, Different):
        return pairs
    new = [pair for pair in pairs if not pair.names[0]]
    body = _body(first)
    if not new or len(new) > _MOST_NEW or body is None:
        return Different("the first tool has a parameter for all of it, or they differ too much")
    made: list[tuple[_Pair, str, str]] = []
    for number, pair in enumerate(new):
        held = f"{_HELD}_{number}"
        spellings = _SPELLINGS if pair.first.type == "str" else ("{}",)
        ways = ((one, _held(body, _spelt(pair.first, one), pair.first.type, held)) for one in spellings)
        spelling, bound = next(((one, found) for one, found in ways if found is not None), ("", None))
        if bound is None:
            return Different(f"the code does not hold {pair.first.text!r}")
        body = bound
        made.append((pair, held, spelling))
    return _unified(first, second, body, pairs, made)


def _pairs(first: Solved, second: Solved) -> list[_Pair] | Different:
    """The places in which the questions hold different values."""
    questions_asked = first.recipe.question, second.recipe.question
    left, right = questions.tokens(questions_asked[0]), questions.tokens(questions_asked[1])
    if len(left) != len(right):
        return Different("the questions have different words")
    literals = [{literal.span: literal for literal in questions.literals(asked)} for asked in questions_asked]
    slots = _slots(first), _slots(second)
    found: list[_Pair] = []
    for one, other in zip(left, right, strict=True):
        spans = (one.start, one.end), (other.start, other.end)
        names = slots[0].get(spans[0], ""), slots[1].get(spans[1], "")
        values = literals[0].get(spans[0]), literals[1].get(spans[1])
        if one.key == other.key and bool(names[0]) == bool(names[1]):
            if values[0] is not None and values[1] is not None and all(names):
                found.append(_Pair(values[0], values[1], names))
            continue
        if values[0] is None or values[1] is None or values[0].type != values[1].type:
            return Different(f"{one.text!r} and {other.text!r} in the questions are no two values of one kind")
        found.append(_Pair(values[0], values[1], names))
    return found


def _slots(solved: Solved) -> dict[tuple[int, int], str]:
    """Which slot of its recipe stands at which place of a question."""
    values = questions.match_template(solved.recipe.template, solved.recipe.slots, solved.recipe.question)
    if values is None:
        return {}
    parts = solved.recipe.template.split(" ")
    tokens = questions.tokens(solved.recipe.question)
    if len(parts) != len(tokens):  # a quoted text with spaces in it
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|\S+', solved.recipe.template)
    found: dict[tuple[int, int], str] = {}
    for part, token in zip(parts, tokens, strict=False):
        name = part.strip('"').removeprefix("{").removesuffix("}")
        if name in values and name != part:
            found[token.start, token.end] = name
    return found


def _body(solved: Solved) -> list[ast.stmt] | None:
    """The statements of a module; None when it is not Python, or its public function is not there."""
    try:
        body = ast.parse(solved.source).body
    except SyntaxError:
        return None
    return body if any(_is_public(node, solved.signature) for node in body) else None


def _is_public(node: ast.stmt, signature: Signature) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == signature.function


def _bound(
    one: Sequence[ast.stmt], other: Sequence[ast.stmt], pair: _Pair, held: str
) -> tuple[list[ast.stmt], list[ast.stmt], str] | None:
    """Both bodies with a name in place of a pair's values, and how the code spells them.

    Where one of the tools has a parameter for it, that parameter's name is what stands in its body.
    """
    for spelling in _SPELLINGS if pair.first.type == "str" else ("{}",):
        spelt = [_spelt(literal, spelling) for literal in (pair.first, pair.second)]
        bodies = []
        for body, value, name in zip((one, other), spelt, pair.names, strict=True):
            bodies.append(_renamed_parameter(body, name, held) if name else _held(body, value, pair.first.type, held))
        if bodies[0] is not None and bodies[1] is not None:
            return bodies[0], bodies[1], "{}" if any(pair.names) else spelling
        if any(pair.names):
            return None
    return None


def _spelt(literal: Literal, spelling: str) -> int | float | str:
    if spelling == "{}" or not isinstance(literal.value, str):
        return literal.value
    text = literal.value[:3] if "[:3]" in spelling else literal.value
    method = spelling.rpartition(".")[2].removesuffix("()") if "." in spelling else ""
    made: str = getattr(text, method)() if method else text
    return made


def _held(body: Sequence[ast.stmt], value: int | float | str, kind: str, held: str) -> list[ast.stmt] | None:
    """A body with a name in place of every constant that holds a value; None when it holds none, or some stay."""
    plain = _without_docstrings(body)
    bound = bind(plain, Value(name=held, type="str" if kind == "str" else "int", default=value))
    if kind == "float":
        bound = bind(plain, Value(name=held, type="float", default=value))
    if not bound.places or (kind == "str" and bound.left):
        return None
    return [node for node in bound.nodes if isinstance(node, ast.stmt)]


def _renamed_parameter(body: Sequence[ast.stmt], name: str, held: str) -> list[ast.stmt]:
    return renamed(_without_docstrings(body), {name: held})


def _without_docstrings(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Copies without docstrings, annotations of variables apart."""
    copies = renamed(list(body), {})
    for node in (part for top in copies for part in ast.walk(top)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return copies


def _shape(body: Sequence[ast.stmt], signature: Signature, shared: Mapping[str, str]) -> str:
    """A body with everything left out that may differ: names of variables and helpers, defaults, the function's name.

    shared: parameters that are the same as another tool's, by that tool's name for them.
    """
    fixed = {"llm", *(parameter.name for parameter in signature.parameters)}
    plain = _without_docstrings(body)
    imported = {
        alias.asname or alias.name.split(".")[0]
        for node in plain
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    names: dict[str, str] = {}
    for node in (part for top in plain for part in ast.walk(top)):
        if isinstance(node, ast.FunctionDef) and node.name == signature.function:
            node.args.defaults, node.args.kw_defaults = [], [None] * len(node.args.kwonlyargs)
            node.args.args = [arg for arg in node.args.args if arg.arg in signature.context_parameters]
            node.returns = None
    free = identifiers(plain) - imported - BUILTINS - {signature.function}
    order = [name for name in re.findall(r"\w+", code_of(plain)) if name in free]
    for name in dict.fromkeys(order):
        kept = name.startswith(_HELD) or name in fixed or name in signature.context_parameters
        names[name] = f"p_{shared.get(name, name)}" if kept else f"v_{len(names)}"
    names[signature.function] = "f"
    same = {name: new for name, new in names.items() if name != new}
    lines = code_of(renamed(plain, same)).splitlines()
    imports = sorted(line for line in lines if line.startswith(("import ", "from ")))
    return "\n".join([*imports, *(line for line in lines if line not in imports)])


def _unified(
    first: Solved,
    second: Solved,
    body: Sequence[ast.stmt],
    pairs: Sequence[_Pair],
    made: Sequence[tuple[_Pair, str, str]],
) -> Unified | Different:
    """The first tool with the new parameters in it."""
    parameters = list(first.signature.parameters)
    taken = identifiers(list(body)) | {"text", "files", "table", "data", "document", "database", "context"}
    called: dict[int, str] = {id(pair): pair.names[0] for pair in pairs}
    for pair, held, spelling in made:
        name = pair.names[0] or slot_name(first.recipe.question, pair.first, [], frozenset(taken))
        taken |= {name}
        called[id(pair)] = name
        body = _with_expression(body, held, spelling.format(name))
        if not pair.names[0]:
            kind = pair.first.type
            parameters.append(Parameter(name=name, annotation=kind, default=pair.first.value))
    slots = {called[id(pair)]: pair for pair in pairs}
    try:
        template = questions.make_template(second.recipe.question, {name: pair.second for name, pair in slots.items()})
    except ProgrammerMustAct as error:
        return Different(str(error))
    defaults = {parameter.name: parameter for parameter in parameters}
    recipe = replace(
        second.recipe,
        template=template,
        slots=tuple(
            Slot(name=name, type=pair.second.type, default=defaults[name].default) for name, pair in slots.items()
        ),
        tool=first.signature.function,
    )
    arguments = questions.match_template(template, recipe.slots, second.recipe.question)
    before = questions.match_template(template, recipe.slots, first.recipe.question)
    if arguments is None or before is None:
        return Different("the values of the questions do not look alike")
    signature = replace(first.signature, parameters=tuple(parameters))
    source = code_of(_with_head(body, signature, _docstring(first, parameters))) + "\n"
    own = {pair.names[1]: name for name, pair in slots.items() if pair.names[1]}
    return Unified(source=source, signature=signature, recipe=recipe, renamed=own, arguments=arguments)


def _with_expression(body: Sequence[ast.stmt], held: str, expression: str) -> list[ast.stmt]:
    """A body with an expression in place of a name."""

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(expression, mode="eval").body if node.id == held else node

        def visit_arg(self, node: ast.arg) -> ast.arg:
            node.arg = expression if node.arg == held else node.arg
            return node

    visited = [Filler().visit(node) for node in body]
    return [node for node in visited if isinstance(node, ast.stmt)]


def _docstring(first: Solved, parameters: Sequence[Parameter]) -> str:
    """The first tool's docstring with a line for each new parameter."""
    tree = ast.parse(first.source)
    public = next(node for node in tree.body if _is_public(node, first.signature))
    text = (ast.get_docstring(public, clean=True) if isinstance(public, ast.FunctionDef) else None) or ""
    known = {parameter.name for parameter in first.signature.parameters}
    lines = [
        f'    {one.name}: In place of "{one.default}" in the question.' for one in parameters if one.name not in known
    ]
    head, mark, rest = text.partition("\n\nReturns:")
    indented = "\n".join([head, *lines]) + mark + rest
    return indented.replace("\n", "\n    ").replace("\n    \n", "\n\n") + "\n    "


def _with_head(body: Sequence[ast.stmt], signature: Signature, docstring: str) -> list[ast.stmt]:
    """A body whose public function has this signature and docstring."""
    for node in body:
        if not isinstance(node, ast.FunctionDef) or node.name != signature.function:
            continue
        first = node.args.args[: len(signature.context_parameters)]
        types = [ast.Name(id=one.annotation, ctx=ast.Load()) for one in signature.parameters]
        others = [ast.arg(arg=one.name, annotation=kind) for one, kind in zip(signature.parameters, types, strict=True)]
        node.args.args = [*first, *others]
        node.args.defaults = [ast.Constant(value=one.default) for one in signature.parameters]
        node.body = [ast.Expr(value=ast.Constant(value=docstring)), *node.body]
    return list(body)
