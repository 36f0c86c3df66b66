"""A Context from values at hand: digest, fingerprint and preview. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from lithify.context.digest import digest_of
from lithify.context.fingerprint import fingerprint_files, fingerprint_of
from lithify.context.parsed import parse
from lithify.context.preview import preview_files, preview_text
from lithify.errors import BadInput, ProgrammerMustAct
from lithify.records.context import Context


def context_from_value(
    value: str | Mapping[str, str], *, sources: tuple[str, ...] = (), notes: tuple[str, ...] = ()
) -> Context:
    """A Context over one text, or over several (name → text; they are put in order of their names).

    Raises BadInput when there is no text at all, ProgrammerMustAct when names or texts are no str.
    """
    if isinstance(value, str):
        return _of_text(value, sources, notes)
    if not isinstance(value, Mapping):
        raise ProgrammerMustAct(f"context must be a str or a mapping of name to str, not {type(value).__name__}")
    strange = [name for name, text in value.items() if not isinstance(name, str) or not isinstance(text, str)]
    if strange:
        kind = type(value[strange[0]]).__name__
        raise ProgrammerMustAct(f"context must map str to str; {strange[0]!r} maps to {kind}; convert it to text first")
    if not value:
        raise BadInput("the context holds no text: the mapping is empty; give at least one name with its text")
    return _of_files(value, sources, notes)


def _of_text(text: str, sources: tuple[str, ...], notes: tuple[str, ...]) -> Context:
    parsed = parse(text)
    found = fingerprint_of(parsed)
    if found.format == "empty":
        notes = (*notes, "the text is empty" if not text else "the text holds white space only")
    return Context(
        kind="text",
        value=text,
        sources=sources,
        size=len(text),
        digest=digest_of(text),
        preview=preview_text(parsed, found),
        fingerprint=found,
        notes=notes,
    )


def _of_files(files: Mapping[str, str], sources: tuple[str, ...], notes: tuple[str, ...]) -> Context:
    ordered = {name: files[name] for name in sorted(files)}
    return Context(
        kind="files",
        value=ordered,
        sources=sources,
        size=sum(map(len, ordered.values())),
        digest=digest_of(ordered),
        preview=preview_files(ordered),
        fingerprint=fingerprint_files(ordered),
        notes=notes,
    )
