"""Whether a tool that was made on one context fits another: the comparison of fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lithify.records.context import Fingerprint, LineShape
from lithify.records.quick import dataclass

REQUIRED_SHARE = 0.95
"""The share of the new lines (of each field's values, for tables and JSON) that must have a known shape."""
_TELLING_SHARE = 0.005
_TELLING_OF_PAGES = 0.03
"""Of a document, whose lines break anywhere: rarer shapes come and go from one to the next."""
_SOME_WORDS = "words"
_PLAIN_WORDS = frozenset({"text", "text-1", "text-few", "name", "word", "Word", "A", ",", ";", "mark", "quoted"})
_BY_FIELD = frozenset({"delimited", "json", "jsonl", "table", "data"})
_BY_NAME = frozenset({"database", "inputs"})
_BY_LINES = frozenset({"lines", "prose"})
_BY_KEYS = frozenset({"json", "jsonl", "data"})
"""Of which more keys than the tool knows do no harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a new context has a known shape (0 to 1). why is "" when covered, else the reason for a person."""

    share: float
    why: str = ""

    @property
    def covered(self) -> bool:
        """Whether a tool may be used on it."""
        return not self.why


def covers(known: Sequence[Fingerprint], new: Fingerprint) -> Coverage:
    """Whether a context is of a shape that is known, judged strictly: a wrong reuse is worse than a missed one.

    Format, delimiter and header must agree (no column more, fewer, renamed or moved), and REQUIRED_SHARE of what is
    new must have a shape that a known context of the same format, delimiter and header has. Of a database every table,
    of a workbook every sheet, of several inputs each must be covered by its name. An empty context is never covered,
    nor is one whose shape says too little (bytes that begin as no other, a sheet without a row of names).
    """
    if new.format == "empty":
        return Coverage(share=0.0, why="the context is empty")
    if not known:
        return Coverage(share=0.0, why="the tool has no recorded shape of input")
    alike = [fingerprint for fingerprint in known if fingerprint.format == new.format]
    if not alike:
        return Coverage(
            share=0.0,
            why=f"the context is {new.format}, the tool knows {_listed(sorted({one.format for one in known}))}",
        )
    if new.format == "files" or new.format in _BY_NAME or new.members:
        compare = _files if new.format == "files" else _named
        return max((compare(one, new) for one in alike), key=lambda coverage: (coverage.covered, coverage.share))
    if new.format not in _BY_FIELD | _BY_LINES and not (new.format in ("document", "bytes") and new.shapes):
        return Coverage(share=0.0, why=f"the shape of {new.format} says too little to know it again")
    reasons = [_header_differs(one, new) for one in alike]
    fitting = [one for one, reason in zip(alike, reasons, strict=True) if not reason]
    if not fitting:
        return Coverage(share=0.0, why=reasons[0])
    if new.format in _BY_FIELD or (new.format == "bytes" and new.header):
        return _fields(fitting, new)
    if new.format == "document":
        return _prose([_folded(one) for one in fitting], _folded(new), _TELLING_OF_PAGES)
    return _prose(fitting, new, _TELLING_SHARE) if new.format == "prose" else _lines(fitting, new)


def _header_differs(known: Fingerprint, new: Fingerprint) -> str:
    if known.delimiter != new.delimiter:
        return f"the delimiter is {new.delimiter!r}, the tool knows {known.delimiter!r}"
    missing = [name for name in known.header if name not in new.header]
    extra = [name for name in new.header if name not in known.header]
    if known.format in _BY_KEYS:
        return f"keys are missing: {_listed(missing)}" if missing else ""
    if missing or extra:
        parts = [f"missing {_listed(missing)}"] * bool(missing) + [f"unknown {_listed(extra)}"] * bool(extra)
        return f"the columns differ: {'; '.join(parts)}"
    return "" if known.header == new.header else "the columns are in another order"


def _lines(known: Sequence[Fingerprint], new: Fingerprint) -> Coverage:
    patterns = {shape.pattern for fingerprint in known for shape in fingerprint.shapes}
    share = min(1.0, sum(shape.share for shape in new.shapes if _is_known(shape.pattern, patterns)))
    if share >= REQUIRED_SHARE:
        return Coverage(share=share)
    strange = max((shape for shape in new.shapes if not _is_known(shape.pattern, patterns)), key=_share, default=None)
    example = f'; new: "{strange.pattern}"' if strange else ""
    return Coverage(share=share, why=f"only {share:.0%} of lines have a known shape{example}")


def _folded(fingerprint: Fingerprint) -> Fingerprint:
    """A document's shape without where its lines are broken: words that stand together count as one."""
    shares: dict[str, float] = {}
    for shape in fingerprint.shapes:
        parts = [_SOME_WORDS if part in _PLAIN_WORDS else part for part in shape.pattern.split()]
        pattern = " ".join(
            part for n, part in enumerate(parts) if parts[n - 1 : n] != [_SOME_WORDS] or part != _SOME_WORDS
        )
        shares[pattern] = shares.get(pattern, 0.0) + shape.share
    return replace(fingerprint, shapes=tuple(LineShape(pattern=one, share=share) for one, share in shares.items()))


def _prose(known: Sequence[Fingerprint], new: Fingerprint, telling: float) -> Coverage:
    """Prose is mostly one shape, so the lines that are not (headings, lists) must all be there too."""
    coverage = _lines(known, new)
    present = {shape.pattern for shape in new.shapes}
    absent = [sorted(shape.pattern for shape in one.shapes if _is_telling(shape, present, telling)) for one in known]
    if coverage.covered and all(absent):
        return Coverage(share=coverage.share, why=f'prose without lines like "{absent[0][0]}", which the tool knows')
    return coverage


def _is_telling(shape: LineShape, present: set[str], least: float) -> bool:
    return shape.share >= least and shape.pattern not in present


def _fields(known: Sequence[Fingerprint], new: Fingerprint) -> Coverage:
    """The field with the most values of an unknown class decides."""
    patterns = {shape.pattern for fingerprint in known for shape in fingerprint.shapes}
    unknown: dict[str, float] = {}
    worst: dict[str, LineShape] = {}
    for shape in new.shapes:
        if _is_known(shape.pattern, patterns):
            continue
        name = shape.pattern.partition(" = ")[0]
        unknown[name] = unknown.get(name, 0.0) + shape.share
        worst.setdefault(name, shape)
    if not unknown:
        return Coverage(share=1.0)
    name = max(unknown, key=lambda field: unknown[field])
    share = max(0.0, 1.0 - unknown[name])
    if share >= REQUIRED_SHARE:
        return Coverage(share=share)
    kind = worst[name].pattern.partition(" = ")[2]
    return Coverage(share=share, why=f"{name!r} has values of a new kind in {unknown[name]:.0%}: {kind}")


def _files(known: Fingerprint, new: Fingerprint) -> Coverage:
    """Every kind of file must be known, and every known kind must be there."""
    share = 1.0
    for suffix, member in new.members:
        coverage = covers([one for name, one in known.members if name == suffix], member)
        if not coverage.covered and member.format != "empty":
            return Coverage(share=coverage.share, why=f"files {suffix or 'without suffix'}: {coverage.why}")
        share = min(share, coverage.share) if member.format != "empty" else share
    for suffix, member in known.members:
        there = [one for name, one in new.members if name == suffix]
        if not any(covers([member], one).covered for one in there) and member.format != "empty":
            return Coverage(share=0.0, why=f"files {suffix or 'without suffix'} ({member.format}) are missing")
    return Coverage(share=share)


def _named(known: Fingerprint, new: Fingerprint) -> Coverage:
    """The same tables or inputs by name, each of a known shape."""
    there, here = dict(known.members), dict(new.members)
    if there.keys() != here.keys():
        missing, extra = sorted(there.keys() - here.keys()), sorted(here.keys() - there.keys())
        parts = [f"missing {_listed(missing)}"] * bool(missing) + [f"unknown {_listed(extra)}"] * bool(extra)
        what = {"database": "tables", "document": "sheets"}.get(new.format, "inputs")
        return Coverage(share=0.0, why=f"the {what} differ: {'; '.join(parts)}")
    empty = {name for name, member in here.items() if member.format == there[name].format == "empty"}  # a sheet, say
    # Notes beside a table: a sheet without a row of names is not asked, where others have one.
    nameless = {name for name, member in here.items() if _is_nameless(member) and _is_nameless(there[name])}
    aside = empty | (nameless if nameless | empty != here.keys() else set())
    found = {name: covers([there[name]], member) for name, member in here.items() if name not in aside}
    for name, coverage in found.items():
        if not coverage.covered:
            return Coverage(share=coverage.share, why=f"{name!r}: {coverage.why}")
    if not found:
        return Coverage(share=0.0, why="the context is empty")
    return Coverage(share=min(coverage.share for coverage in found.values()))


def _is_nameless(sheet: Fingerprint) -> bool:
    return sheet.format == "document" and not sheet.shapes


def _is_known(pattern: str, patterns: set[str]) -> bool:
    """Known as it stands; whole numbers where floats are known; an ambiguous day where the order of days is known."""
    if pattern in patterns:
        return True
    field, _, kind = pattern.rpartition(" = ")
    if kind.strip('"') == "int":
        return f"{field} = {kind.replace('int', 'float')}" in patterns
    for mark in "/-.":
        ambiguous = f"9{mark}9{mark}Y"
        if ambiguous in pattern:
            orders = (f"D{mark}M{mark}Y", f"M{mark}D{mark}Y")
            return any(pattern.replace(ambiguous, order) in patterns for order in orders)
    return False


def _share(shape: LineShape) -> float:
    return shape.share


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
