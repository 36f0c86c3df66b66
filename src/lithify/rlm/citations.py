"""Citations: what the model quotes is looked up in the context, by the host, before the answer is given."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from lithify.records.citation import Citation, Claim, Unit
from lithify.records.context import Context
from lithify.records.plain import Plain

MAX_CLAIMS: Final = 50
MAX_QUOTE_CHARS: Final = 2_000
_SLICE = 1 << 20
_ROWS_READ = 50_000_000
"""Characters of a delimited text that are parsed to find a row; beyond, a row is taken for a line."""

CITE_PRELUDE: Final = f'''
def __lithify_cite__(space):
    made = []

    def CITE(quote, source="", *, line=0, row=0, page=0, file="", record=0):
        """Support the answer with a piece of the data, exactly as it stands there."""
        if not isinstance(quote, (str, int, float)) or not str(quote).strip():
            raise TypeError(f"CITE takes a piece of the data as text, not {{quote!r:.80}}")
        if len(made) >= {MAX_CLAIMS}:
            raise ValueError("CITE: an answer has at most {MAX_CLAIMS} quotes")
        unit = "line" if line else "row" if row or record else "page" if page else ""
        made.append([str(quote), str(source or file or ""), unit, int(line or row or record or page or 0)])

    space.update(CITE=CITE, __lithify_citations__=lambda: made, __lithify_uncite__=made.clear)


__lithify_cite__(globals())
del __lithify_cite__
'''
CITED: Final = "__lithify_citations__()"
UNCITE: Final = "__lithify_uncite__()"


def claims(value: Plain) -> tuple[Claim, ...]:
    """What the session says was cited, read with distrust; the same quote at the same place counts once."""
    found: dict[Claim, None] = {}
    for item in value if isinstance(value, list) else ():
        match item:
            case [str(quote), str(source), "line" | "row" | "page" | "" as unit, int(number)] if quote.strip():
                found[Claim(quote=quote, source=source, unit=unit, number=max(0, number))] = None
    return tuple(found)[:MAX_CLAIMS]


def verify(claim: Claim, context: Context) -> Citation:
    """Look the quote up where the claim says, else anywhere: a quote that stands elsewhere gets its real place."""
    if len(claim.quote) > MAX_QUOTE_CHARS:
        return _unverified(claim, f"a quote of {len(claim.quote):,} characters is not looked up: quote less")
    parts = list(_parts(context))
    named = [part for part in parts if claim.source and _is_named(part[0], claim.source)]
    problem = ""
    for source, variable, value in [*named, *(part for part in parts if part not in named)]:
        try:
            place = _find(claim, variable, value)
        except _CannotLook as cannot:
            problem = problem or str(cannot)
            continue
        if place is not None:
            return _placed(claim, source, place, claim.source == "" or (source, variable, value) in named)
    return _unverified(claim, problem or "it does not stand in the data")


Part = tuple[str, Context, object]


class _CannotLook(Exception):
    """A kind of data that quotes are not looked up in."""


def _parts(context: Context) -> Iterator[Part]:
    """The pieces of the context that have a name of their own: files, inputs, sheets."""
    for variable in context.variables:
        name = variable.name if context.inputs else ""
        if variable.kind in ("files", "tables"):
            members = cast("Mapping[str, object]", variable.value)
            yield from ((f"{name}/{member}" if name else member, variable, value) for member, value in members.items())
        else:
            yield name, variable, variable.value


def _is_named(source: str, said: str) -> bool:
    return source == said or source.endswith(f"/{said}") or said.endswith(f"/{source}")


def _placed(claim: Claim, source: str, place: tuple[Unit, int], same_source: bool) -> Citation:
    unit, number = place
    as_said = same_source and (claim.number == 0 or claim.unit != unit or claim.number == number)
    said = " ".join(str(word) for word in (claim.source, claim.unit, claim.number or "") if word)
    note = "" if as_said else f"cited as {said}"
    return Citation(quote=claim.quote, source=source, unit=unit, number=number, verified=True, note=note)


def _unverified(claim: Claim, why: str) -> Citation:
    return Citation(
        quote=claim.quote, source=claim.source, unit=claim.unit, number=claim.number, verified=False, note=why
    )


def _find(claim: Claim, variable: Context, value: object) -> tuple[Unit, int] | None:
    """Where the quote stands in one part: as near to the place that was said as possible."""
    if isinstance(value, str):
        return _in_text(claim, value, variable)
    if variable.kind in ("data", "document"):
        unit: Unit = "page" if variable.kind == "document" else "row"
        return _in_items(claim, cast("Plain", value), unit)
    if variable.kind in ("table", "tables"):
        return _in_table(claim, value)
    raise _CannotLook(f"quotes are not looked up in a {variable.kind}")


def _in_text(claim: Claim, text: str, variable: Context) -> tuple[Unit, int] | None:
    quote = claim.quote
    if quote not in text and "\r\n" in text:
        quote = quote.replace("\r\n", "\n").replace("\n", "\r\n")
    first = text.find(quote)
    if first < 0:
        return None
    said = _offset(claim, text, variable)
    at = first if said is None else _nearest(quote, text, said, "\f" if claim.unit == "page" else "\n")
    return "line", text.count("\n", 0, at) + 1


def _nearest(quote: str, text: str, said: int, mark: str) -> int:
    """Where a quote stands that does stand in the text: in the line or page that begins at said, else closest to it."""
    end = said
    for _ in range(quote.count(mark) + 1):
        end = text.find(mark, end) + 1 or len(text)
    at = text.find(quote, said, end)
    if at >= 0:
        return at
    before, after = text.rfind(quote, 0, said), text.find(quote, said)
    return after if before < 0 or 0 <= after - said < said - before else before


def _offset(claim: Claim, text: str, variable: Context) -> int | None:
    """Where the place that was said begins; None when nothing was said, or there is no such place."""
    if not claim.number:
        return None
    if claim.unit == "page":
        return _nth(text, "\f", claim.number - 1)
    line = claim.number
    if claim.unit == "row" and variable.fingerprint.format == "delimited":
        line = _line_of_row(text, claim.number, variable)
    return _nth(text, "\n", line - 1)


def _nth(text: str, mark: str, count: int) -> int | None:
    """The offset after the count-th mark, counted in slices; None when there are fewer."""
    at = 0
    while count > 0:
        if at >= len(text):
            return None
        here = text.count(mark, at, at + _SLICE)
        if here < count:
            count -= here
            at += _SLICE
            continue
        for _ in range(count):
            at = text.index(mark, at) + 1
        count = 0
    return at


def _line_of_row(text: str, row: int, variable: Context) -> int:
    """The line that a data row of a delimited text begins in; fields may hold line breaks."""
    if len(text) > _ROWS_READ:
        return row + 1
    reader = csv.reader(_lines(text), delimiter=variable.fingerprint.delimiter or ",")
    line = 1
    try:
        for number, _ in enumerate(reader):  # number 0 is the header
            if number == row:
                return line
            line = reader.line_num + 1
    except csv.Error:
        pass
    return row + 1


def _lines(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def _in_items(claim: Claim, value: Plain, unit: Unit) -> tuple[Unit, int] | None:
    """The item of a list (or the only one) that holds the quote in one of its texts or numbers."""
    items: Sequence[Plain] = value if isinstance(value, list | tuple) else [value]
    if 0 < claim.number <= len(items) and _holds(items[claim.number - 1], claim.quote):
        return unit, claim.number
    found = [number for number, item in enumerate(items, 1) if _holds(item, claim.quote)]
    return (
        (unit, min(found, key=lambda number: abs(number - claim.number) if claim.number else number)) if found else None
    )


def _holds(item: Plain, quote: str) -> bool:
    if isinstance(item, str):
        return quote in item
    if isinstance(item, Mapping):
        return any(_holds(one, quote) for pair in item.items() for one in pair)
    if isinstance(item, list | tuple):
        return any(_holds(one, quote) for one in item)
    return item is not None and not isinstance(item, bytes) and str(item) == quote


def _in_table(claim: Claim, value: object) -> tuple[Unit, int] | None:
    """The row of a table that holds the quote in one of its cells."""
    try:
        import pyarrow
        import pyarrow.compute as compute
    except ImportError:
        raise _CannotLook("quotes are looked up in tables with pyarrow, which is not installed") from None
    best: int | None = None
    for column in pyarrow.table(value).columns:
        try:
            texts = column.cast(pyarrow.string())
        except pyarrow.ArrowException:
            continue  # a nested column has no cells to quote
        held = compute.fill_null(compute.match_substring(texts, claim.quote), False)
        rows = compute.indices_nonzero(held).to_numpy() + 1
        if len(rows):
            nearest = int(rows[abs(rows.astype("int64") - claim.number).argmin()])
            best = nearest if best is None or abs(nearest - claim.number) < abs(best - claim.number) else best
    return None if best is None else ("row", best)
