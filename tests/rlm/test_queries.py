from __future__ import annotations

import pytest

from lithify.errors import BadAnswer, ModelMustAct
from lithify.models import ScriptedModel
from lithify.records.plain import Plain
from lithify.rlm.queries import MAX_PROMPT_CHARS, Names, Query, Schemas, fitting, read
from lithify.rlm.typed import AnswerType

NUMBER = '{"type":"integer"}'
ROW: dict[str, Plain] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["name", "count"],
}


def test_arguments_by_place_and_by_name() -> None:
    assert read("llm", ["q"], {}) == Query(kind="llm", prompt="q")
    assert read("llm", [], {"prompt": "q", "model": "fast"}) == Query(kind="llm", prompt="q", model="fast")
    assert read("llm", ["q", "fast", {"type": "integer"}], {"fresh": True}) == Query(
        kind="llm", prompt="q", model="fast", schema=NUMBER, fresh=True
    )
    assert read("rlm", ["q", [1]], {}) == Query(kind="rlm", prompt="q", context=[1])
    assert read("rlm", [["q", {"a": "b"}]], {"paired": True, "model": "m"}) == Query(
        kind="rlm", prompt="q", context={"a": "b"}, model="m"
    )


def test_schemas_that_say_the_same_are_the_same() -> None:
    one = read("llm", ["q"], {"schema": {"type": "integer", "minimum": 0}})
    other = read("llm", ["q"], {"schema": {"minimum": 0, "type": "integer"}})
    assert one == other


@pytest.mark.parametrize(
    ("args", "kwargs", "said"),
    [
        ([], {}, "non-empty text as its prompt; it was given NoneType"),
        ([""], {}, "non-empty text"),
        (["  \n"], {}, "non-empty text"),
        ([42], {}, "it was given int 42"),
        ([["a", "b"]], {}, "takes one prompt, not list .* for several use llm_query_batched"),
        ([{"role": "user"}], {}, "it was given dict"),
        (["x" * (MAX_PROMPT_CHARS + 1)], {}, "300,001 characters; at most 300,000 fit: split it into pieces"),
        (["q"], {"temperature": 0}, "takes prompt, model, schema and fresh; it was also given 'temperature'"),
        (["q", None, None, None, None], {}, "it was also given 5 arguments"),
        (["q"], {"model": 3}, "model is the name of a model, not int 3"),
        (["q"], {"schema": "integer"}, "a JSON schema, a dict like"),
        (["q"], {"schema": {"enum": ["x" * 30_000]}}, "the schema has 30,0.. characters; at most 20,000"),
        (["q"], {"schema": {"const": b"x"}}, "cannot be written as JSON"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(args: list[Plain], kwargs: dict[str, Plain], said: str) -> None:
    with pytest.raises(ModelMustAct, match=said):
        read("llm", args, kwargs)


def wanted(schema: str) -> AnswerType:
    found = Schemas().of(schema)
    assert found is not None
    return found


def test_no_schema_no_type() -> None:
    assert Schemas().of("") is None


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ('{"type":"objekt"}', "cannot be used"),
        ('{"$ref":"https://example.org/schema"}', r"must not use \$ref"),
        ('{"items":{"$ref":"#"}}', r"must not use \$ref"),
        ('{"$dynamicRef":"#x"}', r"must not use \$ref"),
    ],
)
def test_schemas_that_are_refused(schema: str, said: str) -> None:
    with pytest.raises(ModelMustAct, match=said):
        Schemas().of(schema)


def test_patterns_of_a_schema_that_a_model_wrote_are_never_run() -> None:
    """They could take for ever."""
    text = "a" * 60 + "!"
    assert fitting(f'"{text}"', wanted('{"type":"string","pattern":"^(a+)+$"}')).plain == text


def row() -> AnswerType:
    return wanted(read("llm", ["q"], {"schema": ROW}).schema)


@pytest.mark.parametrize(
    "reply",
    [
        '{"name": "sshd", "count": 3}',
        '```json\n{"name": "sshd", "count": 3}\n```',
        '```\n{"name": "sshd", "count": 3}\n```',
        'Sure! Here it is:\n{"name": "sshd", "count": 3}\nHope that helps.',
        'The set {a, b} gives [1 thing]: {"name": "sshd", "count": 3}',
        'First {"name": "draft"}, then {"name": "sshd", "count": 3}',
    ],
)
def test_data_is_found_however_the_reply_is_dressed(reply: str) -> None:
    assert fitting(reply, row()).plain == {"name": "sshd", "count": 3}


def test_scalars_and_bare_words() -> None:
    assert fitting("42", wanted(NUMBER)).plain == 42
    assert fitting("```json\n42\n```", wanted(NUMBER)).plain == 42
    assert fitting("billing", wanted('{"enum":["billing","bug"]}')).plain == "billing"
    assert fitting('"billing"', wanted('{"enum":["billing","bug"]}')).plain == "billing"
    assert fitting("any text", wanted('{"type":"string"}')).plain == "any text"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("", "empty"),
        ("no json here", "answer"),
        ('{"name": "sshd"}', "'count' is a required property"),
        ('{"name": "sshd", "count": "three"}', r"answer\.count"),
        ('{"name": "sshd", "count": 3', "answer"),
        ('{"name": "sshd", "count": NaN}', "NaN|nan"),
    ],
)
def test_what_does_not_fit_says_where(reply: str, said: str) -> None:
    with pytest.raises(BadAnswer, match=said):
        fitting(reply, row())


@pytest.mark.parametrize("reply", ["[" * 100_000, "{" * 100_000, '{"a":' * 50_000])
def test_replies_of_nothing_but_brackets(reply: str) -> None:
    with pytest.raises(BadAnswer):
        fitting(reply, row())


def test_models_by_name_and_no_others() -> None:
    default, fast = ScriptedModel([], name="openai:gpt-5"), ScriptedModel([], name="openai:gpt-5-nano")
    root = ScriptedModel([], name="anthropic:opus")
    names = Names(default, {"fast": fast})
    assert names.of(None) is default
    assert names.of(None, root) is root
    assert names.of("fast") is names.of("openai:gpt-5-nano") is fast
    assert names.of("openai:gpt-5") is default
    with pytest.raises(ModelMustAct, match="no model 'openai:o3-pro' for sub-calls; there are 'fast'"):
        names.of("openai:o3-pro")
    with pytest.raises(ModelMustAct, match="there are none: leave model out"):
        Names(default, {}).of("fast")
