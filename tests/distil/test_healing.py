"""A case that a kept tool failed: its next version gives all recorded answers and the new one, or there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from lithify.context import context_of
from lithify.distil import Mended, Patient, Unhealed, healed
from lithify.records.healing import FailedBy, Failing
from lithify.records.tool import Candidate
from tests.distil.conftest import Teller

QUESTION = "Which service restarted most often?"
LOG = "".join(f"2026-06-0{n % 9 + 1} 10:0{n % 6}:00 host {'web' if n % 3 else 'db'}: restarted\n" for n in range(20))
TABLE = "service,what\n" + "".join(f"{'mail' if n % 3 else 'db'},restarted\n" for n in range(15))
COUNTED = "from collections import Counter\n"
RANKED = "FINAL(sorted(c.items(), key=lambda p: (-p[1], p[0]))[0][0])"
FROM_LOG = COUNTED + "c = Counter(l.split()[3].rstrip(':') for l in context.splitlines())\n" + RANKED
FROM_TABLE = COUNTED + "c = Counter(l.split(',')[0] for l in context.splitlines()[1:])\n" + RANKED
FROM_BOTH = (
    COUNTED
    + "if ',' in context.splitlines()[0]:\n    names = [l.split(',')[0] for l in context.splitlines()[1:]]\n"
    + "else:\n    names = [l.split()[3].rstrip(':') for l in context.splitlines()]\nc = Counter(names)\n"
    + RANKED
)


def told(teller: Teller, data: str, cell: str, question: str = QUESTION) -> Candidate:
    found = teller.tell(question, data, [cell])
    assert isinstance(found, Candidate), found
    context = context_of(data)
    return replace(found, applicability=context.fingerprint, provenance=replace(found.provenance, run_id="new"))


def heal(teller: Teller, old: Candidate, new: Candidate, data: str, by: FailedBy = "shape") -> Mended | Unhealed:
    defaults = {one.name: one.default for one in new.signature.parameters}
    failing = Failing(tool="busiest", version=3, by=by, why="it failed", run_id="r9", arguments=defaults)
    patient = Patient(tool=old, shapes=(old.applicability,), failing=failing)
    return teller.runner.run(healed(patient, new, context_of(data), teller.sandbox, seconds=10))


def whole(found: Mended | Unhealed) -> Candidate:
    assert isinstance(found, Mended), found
    return found.whole(found.candidate)


def answers_all(teller: Teller, made: Candidate, uses: Sequence[Any]) -> bool:
    return all(teller.call(made, use.context, **use.arguments) == use.expected for use in uses)


def test_another_format_makes_one_tool_for_both(teller: Teller) -> None:
    old, new = told(teller, LOG, FROM_LOG), told(teller, TABLE, FROM_TABLE)
    made = whole(heal(teller, old, new, TABLE))
    assert (teller.call(made, LOG), teller.call(made, TABLE)) == ("web", "mail")
    assert made.signature == old.signature
    assert "def _is_table(text: str) -> bool:" in made.source
    assert [use.name for use in made.examples[: len(old.examples)]] == [use.name for use in old.examples]
    assert answers_all(teller, made, made.examples)
    assert made.healed is not None
    assert (made.healed.tool, made.healed.version, made.healed.run_id, made.healed.by) == ("busiest", 3, "r9", "shape")
    case = next(use for use in made.examples if use.name == made.healed.case)
    assert (case.name, case.expected) == ("failed in run r9", "mail")
    assert made.description == old.description


def test_a_derivation_that_does_for_both_stands_alone(teller: Teller) -> None:
    old, new = told(teller, LOG, FROM_LOG), told(teller, TABLE, FROM_BOTH)
    made = whole(heal(teller, old, new, TABLE))
    assert "_is_table" not in made.source
    assert (teller.call(made, LOG), teller.call(made, TABLE)) == ("web", "mail")


def test_a_tool_that_knew_the_answer_already_stays_as_it_is(teller: Teller) -> None:
    other = LOG.replace("host", "node-7").replace("restarted", "came back")
    question = "Which 2 services came first?"
    cell = COUNTED + "c = Counter(l.split()[3].rstrip(':') for l in context.splitlines())\n"
    cell += "FINAL([n for n, _ in sorted(c.items(), key=lambda p: (-p[1], p[0]))[:2]])"
    old, new = told(teller, LOG, cell, question), told(teller, other * 20, cell, question)
    made = whole(heal(teller, old, new, other * 20))
    assert made.source == old.source
    assert len(made.examples) > len(old.examples)


def test_an_exception_on_data_of_the_same_shape(teller: Teller) -> None:
    bad = LOG + "2026-06-30 10:00:00 --\n" + "2026-06-30 10:00:00 host mail: restarted\n" * 60
    careful = FROM_LOG.replace("context.splitlines())", "context.splitlines() if len(l.split()) > 3)")
    old, new = told(teller, LOG, FROM_LOG), told(teller, bad, careful)
    found = heal(teller, old, new, bad, "run")
    made = whole(found)
    assert "if len(" in made.source
    case = next(use for use in made.examples if made.healed and use.name == made.healed.case)
    assert "--\n" in str(case.context), "the case is the one on which the tool fails"
    assert answers_all(teller, made, made.examples)


def test_what_contradicts_the_old_answers_heals_nothing(teller: Teller) -> None:
    bad = LOG + "2026-06-30 10:00:00 --\n"
    least = FROM_LOG.replace("context.splitlines())", "context.splitlines() if len(l.split()) > 3)")
    least = least.replace("(-p[1], p[0])", "(p[1], p[0])")
    old, new = told(teller, LOG, FROM_LOG), told(teller, bad, least)
    found = heal(teller, old, new, bad, "run")
    assert isinstance(found, Unhealed)
    assert "alone, it answers 'db', recorded is 'web' on 'whole'" in found.reason
    assert "beside the old one: both derivations are for inputs of the same shape" in found.reason


@pytest.mark.parametrize("by", ["person", "shadow"])
def test_where_the_tool_is_said_to_be_wrong_it_is_a_correction(by: FailedBy, teller: Teller) -> None:
    least = FROM_LOG.replace("(-p[1], p[0])", "(p[1], p[0])")
    data = LOG + LOG.replace("db", "mail")
    old, new = told(teller, LOG, FROM_LOG), told(teller, data, least)
    made = whole(heal(teller, old, new, data, by))
    assert made.healed is not None
    assert set(made.healed.overrules) == {use.name for use in old.examples}
    assert not {use.name for use in made.examples} & set(made.healed.overrules)
    assert answers_all(teller, made, made.examples)


def test_an_answer_of_another_type_heals_nothing(teller: Teller) -> None:
    old, new = told(teller, LOG, FROM_LOG), told(teller, TABLE, FROM_TABLE.replace("[0][0])", "[:1])"))
    found = heal(teller, old, new, TABLE)
    assert isinstance(found, Unhealed)
    assert found.reason.startswith("busiest answers str, and the new derivation list[")


def test_a_tool_without_uses_in_clear_is_left_alone(teller: Teller) -> None:
    old, new = told(teller, LOG, FROM_LOG), told(teller, TABLE, FROM_TABLE)
    found = heal(teller, replace(old, examples=()), new, TABLE)
    assert isinstance(found, Unhealed)
    assert "no recorded use of busiest is kept in clear" in found.reason


def test_what_the_tool_takes_and_the_derivation_does_not(teller: Teller) -> None:
    question = "Which 2 services restarted most often?"
    several = FROM_LOG.replace("[0][0])", "[:2])")
    first = FROM_TABLE.replace("FINAL(sorted(c.items(), key=lambda p: (-p[1], p[0]))[0][0])", "FINAL(c.most_common())")
    old, new = told(teller, LOG, several, question), told(teller, TABLE, first, question)
    found = heal(teller, old, new, TABLE)
    assert isinstance(found, Unhealed)
    assert "does not take what busiest takes: " in found.reason
    assert "stands nowhere in its code" in found.reason
