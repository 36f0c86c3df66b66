"""A small honest candidate, to be varied: what tests of gates, library and services begin with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lithify.records.context import Fingerprint, LineShape
from lithify.records.tool import Candidate, Example, Parameter, Provenance, Recipe, Signature, Slot

SOURCE = '''\
"""Which service restarted most often?"""

from collections import Counter


def most_restarted_service(log: str, top: int = 1) -> list[str]:
    """The services that restarted most often, most frequent first."""
    counts = Counter(line.split()[1] for line in log.splitlines() if line.endswith("restarted"))
    return [name for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:top]]
'''
LOG = "09:00 web restarted\n09:01 db ready\n09:02 web restarted\n09:03 db restarted\n"
SIGNATURE = Signature(
    function="most_restarted_service",
    context_parameter="log",
    context_kind="text",
    parameters=(Parameter(name="top", annotation="int", default=1),),
    returns="list[str]",
)
FINGERPRINT = Fingerprint(
    format="lines", shapes=(LineShape(pattern="00:00 aaa", share=0.5), LineShape(pattern="00:00 aa", share=0.5))
)


def example(name: str = "recorded", context: str | Mapping[str, str] = LOG, top: int = 1) -> Example:
    """A recorded use of the candidate on LOG."""
    return Example(name=name, context=context, arguments={"top": top}, expected=["web", "db"][:top])


def make_candidate(
    *,
    identity: str = "c1",
    source: str = SOURCE,
    signature: Signature = SIGNATURE,
    examples: tuple[Example, ...] | None = None,
    template: str = "which {top} services restarted most often",
    applicability: Fingerprint = FINGERPRINT,
    requirements: tuple[str, ...] = (),
) -> Candidate:
    """A candidate that passes every gate unless it is given other parts."""
    question = "Which 1 services restarted most often?"
    return Candidate(
        id=identity,
        signature=signature,
        description="The services that restarted most often.",
        source=source,
        requirements=requirements,
        recipe=Recipe(
            template=template,
            slots=(Slot(name="top", type="int", default=1),),
            tool=signature.function,
            question=question,
        ),
        applicability=applicability,
        examples=(example(), example("both", top=2)) if examples is None else examples,
        provenance=Provenance(
            run_id="r1",
            question=question,
            model="scripted",
            cost=Decimal("0.0123"),
            model_calls=2,
            input_digest="ab" * 32,
        ),
        notes=("sliced from 2 cells",),
    )
