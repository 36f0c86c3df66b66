"""The source of a softer tool: code first, then a model, under the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lithify.distil.format import formatted
from lithify.distil.softening import Hard, asked, schema_of, softened_source
from lithify.layout.annotations import read_type
from lithify.records.context import Fingerprint, LineShape
from lithify.records.tool import Candidate, Parameter
from lithify.testing.candidates import SIGNATURE, make_candidate

SHAPE = Fingerprint(format="lines", shapes=(LineShape(pattern="9:9 a", share=1.0),))
COVERED = "09:00 web restarted\n09:01 db ready\n"


def defined(source: str, name: str = "most_restarted_service") -> Callable[..., Any]:
    scope: dict[str, Any] = {}
    exec(compile(formatted(source), "tool.py", "exec"), scope)
    found: Callable[..., Any] = scope[name]
    return found


def softer(tool: Candidate, *, guarded: bool = True) -> Callable[..., Any]:
    source = softened_source(tool, [SHAPE], guarded=guarded)
    assert isinstance(source, str), source
    return defined(source)


class Llm:
    """A model that answers the same to everything."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[tuple[str, object]] = []

    def __call__(self, prompt: str, schema: object = None) -> object:
        self.asked.append((prompt, schema))
        return self.answer


def test_the_code_answers_what_it_covers_and_the_model_the_rest() -> None:
    tool, llm = softer(make_candidate()), Llm(["ftp"])
    assert (tool(COVERED, llm=llm), llm.asked) == (["web"], [])
    assert tool("web went down and came back\n", 3, llm=llm) == ["ftp"]
    ((prompt, schema),) = llm.asked
    assert "which 3 services restarted most often" in prompt
    assert "==========\nweb went down and came back\n" in prompt
    assert schema == {"type": "array", "items": {"type": "string"}}
    assert tool("09:00 web ready\n", llm=llm) == ["ftp"], "nothing was found"
    assert tool("09:00 restarted\n09:00\n", llm=llm) == ["restarted"]
    assert tool("09:00 web {odd} restarted\n09restarted\n", llm=llm) == ["ftp"], "the code raises"


def test_the_docstring_names_the_model_and_not_what_the_code_raises() -> None:
    doc = '"""Most.\n\n    Args:\n        log: The input.\n\n    Raises:\n        ValueError: none\n    """'
    source = make_candidate().source.replace('"""The services that restarted most often, most frequent first."""', doc)
    found = softer(make_candidate(source=source)).__doc__ or ""
    assert "llm: Asks a language model" in found
    assert "Raises" not in found


def test_a_number_and_names_that_are_taken() -> None:
    source = """\
_PROMPT = 2


def share(text: str, found: int = 1) -> float:
    return _by_code(text) / found


def _by_code(text: str) -> float:
    return len(text) / (_PROMPT * text.count("x"))
"""
    signature = replace(
        SIGNATURE,
        function="share",
        context_parameter="text",
        returns="float",
        parameters=(Parameter(name="found", annotation="int", default=1),),
    )
    tool = make_candidate(source=source, signature=signature)
    made = softened_source(tool, [SHAPE], guarded=False)
    assert isinstance(made, str)
    share, llm = defined(made, "share"), Llm(3)
    assert (share("xx", llm=llm), llm.asked) == (0.5, [])
    answer = share("aa", 2, llm=llm)
    assert (answer, type(answer), len(llm.asked)) == (3.0, float, 1)


def test_files_are_told_apart() -> None:
    source = "def first(files: dict[str, str]) -> str:\n    return files['a.txt']\n"
    signature = replace(SIGNATURE, function="first", context_parameter="files", context_kind="files", returns="str")
    tool = make_candidate(source=source, signature=replace(signature, parameters=()))
    made = softened_source(tool, [SHAPE], guarded=False)
    assert isinstance(made, str)
    llm = Llm("y")
    assert defined(made, "first")({"c": "3", "b": "2"}, llm=llm) == "y"
    assert "--- b\n2\n--- c\n3" in llm.asked[0][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"needs_llm": True}, "asks a language model already"),
        ({"context_kind": "table"}, "reads a table"),
        ({"returns": "set[str]"}, "cannot be asked of a model as JSON"),
        ({"returns": "dict[int, str]"}, "cannot be asked of a model as JSON"),
    ],
)
def test_what_cannot_be_softened(changed: dict[str, Any], said: str) -> None:
    found = softened_source(make_candidate(signature=replace(SIGNATURE, **changed)), [SHAPE], guarded=True)
    assert isinstance(found, Hard)
    assert said in found.reason


def test_a_shape_that_says_too_little_guards_nothing() -> None:
    prose = Fingerprint(format="prose")
    assert isinstance(softened_source(make_candidate(), [prose], guarded=True), Hard)
    assert isinstance(softened_source(make_candidate(), [prose], guarded=False), str)


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        ("int | None", {"anyOf": [{"type": "null"}, {"type": "integer"}]}),
        ("dict[str, list[float]]", None),
        ("list[tuple[str, int]]", None),
        ("list", None),
        ("Counter", None),
    ],
)
def test_schemas(annotation: str, schema: object) -> None:
    found = schema_of(read_type(annotation))
    match annotation:
        case "dict[str, list[float]]":
            number = {"type": "array", "items": {"type": "number"}}
            assert found == {"type": "object", "additionalProperties": number}
        case "list[tuple[str, int]]":
            pair = [{"type": "string"}, {"type": "integer"}]
            assert found == {
                "type": "array",
                "items": {"type": "array", "prefixItems": pair, "minItems": 2, "maxItems": 2},
            }
        case "int | None":
            assert found is not None
            assert {"type": "integer"} in found["anyOf"]  # type: ignore[operator]
        case _:
            assert found is schema


def test_what_no_slot_takes_is_said_after_the_question() -> None:
    tool = make_candidate(template="which services restarted {so} often")
    recipe = replace(tool.recipe, slots=())
    assert asked(recipe, tool.signature) == repr("which services restarted {{so}} often (top = {top!r})").join(
        ("f", "")
    )
