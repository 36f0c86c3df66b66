from __future__ import annotations

import pytest

from lithify.rlm.notation import notation

PAIR = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}
TREE = {
    "$ref": "#/$defs/Node",
    "$defs": {
        "Node": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
            "required": ["name"],
        }
    },
}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "integer"}, "int"),
        ({"type": "integer", "minimum": 0}, "int (>= 0)"),
        ({"type": ["string", "null"]}, "str | None"),
        ({"type": "string", "format": "date"}, "str (date, YYYY-MM-DD)"),
        ({"enum": ["low", "high", 3, None, True]}, '"low" | "high" | 3 | None | True'),
        ({"const": "yes"}, '"yes"'),
        ({"type": "array", "items": PAIR}, "list[[str, int]]"),
        ({"type": "array", "minItems": 1, "uniqueItems": True}, "list[Any] (at least 1 items; all different)"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "dict[str, float]"),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "boolean"}}, "required": ["a"]},
            '{"a": str, "b"?: bool}',
        ),
        ({"type": "string", "description": "the  service\nby name"}, "str (the service by name)"),
        ({"anyOf": [{"type": "number"}, {"type": "string"}]}, "decimal number (float, or str)"),
        (TREE, 'Node, where\nNode = {"name": str, "next"?: Node | None}'),
        ({"not": {"type": "null"}}, 'JSON schema {"not":{"type":"null"}}'),
        (
            {"type": "object", "properties": {"a": {"if": True}}},
            'JSON schema {"properties":{"a":{"if":true}},"type":"object"}',
        ),
    ],
)
def test_a_schema_as_a_type(schema: dict[str, object], text: str) -> None:
    assert notation(schema) == text


def test_descriptions_are_bounded() -> None:
    assert len(notation({"type": "string", "description": "x" * 5_000})) < 200
