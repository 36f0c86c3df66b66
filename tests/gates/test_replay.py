"""From nothing, the recorded answers again; and the original input, whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lithify.gates import Bounds
from lithify.gates.gate import Expected, Finding, Use
from lithify.gates.replay import ReplayGate
from lithify.records.context import Context, Fingerprint
from lithify.records.plain import Plain
from lithify.records.tool import Example, Signature
from lithify.testing.candidates import LOG, example, make_candidate

PutTo = Callable[..., Finding]
SIGNATURE = Signature(
    function="answer_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)


def context(text: str) -> Context:
    return Context(
        kind="text",
        value=text,
        sources=("x.log",),
        size=len(text),
        digest="d",
        preview="",
        fingerprint=Fingerprint(format="lines"),
    )


def test_examples_and_their_answers(put_to: PutTo) -> None:
    finding = put_to(ReplayGate(), make_candidate())
    assert finding.outcome == "pass"
    assert "2 uses (recorded, both)" in finding.evidence


def test_a_wrong_recorded_answer_is_shown_with_the_right_one(put_to: PutTo) -> None:
    wrong = replace(example("wrong"), expected=["db"])
    finding = put_to(ReplayGate(), make_candidate(examples=(example(), wrong)))
    assert finding.outcome == "fail"
    assert finding.evidence == "on wrong it answers ['web']; recorded is ['db']"


@pytest.mark.parametrize(
    ("expression", "recorded", "outcome"),
    [
        ("0.1 + 0.2", 0.3, "pass"),
        ("float('nan')", float("nan"), "pass"),
        ("{1: 'a', None: (1, 2)}", {None: [1, 2], 1: "a"}, "pass"),
        ("b'\\x00'", b"\x00", "pass"),
        ("10 ** 40", 10**40, "pass"),
        ("3", 3.0, "fail"),
        ("True", 1, "fail"),
        ("0.3001", 0.3, "fail"),
        ("[1, 2]", [2, 1], "fail"),
        ("object()", None, "fail"),
        ("print('3')", 3, "fail"),
    ],
)
def test_sameness(put_to: PutTo, expression: str, recorded: Plain, outcome: str) -> None:
    source = f"def answer_it(log: str) -> object:\n    return {expression}\n"
    examples = (Example(name="it", context="x", arguments={}, expected=recorded),)
    finding = put_to(ReplayGate(), make_candidate(source=source, signature=SIGNATURE, examples=examples))
    assert finding.outcome == outcome, finding.evidence


@pytest.mark.parametrize(
    ("returns", "expression", "outcome"),
    [
        ("int", "True", "fail"),
        ("int", "1.5", "fail"),
        ("float", "1", "pass"),
        ("str", "3", "fail"),
        ("list[str]", "'ab'", "fail"),
        ("list[str]", "{'a'}", "pass"),
        ("dict[str, int]", "[('a', 1)]", "fail"),
        ("str | None", "3", "fail"),
        ("'str | int'", "3", "pass"),
        ("object", "3", "pass"),
        ("Unknown[int]", "3", "pass"),
    ],
)
def test_an_answer_of_the_type_that_is_said(put_to: PutTo, returns: str, expression: str, outcome: str) -> None:
    source = f"def answer_it(log: str):\n    return {expression}\n"
    candidate = make_candidate(source=source, signature=replace(SIGNATURE, returns=returns), examples=())
    finding = put_to(ReplayGate(), candidate, context("x"))
    assert finding.outcome == outcome, finding.evidence
    assert outcome == "pass" or "which is no" in finding.evidence


def test_the_original_is_answered_in_full(put_to: PutTo) -> None:
    source = "def answer_it(log: str) -> object:\n    return 9 if len(log) > 100 else 4\n"
    examples = (Example(name="it", context=LOG, arguments={}, expected=4),)
    candidate = make_candidate(source=source, signature=SIGNATURE, examples=examples)
    whole = Use(name="original", context=LOG * 10, arguments={}, expected=Expected(value=9))
    assert put_to(ReplayGate(), candidate, whole).outcome == "pass"
    finding = put_to(ReplayGate(), candidate, replace(whole, expected=Expected(value=4)))
    assert finding.outcome == "fail"
    assert "on original it answers 9; recorded is 4" in finding.evidence


def test_an_original_whose_answer_is_not_known_must_at_least_give_one(put_to: PutTo) -> None:
    assert "was not recorded" in put_to(ReplayGate(), make_candidate(), context(LOG * 2)).evidence
    broken = make_candidate(
        source="def answer_it(log: str) -> object:\n    return int(log)\n",
        signature=SIGNATURE,
        examples=(Example(name="it", context="3", arguments={}, expected=3),),
    )
    finding = put_to(ReplayGate(), broken, context("three"))
    assert finding.outcome == "fail"
    assert "on original" in finding.evidence
    assert "ValueError" in finding.evidence


def test_the_original_that_is_an_example_already_is_not_run_again(put_to: PutTo) -> None:
    assert "2 uses" in put_to(ReplayGate(), make_candidate(), context(LOG)).evidence


def test_an_order_that_comes_from_hashing_is_found(put_to: PutTo) -> None:
    source = "def answer_it(log: str) -> object:\n    return list(set(log.split()))\n"
    examples = (Example(name="it", context=" ".join(map(str, range(50))), arguments={}, expected=["0"]),)
    finding = put_to(ReplayGate(), make_candidate(source=source, signature=SIGNATURE, examples=examples))
    assert finding.outcome == "fail"
    assert "under hash seed 1 and" in finding.evidence
    assert "sort what comes out of a set" in finding.remedy


ELSEWHERE = {
    "a bomb that ticks": "import time\nreturn 1 if time.time() < 1924991999 else 2",
    "a bomb of datetime": "import datetime\nreturn 1 if datetime.datetime.now().year < 2031 else 2",
    "a bomb of date": "from datetime import date\nreturn 1 if date.today().year < 2031 else 2",
    "a bomb of localtime": "import time\nreturn 1 if time.localtime().tm_year < 2031 else 2",
    "a bomb of strftime": "import time\nreturn 1 if time.strftime('%Y') < '2031' else 2",
    "not before this year": "import time\nreturn 1 if time.gmtime().tm_year > 2023 else 2",
    "the time zone": "import time\nreturn time.mktime((2024, 1, 1, 0, 0, 0, 0, 1, 0))",
    "the zone's name": "import datetime\nreturn datetime.datetime(2024, 1, 1).astimezone().isoformat()",
    "a packed time": "import gzip\nreturn gzip.compress(b'x')",
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_another_time_and_place_is_noticed(put_to: PutTo, name: str) -> None:
    body = "\n".join(f"    {line}" for line in ELSEWHERE[name].splitlines())
    source = f"def answer_it(log: str) -> object:\n{body}\n"
    candidate = make_candidate(source=source, signature=SIGNATURE, examples=())
    finding = put_to(ReplayGate(), candidate, context("x"))
    assert finding.outcome == "fail", finding.evidence
    assert "time" in finding.remedy or "date" in finding.remedy


def test_a_clock_that_ticks_between_two_calls_is_spoken_of(put_to: PutTo) -> None:
    source = "import time\n\n\ndef answer_it(log: str) -> object:\n    return time.time_ns()\n"
    candidate = make_candidate(source=source, signature=SIGNATURE, examples=())
    assert "time" in put_to(ReplayGate(), candidate, context("x")).remedy


def test_dates_of_the_input_are_the_same_everywhere(put_to: PutTo) -> None:
    source = """\
import datetime
import time
from datetime import date, timedelta


def answer_it(log: str) -> object:
    day = datetime.datetime.strptime(log, "%Y-%m-%d") + timedelta(days=1)
    assert isinstance(day, datetime.datetime) and isinstance(day.date(), date) and type(day) is datetime.datetime
    return [day.isoformat(), day.date() - date(2024, 1, 1), repr(day), time.strftime("%A", day.timetuple()),
            datetime.datetime.fromtimestamp(0, datetime.timezone.utc), time.gmtime(0).tm_year, max(day, day), {day: 1}]
"""
    finding = put_to(
        ReplayGate(), make_candidate(source=source, signature=SIGNATURE, examples=()), context("2024-02-28")
    )
    assert finding.outcome == "pass", finding.evidence


def test_a_limit_of_time_is_said(put_to: PutTo) -> None:
    source = "def answer_it(log: str) -> object:\n    while True:\n        pass\n"
    examples = (Example(name="it", context="x", arguments={}, expected=3),)
    candidate = make_candidate(source=source, signature=SIGNATURE, examples=examples)
    finding = put_to(ReplayGate(), candidate, None, Bounds(seconds=0.3))
    assert "did not end within 0.3 s" in finding.evidence


def test_files_as_context(put_to: PutTo) -> None:
    source = "def answer_it(log: dict[str, str]) -> object:\n    return {name: len(log[name]) for name in log}\n"
    examples = (Example(name="it", context={"a/b": "xy", "../c": ""}, arguments={}, expected={"a/b": 2, "../c": 0}),)
    signature = replace(SIGNATURE, context_kind="files")
    candidate = make_candidate(source=source, signature=signature, examples=examples)
    assert put_to(ReplayGate(), candidate).outcome == "pass"
