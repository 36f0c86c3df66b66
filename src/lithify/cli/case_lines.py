"""Open cases of kept tools, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lithify.records.cases import Case
from lithify.upkeep import told, ways_out


def case_lines(cases: Sequence[Case]) -> Iterator[str]:
    """Each case in a line, with what can be done about it in the next."""
    for case in cases:
        yield f"open case {case.id} of {case.tool} v{case.version}: {told(case)}"
        yield f"  {ways_out(case)}"


def case_object(case: Case) -> dict[str, object]:
    """The same for programs; the data itself is left out."""
    return {
        "id": case.id,
        "tool": case.tool,
        "version": case.version,
        "by": case.by,
        "why": case.why,
        "unhealed": case.unhealed,
        "question": case.question,
        "run_id": case.run_id,
        "arguments": dict(case.arguments),
        "answer": case.answer,
        "said": case.said,
        "data_kept": case.context is not None,
    }
