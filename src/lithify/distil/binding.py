"""Putting a parameter in place of the constants in which a value of the question stands."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Sequence

from lithify.distil.knowledge import BUILTINS
from lithify.distil.patterns import Span, words_in_pattern, words_in_text
from lithify.records.quick import dataclass
from lithify.records.tool import SlotType

_REGEX_FUNCTIONS = frozenset({"match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn", "compile"})
_REGEX_METHODS = frozenset({"contains", "extract", "extractall", "count", "match", "fullmatch", "findall"})
_COUNTED = frozenset({"most_common", "nlargest", "nsmallest", "head", "tail", "islice", "range"})
"""What takes a number of things."""
_TINY = 2
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of the question that code may hold: as text of a string, or as a number.

    weak: a plain word, that the code may hold for another reason. role: what the question says that a number is for,
    "compared" or "count"; "" when it does not.
    """

    name: str
    type: SlotType
    default: int | float | str
    weak: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """Nodes with a parameter in them: how often it was put in place of a constant; left: occurrences that stayed."""

    nodes: tuple[ast.AST, ...]
    places: int
    left: int


def bind(nodes: Sequence[ast.AST], value: Value) -> Bound:
    """The nodes with the parameter in place of every constant that holds the value.

    A number counts only where its place tells that it is meant: sliced by, counted by, assigned, given by name, or
    compared; 0, 1 and 2 only if there is one such place. A number that is both a count and compared with may be two
    different numbers: it stays. A comparison with a length is taken for a check of the format (`len(fields) < 3`)
    where the number has another place.
    """
    binder = _Binder(nodes, value, _meant_roles(nodes, value))
    bound = tuple(binder.visit(copy.deepcopy(node)) for node in nodes)
    if value.type != "str" and abs(float(value.default)) <= _TINY and binder.places > 1:
        return Bound(tuple(nodes), 0, binder.places)
    if binder.escapes and not binder.has_re:
        bound = (ast.Import(names=[ast.alias(name="re")]), *bound)
    return Bound(bound, binder.places, binder.left)


def lone_assignment(nodes: Sequence[ast.AST], value: Value) -> ast.Assign | None:
    """The statement `top = 3` when that is the one place where the code means the value."""
    binder = _Binder(nodes, value, _meant_roles(nodes, value))
    found: list[ast.AST] = []
    for node in nodes:
        before = binder.places
        binder.visit(copy.deepcopy(node))
        found += [node] * (binder.places - before)
    match found:
        case [ast.Assign(targets=[ast.Name()], value=ast.Constant(value=held)) as assignment] if held == value.default:
            return None if value.type == "str" and binder.left else assignment
    return None


_ROLES = frozenset({"count", "compared", "length"})


def _meant_roles(nodes: Sequence[ast.AST], value: Value) -> frozenset[str]:
    """In which of its roles a number is the question's: in one of them, or none can be told."""
    if value.type == "str":
        return _ROLES
    trial = _Binder(nodes, value, _ROLES)
    for node in nodes:
        trial.visit(copy.deepcopy(node))
    if value.role in trial.roles:
        return frozenset({value.role} | ({"length"} if value.role == "compared" else frozenset()))
    sure = trial.roles - {"length"}
    if len(sure) > 1:
        return frozenset()
    return frozenset(sure or trial.roles)


@dataclass(frozen=True, slots=True)
class _Form:
    """How the value is spelt in the code, and the method of str that makes it so: "error" by lower()."""

    text: str
    method: str = ""


class _Binder(ast.NodeTransformer):
    def __init__(self, nodes: Sequence[ast.AST], value: Value, meant: frozenset[str]) -> None:
        self._value = value
        self._meant = meant
        self.roles: set[str] = set()
        self._above: list[ast.AST] = []
        parts = [part for node in nodes for part in ast.walk(node)]
        self._regex = _Regex.of(parts)
        self._patterns = frozenset(
            part.args[0].id
            for part in parts
            if isinstance(part, ast.Call) and self._regex.takes_pattern(part) and isinstance(part.args[0], ast.Name)
        )
        methods = {part.attr for part in parts if isinstance(part, ast.Attribute)}
        self._forms = [_Form(str(value.default))]
        for method in ("lower", "upper", "casefold"):
            folded = getattr(self._forms[0].text, method)()
            if method in methods and folded != self._forms[0].text:
                self._forms.append(_Form(folded, method))
        self.has_re = self._regex.imported
        self.escapes = False
        self.places = 0
        self.left = 0

    def visit(self, node: ast.AST) -> ast.AST:
        self._above.append(node)
        visited: ast.AST = super().visit(node)
        self._above.pop()
        return visited

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str) and self._value.type == "str":
            return self._text(node, node.value)
        if self._is_number(node.value) and node.value == self._value.default:
            role = self._role()
            if role:
                self.roles.add(role)
            if role in self._meant:
                self.places += 1
                return self._name()
            self.left += 1
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        made = _from_parts(node, self._value)
        if made is not None:
            self.places += 1
            return made
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        pattern = self._is_pattern()
        parts: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and self._value.type == "str":
                form = next((form for form in self._forms if self._spans(part.value, form, pattern)), self._forms[0])
                parts += self._filled(part.value, self._spans(part.value, form, pattern), form, pattern)
            else:
                parts.append(self.visit(part))  # type: ignore[arg-type]
        return ast.JoinedStr(values=parts)

    def _is_number(self, constant: object) -> bool:
        if isinstance(constant, bool) or not isinstance(constant, (int, float)):
            return False
        return isinstance(constant, int) == (self._value.type == "int")

    def _text(self, node: ast.Constant, text: str) -> ast.expr:
        pattern = self._is_pattern()
        for form in self._forms:
            spans = self._spans(text, form, pattern)
            if spans:
                parts = self._filled(text, spans, form, pattern)
                whole = len(parts) == 1 and isinstance(parts[0], ast.FormattedValue)
                return parts[0].value if whole else ast.JoinedStr(values=parts)  # type: ignore[attr-defined]
        return node

    def _spans(self, text: str, form: _Form, pattern: bool) -> list[Span]:
        spans = words_in_pattern(text, form.text) if pattern else words_in_text(text, form.text)
        if self._value.weak and any(_is_format(text, end, pattern) for _, end in spans):
            self.left += len(spans)
            return []
        if pattern and not spans:
            self.left += len(words_in_text(text, form.text))
        return spans

    def _filled(self, text: str, spans: Sequence[Span], form: _Form, pattern: bool) -> list[ast.expr]:
        """A text cut up, with the parameter in place of the spans; as parts of an f-string."""
        parts: list[ast.expr] = []
        at = 0
        for start, end in spans:
            self.places += 1
            parts += [ast.Constant(value=text[at:start])] if start > at else []
            value = self._name(form)
            parts.append(ast.FormattedValue(value=self._escaped(value) if pattern else value, conversion=-1))
            at = end
        return [*parts, ast.Constant(value=text[at:])] if at < len(text) else parts

    def _escaped(self, value: ast.expr) -> ast.expr:
        self.escapes = True
        escape = ast.Attribute(value=ast.Name(id=self._regex.module, ctx=ast.Load()), attr="escape", ctx=ast.Load())
        return ast.Call(func=escape, args=[value], keywords=[])

    def _name(self, form: _Form | None = None) -> ast.expr:
        name = ast.Name(id=self._value.name, ctx=ast.Load())
        if form is None or not form.method:
            return name
        return ast.Call(func=ast.Attribute(value=name, attr=form.method, ctx=ast.Load()), args=[], keywords=[])

    def _is_pattern(self) -> bool:
        """Whether the string that is visited is, or becomes, a regular expression."""
        inner: ast.AST = self._above[-1]
        for node in reversed(self._above[:-1]):
            if isinstance(node, ast.Call):
                return bool(node.args) and node.args[0] is inner and self._regex.takes_pattern(node)
            if isinstance(node, ast.Assign):
                names = {target.id for target in node.targets if isinstance(target, ast.Name)}
                return bool(names & self._patterns)
            if not isinstance(node, (ast.BinOp, ast.JoinedStr)):
                return False
            inner = node
        return False

    def _role(self) -> str:
        """What a number is for, as its place tells: a count, compared, compared with a length; "" when it does not."""
        node, above = self._above[-1], self._above[:-1]
        parent = above[-1] if above else None
        match parent:
            case ast.Compare():
                return "length" if any(map(_is_length, (parent.left, *parent.comparators))) else "compared"
            case ast.Slice() | ast.keyword() | ast.arguments():
                return "count"
            case ast.Assign(value=value):
                return "count" if value is node else ""
            case ast.Call(func=ast.Attribute(attr=function) | ast.Name(id=function), args=args):
                own = isinstance(parent.func, ast.Name) and function not in BUILTINS
                return "count" if (own or function in _COUNTED) and node in args else ""
            case ast.Tuple() | ast.List() | ast.Set():
                return "compared" if len(above) > 1 and isinstance(above[-2], ast.Compare) else ""
        return ""


def _from_parts(node: ast.Call, value: Value) -> ast.expr | None:
    """`date(2025, 1, 5)` as a reading of the parameter that "2025-01-05" is the default of."""
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    numbers = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, int)]
    if value.type != "str" or function not in ("date", "datetime", "Timestamp") or node.keywords:
        return None
    if not _ISO_DATE.fullmatch(str(value.default)) or len(numbers) != len(node.args):
        return None
    if numbers != [int(part) for part in re.findall(r"\d+", str(value.default))]:
        return None
    name = ast.Name(id=value.name, ctx=ast.Load())
    reader = node.func if function == "Timestamp" else ast.Attribute(node.func, "fromisoformat", ast.Load())
    return ast.Call(func=reader, args=[name], keywords=[])


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _is_format(text: str, end: int, pattern: bool) -> bool:
    """Whether a plain word in a longer text is part of the format: a key (`user=`, `user (...)`), or one of several
    alternatives, which another word would not replace with its siblings."""
    rest = text[end:].lstrip()
    if rest.startswith(("=", ":")):
        return True
    return pattern and ("|" in text or re.match(r"(?:\\s[*+?]?|[\s:=])*\(", rest) is not None)


@dataclass(frozen=True, slots=True)
class _Regex:
    """How the code calls regular expressions: the module's name, and functions imported from it."""

    module: str
    functions: frozenset[str]
    imported: bool

    @classmethod
    def of(cls, parts: Sequence[ast.AST]) -> _Regex:
        modules = [
            alias.asname or alias.name
            for part in parts
            if isinstance(part, ast.Import)
            for alias in part.names
            if alias.name == "re"
        ]
        functions = frozenset(
            alias.asname or alias.name
            for part in parts
            if isinstance(part, ast.ImportFrom) and part.module == "re"
            for alias in part.names
            if alias.name in _REGEX_FUNCTIONS
        )
        return cls(modules[0] if modules else "re", functions, bool(modules))

    def takes_pattern(self, call: ast.Call) -> bool:
        """Whether the first argument of a call is a regular expression."""
        match call.func:
            case _ if not call.args:
                return False
            case ast.Name(id=function):
                return function in self.functions
            case ast.Attribute(value=ast.Name(id=module), attr=function) if module == self.module:
                return function in _REGEX_FUNCTIONS
            case ast.Attribute(value=ast.Attribute(attr="str"), attr=method):  # pandas: df["a"].str.contains
                plain = any(
                    word.arg == "regex" and isinstance(word.value, ast.Constant) and not word.value.value
                    for word in call.keywords
                )
                return method in _REGEX_METHODS and not plain
        return False
