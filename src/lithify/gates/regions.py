"""Other inputs made from an input: parts that were not looked at, and neighbours that differ in one place. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from lithify.layout import BY_ROWS, TEXT_FORM, Elements, Form, elements_of, head_and_rows, joined
from lithify.records.context import Texts

T = TypeVar("T")

REGION_CHARACTERS = 6_000
"""How much of a text one part holds, about: enough to be like the whole, small enough to be kept in a repository."""
_FEWEST_LINES = 4
_MOST_OF_ONE = 4
_MANY_ELEMENTS = 40
_HARDLY = 0.05
_PLACES = (0.5, 0.25, 0.75, 0.9)
_SHOWN_LINE = 12
"""Shorter lines are no sign that a place was looked at: they are everywhere."""


def unseen_parts(context: Texts, shown: str, seed: str, form: Form = TEXT_FORM) -> Iterator[Texts]:
    """Parts of a context with nothing that was shown, in an order that the seed decides.

    Where there is no such part, all of them, those with the least first. shown: all that the author could see. A part
    of lines begins with the first line, which may be a header; a part of a JSON document is the document with fewer
    elements; of files, some of them. form: how the context is written.
    """
    parts = _parts(context, form)
    seen = frozenset(line.strip() for line in shown.splitlines() if len(line.strip()) >= _SHOWN_LINE)
    order = sorted(range(len(parts)), key=lambda n: hashlib.sha256(f"{seed} {n}".encode()).digest())
    share = {n: _shown_share(parts[n], seen) for n in order}
    unseen = [n for n in order if share[n] < _HARDLY]
    yield from (parts[n] for n in unseen or sorted(order, key=lambda n: share[n]))


def fewer(context: Texts, form: Form = TEXT_FORM) -> list[Texts]:
    """The context with one line or element less, at several places; with two less; with half of them."""
    if isinstance(context, str):
        return list(_in_rows(context, _fewer_elements) if form.kind in BY_ROWS else _fewer(context))
    if form.parts:
        return [
            {**context, name: less}
            for name, part in form.parts
            for less in fewer(context[name], part)[-_MOST_OF_ONE:]
            if isinstance(less, str)
        ]
    names = sorted(context)
    files: list[Texts] = [{one: context[one] for one in names if one != less} for less in names[:2] if len(names) > 1]
    return files + [{**context, name: less} for name in names[:2] for less in list(_fewer(context[name]))[:3]]


def repeated(context: Texts, form: Form = TEXT_FORM) -> list[Texts]:
    """The context with one line or element twice, at several places."""
    if isinstance(context, str):
        return list(_in_rows(context, _repeated_elements) if form.kind in BY_ROWS else _repeated(context))
    if form.parts:
        more = ((name, other) for name, part in form.parts for other in repeated(context[name], part)[:2])
        return [{**context, name: other} for name, other in more if isinstance(other, str)]
    return [{**context, name: other} for name in sorted(context)[:2] for other in _repeated(context[name])]


def _in_rows(text: str, change: Callable[[Sequence[str]], Iterator[list[str]]]) -> Iterator[str]:
    """A context of rows with other rows below its head."""
    head, rows = head_and_rows(text)
    for other in change(rows):
        yield joined(head, other)


def _parts(context: Texts, form: Form) -> list[Texts]:
    if not isinstance(context, str) and form.parts:
        return list(_parts_of_several(context, form))
    if not isinstance(context, str):
        names = sorted(context)
        if len(names) == 1:
            return [{names[0]: part} for part in _parts(context[names[0]], TEXT_FORM) if isinstance(part, str)]
        groups = [names[start::5] for start in range(5)] + [names[: len(names) // 2], names[len(names) // 2 :]]
        return [{name: context[name] for name in group} for group in groups if 0 < len(group) < len(names)]
    document = _document(context) if form.kind not in BY_ROWS else None
    if document is not None:
        return list(_document_parts(document, len(context)))
    return list(_line_parts(context))


def _parts_of_several(context: Mapping[str, str], form: Form) -> Iterator[Texts]:
    """Parts of each of several inputs beside the others whole; then of all that have parts, together."""
    parts = {name: [one for one in _parts(context[name], part) if isinstance(one, str)] for name, part in form.parts}
    parts = {name: found for name, found in parts.items() if found}
    yield from ({**context, name: one} for name, found in parts.items() for one in found)
    for number in range(max(map(len, parts.values()), default=0) if len(parts) > 1 else 0):
        yield {**context, **{name: found[number % len(found)] for name, found in parts.items()}}


def _line_parts(text: str) -> Iterator[str]:
    """Stretches of a long text; of a short one, which the author saw whole, lines in another selection."""
    lines = text.splitlines(keepends=True)
    if len(lines) < _FEWEST_LINES:
        return
    if len(text) > 4 * REGION_CHARACTERS:
        count = min(40, 2 * len(text) // REGION_CHARACTERS)
        size = max(_FEWEST_LINES, len(lines) * REGION_CHARACTERS // len(text))
        for start in (1 + (len(lines) - 1) * n // count for n in range(count)):
            yield lines[0] + "".join(lines[start : start + size])
        return
    head, rest = lines[0], lines[1:]
    third = max(1, len(rest) // 3)
    for chosen in (rest[::2], rest[1::2], rest[third:], rest[:-third], [*rest[:third], *rest[2 * third :]], rest[::-1]):
        if len(chosen) >= 2:
            yield head + "".join(line if line.endswith("\n") else f"{line}\n" for line in chosen)


def _document_parts(document: object, characters: int) -> Iterator[str]:
    """Stretches of a long document's elements; of a short one, which the author saw whole, every second and halves."""
    for longest, put in _longest(document):
        if characters > 4 * REGION_CHARACTERS and len(longest) >= _MANY_ELEMENTS:
            count = min(40, 2 * characters // REGION_CHARACTERS)
            size = max(_FEWEST_LINES, len(longest) * REGION_CHARACTERS // characters)
            head = longest[:1] if isinstance(longest[0], list) else []  # of rows the first may be a header
            starts = (len(head) + (len(longest) - len(head)) * n // count for n in range(count))
            yield from (put([*head, *longest[start : start + size]]) for start in starts)
            return
        for keep in (
            slice(None, None, 2),
            slice(1, None, 2),
            slice(0, len(longest) // 2),
            slice(len(longest) // 2, None),
        ):
            if 0 < len(longest[keep]) < len(longest):
                yield put(longest[keep])


def _places(number: int) -> list[int]:
    return list(dict.fromkeys(min(int(number * share), number - 1) for share in _PLACES)) if number else []


def _fewer(text: str) -> Iterator[str]:
    document = _document(text)
    if document is not None:
        yield from (put(less) for longest, put in _longest(document) for less in _fewer_elements(longest))
        return
    lines = text.splitlines(keepends=True)
    if len(lines) > 2:
        yield from ("".join([*lines[:place], *lines[place + 1 :]]) for place in _places(len(lines)))
    if len(lines) > 4:
        yield "".join([*lines[: len(lines) // 2], *lines[len(lines) // 2 + 2 :]])
        yield "".join([lines[0], *lines[1::2]])


def _fewer_elements(elements: Sequence[T]) -> Iterator[list[T]]:
    if len(elements) > 1:
        yield from ([*elements[:place], *elements[place + 1 :]] for place in _places(len(elements)))
    if len(elements) > 3:
        yield from (list(elements[2:]), list(elements[::2]))


def _repeated_elements(elements: Sequence[T]) -> Iterator[list[T]]:
    for place in _places(len(elements))[:2]:
        yield [*elements[:place], elements[place], *elements[place:]]
    yield [*elements[:-2], *elements[:-3:-1]]


def _repeated(text: str) -> Iterator[str]:
    document = _document(text)
    if document is not None:
        yield from (put(more) for longest, put in _longest(document) for more in _repeated_elements(longest))
        return
    lines = text.splitlines(keepends=True)
    for place in _places(len(lines)):
        yield "".join([*lines[:place], _ended(lines[place]), *lines[place:]])


def _longest(document: object) -> Iterator[tuple[list[object], Callable[[object], str]]]:
    """The list that a document consists of, and how the document is written with another one in its place."""
    found = elements_of(document)
    if found is not None and isinstance(found.held, list):
        yield found.held, found.put
    elif isinstance(document, list) and document:
        yield document, Elements(document, (), document).put


def _document(text: str) -> object | None:
    """The JSON document that a text is; None for any other."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _shown_share(part: Texts, seen: frozenset[str]) -> float:
    lines = [line for text in ([part] if isinstance(part, str) else part.values()) for line in text.splitlines()[1:]]
    return sum(line.strip() in seen for line in lines) / max(1, len(lines))
