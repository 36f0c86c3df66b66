"""Inputs that the author never saw; tools that know theirs by heart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from lithify.gates.gate import Finding
from lithify.gates.holdout import HoldoutGate
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Signature
from lithify.testing.candidates import LOG, SOURCE, example, make_candidate

PutTo = Callable[..., Finding]
SIGNATURE = Signature(
    function="count_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)
LONG = "".join(f"09:{n:02d} web{n % 7} {'restarted' if n % 3 else 'ready'}\n" for n in range(40))
OTHER = "".join(f"11:{n:02d} db {'restarted' if n % 5 else 'ready'}\n" for n in range(25))


def tool(body: str, *uses: tuple[str | Mapping[str, str], Plain], top: str = "") -> Candidate:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    examples = tuple(
        Example(name=f"use {n}", context=context, arguments={}, expected=expected)
        for n, (context, expected) in enumerate(uses, 1)
    )
    return make_candidate(
        source=f"{top}\n\ndef count_it(log: str) -> object:\n{lines}\n", signature=SIGNATURE, examples=examples
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


BY_HEART = {
    "by digest": tool(
        f"return {{'{digest(LONG)}': 26, '{digest(OTHER)}': 20}}.get(hashlib.sha256(log.encode()).hexdigest(), 0)",
        (LONG, 26),
        (OTHER, 20),
        top="import hashlib",
    ),
    "by length": tool(f"return {{{len(LONG)}: 26, {len(OTHER)}: 20}}[len(log)]", (LONG, 26), (OTHER, 20)),
    "by the whole text": tool(f"return 26 if log == {LONG!r} else None", (LONG, 26)),
    "by the crc": tool(
        "import zlib\nreturn [[1, 2]][zlib.crc32(log.encode()) - " + str(__import__("zlib").crc32(LONG.encode())) + "]",
        (LONG, [1, 2]),
    ),
    "by the number of lines": tool(
        "n = log.count('\\n')\nif n == 40:\n    return 26\nif n == 25:\n    return 20\nraise ValueError('no')",
        (LONG, 26),
        (OTHER, 20),
    ),
}
PERHAPS = {
    "by the lines, in any order and number": tool(
        f"return 26 if hash(frozenset(log.splitlines())) == hash(frozenset({LONG!r}.splitlines())) else 0", (LONG, 26)
    ),
}
HONEST = {
    "counts": tool("return log.count('restarted')", (LONG, 26), (OTHER, 20)),
    "counts lines": tool("return len(log.splitlines())", (LONG, 40)),
    "a digest": tool("return hashlib.sha256(log.encode()).hexdigest()", (LONG, digest(LONG)), top="import hashlib"),
    "declines what it does not know": tool(
        "if not log.startswith('09:'):\n    raise ValueError('another log')\nreturn log.count('ready')", (LONG, 14)
    ),
    "json": tool("return len(json.loads(log)['rows'])", (json.dumps({"rows": [1, 2, 3, 4]}), 4), top="import json"),
    "first line": tool("return log.splitlines()[0]", (LONG, "09:00 web0 ready")),
    "two lines": tool("return log.split()[0]", ("a b\nc d\n", "a")),
    "one line": tool("return log.strip()", ("a", "a")),
    "nothing": tool("return len(log)", ("", 0)),
}


@pytest.mark.parametrize("name", BY_HEART)
def test_a_tool_that_knows_its_inputs_by_heart(put_to: PutTo, name: str) -> None:
    finding = put_to(HoldoutGate(), BY_HEART[name])
    assert finding.outcome == "fail", finding.evidence
    assert "left out" in finding.evidence


@pytest.mark.parametrize("name", PERHAPS)
def test_what_looks_like_it_is_for_a_person(put_to: PutTo, name: str) -> None:
    finding = put_to(HoldoutGate(), PERHAPS[name])
    assert finding.outcome == "needs-person", finding.evidence


@pytest.mark.parametrize("name", HONEST)
def test_a_tool_that_computes(put_to: PutTo, name: str) -> None:
    finding = put_to(HoldoutGate(), HONEST[name])
    assert finding.outcome == "pass", finding.evidence


def test_files_by_heart(put_to: PutTo) -> None:
    files = {"a.log": LONG, "b.log": OTHER}
    signature = replace(SIGNATURE, context_kind="files")
    learnt = replace(tool(f"return 46 if log == {files!r} else 0", (files, 46)), signature=signature)
    assert put_to(HoldoutGate(), learnt).outcome == "fail"
    honest = replace(tool("return sum(log[name].count('restarted') for name in log)", (files, 46)), signature=signature)
    assert put_to(HoldoutGate(), honest).outcome == "pass"


def test_sealed_uses_are_answered(put_to: PutTo) -> None:
    sealed = (example("sealed 1", OTHER.replace("db", "web")), replace(example("sealed 2", LOG), arguments={"top": 1}))
    finding = put_to(HoldoutGate(), replace(make_candidate(), holdout=sealed))
    assert finding.outcome == "pass"
    assert "2 sealed uses are answered right" in finding.evidence


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("    counts =", "    if '11:' in log:\n        return ['web']\n    counts ="),
        SOURCE.replace("    counts =", "    if '11:' in log:\n        raise ValueError('unknown')\n    counts ="),
        SOURCE.replace("    counts =", "    while '11:' in log:\n        import os\n        os._exit(0)\n    counts ="),
    ],
)
def test_a_sealed_use_answered_otherwise_and_nothing_of_it_told(put_to: PutTo, source: str) -> None:
    sealed = (
        Example(name="sealed 1", context=OTHER, arguments={"top": 1}, expected=["db"]),
        Example(name="sealed 2", context=LOG, arguments={"top": 1}, expected=["web"]),
    )
    finding = put_to(HoldoutGate(), replace(make_candidate(source=source), holdout=sealed))
    assert finding.outcome == "fail"
    assert "1 of 2 sealed uses are answered otherwise (holdout/cases.json: sealed 1)" in finding.evidence
    assert "db" not in finding.evidence
    assert "11:" not in finding.evidence


def test_one_that_never_ends_on_a_sealed_use(put_to: PutTo) -> None:
    from lithify.gates import Bounds

    sealed = (Example(name="sealed 1", context=OTHER, arguments={"top": 1}, expected=["db"]),)
    source = SOURCE.replace("    counts =", "    while '11:' in log:\n        pass\n    counts =")
    candidate = replace(make_candidate(source=source), holdout=sealed)
    assert put_to(HoldoutGate(), candidate, None, Bounds(seconds=0.4)).outcome == "fail"
