"""Whether an answer is of the kind that the signature says, as far as plain data can tell. Pure."""

from __future__ import annotations

import ast

from lithify.records.plain import Plain

_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "bytes": (bytes,),
    **dict.fromkeys(("list", "tuple", "set", "frozenset", "List", "Tuple", "Set", "Sequence"), (list, tuple)),
    **dict.fromkeys(("dict", "Dict", "Mapping", "Counter", "defaultdict", "OrderedDict"), (dict,)),
}


def is_returned(value: Plain, annotation: str) -> bool:
    """Whether a value can be what the annotation says; True where it says nothing that is known here.

    Sets and tuples arrive as lists. What is inside a container is not looked at: the type checker does that.
    """
    try:
        node = ast.parse(annotation.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return True
    return _fits(value, node)


def _fits(value: Plain, node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return value is None
        case ast.Constant(value=str(quoted)):
            return is_returned(value, quoted)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name in _KINDS:
            return isinstance(value, _KINDS[name]) and (name == "bool" or not isinstance(value, bool))
    return True
