"""What a tool does beyond answering is seen by the host."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lithify.gates.effects import EffectsGate
from lithify.gates.gate import Finding
from lithify.testing.candidates import SOURCE, make_candidate

PutTo = Callable[..., Finding]


def test_a_tool_that_only_computes(put_to: PutTo) -> None:
    finding = put_to(EffectsGate(), make_candidate())
    assert finding.outcome == "pass"
    assert "on 2 uses" in finding.evidence


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("llm_query('which one?')", r"llm_query (2)"),
        ("llm_query_batched(['a', 'b'])", "llm_query_batched (2)"),
        ("import __main__; __main__.call('other_tool')", "call (2)"),
        ("print('x' * 10)", "printed 22 characters"),
    ],
)
def test_more_than_that_is_counted_here(put_to: PutTo, line: str, said: str) -> None:
    finding = put_to(EffectsGate(), make_candidate(source=SOURCE.replace("    counts =", f"    {line}\n    counts =")))
    assert finding.outcome == "fail"
    assert said in finding.evidence
    assert finding.remedy
