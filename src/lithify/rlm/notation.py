"""A JSON schema as a short type in the manner of Python: what a model is shown of the answer that is wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]
"""A JSON schema as it comes from JSON: a wire format, read key by key."""

_NAMES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_RESTRICTING: Final = frozenset(
    {
        "$dynamicRef",
        "$recursiveRef",
        "contains",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "maxProperties",
        "minContains",
        "minProperties",
        "not",
        "patternProperties",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""The keywords that the notation has no words for."""
_DESCRIPTION_CHARS = 160
_EXAMPLES = {"date": "YYYY-MM-DD", "date-time": "ISO 8601", "time": "HH:MM:SS", "duration": "ISO 8601"}


class _NoWords(Exception):
    """The schema says what the notation has no words for."""


def notation(schema: Schema) -> str:
    """The schema as a type, for example `list[{"service": str, "count": int (>= 0)}]`; exotic schemas as their JSON."""
    try:
        return _Writer(schema).whole()
    except _NoWords:
        return f"JSON schema {minified(schema)}"


def minified(schema: Schema) -> str:
    """The schema as one line of JSON, in an order of its own: equal schemas give equal text."""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class _Writer:
    """Writes one schema. Definitions are written where they are used; recursive ones get a name and a line."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._open: list[str] = []
        self._named: dict[str, str] = {}

    def whole(self) -> str:
        text = self._type(self._root)
        recursive = "".join(f"\n{name} = {body}" for name, body in self._named.items())
        return f"{text}, where{recursive}" if recursive else text

    def _type(self, schema: object) -> str:
        if schema is True or schema == {}:
            return "Any"
        if not isinstance(schema, Mapping) or not _RESTRICTING.isdisjoint(schema):
            raise _NoWords
        text = self._bare(schema)
        remarks = [*_bounds(schema), *_described(schema)]
        return f"{text} ({'; '.join(remarks)})" if remarks else text

    def _bare(self, schema: Schema) -> str:
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        if "const" in schema:
            return _value(schema["const"])
        if "enum" in schema:
            return " | ".join(_value(one) for one in schema["enum"])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return self._union(schema[union])
        if "allOf" in schema:
            if len(schema["allOf"]) != 1 or "properties" in schema:
                raise _NoWords
            return self._type(schema["allOf"][0])
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self._of_kind(one, schema) for one in kind)
        return self._of_kind(kind, schema)

    def _union(self, members: Sequence[Schema]) -> str:
        # How pydantic writes a Decimal: a number, or a text that looks like one.
        if [member.get("type") for member in members] == ["number", "string"]:
            return "decimal number (float, or str)"
        return " | ".join(dict.fromkeys(self._type(member) for member in members))

    def _of_kind(self, kind: object, schema: Schema) -> str:
        if kind == "array" or (kind is None and ("items" in schema or "prefixItems" in schema)):
            return self._array(schema)
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema)
        if kind is None:
            return "Any"
        return _NAMES[str(kind)]

    def _array(self, schema: Schema) -> str:
        first = schema.get("prefixItems")
        if first is not None:
            if schema.get("maxItems") != len(first) and schema.get("items") is not False:
                raise _NoWords
            return f"[{', '.join(self._type(one) for one in first)}]"
        return f"list[{self._type(schema.get('items', {}))}]"

    def _object(self, schema: Schema) -> str:
        required = schema.get("required", ())
        more = schema.get("additionalProperties", True)
        properties = schema.get("properties", {})
        if not properties:
            return f"dict[str, {self._type(more)}]" if more is not False else "{}"
        parts = [
            f"{_value(name)}{'' if name in required else '?'}: {self._type(one)}" for name, one in properties.items()
        ]
        if more is not False and more is not True:
            parts.append(f"other keys: {self._type(more)}")
        return f"{{{', '.join(parts)}}}"

    def _reference(self, reference: str) -> str:
        name = reference.rpartition("/")[2] or "Answer"
        target: Any = self._root
        if not reference.startswith("#"):
            raise _NoWords
        for step in reference.removeprefix("#").split("/")[1:]:
            target = target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, Mapping) else None
        if reference in self._open:
            self._named.setdefault(name, "")
            return name
        self._open.append(reference)
        body = self._type(target)
        self._open.pop()
        if name in self._named:
            self._named[name] = body
            return name
        return body


def _value(value: object) -> str:
    return "None" if value is None else str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _bounds(schema: Schema) -> list[str]:
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    found = [f"{sign} {schema[key]}" for key, sign in signs.items() if key in schema]
    if "multipleOf" in schema:
        found.append(f"a multiple of {schema['multipleOf']}")
    if "format" in schema:
        shown = _EXAMPLES.get(schema["format"])
        found.append(f"{schema['format']}, {shown}" if shown else str(schema["format"]))
    if "pattern" in schema:
        found.append(f"matches /{schema['pattern']}/")
    for unit, least, most in (("characters", "minLength", "maxLength"), ("items", "minItems", "maxItems")):
        if "prefixItems" not in schema:
            found += _range(schema.get(least, 0), schema.get(most), unit)
    return [*found, "all different"] if schema.get("uniqueItems") else found


def _range(least: int, most: int | None, unit: str) -> list[str]:
    if most is not None:
        return [f"{least} to {most} {unit}" if least != most else f"{least} {unit}"]
    return [f"at least {least} {unit}"] if least else []


def _described(schema: Schema) -> list[str]:
    text = " ".join(str(schema.get("description", "")).split())
    return [text if len(text) <= _DESCRIPTION_CHARS else f"{text[:_DESCRIPTION_CHARS]}…"] if text else []
