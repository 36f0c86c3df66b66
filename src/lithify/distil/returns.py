"""What a tool returns: its annotation, and the way from the model's value to plain data."""

from __future__ import annotations

import ast

from lithify.records.plain import Plain

_PLAIN = frozenset({"str", "int", "float", "bool", "NoneType", "scalar"})
_CASTS = {"str_": "str", "bool_": "bool", "bool": "bool"}
_BY_TEXT = frozenset({"Decimal", "timedelta", "Timedelta"})
_BY_ISO = frozenset({"datetime", "date", "time", "Timestamp"})

HELPER = '''
def _plain(value):
    """Lists, dicts and scalars of Python's own for what numpy, pandas and tuples give."""
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
'''


def annotation(answer: Plain) -> str:
    """The type of an answer as source: "int", "list[str]", "dict[str, int]"."""
    match answer:
        case None:
            return "None"
        case bool() | int() | float() | str() | bytes():
            return type(answer).__name__
        case dict():
            keys = _either({annotation(key) for key in answer})
            return f"dict[{keys}, {_either({annotation(value) for value in answer.values()})}]"
        case list() | tuple():
            return f"list[{_either({annotation(item) for item in answer})}]"
    return "object"


def _either(kinds: set[str]) -> str:
    if kinds == {"int", "float"}:
        return "float"
    optional = "None" in kinds
    rest = sorted(kinds - {"None"})
    return " | ".join([*rest, *(["None"] if optional else [])]) or "object"


def converted(expression: ast.expr, kind: Plain) -> tuple[ast.expr, bool]:
    """The expression made to give plain data, and whether that needs HELPER."""
    source = _convert(ast.unparse(expression), kind)
    if source is None:
        return ast.parse(f"_plain({ast.unparse(expression)})", mode="eval").body, True
    return ast.parse(source, mode="eval").body, False


def is_plain(kind: Plain) -> bool:
    """Whether a tree of types holds nothing but plain data."""
    match kind:
        case [str(name)]:
            return name in _PLAIN
        case ["list", inner]:
            return is_plain(inner)
        case ["dict", keys, values]:
            return is_plain(keys) and is_plain(values)
    return False


def _convert(source: str, kind: Plain) -> str | None:
    if is_plain(kind):
        return source
    match kind:
        case [str(name)]:
            return _scalar(source, name)
        case ["list" | "tuple" | "deque" | "dict_keys" | "dict_values", inner]:
            item = _convert("item", inner)
            return None if item is None else f"list({source})" if item == "item" else f"[{item} for item in {source}]"
        case ["set" | "frozenset", inner] if is_plain(inner):
            return f"sorted({source})"
        case [_, keys, values]:
            key, value = _convert("key", keys), _convert("value", values)
            if key is None or value is None:
                return None
            plain = (key, value) == ("key", "value")
            return f"dict({source})" if plain else f"{{{key}: {value} for key, value in {_atom(source)}.items()}}"
    return None


def _scalar(source: str, name: str) -> str | None:
    if name in _CASTS:
        return f"{_CASTS[name]}({source})"
    if name.startswith(("int", "uint")) and name.lstrip("uint").isdigit():
        return f"int({source})"
    if name.startswith("float") and name.removeprefix("float").isdigit():
        return f"float({source})"
    if name in _BY_TEXT:
        return f"str({source})"
    if name in _BY_ISO:
        return f"{_atom(source)}.isoformat()"
    by_method = {"Series": "to_dict()", "DataFrame": "to_dict('records')", "ndarray": "tolist()", "Index": "tolist()"}
    method = by_method.get(name)
    return f"{_atom(source)}.{method}" if method else None


def _atom(source: str) -> str:
    return source if source.isidentifier() else f"({source})"
