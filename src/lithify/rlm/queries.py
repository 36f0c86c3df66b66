"""What a cell asks for with `llm_query` and `rlm_query`, read strictly: errors tell the model what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lithify.errors import BadAnswer, BadInput, ModelMustAct
from lithify.ports import Model
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import SubCallKind
from lithify.rlm.notation import minified
from lithify.rlm.typed import MAX_SCHEMA_CHARS, AnswerType, Typed, of_schema

MAX_PROMPT_CHARS = 300_000
"""Of what one call of a model takes: a piece of 200,000 characters, as the prompt says, and what to do with it."""
_TAKES: Mapping[SubCallKind, tuple[str, ...]] = {
    "llm": ("prompt", "model", "schema", "fresh"),
    "rlm": ("prompt", "context", "model", "schema", "fresh"),
}
_BRACKET = re.compile(r"[\[{]")
_FENCE = re.compile(r"```\w*\n(.*?)\n?```", re.DOTALL)
_TRIES = 200
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One call. context: None when none was given; wanted: what the answer must be, None for any text."""

    kind: SubCallKind
    prompt: str
    context: Plain = None
    model: str | None = None
    schema: str = ""
    fresh: bool = False


def read(kind: SubCallKind, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Query:
    """The call of `llm_query` or `rlm_query` with these arguments. Raises ModelMustAct saying what it takes.

    paired=True: the one argument is [prompt, context], as `rlm_query_batched` sends it.
    """
    call, takes = f"{kind}_query", _TAKES[kind]
    named = dict(kwargs)
    if named.pop("paired", False) and args and isinstance(args[0], list | tuple):
        args = args[0]
    given: dict[str, Plain] = dict(zip(takes, args, strict=False)) | {
        key: named.pop(key) for key in takes if key in named
    }
    if named or len(args) > len(takes):
        also = ", ".join(map(repr, named)) if named else f"{len(args)} arguments"
        raise ModelMustAct(f"{call} takes {', '.join(takes[:-1])} and {takes[-1]}; it was also given {also}")
    prompt, model = _prompt(call, given.get("prompt")), given.get("model")
    if model is not None and not isinstance(model, str):
        raise ModelMustAct(f"{call}: model is the name of a model, not {_said(model)}")
    return Query(
        kind=kind,
        prompt=prompt,
        context=given.get("context"),
        model=model or None,
        schema=_schema(call, given.get("schema")),
        fresh=bool(given.get("fresh")),
    )


def _prompt(call: str, prompt: Plain) -> str:
    if isinstance(prompt, list | tuple):
        raise ModelMustAct(f"{call} takes one prompt, not {_said(prompt)}; for several use {call}_batched")
    if not isinstance(prompt, str) or not prompt.strip():
        raise ModelMustAct(f"{call} takes a non-empty text as its prompt; it was given {_said(prompt)}")
    if len(prompt) > MAX_PROMPT_CHARS:
        advice = "pass the data as its context" if call == "rlm_query" else "split it into pieces"
        raise ModelMustAct(
            f"{call}: the prompt has {len(prompt):,} characters; at most {MAX_PROMPT_CHARS:,} fit: {advice}"
        )
    return prompt


def _schema(call: str, schema: Plain) -> str:
    """The JSON schema as text in an order of its own, "" for none."""
    if schema is None:
        return ""
    if not isinstance(schema, Mapping):
        raise ModelMustAct(f"{call}: schema is a JSON schema, a dict like {{'type': 'integer'}}, not {_said(schema)}")
    try:
        text = minified(schema)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelMustAct(f"{call}: the schema cannot be written as JSON: {error}") from None
    if len(text) > MAX_SCHEMA_CHARS:
        raise ModelMustAct(f"{call}: the schema has {len(text):,} characters; at most {MAX_SCHEMA_CHARS:,}")
    return text


def _said(value: Plain) -> str:
    return f"{type(value).__name__} {value!r:.60}"


class Schemas:
    """The JSON schemas of a run's sub-calls, each read once."""

    def __init__(self) -> None:
        self._known: dict[str, AnswerType] = {}

    def of(self, text: str) -> AnswerType | None:
        """What an answer of this schema must be, None for "". Raises ModelMustAct for what is no schema.

        References are refused: a schema of a few lines can refer to itself so often that checking never ends.
        """
        if not text:
            return None
        if text not in self._known:
            if any(f'"{name}":' in text for name in _REFERENCES):
                raise ModelMustAct("the schema of a sub-call must not use $ref: write each part where it is used")
            try:
                self._known[text] = of_schema(json.loads(text), trusted=False)
            except BadInput as error:
                raise ModelMustAct(str(error)) from None
        return self._known[text]


def fitting(text: str, wanted: AnswerType) -> Typed:
    """The answer in a reply, however it is dressed: bare JSON, in a fence, after a sentence, or a text by itself.

    Raises BadAnswer with the reason why no reading of it fits.
    """
    problem: BadAnswer | None = None
    for value in _readings(text.strip()):
        try:
            return wanted.parse(value)
        except BadAnswer as error:
            problem = problem or error
    raise problem or BadAnswer("the reply is empty")


def _readings(text: str) -> Iterator[Plain]:
    """What a reply may mean, most plausible first: JSON, JSON in a fence, JSON inside it, the text itself."""
    fenced = _FENCE.fullmatch(text)
    try:
        yield json.loads(fenced[1] if fenced is not None else text)
    except (ValueError, RecursionError):
        yield from _inside(text)
    if text:
        yield text


def _inside(text: str) -> Iterator[Plain]:
    """Objects and arrays that stand in a text, in order."""
    decoder = json.JSONDecoder()
    tries = 0
    found = _BRACKET.search(text)
    while found is not None and tries < _TRIES:
        tries += 1
        end = found.end()
        try:
            value, end = decoder.raw_decode(text, found.start())
            yield value
        except (ValueError, RecursionError):  # prose in brackets, or JSON that is cut off
            pass
        found = _BRACKET.search(text, end)


class Names:
    """The models that cells may ask. Any other is refused: a cell never chooses a provider."""

    def __init__(self, default: Model, named: Mapping[str, Model]) -> None:
        self._default = default
        self._named = named

    @property
    def listed(self) -> tuple[str, ...]:
        """The names, beside the default."""
        return tuple(self._named)

    def of(self, name: str | None, default: Model | None = None) -> Model:
        """The model of this name; without one the default. Raises ModelMustAct listing the names there are."""
        if name is None:
            return default or self._default
        known: dict[str, Model] = {model.name: model for model in (self._default, *self._named.values())}
        found = self._named.get(name) or known.get(name)
        if found is None:
            names = ", ".join(map(repr, self._named)) or "none: leave model out"
            raise ModelMustAct(f"there is no model {name!r} for sub-calls; there are {names}")
        return found
