"""Other values that a parameter could take: what stands in the data where its default stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lithify.records.quick import dataclass

_TOKEN = re.compile(r"[^\s,;:|=()\[\]{}<>\"']+")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
_DELIMITERS = ",;|=\t"
_SAMPLE_CHARACTERS = 400_000
_SAMPLE_LINES = 4_000
ABSENT = "zqxabsentzqx"
"""A text that no data holds."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A token of a line: its place, the token before it, and whether a delimiter stands between the two."""

    token: str
    place: int
    before: str
    delimited: bool

    @property
    def position(self) -> tuple[int, str] | None:
        """What tells this place of a line from others; None after a mere word, where prose may go on in any way."""
        if not self.delimited and set(_looks(self.before)) <= {"a", "A"}:
            return None
        return self.place, _looks(self.before)


def field_values(context: str | Mapping[str, str], default: str) -> list[str]:
    """Texts that stand in the data where default stands, most frequent first: after the same word, or in the same
    place of a line. Only such a text is a value of its own and no part of the format.
    """
    fields = [field for line in _sample(context) for field in _fields(line)]
    own = [field for field in fields if field.token == default]
    own = own or [field for field in fields if field.token.casefold() == default.casefold()]
    after = {field.before for field in own if field.before}
    usual = {position for position, _ in Counter(field.position for field in own).most_common(3) if position}
    looks = {_looks(field.token) for field in own}
    found = Counter(
        field.token
        for field in fields
        if (field.before in after or field.position in usual) and _looks(field.token) in looks
    )
    return [token for token, _ in found.most_common() if token.casefold() != default.casefold()]


def _fields(line: str) -> Iterator[_Field]:
    before = ""
    for place, match in enumerate(_TOKEN.finditer(line)):
        yield _Field(match.group(), place, before, _is_delimited(line, match.start()))
        before = match.group()


def _is_delimited(line: str, start: int) -> bool:
    """Whether a delimiter stands before a place; before a quotation mark there, also a bracket: a row of JSON."""
    bare = line[:start].rstrip("\"'")
    if len(bare) == start:
        return line[start - 1 : start] in _DELIMITERS if start else False
    return bare.rstrip(" ")[-1:] in {*_DELIMITERS, "[", ":"}


def other_texts(context: str | Mapping[str, str], default: str) -> list[str]:
    """Texts to try in place of default: values of its field, texts of its outline, its last number raised by one, and
    words from beside it."""
    alike = _of_outline(context, default) if re.search(r"[\d\s]", default) else []
    raised = _LAST_NUMBER.sub(lambda number: str(int(number.group()) + 1).zfill(len(number.group())), default)
    found = [*field_values(context, default)[:4], *alike[:2], raised, *_beside(context, default)[:3]]
    return [text for text in dict.fromkeys(found) if text != default]


def other_numbers(default: int | float) -> list[int | float]:
    """Numbers near default, and far from it, of its type."""
    near = [default + 1, default - 1, default * 2, default // 2 if isinstance(default, int) else default / 2]
    far = [default * 10, 0 if isinstance(default, int) else 0.0]
    return [value for value in dict.fromkeys([*near, *far]) if value != default and (value >= 0 or default < 0)]


def other_values(context: str | Mapping[str, str], default: int | float) -> list[int | float]:
    """Numbers of its type that stand in the data where default stands, most frequent first."""
    found: list[int | float] = []
    for text in field_values(context, str(default)):
        try:
            found.append(type(default)(text))
        except ValueError:
            continue  # it stands there and is none
    return found


def _beside(context: str | Mapping[str, str], default: str) -> list[str]:
    """What looks like default in the lines that hold it: other columns of a header."""
    lines = [line for line in _sample(context) if default in line][:200]
    found = Counter(token for line in lines for token in _TOKEN.findall(line) if _looks(token) == _looks(default))
    return [token for token, _ in found.most_common()]


def _of_outline(context: str | Mapping[str, str], default: str) -> list[str]:
    """Texts of the same outline: as many digits, letters of the same case, in the same places."""
    parts = [
        "[0-9]" if c.isdigit() else "[A-Z]" if c.isupper() else "[a-z]" if c.islower() else re.escape(c)
        for c in default
    ]
    outline = re.compile(rf"(?<![A-Za-z0-9]){''.join(parts)}(?![A-Za-z0-9])")
    found = Counter(match for line in _sample(context) for match in outline.findall(line))
    return [text for text, _ in found.most_common(10)]


def _sample(context: str | Mapping[str, str]) -> Iterator[str]:
    texts: Sequence[str] = [context] if isinstance(context, str) else list(context.values())
    share = _SAMPLE_CHARACTERS // max(len(texts), 1)
    for text in texts:
        for line in text[:share].splitlines()[:_SAMPLE_LINES]:
            yield line[:2_000]


def _looks(token: str) -> str:
    """Kinds of characters, repetitions folded: "A" for ERROR, "Aa" for Sunday, "9-9-9" for a date."""
    kinds = "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in token)
    return re.sub(r"(.)\1+", r"\1", kinds)
