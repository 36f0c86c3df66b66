"""Cut the data into pieces and write the streams with their truths.

    python bench/stream/make.py DATA PIECES     DATA: a folder with loghub/ and dabench/tables/; PIECES is written

The streams (logs, tables, further, mixed .jsonl) lie beside this file and hold questions, names of pieces and
expected answers; the pieces are data and stay out of the repository. Standard library only: nothing here knows lithify.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import further
import logs
import mixed
import tables
from families import Family, Row, bounds, piece_name

SEED = 6
_TERMINATOR = re.compile(rb"\r\n|\r|\n")


def main() -> None:
    data, pieces = Path(sys.argv[1]), Path(sys.argv[2])
    pieces.mkdir(parents=True, exist_ok=True)
    for stream in (logs, tables, further, mixed):
        name, families = stream.__name__, stream.FAMILIES
        lines = [task(data, pieces, family, number) for family, number in in_order(families)]
        (Path(__file__).parent / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{name}: {len(lines)} questions of {len(families)} families")


def in_order(families: Sequence[Family]) -> list[tuple[Family, int]]:
    """Which ask of which family when: mixed by a seed; what is asked again comes later than its first, mostly late."""
    order = random.Random(SEED)
    placed = {
        family.name: sorted(family.begin + number + order.uniform(0.0, 1.3) for number in range(len(family.asks)))
        for family in families
    }
    found = [(at, family, number) for family in families for number, at in enumerate(placed[family.name])]
    return [(family, number) for _, family, number in sorted(found, key=lambda one: one[0])]


def task(data: Path, pieces: Path, family: Family, number: int) -> str:
    """One line of a stream; its piece is written on the way."""
    ask, question, truth = family.asks[number]
    path = data / family.file
    is_table = path.suffix == ".csv"
    raw = path.read_bytes()
    lines = [line for line in _lines(raw) if line.strip()]
    head, lines = (lines[:1], lines[1:]) if is_table else ([], lines)
    low, high = bounds(ask.part, len(lines))
    (pieces / piece_name(family.file, ask.part)).write_bytes(b"".join(head + lines[low:high]))
    rows = _rows(raw if is_table else path.with_suffix(".structured.csv").read_bytes())
    if len(rows) != len(lines):
        raise ValueError(f"{path}: {len(lines)} lines and {len(rows)} rows")
    said = {
        "question": question,
        "data": piece_name(family.file, ask.part),
        "expected": truth(rows[low:high]),
        "family": family.name,
        "kind": ask.kind,
    }
    return json.dumps(said, ensure_ascii=False) + "\n"


def _lines(raw: bytes) -> list[bytes]:
    """With their terminators, whichever the file has; a last one without gets the first one's."""
    ends = [match.end() for match in _TERMINATOR.finditer(raw)]
    found = [raw[start:end] for start, end in zip([0, *ends], [*ends, len(raw)], strict=True)]
    terminator = _TERMINATOR.search(raw)
    if found[-1] and terminator:
        found[-1] += terminator.group()
    return [line for line in found if line]


def _rows(raw: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


if __name__ == "__main__":
    main()
