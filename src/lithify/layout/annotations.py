"""Annotations as they stand in source, compared as types: whether all that one means is also meant by another. Pure.

The numeric tower counts (an int may stand where a float is asked for, PEP 484); containers that can be changed are
invariant, those that can only be read are covariant. What is not known here is the same as itself and nothing else.
"""

from __future__ import annotations

import ast
from typing import TypeAlias

from lithify.records.quick import dataclass

_UNION = "|"
_LITERAL = "Literal"
_ANYTHING = frozenset({"Any", "object"})
_OTHER_NAMES = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "FrozenSet": "frozenset",
    "DefaultDict": "defaultdict",
    "Deque": "deque",
    "Text": "str",
    "Set": "AbstractSet",
    "typing.Set": "set",
}
_ABOVE: dict[str, str] = {
    "bool": "int",
    "int": "float",
    "float": "complex",
    "datetime": "date",
    "str": "Sequence[str]",
    "bytes": "Sequence[int]",
    "list": "MutableSequence[_0]",
    "deque": "MutableSequence[_0]",
    "MutableSequence": "Sequence[_0]",
    "Sequence": "Collection[_0]",
    "Collection": "Iterable[_0]",
    "set": "MutableSet[_0]",
    "frozenset": "AbstractSet[_0]",
    "MutableSet": "AbstractSet[_0]",
    "AbstractSet": "Collection[_0]",
    "Counter": "dict[_0, int]",
    "defaultdict": "dict[_0, _1]",
    "OrderedDict": "dict[_0, _1]",
    "dict": "MutableMapping[_0, _1]",
    "MutableMapping": "Mapping[_0, _1]",
    "Mapping": "Collection[_0]",
    "Generator": "Iterator[_0]",
    "Iterator": "Iterable[_0]",
}
"""What each type is a kind of; _0 and _1 are its arguments."""

_READ_ONLY = frozenset({"tuple", "frozenset", "Sequence", "Collection", "Iterable", "Iterator", "AbstractSet", "type"})


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name without module, and its arguments. A union is "|", a literal value an argument by its repr."""

    name: str
    arguments: tuple[Type, ...] = ()


_Bound: TypeAlias = "dict[str, Type]"
_ANY = Type("Any")


def read_type(annotation: str) -> Type:
    """The type that an annotation means; for what is no expression, a type of its own."""
    try:
        return _read(ast.parse(annotation.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return Type(annotation.strip())


def is_kind_of(narrow: Type, wide: Type) -> bool:
    """Whether every value of the one type is a value of the other."""
    if wide.name in _ANYTHING or narrow == wide:
        return True
    if narrow.name == _UNION:
        return all(is_kind_of(one, wide) for one in narrow.arguments)
    if wide.name == _UNION:
        return any(is_kind_of(narrow, one) for one in wide.arguments)
    if narrow.name == _LITERAL:
        return _literal_fits(narrow, wide)
    if narrow.name == wide.name:
        return _arguments_fit(narrow, wide)
    above = _above(narrow)
    return above is not None and is_kind_of(above, wide)


def _literal_fits(narrow: Type, wide: Type) -> bool:
    if wide.name == _LITERAL:
        return set(narrow.arguments) <= set(wide.arguments)
    return all(is_kind_of(_type_of(one.name), wide) for one in narrow.arguments)


def _type_of(literal: str) -> Type:
    try:
        return Type(type(ast.literal_eval(literal)).__name__)
    except (SyntaxError, ValueError):
        return Type(literal)


def _arguments_fit(narrow: Type, wide: Type) -> bool:
    if not wide.arguments:
        return True
    if not narrow.arguments:
        return all(one.name in _ANYTHING for one in wide.arguments)
    if narrow.name == "tuple":
        return _elements_fit(narrow.arguments, wide.arguments)
    if len(narrow.arguments) != len(wide.arguments):
        return False
    pairs = list(zip(narrow.arguments, wide.arguments, strict=True))
    if narrow.name == "Mapping":
        return pairs[0][0] == pairs[0][1] and all(is_kind_of(*pair) for pair in pairs[1:])
    if narrow.name in _READ_ONLY:
        return all(is_kind_of(*pair) for pair in pairs)
    return all(one == other or other.name in _ANYTHING for one, other in pairs)


def _elements_fit(narrow: tuple[Type, ...], wide: tuple[Type, ...]) -> bool:
    more = Type("...")
    if wide[-1] == more:
        return all(is_kind_of(one, wide[0]) for one in narrow if one != more)
    return len(narrow) == len(wide) and more not in narrow and all(map(is_kind_of, narrow, wide))


def _above(given: Type) -> Type | None:
    if given.name == "tuple" and given.arguments:
        elements = tuple(dict.fromkeys(one for one in given.arguments if one.name != "..."))
        return Type("Sequence", elements if len(elements) == 1 else (_union(elements),))
    if given.name == "tuple":
        return Type("Sequence")
    if given.name not in _ABOVE:
        return None
    bound = {f"_{at}": one for at, one in enumerate(given.arguments)}
    return _filled(read_type(_ABOVE[given.name]), bound)


def _filled(template: Type, bound: _Bound) -> Type:
    if template.name in ("_0", "_1"):
        return bound.get(template.name, _ANY)
    return Type(template.name, tuple(_filled(one, bound) for one in template.arguments))


def _read(node: ast.expr) -> Type:
    match node:
        case ast.Constant(value=str(text)):
            return read_type(text)
        case ast.Constant(value=value):
            return Type("..." if value is ... else repr(value))
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _union((_read(left), _read(right)))
        case ast.Name() | ast.Attribute():
            return Type(_name(ast.unparse(node)))
        case ast.Subscript(value=value, slice=inner):
            return _generic(_name(ast.unparse(value)), inner)
        case _:
            return Type(ast.unparse(node))


def _generic(name: str, inner: ast.expr) -> Type:
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if name == _LITERAL:
        return Type(_LITERAL, tuple(sorted((Type(ast.unparse(one)) for one in parts), key=lambda one: one.name)))
    if name == "Annotated":
        return _read(parts[0])
    arguments = tuple(_read(one) for one in parts)
    if name == "Optional":
        return _union((*arguments, Type("None")))
    return _union(arguments) if name == "Union" else Type(name, arguments)


def _union(members: tuple[Type, ...]) -> Type:
    """A union in one form: without unions in it, each member once, sorted."""
    flat = {part for one in members for part in (one.arguments if one.name == _UNION else (one,))}
    ordered = tuple(sorted(flat, key=repr))
    return ordered[0] if len(ordered) == 1 else Type(_UNION, ordered)


def _name(text: str) -> str:
    return _OTHER_NAMES.get(text) or _OTHER_NAMES.get(text.rpartition(".")[2], text.rpartition(".")[2])
