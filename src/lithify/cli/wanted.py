"""What may be asked for besides the answer, on the command line: a type by JSON schema, and quotes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from lithify.cli.options import printable
from lithify.errors import BadInput
from lithify.records.citation import Citation

_QUOTE_COLUMNS = 100

schema_option = click.option(
    "--schema", metavar="FILE", help="A JSON schema that the answer must fit; a file, or the schema itself."
)
cite_option = click.option("--cite", is_flag=True, help="Support the answer with quotes, looked up in the data.")


def read_schema(given: str | None) -> Mapping[str, object] | None:
    """The schema of --schema. Raises BadInput for what cannot be read, or is no JSON object."""
    if given is None:
        return None
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
        schema = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"--schema {given}: it cannot be read: {error}") from None
    except ValueError as error:
        raise BadInput(f"--schema {given:.80}: it is not JSON: {error}") from None
    if not isinstance(schema, dict):
        raise BadInput(f'--schema {given:.80}: a JSON schema is an object, like {{"type": "integer"}}')
    return schema


def citation_lines(citations: Sequence[Citation], sources: Sequence[str]) -> list[str]:
    """One line a quote: where it stands, the quote, and whether it stands there."""
    good, bad = ("✓", "✗") if _can_print("✓✗") else ("ok", "NOT FOUND")
    alone = Path(sources[0]).name if len(sources) == 1 else ""
    lines = []
    for one in citations:
        place = one.source or alone
        if one.number:
            number = str(one.number) if one.unit == "line" else f"{one.unit} {one.number}"
            place = f"{place}:{number}" if place else f"{one.unit} {one.number}"
        quote = " ".join(one.quote.split())
        quote = quote if len(quote) <= _QUOTE_COLUMNS else f"{quote[:_QUOTE_COLUMNS]}..."
        note = f" ({one.note})" if one.note else ""
        lines.append(printable(f'{place or "?"}  "{quote}"  {good if one.verified else bad}{note}'))
    return lines


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def citation_object(one: Citation) -> dict[str, object]:
    """A quote as `--json` prints it."""
    return {
        "quote": one.quote,
        "source": one.source,
        "unit": one.unit,
        "number": one.number,
        "verified": one.verified,
        "note": one.note,
    }
