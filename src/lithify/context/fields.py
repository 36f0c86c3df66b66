"""What a field of a line is, coarsely: the alphabet that line shapes and column types are written in."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

MAX_FIELDS = 6
_PREFIX = 400
"""Characters of a line in which its first fields are looked for."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = re.compile(_MONTH, re.IGNORECASE)
_WEEKDAYS = re.compile(r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|rday|urday)?", re.IGNORECASE)
_LEVEL_WORDS = "trace debug verbose info notice warn warning error err crit critical fatal severe alert emerg panic"
_LEVELS = frozenset(_LEVEL_WORDS.split())
_NUMERIC = re.compile(r"[+-]?[0-9][0-9.,:/_+-]*(?:T[0-9:.,]+)?(?:Z|[+-][0-9:]+)?[,;]?")
_MONTH_DATE = re.compile(rf"[0-9]{{1,4}}([-/ ]){_MONTH}\1[0-9]{{2,4}}(?:[: T][0-9:.,]+)?", re.IGNORECASE)
_STAMP = re.compile(r"(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}[T_:-][0-9][0-9:.,]*[A-Za-z_+:0-9-]{0,12}")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_COMPACT_DAY = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2(?:19|20)[0-9]{2}(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IP = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?")
_KEY_VALUE = re.compile(r"[A-Za-z_][\w.-]*=.*")
_PATH = re.compile(r"~?/\S*|[A-Za-z]:\\\S*|\\\\\S+|[a-z][a-z0-9+]*://\S+|\.{1,2}/\S*")
_FIELD = re.compile(
    r"\[[^\[\]]{1,80}\](?=[\s|;,:]|$):?"  # a bracketed phrase
    r"|(?:[A-Za-z_][\w.-]*=)?\"[^\"]*\""  # quoted text, or a key with quoted text
    r"|[^\s|;,]+(?:,(?=[0-9])(?<=[0-9],)[^\s|;,]+)*"  # anything else, with commas between digits
    r"|[|;,\t]"
)
_MANY_WORDS = 5
TAG = "tag:"
TEXT = "text"
_PLAIN = frozenset({"word", "Word"})
_LOOSE = _PLAIN | {"name", TAG, "mark", "path", ",", "tab"}
"""Classes that free text is full of: they are no sign of structure."""


def line_shape(line: str) -> str:
    """How a line begins: the classes of its fields up to where the free text starts, at most MAX_FIELDS.

    Two parts of one system's log mostly have the same few shapes; another system's log has others. Free text starts
    after a tag (`sshd[123]:`), at anything worded after a level, and at a plain word that no structure follows. Words
    in the structured part count as names, but not a plain host before a tag. Leading white space is part of the shape.
    """
    fields = islice(_FIELD.finditer(line[:_PREFIX].lstrip()), MAX_FIELDS + 3)
    classes = " ".join([field_class(field.group()) for field in fields])
    shape = _shape_of(classes, indented=line[:1] in " \t" and bool(classes))
    return _free_text(line) if shape == TEXT else shape


@lru_cache(maxsize=1 << 14)
def _shape_of(kinds: str, *, indented: bool) -> str:
    """The shape of a line whose fields have these classes; TEXT: nothing but words. Most lines of a log share a few."""
    classes = kinds.split()
    shape = [">"] if indented else []
    after_level = False
    for place, kind in enumerate(classes[:MAX_FIELDS]):
        level = _is_level(kind)
        following = classes[place + 1 : place + 4]
        if (after_level and (level or kind == TAG)) or (kind in _PLAIN and not _goes_on(following)):
            return " ".join((*shape, TEXT))
        if kind == TAG:
            while shape and shape[-1] == "Word":
                shape.pop()
            return " ".join((*shape, TAG))
        shape.append("name" if kind in _PLAIN and following[:1] != [TAG] else kind)
        after_level = after_level or level
    if not after_level:
        shape += _late_level(classes[MAX_FIELDS:])
    return " ".join(shape)


def _free_text(line: str) -> str:
    """A line of nothing but words, by how many: a list of names is no novel."""
    words = len(line[:_PREFIX].split(None, _MANY_WORDS))
    return f"{TEXT}-1" if words == 1 else f"{TEXT}-few" if words < _MANY_WORDS else TEXT


def _is_level(kind: str) -> bool:
    return kind.strip("[]<>(){}:,;").lower() == "level"


def _late_level(classes: list[str]) -> list[str]:
    """The level, where only names stand between the first fields and it: how it is written matters to code."""
    for kind in classes:
        if _is_level(kind):
            return [kind]
        if kind != "name":
            break
    return []


def _goes_on(following: list[str]) -> bool:
    """Whether a plain word still stands in the structured part: a tag is next, or a number or level is near."""
    return following[:1] == [TAG] or any(kind not in _LOOSE and "=" not in kind for kind in following)


@lru_cache(maxsize=1 << 16)
def field_class(field: str) -> str:
    """The class of one field (no white space in it)."""
    if field in "|;,\t":
        return "tab" if field == "\t" else field
    if field[0] == "[" and field[-1] in "]:" and " " in field:
        return _phrase_class(field)
    numeric = number_class(field)
    if numeric:
        return numeric
    if field[0] == field[-1] == '"' and len(field) > 1:
        return "quoted"
    bare = field.strip("[]<>(){}:,;\"'*")
    if not bare:
        return "name" if field.strip("-") == "" else "mark"
    if bare.isalpha():
        return _word_class(field, bare)
    if _HEX.fullmatch(bare):
        return field.replace(bare, "hex") if len(field) > len(bare) else "hex"
    if _UUID.fullmatch(bare):
        return field.replace(bare, "uuid")
    if field.endswith(":") or re.search(r"\[[0-9]+\]:?$", field):
        return TAG
    if _KEY_VALUE.fullmatch(bare):
        key, _, value = bare.partition("=")
        return f"{key}={number_class(value)}"
    if _PATH.fullmatch(bare):
        return "path"
    opening = field[0] if field[0] in "[<({\"'" else ""
    inner = number_class(bare)
    return opening + (inner or "name")


def number_class(field: str) -> str:
    """The class of a field of digits and separators (numbers, dates, times, addresses), "" for any other.

    Digit runs become 9, a year Y, a day written as 20171223 D, month names Mon: 2017-05-16 → Y-9-9. When a date
    can only be read with the day (or the month) first, it says so: 25/12/2020 → D/M/Y.
    """
    bare = field.strip("[]<>()\"'")
    if _NUMERIC.fullmatch(bare):
        if _IP.fullmatch(bare):
            return field.replace(bare, "ip")
        return field.replace(bare, _outline(bare))
    if _STAMP.fullmatch(bare):
        return field.replace(bare, _DIGITS.sub("9", _YEAR.sub("Y", bare, count=1)))
    if _MONTH_DATE.fullmatch(bare):
        return field.replace(bare, _DIGITS.sub("9", _YEAR.sub("Y", _MONTHS.sub("Mon", bare, count=1))))
    return ""


def _outline(text: str) -> str:
    day_first = _DAY_FIRST.match(text)
    if day_first:
        order = _order(int(day_first[1]), int(day_first[3]))
        mark = day_first[2]
        return mark.join((*order, "Y")) + _DIGITS.sub("9", text[day_first.end() :])
    if text.lstrip("+-").isdigit():
        return "9"
    outline = _DIGITS.sub("9", _YEAR.sub("Y", _COMPACT_DAY.sub("D", text)))
    return "version" if "." in outline and "-" in outline[1:] and not set("YD_/T") & set(outline) else outline


def _phrase_class(field: str) -> str:
    """A bracketed phrase: its numbers and dates ("[Day Mon 9 9:9:9 Y]"), or just that it is a name."""
    inner = [field_class(part) for part in field.strip("[]:").split()]
    return "[" + (" ".join(inner) if any(kind not in _LOOSE for kind in inner[:2]) else "name")


def _order(first: int, second: int) -> tuple[str, str]:
    if first > 12:
        return "D", "M"
    return ("M", "D") if second > 12 else ("9", "9")


def _word_class(field: str, bare: str) -> str:
    if bare.lower() in _LEVELS and (field != bare or not bare.islower()):
        written = "LEVEL" if bare.isupper() else "level" if bare.islower() else "Level"
        return field.replace(bare, written)
    if field.endswith(":"):
        return TAG
    if field[0] == "[":
        return "[name"
    if len(bare) >= 3 and bare[0].isupper() and _MONTHS.fullmatch(bare):
        return "Mon"
    if len(bare) >= 3 and bare[0].isupper() and _WEEKDAYS.fullmatch(bare):
        return "Day"
    if bare.isupper():
        return "A" if len(bare) == 1 else "name"
    return "word" if bare.islower() else "Word"
