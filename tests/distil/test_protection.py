"""What of a person's data may lie in a library: redacted uses that still hold, digests, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lithify.distil import Runnable, protected, replayed
from lithify.layout import candidate_contents, candidate_from, render_candidate
from lithify.layout.rendering import in_clear
from lithify.records.fixtures import FixturePolicy
from lithify.records.tool import Candidate
from tests.distil.conftest import Teller, context_of

LOG = "".join(f"{n:02d} login of {who} from {ip}\n" for n, (who, ip) in enumerate(
    [("ada@corp.io", "81.2.69.142"), ("bob@corp.io", "9.9.9.9"), ("ada@corp.io", "81.2.69.142"),
     ("cyd@corp.io", "81.2.69.7"), ("ada@corp.io", "9.9.9.9"), ("bob@corp.io", "81.2.69.142")]
))  # fmt: skip
BUSIEST = (
    "Which address logged in most often?",
    "from collections import Counter\nc = Counter(l.split()[-1] for l in context.splitlines())\n"
    "FINAL(max(c, key=lambda a: (c[a], a)))",
)
SUM = (
    "What is the sum of all parts of the addresses?",
    "FINAL(sum(int(p) for l in context.splitlines() for p in l.split()[-1].split('.')))",
)
FROM = (
    "How many logins came from 81.2.69.142?",
    "FINAL(sum(l.split()[-1] == '81.2.69.142' for l in context.splitlines()))",
)


def told(teller: Teller, question: str, cell: str) -> Candidate:
    found = teller.tell(question, LOG, [cell])
    assert isinstance(found, Candidate), found
    return found


def under(teller: Teller, candidate: Candidate, policy: FixturePolicy) -> Candidate:
    return teller.runner.run(protected(candidate, policy, teller.sandbox, seconds=10))


def files(candidate: Candidate) -> bytes:
    """Everything but the source and the sheet, which hold the question as it was asked."""
    return b"\n".join(data for path, data in render_candidate(candidate).items() if path.startswith("tests/fixtures"))


def test_a_redacted_use_still_holds(teller: Any) -> None:
    safe = under(teller, told(teller, *BUSIEST), FixturePolicy())
    assert not any(word in files(safe) for word in (b"ada", b"corp", b"81.2.69", b"9.9.9.9"))
    (use,) = safe.examples
    assert not use.private
    assert use.expected == "198.18.0.142"
    assert teller.call(safe, use.context) == use.expected
    assert "5 secrets, addresses or names were replaced" in " ".join(safe.notes)


def test_an_argument_has_its_substitute_too(teller: Any) -> None:
    safe = under(teller, told(teller, *FROM), FixturePolicy())
    (first, *_) = safe.examples
    assert dict(first.arguments) == {"address": "198.18.0.142"}
    assert first.expected == 3


def test_what_answers_otherwise_once_it_is_redacted_is_not_kept_in_clear(teller: Any) -> None:
    safe = under(teller, told(teller, *SUM), FixturePolicy())
    assert all(use.private for use in safe.examples)
    assert b"81.2" not in files(safe)
    assert "not kept in clear" in " ".join(safe.notes)
    assert safe.originals


def test_without_rules_everything_stays_as_it_is(teller: Any) -> None:
    made = told(teller, *BUSIEST)
    assert under(teller, made, FixturePolicy(rules=())) == made


def test_digests_only(teller: Any) -> None:
    made = told(teller, *BUSIEST)
    safe = under(teller, made, FixturePolicy(mode="hash-only"))
    everything = b"\n".join(render_candidate(safe).values())
    assert not any(word in everything for word in (b"ada", b"corp", b"81.2.69"))
    again = candidate_from(render_candidate(safe), safe.recipe, "tools/x")
    assert again.examples == ()
    assert again.originals == made.originals
    assert candidate_contents(again) == candidate_contents(safe)
    assert [use.context for use in in_clear(safe).examples] == [use.context for use in made.examples]
    assert candidate_contents(in_clear(safe)) != candidate_contents(safe)


def test_the_original_is_replayed_while_it_is_still_there(teller: Any) -> None:
    made = told(teller, *FROM)
    tool = Runnable(made.source, made.signature)

    def ended(text: str, tool: Runnable) -> dict[str, str]:
        context = context_of(text, "lines")
        return teller.runner.run(replayed(tool, made.originals, context, teller.sandbox, seconds=10))

    assert ended(LOG, tool) == {"original": ""}
    assert ended(LOG + "more\n", tool) == {}
    assert ended(LOG, replace(tool, source=tool.source.replace("return ", "return 1 + "))) == {
        "original": "it gives another answer"
    }
    assert (
        "ZeroDivisionError"
        in ended(LOG, replace(tool, source=tool.source.replace("return ", "return 1 / 0 + ")))["original"]
    )


@pytest.mark.parametrize("names", [("ada@corp.io",), ("login",)])
def test_names_of_ones_own(names: tuple[str, ...], teller: Any) -> None:
    safe = under(teller, told(teller, *BUSIEST), FixturePolicy(rules=(), names=names))
    assert not any(name.encode() in files(safe) for name in names)
    assert not any(use.private for use in safe.examples)
