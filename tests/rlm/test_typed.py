from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, MinLen
from pydantic import BaseModel
from typing_extensions import TypedDict

from lithify.errors import BadAnswer, BadInput, ProgrammerMustAct
from lithify.records.plain import Plain
from lithify.rlm.typed import MAX_SCHEMA_CHARS, AnswerType, Typed, answer_type, of_schema


@dataclass
class Restart:
    service: str
    when: date
    seconds: Decimal
    level: Literal["low", "high"] = "low"


class Report(BaseModel):
    total: int
    restarts: list[Restart]


class Row(TypedDict):
    name: str
    count: int


def check(wanted: AnswerType, value: Plain) -> Typed:
    return asyncio.run(wanted.check(value))


@pytest.mark.parametrize(
    ("wanted", "submitted", "value"),
    [
        (int, 3, 3),
        (list[tuple[str, int]], [["sshd", 3]], [("sshd", 3)]),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
        (set[str], ["b", "a"], {"a", "b"}),
        (date, "2026-06-01", date(2026, 6, 1)),
        (Decimal, "0.10", Decimal("0.10")),
        (Literal["low", "high"], "high", "high"),
        (str | None, None, None),
        (Row, {"name": "a", "count": 1}, {"name": "a", "count": 1}),
        (
            Restart,
            {"service": "sshd", "when": "2026-06-01", "seconds": "1.5"},
            Restart("sshd", date(2026, 6, 1), Decimal("1.5")),
        ),
    ],
)
def test_what_a_cell_submits_becomes_the_callers_type(wanted: Any, submitted: Plain, value: object) -> None:
    typed = check(answer_type(wanted), submitted)
    assert typed.value == value
    assert type(typed.value) is type(value)


def test_the_ledger_gets_plain_data() -> None:
    typed = check(answer_type(Report), {"total": 1, "restarts": [{"service": "a", "when": "2026-06-01", "seconds": 2}]})
    assert isinstance(typed.value, Report)
    assert typed.plain == {
        "total": 1,
        "restarts": [{"service": "a", "when": "2026-06-01", "seconds": "2", "level": "low"}],
    }


@pytest.mark.parametrize(
    ("wanted", "submitted", "said"),
    [
        (int, "three", "answer: Input should be a valid integer"),
        (list[tuple[str, int]], [["a", 1], ["b", "x"]], "answer[1][1]: "),
        (Report, {"total": 1, "restarts": [{"service": "a"}]}, "answer.restarts[0].when: Field required"),
        (Annotated[int, Ge(0)], -1, "greater than or equal to 0"),
        (Annotated[list[int], MinLen(1)], [], "at least 1 item"),
        (Literal["low", "high"], "mid", "'low' or 'high'"),
        (date, "June", "answer: "),
    ],
)
def test_the_error_names_the_place(wanted: Any, submitted: Plain, said: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        check(answer_type(wanted), submitted)
    assert said in str(caught.value)
    assert "http" not in str(caught.value), "no links to anybody's documentation"


def test_many_errors_are_told_shortly() -> None:
    with pytest.raises(BadAnswer) as caught:
        check(answer_type(list[int]), ["x" * 1_000] * 50)
    assert "and 47 more" in str(caught.value)
    assert len(str(caught.value)) < 700


SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer", "minimum": 0}},
    "required": ["name", "count"],
    "additionalProperties": False,
}


def test_a_json_schema_checks_and_gives_plain_data() -> None:
    wanted = answer_type(SCHEMA)
    assert check(wanted, {"name": "a", "count": 0}) == Typed({"name": "a", "count": 0}, {"name": "a", "count": 0})
    with pytest.raises(BadAnswer, match=r"answer.count: -1 is less than the minimum of 0"):
        check(wanted, {"name": "a", "count": -1})
    with pytest.raises(BadAnswer, match="'count' is a required property"):
        check(wanted, {"name": "a"})


@pytest.mark.parametrize("value", [float("nan"), b"x", {"a": float("inf")}])
def test_what_json_has_no_word_for_is_no_answer_to_a_schema(value: Plain) -> None:
    with pytest.raises(BadAnswer, match="answer"):
        check(answer_type({}), value)


def test_keys_are_text_as_in_json() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert check(answer_type(schema), {1: 2}).plain == {"1": 2}


@pytest.mark.parametrize("schema", [{"type": "strnig"}, {"properties": 3}, {"type": "array", "items": "str"}])
def test_what_is_no_schema_is_refused(schema: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="schema"):
        answer_type(schema)


@pytest.mark.parametrize(
    "reference", ["http://127.0.0.1:9/schema.json", "other.json", "#/$defs/missing", "#nowhere", "urn:x:y"]
)
def test_references_never_leave_the_schema(reference: str) -> None:
    with pytest.raises(BadInput, match="not in it"):
        of_schema({"type": "array", "items": {"$ref": reference}})


def test_references_inside_are_followed() -> None:
    inside = {
        "$defs": {"n": {"$id": "http://example.org/n", "type": "integer"}, "s": {"$anchor": "s", "type": "string"}},
        "prefixItems": [{"$ref": "http://example.org/n"}, {"$ref": "#s"}, {"$ref": "#/$defs/n"}],
    }
    assert check(of_schema(inside), [1, "a", 2]).plain == [1, "a", 2]
    with pytest.raises(BadAnswer):
        check(of_schema(inside), ["a", "a", 2])
    assert of_schema({"$ref": "https://json-schema.org/draft/2020-12/schema"})
    assert of_schema({"const": {"$ref": "http://example.org/data"}}), "data that looks like a reference is none"


def test_patterns_of_unknown_origin_are_not_run() -> None:
    hostile = {"type": "string", "pattern": "^(a+)+$"}
    assert check(of_schema(hostile, trusted=False), "a" * 40 + "b").plain
    with pytest.raises(BadAnswer):
        check(of_schema({"type": "string", "pattern": "^a$"}), "b")


def test_a_schema_that_no_model_should_be_shown_is_refused() -> None:
    with pytest.raises(BadInput, match="characters"):
        answer_type({"enum": [f"value {n}" for n in range(MAX_SCHEMA_CHARS // 10)]})


@pytest.mark.parametrize("wanted", [lambda: 1, object(), "NoSuchClass"])
def test_a_type_that_cannot_be_read_is_the_programmers_matter(wanted: object) -> None:
    with pytest.raises(ProgrammerMustAct, match="answer_type"):
        answer_type(wanted)


def no_sshd(value: list[str]) -> str | None:
    return "sshd is not a service of ours" if "sshd" in value else None


async def later(value: list[str]) -> bool:
    await asyncio.sleep(0)
    return "sshd" not in value


def strict(value: list[str]) -> None:
    if "sshd" in value:
        raise ValueError("no sshd")


@pytest.mark.parametrize(
    ("validator", "said"),
    [(no_sshd, "not a service of ours"), (later, "does not accept"), (strict, "no sshd")],
)
def test_a_validator_has_the_last_word(validator: Any, said: str) -> None:
    wanted = answer_type(list[str], validator)
    assert check(wanted, ["cron"]).value == ["cron"]
    with pytest.raises(BadAnswer, match=said):
        check(wanted, ["sshd"])


def test_a_validator_alone_takes_any_plain_data() -> None:
    wanted = answer_type(None, lambda value: value == 3)
    assert wanted.notation == ""
    assert check(wanted, 3).value == 3


def test_a_validator_that_breaks_is_the_callers_bug() -> None:
    with pytest.raises(ProgrammerMustAct, match="KeyError"):
        check(answer_type(dict[str, int], lambda value: value["no such key"]), {})


def test_equal_types_have_one_digest() -> None:
    assert answer_type(list[int]).digest == answer_type(list[int]).digest
    assert answer_type(list[int]).digest != answer_type(list[str]).digest
    assert answer_type(dict(reversed(SCHEMA.items()))).digest == answer_type(SCHEMA).digest
