"""Smaller contexts made from a context."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from lithify.layout import BY_ELEMENTS, TEXT_FORM, Form, elements_of, nothing
from lithify.records.context import Format

Text = str | Mapping[str, str]

DOCUMENTS: frozenset[Format] = frozenset({"json", "data", "document", "files"})
"""Formats of which a text is one JSON document, and no lines; files are written so where they are one of several."""
_WINDOWS = (0.0, 1.0, 0.5, 0.25, 0.75)


def size(context: Text) -> int:
    """Characters in a context, names of files included."""
    return len(context) if isinstance(context, str) else sum(len(name) + len(body) for name, body in context.items())


def empty(context: Text, form: Form = TEXT_FORM) -> Text:
    """Nothing, in the same kind of context."""
    return nothing(context, form)


def halves(context: Text, form: Form = TEXT_FORM) -> tuple[Text, Text]:
    """The first and the second half: of the lines, the first line kept as a possible header; of files, by name.

    Of data in which there is nothing to halve both are the whole.
    """
    if (form.kind in BY_ELEMENTS or form.kind == "files") and isinstance(context, str):
        first, second, *_ = [*_smaller_json(context), context, context]
        return first, second
    if isinstance(context, str):
        return _half_of_lines(context, first=True), _half_of_lines(context, first=False)
    if form.parts:
        both = {name: halves(context[name], part) for name, part in form.parts}
        return {name: str(pair[0]) for name, pair in both.items()}, {name: str(pair[1]) for name, pair in both.items()}
    if len(context) == 1:
        ((name, body),) = context.items()
        return {name: _half_of_lines(body, first=True)}, {name: _half_of_lines(body, first=False)}
    names = sorted(context)
    middle = (len(names) + 1) // 2
    return _files(context, names[:middle]), _files(context, names[middle:])


def smaller(context: Text, form: Format, members: Mapping[str, Format] | None = None) -> Iterator[Text]:
    """Extracts of about half the size, likeliest first; none when there is nothing to halve.

    members: of several inputs what each looks like: the largest is halved first, the others stay.
    """
    if members and not isinstance(context, str):
        for name in sorted(members, key=lambda one: -len(context[one])):
            yield from ({**context, name: less} for less in smaller(context[name], members[name]) if type(less) is str)
        return
    if isinstance(context, str) and form in DOCUMENTS:
        yield from _smaller_json(context)
        return
    yield from (half for half in halves(context) if 0 < size(half) < size(context))


def windows(text: str, characters: int) -> Iterator[str]:
    """Stretches of whole lines of about so many characters, from several places of a long text, each after its first
    line."""
    head_end = text.find("\n") + 1
    for share in _WINDOWS:
        start = _line_start(text, int((len(text) - characters) * share))
        end = text.rfind("\n", start, start + characters) + 1
        if end > start:
            yield text[start:end] if start < head_end else text[:head_end] + text[start:end]


def _half_of_lines(text: str, *, first: bool) -> str:
    middle = _line_start(text, len(text) // 2)
    head_end = text.find("\n") + 1
    if first:
        return text[:middle]
    return text if middle <= head_end else text[:head_end] + text[middle:]


def _line_start(text: str, place: int) -> int:
    """Where the first line begins that does not begin before place."""
    if place <= 0:
        return 0
    end = text.find("\n", place - 1)
    return len(text) if end < 0 else end + 1


def _smaller_json(text: str) -> Iterator[str]:
    """A document with its longest list halved."""
    try:
        found = elements_of(json.loads(text))
    except (ValueError, RecursionError):
        return
    if found is not None:
        yield from (found.put(half) for half in _halved(found.held))


def _halved(values: list[object] | dict[str, object]) -> Iterator[list[object] | dict[str, object]]:
    middle = len(values) // 2
    if isinstance(values, dict):
        items = list(values.items())
        yield from (dict(items[:middle]), dict(items[middle:]))
    else:
        yield from (values[:middle], values[middle:])


def _files(context: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str]:
    return {name: context[name] for name in names}
