"""Reasons not to trust a slice although it gives the right answer here: it would not give it elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lithify import questions
from lithify.distil.knowledge import CHILD_FUNCTIONS, LLM_FUNCTIONS, OPAQUE, REPL_FUNCTIONS
from lithify.distil.names import uses_of
from lithify.distil.slice import Slice
from lithify.records.plain import Plain

_ORDINARY = frozenset(
    {10, 12, 15, 16, 20, 24, 25, 30, 31, 32, 50, 60, 64, 90, 100, 128, 180, 255, 256, 360, 365, 366}
    | {512, 1024, 1440, 2048, 4096, 8192, 65535, 65536, 86400, 1048576}
)
"""Numbers that stand in code for other reasons than this input: units, calendars, powers."""

_GLUE = frozenset(
    {"a", "an", "and", "are", "at", "by", "for", "has", "have", "had", "in", "is", "it", "no", "not", "of", "on", "or"}
    | {"per", "that", "the", "there", "to", "was", "were", "with", "yes", "from", "each", "all", "than", "more", "less"}
    | {"time", "times", "line", "lines", "row", "rows", "record", "records", "entry", "entries", "event", "events"}
    | {"total", "count", "average", "mean", "number", "value", "percent", "occurrence", "occurrences", "request"}
    | {"requests", "error", "errors", "second", "seconds", "s", "ms", "minute", "minutes", "hour", "hours", "day"}
    | {"days", "byte", "bytes", "kb", "mb", "gb", "file", "files", "user", "users", "item", "items", "none", "first"}
)
"""Words that answers are made of besides the values in them."""

_MARKS = "()[]{}<>,;:.!?'\"-–=/%*`#|"


def obstacle(found: Slice, program: Sequence[ast.stmt]) -> str:
    """Why a slice of a program cannot become a tool, whatever it gives; "" when nothing speaks against it."""
    against = forbidden(found)
    unknown = found.missing - {"context"} - LLM_FUNCTIONS
    if against or not unknown:
        return against
    dark = sorted(uses_of(*program).loads & OPAQUE)
    if dark:
        return f"the code binds names unseen ({', '.join(dark)}), perhaps {', '.join(sorted(unknown))}"
    stars = [node for node in program if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    if stars:
        return f"an asterisk import ({ast.unparse(stars[0])}) hides where {', '.join(sorted(unknown))} comes from"
    return f"nothing that ran defines {', '.join(sorted(unknown))}"


def forbidden(found: Slice) -> str:
    """What a slice uses that a tool cannot; "" when there is nothing of the kind."""
    nodes = [*found.statements, found.expression]
    loads = uses_of(*nodes).loads
    loads = loads.union(*(summary.uses.loads for _, summary in uses_of(*nodes).defines))
    if loads & CHILD_FUNCTIONS:
        return f"the answer needs a child run ({', '.join(sorted(loads & CHILD_FUNCTIONS))}), which no tool can start"
    unseen = loads & OPAQUE | ({"vars()"} if any(map(_lists_variables, nodes)) else set())
    if unseen:
        return f"the code reads or binds names unseen ({', '.join(sorted(unseen))})"
    if found.missing & REPL_FUNCTIONS:
        return f"the code needs {', '.join(sorted(found.missing & REPL_FUNCTIONS))}, which only the REPL has"
    if any(isinstance(part, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in nodes for part in ast.walk(node)):
        return "the code awaits"
    return ""


def _lists_variables(node: ast.AST) -> bool:
    """Whether `vars` stands for the variables around it: called without an object, or handed on."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)]
    of_objects = sum(part.func.id == "vars" and bool(part.args) for part in calls if isinstance(part.func, ast.Name))
    return sum(isinstance(part, ast.Name) and part.id == "vars" for part in ast.walk(node)) > of_objects


def names_answer(found: Slice, answer: Plain, question: str, context: str | Mapping[str, str]) -> str:
    """The constant by which the code names this input's own answer, in words; "" when there is none.

    A string of the answer that stands in the data, or a number of it that is not an everyday one, may stand in the
    code only if the question says it too, or as one of several alternatives. Text around computed values may hold
    only words that any input would have.
    """
    nodes = [*found.statements, found.expression]
    said = said_values(question)
    for leaf in leaves(answer):
        if leaf in said:
            continue
        for constant, telling in lone_constants(nodes):
            if _repeats(constant, leaf) and _is_data(leaf, question, context, telling):
                return f"the code names this input's answer: {constant!r}"
        if isinstance(leaf, str):
            for word in _words_around(nodes):
                if word in leaf and not is_glue(word, question, context):
                    return f"the code writes a part of this input's answer: {word!r}"
    return ""


def is_glue(word: str, question: str, context: str | Mapping[str, str]) -> bool:
    """Whether a word of an answer is mere wording: no number, and in the question, or everyday, or not in the data."""
    plain = word.strip(_MARKS)
    if not plain or plain.casefold() in question.casefold().replace(",", ""):
        return True
    if any(character.isdigit() for character in plain):
        return False
    return plain.casefold() in _GLUE or not in_data(plain, context)


def leaves(answer: Plain) -> Iterator[Plain]:
    """The scalars in an answer; of a dict, the values."""
    if isinstance(answer, Mapping):
        for value in answer.values():
            yield from leaves(value)
    elif isinstance(answer, Sequence) and not isinstance(answer, (str, bytes)):
        for value in answer:
            yield from leaves(value)
    else:
        yield answer


def is_everyday(number: int | float) -> bool:
    """Whether a number stands in code for reasons of its own: small, round, a unit, a power."""
    return abs(number) < 10 or number in _ORDINARY or number % 100 == 0


def depends_on_data(answer: Plain, context: str | Mapping[str, str]) -> bool:
    """Whether an answer can only come from the data: a number but 0 and 1, or a text that stands in it."""
    for leaf in leaves(answer):
        if isinstance(leaf, str) and len(leaf) > 1 and in_data(leaf, context):
            return True
        if isinstance(leaf, (int, float)) and not isinstance(leaf, bool) and leaf not in (0, 1):
            return True
    return False


def in_data(text: str, context: str | Mapping[str, str]) -> bool:
    """Whether text stands somewhere in the context."""
    if isinstance(context, str):
        return text in context
    return any(text in name or text in body for name, body in context.items())


def said_values(question: str) -> frozenset[int | float | str]:
    """The values that the question names."""
    return frozenset(literal.value for literal in questions.literals(question))


def _is_data(leaf: Plain, question: str, context: str | Mapping[str, str], telling: bool) -> bool:
    if isinstance(leaf, str):
        return len(leaf) > 1 and leaf.casefold() not in question.casefold() and in_data(leaf, context)
    if isinstance(leaf, bool) or not isinstance(leaf, (int, float)):
        return False
    return abs(leaf) >= 10 if telling else not is_everyday(leaf)


def _repeats(constant: object, leaf: Plain) -> bool:
    if isinstance(leaf, str):
        return isinstance(constant, str) and constant.strip() == leaf.strip()
    return not isinstance(constant, (str, bytes)) and constant == leaf


def lone_constants(nodes: Iterable[ast.AST]) -> Iterator[tuple[object, bool]]:
    """The constants of some code, but for those that stand among others of their type as alternatives; and whether
    their place is telling: compared for equality, or assigned."""
    among: set[int] = set()
    telling: set[int] = set()
    found: list[ast.Constant] = []
    for node in (part for top in nodes for part in ast.walk(top)):
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(keys=parts):
                constants = [part for part in parts if isinstance(part, ast.Constant)]
                several = len({repr(part.value) for part in constants}) > 1
                among |= {id(part) for part in constants} if several else set()
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                telling |= {id(left), id(right)}
            case ast.Assign(value=value) | ast.Return(value=value):
                telling.add(id(value))
            case ast.Constant():
                found.append(node)
    yield from ((node.value, id(node) in telling) for node in found if id(node) not in among)


def _words_around(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The words of the text in f-strings."""
    for node in (part for top in nodes for part in ast.walk(top)):
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from part.value.split()
