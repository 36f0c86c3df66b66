"""The question's values as parameters: which could be, and in which code."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Sequence

from lithify import questions
from lithify.distil.binding import Value, bind, lone_assignment
from lithify.distil.rename import identifiers, renamed
from lithify.distil.slotnames import kind_of, names_a_value, role, slot_name
from lithify.errors import ProgrammerMustAct
from lithify.questions import Literal
from lithify.records.quick import dataclass
from lithify.records.tool import Slot

_RESERVED = frozenset({"context", "text", "files", "table", "data", "document", "database", "answer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value of the question as a parameter: the code (body, then the expression) that reads it by that name."""

    slot: Slot
    literal: Literal
    nodes: tuple[ast.AST, ...]


def proposals(question: str, nodes: Sequence[ast.AST]) -> list[Literal]:
    """The literals of the question that stand in the code, each value once, the surest first.

    Of a number that stands in the question twice ("at least 2, rounded to 2 digits") only one that alone says what it
    is for: which of them the code holds could not be told.
    """
    found: dict[object, Literal] = {}
    said = questions.literals(question)
    for literal in said:
        key = (literal.type, literal.value)
        twins = [one for one in said if (one.type, one.value) == key] if literal.type != "str" else []
        telling = [one for one in twins if role(question, one)]
        if len(twins) > 1 and telling != [literal]:
            continue
        if key not in found and propose(question, nodes, literal) is not None:
            found[key] = literal
    return sorted(found.values(), key=lambda literal: (literal.weak, -len(literal.text)))


def propose(question: str, nodes: Sequence[ast.AST], literal: Literal) -> Proposal | None:
    """A literal as a parameter of the code, or None when the code does not hold it in a way that can be told."""
    if literal.weak and not names_a_value(question, literal, nodes):
        return None
    taken = identifiers(nodes) | _RESERVED
    promoted = _promoted(question, nodes, literal)
    if promoted is not None:
        return promoted
    name = slot_name(question, literal, nodes, taken)
    for value in _values(name, question, literal):
        bound = bind(nodes, value)
        if not bound.places:
            continue
        if value.type == "str" and (bound.left or _has_variants(nodes, str(value.default))):
            return None
        if value.type != "str" and _stands_in_texts(nodes, name, literal):
            return None
        slot = Slot(name=name, type=value.type, default=value.default)
        if not _fits_template(question, slot, literal):
            return None
        nodes = bound.nodes if value.type == "str" else tuple(_said(bound.nodes, name, literal))
        return Proposal(slot=slot, literal=literal, nodes=nodes)
    return None


def of_the_format(literal: Literal) -> bool:
    """Whether a value of the question may be a mere part of the data's format: a plain word, an acronym (VM, CPU)."""
    acronym = literal.type == "str" and literal.text.isalpha() and literal.text.isupper()
    return literal.weak or (acronym and not literal.quoted and not kind_of(literal))


def _bound_again(nodes: Sequence[ast.AST], name: str, assignment: ast.Assign) -> bool:
    stores = (
        part
        for node in nodes
        if node is not assignment
        for part in ast.walk(node)
        if isinstance(part, ast.Name | ast.arg | ast.Global | ast.Nonlocal | ast.FunctionDef | ast.ClassDef)
    )
    return any(
        (isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load))
        or (isinstance(part, ast.arg) and part.arg == name)
        or (isinstance(part, ast.FunctionDef | ast.ClassDef) and part.name == name)
        or (isinstance(part, ast.Global | ast.Nonlocal) and name in part.names)
        for part in stores
    )


def _promoted(question: str, nodes: Sequence[ast.AST], literal: Literal) -> Proposal | None:
    """The name that the code gave the value (`top = 3`), as the parameter; a constant's (`TOP = 3`) in lower case."""
    value = Value(
        name="value",
        type=literal.type,
        default=literal.value,
        weak=literal.weak,
        role=role(question, literal) if literal.type != "str" else "",
    )
    named = lone_assignment(nodes, value)
    if named is None or not isinstance(named.targets[0], ast.Name):
        return None
    given = named.targets[0].id
    if len(given) < 2 or given in _RESERVED or _bound_again(nodes, given, named):
        return None
    rest = [node for node in nodes if node is not named]
    name = given
    if not given.islower():
        used = identifiers(rest) | _RESERVED
        lower = given.casefold().strip("_")
        name = lower if lower not in used and lower.isidentifier() else slot_name(question, literal, nodes, used)
        rest = renamed(rest, {given: name})
    slot = Slot(name=name, type=literal.type, default=literal.value)
    if not _fits_template(question, slot, literal):
        return None
    return Proposal(slot=slot, literal=literal, nodes=tuple(rest))


def template(question: str, accepted: Sequence[Proposal]) -> str:
    """The question with the accepted values as slots."""
    return questions.make_template(question, {proposal.slot.name: proposal.literal for proposal in accepted})


def _values(name: str, question: str, literal: Literal) -> list[Value]:
    """How code may hold a literal: a number as a number, or as the digits in a text."""
    if literal.type == "str":
        return [Value(name=name, type="str", default=literal.value, weak=literal.weak)]
    number = Value(name=name, type=literal.type, default=literal.value, role=role(question, literal))
    return [number, Value(name=name, type="str", default=literal.text)] if literal.text.isdigit() else [number]


def _stands_in_texts(nodes: Sequence[ast.AST], name: str, literal: Literal) -> bool:
    """Whether a number stands in texts of the code as well: it would have to change in both ways at once.

    What an exception says is for people: there it changes as `_said` has it.
    """
    quiet = [_Messages(lambda said: []).visit(copy.deepcopy(node)) for node in nodes]
    return bool(bind(quiet, Value(name=name, type="str", default=literal.text)).places)


def _said(nodes: Sequence[ast.AST], name: str, literal: Literal) -> list[ast.AST]:
    """The nodes with the parameter where the number stands in what exceptions say."""
    value = Value(name=name, type="str", default=literal.text)

    def told(said: list[ast.expr]) -> list[ast.expr]:
        bound = [bind([one], value).nodes for one in said]
        return [
            new[0] if len(new) == 1 and isinstance(new[0], ast.expr) else old
            for old, new in zip(said, bound, strict=True)
        ]

    return [_Messages(told).visit(node) for node in nodes]


class _Messages(ast.NodeTransformer):
    """Changes what the exceptions that code raises say."""

    def __init__(self, change: Callable[[list[ast.expr]], list[ast.expr]]) -> None:
        self._change = change

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        if isinstance(node.exc, ast.Call):
            node.exc.args = self._change(node.exc.args)
        return node


def _fits_template(question: str, slot: Slot, literal: Literal) -> bool:
    """Whether the template made with this slot gives the slot's default back for the question itself."""
    try:
        made = questions.make_template(question, {slot.name: literal})
    except ProgrammerMustAct:
        return False
    values = questions.match_template(made, (slot,), question)
    return values is not None and values.get(slot.name) == slot.default


def _has_variants(nodes: Sequence[ast.AST], value: str) -> bool:
    """Whether the code also holds other forms of a word (failed, failure): to replace one would not replace them."""
    stem = value.casefold()[:4]
    if len(value) < 4 or not value.isalpha():
        return False
    texts = (
        part.value
        for node in nodes
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    words = {word for text in texts for word in re.findall(r"[A-Za-z]+", text)}
    return any(word.casefold().startswith(stem) and word.casefold() != value.casefold() for word in words)
