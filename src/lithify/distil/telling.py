"""What tells inputs of one shape from those of another that has the same fields: how their values look. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal, TypeAlias

from lithify.records.context import Fingerprint, Format
from lithify.records.quick import dataclass

Family: TypeAlias = Literal["text", "style", "number", "bool", "dict", "list", "day"]
MOST_FIELDS = 4
_NOTHING = frozenset({"empty", "null"})
_TYPES: Mapping[str, Family] = {
    "int": "number",
    "float": "number",
    "decimal": "number",
    "number": "number",
    "bool": "bool",
    "object": "dict",
    "list": "list",
    "timestamp": "day",
    "date": "day",
}
_IS: Mapping[Family, str] = {
    "text": "isinstance(value, str)",
    "number": "isinstance(value, (int, float))",
    "bool": "isinstance(value, bool)",
    "dict": "isinstance(value, dict)",
    "list": "isinstance(value, list)",
    "day": 'hasattr(value, "isoformat")',
}
_SAID: Mapping[Family, str] = {
    "text": "text",
    "number": "numbers",
    "bool": "yes or no",
    "dict": "objects",
    "list": "lists",
    "day": "days",
}
_STYLES = {
    "number": r"[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?",
    "%": r"[+-]?\d*\.?\d+%",
    "ip": r"\d+\.\d+\.\d+\.\d+(?::\d+)?",
    "version": r"\d[\d.-]*",
}
_OUTLINE = {"Mon": r"[A-Za-z]+", "Y": r"\d{4}", "D": r"\d+", "M": r"\d+", "9": r"\d+"}
_ORDERED = {**_OUTLINE, "D": r"(?:0?[1-9]|[12]\d|3[01])", "M": r"(?:0?[1-9]|1[0-2])"}
_DAY_ORDER = re.compile(r"D([/.-])M\1Y|M([/.-])D\2Y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the values of a field are: families of types, and of text the styles that it is written in."""

    families: frozenset[Family]
    styles: frozenset[str]

    @property
    def said(self) -> str:
        """In words, for a docstring: "like Y-9-9", "numbers"."""
        words = [_SAID[one] for one in sorted(self.families - {"style"})]
        return " or ".join([*words, *(["like " + " or ".join(sorted(self.styles))] if self.styles else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A field by which inputs of a shape are told from those of others.

    condition: an expression over `values`, the field's values without those that are nothing
    """

    field: str
    says: str
    condition: str
    imports: tuple[str, ...] = ()


@dataclass(slots=True)
class _Against:
    """One field against the same field of others. styles: of theirs; orders: of theirs, where only days differ."""

    mine: Look
    styles: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)


def tellings(shape: Fingerprint, others: Sequence[Fingerprint]) -> tuple[Telling, ...]:
    """The fields, few, whose values look otherwise than in each of the other shapes that can be told apart so."""
    mine = _looks(shape)
    found: dict[str, _Against] = {}
    for other in others:
        theirs, there = _looks(other), {one.pattern.partition(" = ")[0] for one in other.shapes}
        for name, look in mine.items():
            if name not in there and name.startswith("$."):
                found.setdefault(name, _Against(look))
            elif name in theirs and _differ(look, theirs[name]):
                one = found.setdefault(name, _Against(look))
                one.styles |= theirs[name].styles
                one.orders |= {style for style in theirs[name].styles if _is_order_of(style, look.styles)}
    chosen = sorted(found, key=lambda name: (name.count("."), list(mine).index(name)))[:MOST_FIELDS]
    return tuple(_telling(name, found[name]) for name in chosen)


def _looks(shape: Fingerprint) -> dict[str, Look]:
    """How each field looks whose values are all of a kind that a test can be made for."""
    classes: dict[str, list[str]] = {}
    for one in shape.shapes:
        name, _, kind = one.pattern.partition(" = ")
        classes.setdefault(name, []).append(kind)
    ordered = sorted(classes, key=lambda name: shape.header.index(name) if name in shape.header else len(classes))
    looks = {name: _look(classes[name], shape.format) for name in ordered}
    return {name: look for name, look in looks.items() if look is not None}


def _look(kinds: Collection[str], form: Format) -> Look | None:
    families: set[Family] = set()
    styles: set[str] = set()
    for kind in kinds:
        if kind in _NOTHING:
            continue
        style = {"int": "number", "float": "number"}.get(kind.strip('"'), kind.strip('"'))
        if kind == "text":
            families.add("text")
        elif form != "delimited" and kind in _TYPES:
            families.add(_TYPES[kind])
        elif style in _STYLES or re.search(r"[9YD]", style):
            families.add("style")
            styles.add(style)
        else:
            return None
    return Look(families=frozenset(families), styles=frozenset(styles)) if families else None


def _differ(mine: Look, theirs: Look) -> bool:
    """Whether no value can be of both: texts beside styles can be told by what the style is, two texts cannot."""
    if (mine.families & theirs.families) - {"style"}:
        return False
    if not (mine.styles and theirs.styles):
        return True
    ambiguous = {_unordered(one) for one in mine.styles} & {_unordered(one) for one in theirs.styles}
    if not ambiguous:
        return True
    return not mine.styles & theirs.styles and all(map(_DAY_ORDER.search, mine.styles | theirs.styles))


def _unordered(style: str) -> str:
    return _DAY_ORDER.sub(lambda found: "9{0}9{0}Y".format(found[1] or found[2]), style)


def _is_order_of(style: str, mine: Collection[str]) -> bool:
    return bool(_DAY_ORDER.search(style)) and any(_unordered(style) == _unordered(one) for one in mine)


def _telling(name: str, against: _Against) -> Telling:
    mine = against.mine
    label = re.sub(r"^\$\.|^\[\]\.", "", name)
    if "text" in mine.families and against.styles:
        condition = f"values and not any({_styled(against.styles)} for value in values)"
        return Telling(field=name, says=f"{label} as text", condition=condition, imports=("import re",))
    kinds = [_IS[one] for one in sorted(mine.families - {"style"})]
    kinds += [_styled(mine.styles)] if mine.styles else []
    whether = kinds[0] if len(kinds) == 1 else " or ".join(f"({kind})" for kind in kinds)
    condition = f"values and all({whether} for value in values)"
    if against.orders:
        condition += f" and not all({_styled(against.orders)} for value in values)"
    imports = ("import re",) if mine.styles or against.orders else ()
    return Telling(field=name, says=f"{label} {mine.said}", condition=condition, imports=imports)


def _styled(styles: Collection[str]) -> str:
    patterns = "|".join(dict.fromkeys(_pattern(style) for style in sorted(styles)))
    return f'isinstance(value, str) and re.fullmatch(r"{patterns}", value.strip())'


def _pattern(style: str) -> str:
    """`Y-9-9` → `\\d{4}-\\d+-\\d+`."""
    if style in _STYLES:
        return _STYLES[style]
    known = _ORDERED if _DAY_ORDER.search(style) else _OUTLINE
    return "".join(known.get(part, re.escape(part).replace('"', r"\x22")) for part in _parts(style))


def _parts(style: str) -> Iterator[str]:
    yield from re.findall(r"Mon|.", style)
