"""The reply of a model, read tolerantly: its code cells, and an answer that it wrote outside code.

The conventions are those that models were trained on: rlms' ```repl fences with FINAL / FINAL_VAR (Zhang et al.,
Recursive Language Models, arXiv 2512.24601) and DSPy's SUBMIT.
"""

from __future__ import annotations

import ast
import re

from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.rlm.fences import LABELS, Block, blocks, tree_of
from lithify.rlm.prelude import RESERVED

_ANY_CALL = re.compile(r"\b(FINAL_VAR|FINAL|SUBMIT)[ \t]*\(")
_CLOSING_CALL = re.compile(r"^[ \t>*_`]*(FINAL_VAR|FINAL|SUBMIT)[ \t]*\(", re.MULTILINE)
_CONCLUSION = re.compile(
    r"(?:^|[.!]\s)[\s>*_]*"
    r"(?:(?:(?:So|Thus|Therefore|Hence),?\s+the|The|My)\s+(?:final\s+)?answer\s+is|(?:Final\s+a|The\s+a|A)nswer[*_]*:)"
    r"[\s:*_`]*(FINAL_VAR|FINAL|SUBMIT)[ \t]*\(",
    re.MULTILINE,
)
"""A sentence that does nothing but say what the answer is: no condition, no plan and no doubt comes before the call."""
_ASSIGNED = re.compile(r"^answer[ \t]*=[ \t]*\{", re.MULTILINE)
_AFTER_THE_END = " \t\n.`*_"
_THOUGHTS = re.compile(
    r"\A(?:\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|(?:(?!<think).)*?^\s*</think(?:ing)?>)", re.S | re.M
)
_REPL_NAMES = frozenset({*RESERVED, "answer", "context", "print"})


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """`FINAL(...)`, `FINAL_VAR(...)` or `SUBMIT(...)` outside code. argument is the text between its brackets."""

    call: str
    argument: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply asks for: cells to run, in order, and perhaps an answer."""

    cells: tuple[str, ...]
    written: WrittenAnswer | None


def parse(text: str) -> Reply:
    """Read a reply.

    Blocks that are labelled as code run whatever they hold. A block without a label runs when it is code for sure, a
    reply without any block when all of it is, and `answer = {...}` when nothing else is there to run.
    """
    found, prose = blocks(_without_thoughts(text))
    labelled = any(block.language in LABELS for block in found)
    cells = tuple(block.code for block in found if block.code.strip() and _runs(block, labelled))
    if cells:
        return Reply(cells, _concluded(prose) or _written(prose))
    bare = prose.strip()
    if not found and "\n" in bare and _is_code(bare):
        return Reply((bare,), None)
    written = _concluded(prose) or _written(prose) or _at_the_end(prose)
    if written is None and not found and _is_code(bare):
        return Reply((bare,), None)
    assigned = _assigned(prose) if written is None else None
    return Reply((assigned,) if assigned else (), written)


def _runs(block: Block, labelled: bool) -> bool:
    """Whether a block is code to be run. Beside labelled ones, one without a label is more likely an output."""
    if block.language in LABELS:
        return True
    return not block.language and _is_code(block.code, sure=labelled)


def _is_code(text: str, *, sure: bool = False) -> bool:
    """Whether a text is Python that does something; words, numbers and tables may parse as well. sure: it uses the
    REPL: what is there by name, or a function of ours."""
    tree = tree_of(text)
    if tree is None:
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if sure:
        return bool(names & _REPL_NAMES) and any(isinstance(node, ast.Call | ast.Assign) for node in ast.walk(tree))
    return any(_does_something(statement) for statement in tree.body)


def _does_something(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign):
        return statement.value is not None
    if not isinstance(statement, ast.Expr):
        return True
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Name) and call.id in _REPL_NAMES for call in calls)


def _without_thoughts(text: str) -> str:
    """The reply without what a reasoning model thought before it: its code there is none to run."""
    return _THOUGHTS.sub("", text, count=1)


def _at_the_end(prose: str) -> WrittenAnswer | None:
    """A submission of a literal that ends the reply, wherever its line begins."""
    found = list(_ANY_CALL.finditer(prose))
    if not found:
        return None
    argument = _balanced(prose[found[-1].end() :])
    if argument is None or literal(argument.strip()) is None:
        return None
    rest = prose[found[-1].end() + len(argument) + 1 :]
    return None if rest.strip(_AFTER_THE_END) else WrittenAnswer(found[-1].group(1), argument.strip())


def _concluded(prose: str) -> WrittenAnswer | None:
    """A submission that ends the reply, in a sentence of its own: "So the answer is `FINAL_VAR(n)`."."""
    found = list(_CONCLUSION.finditer(prose))
    argument = _balanced(prose[found[-1].end() :]) if found else None
    if argument is None:
        return None
    rest = prose[found[-1].end() + len(argument) + 1 :]
    return None if rest.strip(_AFTER_THE_END) else WrittenAnswer(found[-1].group(1), argument.strip())


def _assigned(prose: str) -> str | None:
    """`answer = {...}` that stands in prose, by itself."""
    for found in reversed(list(_ASSIGNED.finditer(prose))):
        inside = _balanced(prose[found.end() :])
        code = f"{prose[found.start() : found.end()]}{inside}}}"
        if inside is not None and "ready" in inside and tree_of(code) is not None:
            return code
    return None


def written_anywhere(text: str) -> WrittenAnswer | None:
    """The last submission in a reply that was asked for nothing else: it may stand in the middle of a line."""
    return _written(text, _ANY_CALL)


def _written(prose: str, pattern: re.Pattern[str] = _CLOSING_CALL) -> WrittenAnswer | None:
    """The last submission outside code."""
    found = list(pattern.finditer(prose))
    for match in reversed(found):
        argument = _balanced(prose[match.end() :])
        if argument is not None:
            return WrittenAnswer(match.group(1), argument.strip())
    return None


def _balanced(text: str) -> str | None:
    """The text up to the bracket that closes the call; quotes are respected where they are closed."""
    for respect_quotes in (True, False):
        depth, quote, at = 1, "", 0
        while at < len(text):
            char = text[at]
            if quote:
                if char == "\\":
                    at += 1
                elif text.startswith(quote, at):
                    at += len(quote) - 1
                    quote = ""
            elif respect_quotes and char in "\"'":
                quote = char * 3 if text.startswith(char * 3, at) else char
                at += len(quote) - 1
            elif char in "([{":
                depth += 1
            elif char in ")]}":
                depth -= 1
                if depth == 0:
                    return text[:at]
            at += 1
    return None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that could be read off the text as it stands."""

    value: Plain


def literal(argument: str) -> Literal | None:
    """The Python literal that argument is, if it is one."""
    try:
        value = ast.literal_eval(argument)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    if isinstance(value, complex | bytes) or value is Ellipsis:
        return None
    if isinstance(value, set | frozenset):
        return Literal(sorted(value, key=repr))
    return Literal(value)


def is_expression(argument: str) -> bool:
    """Whether argument could be evaluated in the REPL."""
    try:
        ast.parse(argument.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
