"""Delta debugging of inputs: what is left is small, real, and still makes the tool do what it did."""

from __future__ import annotations

import asyncio
import json

import pytest

from lithify.distil.bench import Bench, Runnable
from lithify.distil.ddmin import Kept, Units, minimised, units_of
from lithify.distil.extracts import Text, size
from lithify.distil.shrinking import Extract, Subject, shrunk
from lithify.ports import SandboxSpec
from lithify.records.context import Format
from lithify.records.plain import Plain
from lithify.records.tool import Signature
from lithify.sandbox import start_sandbox


def left(units: Units, enough: int, needed: set[int]) -> Kept:
    """What is left when a set holds as long as it has all that is needed."""

    async def holds(kept: Kept) -> bool:
        return needed <= set(kept)

    return asyncio.run(minimised(units, enough, holds))


@pytest.mark.parametrize("needed", [{0}, {63}, {10, 11}, {3, 31, 60}, set(range(0, 64, 9))])
def test_what_is_needed_is_all_that_is_left(needed: set[int]) -> None:
    units = Units((10,) * 64, lambda kept: "")
    assert set(left(units, 1, needed)) == (needed or {0})


def test_it_stops_once_the_input_is_small_enough() -> None:
    units = Units((10,) * 64, lambda kept: "")
    kept = left(units, 200, {5})
    assert 5 in kept
    assert 50 <= 10 * len(kept) <= 200


def test_nothing_is_taken_from_what_is_needed_whole() -> None:
    units = Units((10,) * 8, lambda kept: "")
    assert left(units, 1, set(range(8))) == tuple(range(8))


@pytest.mark.parametrize(
    ("context", "form", "all_but_first"),
    [
        ("a\nb\nc\n", "lines", "b\nc\n"),
        ("h,i\n1,2\n3,4\n", "delimited", "h,i\n3,4\n"),
        ("[1, 2]", "json", "[2]"),
        ('{"n": 1, "rows": [5, 6]}', "json", '{\n "n": 1,\n "rows": [6]\n}'),
        ({"x": "1\n2\n", "y": "3\n"}, "files", {"x": "2\n", "y": "3\n"}),
    ],
)
def test_units(context: Text, form: Format, all_but_first: Text) -> None:
    units = units_of(context, form)
    assert units is not None
    whole = tuple(range(len(units.sizes)))
    built = units.build(whole)
    again = (built, context) if form != "json" else (json.loads(str(built)), json.loads(str(context)))
    assert again[0] == again[1]
    assert units.build(whole[1:]) == all_but_first


def test_what_is_no_document_has_no_units() -> None:
    assert units_of("{", "json") is None
    assert units_of("17", "json") is None


def extract(source: str, context: Text, answer: Plain, form: Format = "lines", enough: int = 300) -> Extract:
    """The extract that is found for `find`."""
    signature = Signature(
        function="find", context_parameter="text", context_kind="text", parameters=(), returns="object"
    )

    async def run() -> Extract:
        sandbox = await start_sandbox(SandboxSpec())
        try:
            bench = Bench(sandbox, context, 10.0)
            return await shrunk(Subject(tool=Runnable(source, signature), answer=answer, form=form), bench, enough)
        finally:
            await sandbox.close()

    return asyncio.run(run())


LOG = "".join(f"{n:04d} {'WARN' if n == 700 else 'INFO'} {'api' if n % 3 else 'db'} line\n" for n in range(1_000))
BRANCHES = """
def find(text):
    n = 0
    for line in text.splitlines():
        fields = line.split()
        if fields[1] == "WARN":
            continue
        if fields[2] == "api":
            n += 1
    return n
"""


def test_every_line_of_the_tool_is_still_reached() -> None:
    found = extract(BRANCHES, LOG, 666)
    assert isinstance(found.context, str)
    assert size(found.context) <= 300
    assert found.context.count("WARN") == 1
    assert {" api ", " db "} <= {line[9:-4] for line in found.context.splitlines()}
    assert set(found.context.splitlines()) <= set(LOG.splitlines())
    assert found.answer == found.context.count("INFO api") > 1


def test_a_name_stays_the_answer() -> None:
    source = "from collections import Counter\n\n\ndef find(text):\n"
    source += "    return Counter(line.split()[2] for line in text.splitlines()).most_common(1)[0][0]\n"
    found = extract(source, LOG, "api")
    assert found.answer == "api"
    assert size(found.context) <= 300


def test_a_list_keeps_its_length() -> None:
    source = "def find(text):\n    return sorted({line.split()[1] for line in text.splitlines()})\n"
    assert extract(source, LOG, ["INFO", "WARN"]).answer == ["INFO", "WARN"]


@pytest.mark.parametrize("function", ["max", "min"])
def test_the_largest_of_several_is_not_shown_on_one_alone(function: str) -> None:
    """On a single value the largest is the least: an extract with one would not tell the one from the other."""
    log = "".join(f"{n:04d} {f'took {n % 7 + 0.5} s' if n % 50 == 9 else 'idle'}\n" for n in range(1_000))
    source = "import re\n\n\ndef find(text):\n"
    source += f"    return {function}(float(s) for s in re.findall(r'took ([0-9.]+) s', text))\n"
    found = extract(source, log, 6.5 if function == "max" else 0.5)
    assert isinstance(found.context, str)
    assert size(found.context) <= 900
    assert len({line.split()[2] for line in found.context.splitlines() if "took" in line}) > 1


def test_a_document_stays_one() -> None:
    document = json.dumps({"rows": [{"n": n} for n in range(400)], "unit": "ms"})
    source = "import json\n\n\ndef find(text):\n    d = json.loads(text)\n    return sum(r['n'] for r in d['rows'])\n"
    found = extract(source, document, 79_800, "json")
    rows = json.loads(str(found.context))["rows"]
    assert 0 < len(rows) < 100
    assert found.answer == sum(row["n"] for row in rows) > 1


def test_a_tool_that_fails_on_every_part_keeps_the_whole() -> None:
    source = "def find(text):\n    if text.count('\\n') != 1000:\n        raise ValueError(text)\n    return 5\n"
    assert extract(source, LOG, 5).context == LOG
