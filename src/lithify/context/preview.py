"""What a model sees of a context in its first message: enough to compute in the first turn, bounded in length."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

from lithify.context.bounds import bounded, shown
from lithify.context.linekinds import line_kinds
from lithify.context.outlines import columns_outline, json_outline, records_outline
from lithify.context.parsed import Parsed, parse
from lithify.context.sample import LineSample
from lithify.context.trees import WHOLE_LIMIT
from lithify.records.context import Fingerprint

MAX_CHARS = 4_000
_EDGE_LINES = 5
_EVERY = slice(None)
_MAX_SHAPES = 5
_MAX_KINDS = 12
_RARE_KINDS = 3
_MAX_KIND_SHARE = 0.5
_KIND_CHARS = 140
_MAX_FILES_LISTED = 30
_MAX_FILES_SHOWN = 3
_LEGEND = "9 digits, Y year, D day, Mon month name, LEVEL log level, tag: a word or name[pid] with a colon"


def preview_text(parsed: Parsed, found: Fingerprint) -> str:
    """A preview of one text, at most MAX_CHARS characters. Says what was counted exactly and what from a sample."""
    if parsed.format == "empty":
        return f"str, {_count(parsed.size, 'character')}: empty" + (" (white space only)" if parsed.size else "")
    parts = [_size(parsed), _edges(parsed), _details(parsed, found)]
    return bounded("\n".join(part for part in parts if part), MAX_CHARS)


def preview_files(files: Mapping[str, str]) -> str:
    """A preview of several texts: how many of which kind, the tree with sizes, and the first of each kind, shortly."""
    total = sum(map(len, files.values()))
    kinds = Counter(PurePosixPath(name).suffix.lower() or "no suffix" for name in files)
    listed = ", ".join(f"{count} {suffix}" for suffix, count in kinds.most_common(8))
    head = f"dict of relative path → str: {_count(len(files), 'file')} ({listed}), {_count(total, 'character')} in all"
    names = list(files)
    tree = [f"  {name!r}: {_count(len(files[name]), 'character')}" for name in names[:_MAX_FILES_LISTED]]
    if len(names) > _MAX_FILES_LISTED:
        tree.append(f"  … and {len(names) - _MAX_FILES_LISTED:,} more, the last {names[-1]!r}")
    shown = _different(files)
    room = (MAX_CHARS - len(head) - sum(map(len, tree)) - 100) // max(1, len(shown))
    parts = [head, *tree]
    for name in shown:
        parsed = parse(files[name], parts=len(files))
        body = "\n".join((_size(parsed), *_lines(parsed.sample, slice(_EDGE_LINES))))
        parts.append(f"{name!r}:\n{bounded(body, max(200, room))}")
    return bounded("\n".join(parts), MAX_CHARS)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _size(parsed: Parsed) -> str:
    sample = parsed.sample
    lengths = sample.lengths or (0,)
    ends = "" if sample.ends == "\n" else f" with {json.dumps(sample.ends)} line ends"
    basis = "" if sample.whole else f" (in {len(sample.lines):,} sampled lines)"
    longest = max(lengths)
    return (
        f"str, {_count(parsed.size, 'character')}, {_count(sample.total, 'line')}{ends}; "
        f"line length: median {statistics.median_low(lengths):,}, longest {longest:,}{basis}"
    )


def _edges(parsed: Parsed) -> str:
    sample = parsed.sample
    if parsed.format == "json" and sample.total <= 2:
        return ""
    if sample.total <= 2 * _EDGE_LINES:
        return "\n".join(("All lines:", *_lines(sample)))
    tail = slice(-_EDGE_LINES + 2, None)
    return "\n".join(("First lines:", *_lines(sample, slice(_EDGE_LINES)), "Last lines:", *_lines(sample, tail)))


def _lines(sample: LineSample, which: slice = _EVERY) -> list[str]:
    pairs = zip(sample.lines[which], sample.lengths[which], strict=True)
    return [f"  {shown(line, length=length)}" for line, length in pairs]


def _details(parsed: Parsed, found: Fingerprint) -> str:
    """What is particular to the format."""
    sample = parsed.sample
    if parsed.format == "jsonl":
        return records_outline(parsed.records, sample.total, whole=sample.whole)
    if parsed.format == "json":
        return json_outline(parsed.document, whole=parsed.size <= WHOLE_LIMIT)
    return columns_outline(parsed.table, sample.total) if parsed.table else _shapes(sample, found)


def _shapes(sample: LineSample, found: Fingerprint) -> str:
    """The most frequent beginnings of lines, and of a log the kinds of lines behind them."""
    basis = "all lines" if sample.whole else f"{len(sample.lines):,} of {sample.total:,} lines, sampled"
    rows = [f"How lines begin (of {basis}; {_LEGEND}):"]
    rows += [f"  {shape.share:.1%} {shape.pattern}" for shape in found.shapes[:_MAX_SHAPES]]
    if len(found.shapes) > _MAX_SHAPES:
        rest = sum(shape.share for shape in found.shapes[_MAX_SHAPES:])
        rows.append(f"  {rest:.1%} in {len(found.shapes) - _MAX_SHAPES} or more other ways")
    return "\n".join([*rows, *_kinds(sample, basis)])


def _kinds(sample: LineSample, basis: str) -> list[str]:
    """The most frequent kinds of lines and the rarest, with counts and one example each."""
    kinds = line_kinds(sample.lines)
    if len(kinds) > _MAX_KIND_SHARE * len(sample.lines):
        return []  # hardly two lines alike: nothing to count
    rows = [f"Kinds of lines, alike but for numbers and days ({len(kinds):,} in {basis}), with an example each:"]
    rows += [f"  ×{kind.count:,} {shown(kind.example, _KIND_CHARS)}" for kind in kinds[:_MAX_KINDS]]
    rare = kinds[_MAX_KINDS:][-_RARE_KINDS:]
    if rare:
        rows.append(f"  … {len(kinds) - _MAX_KINDS - len(rare):,} more kinds; the rarest:")
        rows += [f"  ×{kind.count:,} {shown(kind.example, _KIND_CHARS)}" for kind in rare]
    return rows


def _different(files: Mapping[str, str]) -> list[str]:
    """The first file of each suffix, then further first files, at most _MAX_FILES_SHOWN; empty ones last."""
    by_suffix: dict[str, str] = {}
    for name, text in files.items():
        if text.strip():
            by_suffix.setdefault(PurePosixPath(name).suffix.lower(), name)
    first = list(by_suffix.values())
    others = [name for name, text in files.items() if name not in first and text.strip()]
    return (first + others)[:_MAX_FILES_SHOWN]
