"""Typed answers: what an answer must be, shown to the model, checked by the host, given back as the caller's type."""

from __future__ import annotations

import hashlib
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from lithify.errors import BadAnswer, BadInput, ProgrammerMustAct
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.rlm.notation import minified, notation

Validator: TypeAlias = Callable[[Any], object]
"""A caller's own check of the validated answer, plain or async. True or None: fine. False or a text: not taken, and the
text goes back to the model as the reason. A ValueError or AssertionError counts as its message."""

MAX_SCHEMA_CHARS = 20_000
_PROBLEMS_SHOWN = 3
_VALUE_CHARS = 60
_REASON_CHARS = 500


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked answer: value is the caller's type, plain the same as plain data."""

    value: object
    plain: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerType:
    """What an answer must be. schema: JSON schema in one line; parse raises BadAnswer; validator has the last word."""

    schema: str
    notation: str
    parse: Callable[[Plain], Typed]
    validator: Validator | None = None

    @property
    def digest(self) -> str:
        """sha256 of the schema, first 16 hex digits: which type a run's answer has."""
        return hashlib.sha256(self.schema.encode()).hexdigest()[:16]

    async def check(self, value: Plain) -> Typed:
        """The answer in its type.

        Raises BadAnswer with a reason that a model can act on, and ProgrammerMustAct when the validator itself fails.
        """
        typed = self.parse(value)
        if self.validator is not None:
            await _consult(self.validator, typed.value)
        return typed


def answer_type(wanted: Any = None, validator: Validator | None = None) -> AnswerType:
    """The AnswerType of a Python type that pydantic can read, or of a JSON schema (a mapping); None: anything.

    Raises ProgrammerMustAct for a type that has no schema, BadInput for a mapping that is no JSON schema.
    """
    if wanted is None or isinstance(wanted, Mapping):
        return of_schema(wanted or {}, validator)
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticUserError

    try:
        if inspect.isroutine(wanted):  # pydantic would take it for the schema of its arguments
            raise TypeError("a function is no type.")
        adapter = TypeAdapter[Any](wanted)
        schema = adapter.json_schema()
    except (PydanticUserError, NameError, TypeError) as error:  # pydantic raises the last two for names it cannot find
        said = str(error).partition("\n")[0]
        raise ProgrammerMustAct(
            f"answer_type is {wanted!r:.200}, which cannot be read from plain data: {said} Give a type that pydantic "
            "can validate (a dataclass, a BaseModel, a TypedDict, list[tuple[str, int]], …) or a JSON schema"
        ) from None

    def parse(value: Plain) -> Typed:
        from pydantic import ValidationError

        try:
            found = adapter.validate_python(value)
        except ValidationError as error:
            raise BadAnswer(
                _problems((_place(one["loc"]), one["msg"], one["input"]) for one in error.errors())
            ) from None
        return Typed(found, _plain(adapter.dump_python, found, value))

    return _named(schema, parse, validator)


def of_schema(schema: Mapping[str, Any], validator: Validator | None = None, *, trusted: bool = True) -> AnswerType:
    """The AnswerType of a JSON schema. trusted False: of unknown origin, so its patterns are shown and never run.

    References are looked up inside the schema only. Raises BadInput for what is no JSON schema.
    """
    from jsonschema import SchemaError
    from jsonschema.validators import Draft202012Validator, extend, validator_for
    from referencing import Registry

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise BadInput(
            f"the JSON schema cannot be used: {_place(error.absolute_path, 'schema')}: {error.message:.200}"
        ) from None
    _check_references(schema, kind)
    if not trusted:
        kind = extend(kind, {"pattern": _not_run, "patternProperties": _not_run})
    judge = kind(schema, registry=Registry(), format_checker=kind.FORMAT_CHECKER)

    def parse(value: Plain) -> Typed:
        plain = _as_json(value, "answer")
        from referencing.exceptions import Unresolvable

        try:
            found = sorted(
                judge.iter_errors(plain), key=lambda error: (len(error.absolute_path), str(error.absolute_path))
            )
        except Unresolvable as error:
            raise _not_in_it(error.ref) from None
        if found:
            raise BadAnswer(_problems((_place(one.absolute_path), _said(one.message), one.instance) for one in found))
        return Typed(plain, plain)

    return _named(schema, parse, validator)


def _check_references(schema: Mapping[str, Any], kind: Any) -> None:
    """Raise BadInput for a reference to what is neither in the schema nor one of the dialects' own schemas.

    What such a reference leads to outside the places of schemas is not gone through: there it is found when used.
    """
    from jsonschema_specifications import REGISTRY
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import specification_with

    def check(part: Any, resolver: Any) -> None:
        said = part.contents if isinstance(part.contents, Mapping) else {}
        for key in ("$ref", "$dynamicRef"):
            if isinstance(said.get(key), str):
                resolver.lookup(said[key])
        for inner in part.subresources():
            check(inner, resolver.in_subresource(inner))

    whole = specification_with(kind.META_SCHEMA["$schema"]).create_resource(schema)
    try:
        check(whole, REGISTRY.resolver_with_root(whole))
    except Unresolvable as error:
        raise _not_in_it(error.ref) from None


def _not_in_it(reference: str) -> BadInput:
    return BadInput(f"the JSON schema refers to {reference!r}, which is not in it; put it under $defs")


def _not_run(*_: object) -> tuple[()]:
    """In place of a keyword that is not checked."""
    return ()


def _named(schema: Mapping[str, Any], parse: Callable[[Plain], Typed], validator: Validator | None) -> AnswerType:
    text = minified(schema)
    if len(text) > MAX_SCHEMA_CHARS:
        raise BadInput(
            f"the schema of the answer has {len(text):,} characters; a model is shown at most {MAX_SCHEMA_CHARS:,}. "
            "Ask for less in one answer"
        )
    return AnswerType(schema=text, notation=notation(schema) if schema else "", parse=parse, validator=validator)


async def _consult(validator: Validator, value: object) -> None:
    try:
        verdict = validator(value)
        if inspect.isawaitable(verdict):
            verdict = await verdict
    except (ValueError, AssertionError) as error:
        verdict = str(error) or type(error).__name__
    except Exception as error:  # the caller's own code, whatever it raises; re-raised by who must act
        raise ProgrammerMustAct(f"the validator raised {type(error).__name__}: {error}") from error
    if verdict is False:
        raise BadAnswer("the check of whoever asked does not accept it")
    if isinstance(verdict, str) and verdict:
        raise BadAnswer(verdict[:_REASON_CHARS])


def _plain(dump: Callable[..., Any], found: object, given: Plain) -> Plain:
    """The validated object as plain data; as it was given, where pydantic cannot write the type."""
    from pydantic_core import PydanticSerializationError

    try:
        plain: Plain = dump(found, mode="json", warnings="none")
    except PydanticSerializationError:
        return given
    return plain


def _as_json(value: Plain, place: str) -> Plain:
    """Plain data in JSON's types: keys are text, and nothing is left that JSON has no word for."""
    if isinstance(value, float) and not math.isfinite(value):
        raise BadAnswer(f"{place}: {value} is not a JSON number")
    if isinstance(value, bytes):
        raise BadAnswer(f"{place}: bytes are not JSON; decode them")
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else str(key): _as_json(item, f"{place}[{key!r:.40}]")
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_json(item, f"{place}[{at}]") for at, item in enumerate(value)]
    return value


def _problems(found: Iterable[tuple[str, str, object]]) -> str:
    """The first problems, each with its place and what stood there."""
    every = list(found)
    shown = [f"{place}: {message} (got {_short(value)})" for place, message, value in every[:_PROBLEMS_SHOWN]]
    if len(every) > _PROBLEMS_SHOWN:
        shown.append(f"and {len(every) - _PROBLEMS_SHOWN} more")
    return "; ".join(shown)


def _place(path: Iterable[str | int], root: str = "answer") -> str:
    return root + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[:200]


def _short(value: object) -> str:
    """What stood there, in a few words; it may come from the data, so it is a repr."""
    if isinstance(value, Mapping):
        return f"a dict with the keys {list(value)[:6]!r:.120}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return ascii(value) if len(ascii(value)) <= _VALUE_CHARS else f"{ascii(value)[:_VALUE_CHARS]}…"


def _said(message: str) -> str:
    """jsonschema begins with the value, however long it is."""
    return message if len(message) <= _REASON_CHARS else f"…{message[-120:]}"
