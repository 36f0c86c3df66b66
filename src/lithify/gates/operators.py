"""Where a fault can be put into a source, and what it would be. Pure.

The kinds are those of the literature (Offutt's sufficient set, and the deletion operators after Untch): relations,
arithmetic, connectives, negation, constants, deleted statements; and those that matter for code over text: swapped and
dropped calls, keywords, bounds of slices, filters, the anchors and repetitions of patterns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lithify.records.quick import dataclass

_RELATIONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: (r"<", "<="),
    ast.LtE: (r"<=", "<"),
    ast.Gt: (r">", ">="),
    ast.GtE: (r">=", ">"),
    ast.Eq: (r"==", "!="),
    ast.NotEq: (r"!=", "=="),
    ast.In: (r"\bin\b", "not in"),
    ast.NotIn: (r"\bnot\s+in\b", "in"),
    ast.Is: (r"\bis\b", "is not"),
    ast.IsNot: (r"\bis\s+not\b", "is"),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: (r"-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: (r"/", "*"),
    ast.FloorDiv: (r"//", "*"),
    ast.Mod: (r"%", "*"),
    ast.Pow: (r"\*\*", "*"),
    ast.BitAnd: (r"&", "|"),
    ast.BitOr: (r"\|", "&"),
}
_SWAPS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "set": "list",
    "abs": "",
    "sum": "len",
}
_METHOD_SWAPS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "lower": "upper",
    "upper": "lower",
    "casefold": "upper",
    "find": "rfind",
    "rfind": "find",
    "partition": "rpartition",
    "rpartition": "partition",
    "match": "fullmatch",
    "fullmatch": "match",
    "search": "match",
    "mean": "sum",
    "median": "mean",
    "min": "max",
    "max": "min",
    "append": "count",
    "intersection": "union",
    "union": "intersection",
}
_DROPPED = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "copy", "title"})
_PATTERN = re.compile(r"\\[dswbDSWB]|\[[^\]]+\][+*?{]|\(\?|[^\\][+*]")
_NO_ALTERNATIVE = (ast.Compare, ast.BoolOp, ast.Constant)


@dataclass(frozen=True, slots=True)
class Edit:
    """A splice: bytes [start, end) of the UTF-8 source become text."""

    start: int
    end: int
    text: str
    kind: str


def edits_of(tree: ast.Module, data: bytes, starts: Sequence[int], function: str) -> Iterator[Edit]:
    """Every place for a fault; an answer of None in place of each last one has the kind "result".

    data: the source as UTF-8; starts: where its lines begin in it.
    """
    place = _Place(data, starts)
    for node, last in _nodes(tree, function):
        match node:
            case ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.AugAssign():
                yield from _operators(node, place)
            case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
                yield from place.token(node, operand, r"\bnot\b|-", "", "negation", inside=True)
            case ast.Constant():
                yield from _constants(node, place)
            case ast.Call():
                yield from _calls(node, place)
            case ast.Slice(lower=lower, upper=upper):
                yield from (place.whole(bound, "", "slice") for bound in (lower, upper) if bound is not None)
            case ast.comprehension(ifs=tests):
                yield from (place.whole(test, "True", "filter") for test in tests)
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                if not isinstance(test, (*_NO_ALTERNATIVE, ast.UnaryOp)):
                    yield place.whole(test, f"not ({place.text(test)})", "condition")
            case ast.Expr(value=ast.Call()) | ast.Raise():
                yield place.whole(node, "pass", "deletion")
            case ast.Return():
                yield place.whole(node, "return None" if last else "pass", "result" if last else "deletion")
            case ast.Continue():
                yield place.whole(node, "break", "jump")
            case ast.Break():
                yield place.whole(node, "continue", "jump")


class _Place:
    """Nodes as places in the source."""

    def __init__(self, data: bytes, starts: Sequence[int]) -> None:
        self._data = data
        self._starts = starts

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        return self._data[start:end].decode("utf-8", "surrogatepass")

    def whole(self, node: ast.expr | ast.stmt, text: str, kind: str) -> Edit:
        return Edit(self.start(node), self.end(node), text, kind)

    def token(
        self,
        left: ast.expr,
        right: ast.expr,
        pattern: str,
        text: str,
        kind: str,
        *,
        inside: bool = False,
    ) -> Iterator[Edit]:
        """The operator between two nodes; inside: between the beginning of the left one and the right one."""
        start = self.start(left) if inside else self.end(left)
        gap = self.between(start, self.start(right))
        found = re.search(pattern, gap)
        if found is not None and "#" not in gap:
            first = start + len(gap[: found.start()].encode())
            yield Edit(first, first + len(found[0].encode()), text, kind)


def _nodes(tree: ast.Module, function: str) -> Iterator[tuple[ast.AST, bool]]:
    """The nodes that run, each with whether it is the last statement of a function. Left out: documentation,
    annotations, imports, f-strings (Python 3.11 does not say where their parts stand), the public defaults, and what no
    answer can show: what an exception says, and how the entries of a dict or set were sorted."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, last = waiting.pop()
        yield node, last
        skipped: set[int] = set()
        match node:
            case ast.JoinedStr() | ast.Import() | ast.ImportFrom():
                continue
            case ast.FunctionDef(args=arguments, returns=returns, decorator_list=decorators, name=name):
                skipped |= {id(one) for one in (returns, *decorators) if one is not None}
                skipped |= {id(arguments)} if name == function else set()
            case ast.arg() | ast.AnnAssign():
                skipped.add(id(node.annotation))
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.Raise(exc=ast.Call(args=said)):
                waiting += [(one, False) for one in said if not isinstance(one, ast.Constant)]
                continue
            case ast.Call(args=[ast.Call(func=ast.Name(id="sorted"), args=[entries])]) if _has_no_order(node, entries):
                waiting.append((entries, False))
                continue
        ends = id(node.body[-1]) if isinstance(node, ast.FunctionDef) else 0
        children = [child for child in ast.iter_child_nodes(node) if id(child) not in skipped]
        waiting += [(child, id(child) == ends) for child in reversed(children)]


def _has_no_order(node: ast.Call, entries: ast.expr) -> bool:
    """Whether a call makes what is the same in any order: a set, or a dict of another's entries (none twice)."""
    match node.func, entries:
        case ast.Name(id="set" | "frozenset"), _:
            return not node.keywords
        case ast.Name(id="dict"), ast.Call(func=ast.Attribute(attr="items"), args=[]):
            return not node.keywords
    return False


def _operators(node: ast.Compare | ast.BinOp | ast.BoolOp | ast.AugAssign, place: _Place) -> Iterator[Edit]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            for one, operator, other in zip([left, *comparators], ops, comparators, strict=False):
                pattern, text = _RELATIONS[type(operator)]
                yield from place.token(one, other, pattern, text, "relation")
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
            if not (_is_text(left) or _is_text(right)):  # "a" + b - c is no fault anybody makes
                pattern, text = _ARITHMETIC[type(operator)]
                yield from place.token(left, right, pattern, text, "arithmetic")
        case ast.BoolOp(op=operator, values=values):
            pattern, text = (r"\band\b", "or") if isinstance(operator, ast.And) else (r"\bor\b", "and")
            for one, other in pairwise(values):
                yield from place.token(one, other, pattern, text, "connective")
        case ast.AugAssign(target=target, op=operator, value=value):
            if type(operator) in _ARITHMETIC and not _is_text(value):
                pattern, text = _ARITHMETIC[type(operator)]
                yield from place.token(target, value, pattern + "=", f"{text}=", "arithmetic")
            yield place.whole(node, "pass", "deletion")


def _constants(node: ast.Constant, place: _Place) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield place.whole(node, repr(not value), "constant")
    elif isinstance(value, int | float):
        yield place.whole(node, repr(value + 1), "constant")
    elif isinstance(value, str | bytes):
        raw = place.text(node)[:2].lower() in ('r"', "r'")
        other = "XX" + value if isinstance(value, str) else b"XX" + value
        yield place.whole(node, _literal(other, raw=raw), "text")
        if isinstance(value, str) and _PATTERN.search(value):
            yield from (place.whole(node, _literal(changed, raw=raw), "pattern") for changed in _patterns(value))


def _literal(value: str | bytes, *, raw: bool) -> str:
    """A text as source, raw where the original was and it can be."""
    simple = isinstance(value, str) and value.isprintable() and '"' not in value and not value.endswith("\\")
    return f'r"{value}"' if raw and simple and isinstance(value, str) else repr(value)


def _patterns(value: str) -> Iterator[str]:
    """A regular expression with one thing less. What compiles no more raises when it runs, which is seen at once."""
    if value.startswith("^"):
        yield value[1:]
    if value.endswith("$") and not value.endswith(r"\$"):
        yield value[:-1]
    repeated = re.search(r"(?<!\\)[+*](?!\?)", value)
    if repeated is not None:
        yield value[: repeated.start()] + value[repeated.end() :]


def _calls(node: ast.Call, place: _Place) -> Iterator[Edit]:
    match node.func:
        case ast.Name(id=name) if name in _SWAPS and len(node.args) == 1:
            if not node.keywords or name in ("min", "max"):
                yield place.whole(node.func, _SWAPS[name], "call")
        case ast.Attribute(attr=name, value=value):
            end = place.end(node.func)
            if name in ("split", "rsplit") and len(node.args) + len(node.keywords) == 2:  # else they are the same
                yield Edit(end - len(name), end, "rsplit" if name == "split" else "split", "call")
            if name in _METHOD_SWAPS:
                yield Edit(end - len(name), end, _METHOD_SWAPS[name], "call")
            if name in _DROPPED and place.between(place.end(value), end) == f".{name}":
                yield Edit(place.end(value), place.end(node), "", "call")
    yield from _keywords(node, place)


def _keywords(node: ast.Call, place: _Place) -> Iterator[Edit]:
    """The call without one of its keywords."""
    every: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    given = sorted(every, key=place.start)
    for number, one in enumerate(given):
        if not isinstance(one, ast.keyword) or one.arg is None:
            continue
        start, end = place.start(one), place.end(one)
        if number:
            start = place.end(given[number - 1])
        elif len(given) > 1:
            end = place.start(given[1])
        if "(" not in place.between(start, place.start(one)):
            yield Edit(start, end, "", "keyword")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
