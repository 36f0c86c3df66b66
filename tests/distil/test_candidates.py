"""What a candidate carries besides its source: examples, identity, provenance, requirements, signature."""

from __future__ import annotations

import json
from typing import Any

from lithify.distil import NoCandidate
from lithify.records.tool import Candidate, Parameter

COUNT = ["n = sum('ERROR' in l for l in context.splitlines())\nFINAL(n)"]
QUESTION = "How many ERROR lines are there?"


def log(lines: int) -> str:
    """Lines of three levels, an ERROR in every tenth of the second half only."""
    levels = ["INFO"] * 9 + ["ERROR"]
    half = lines // 2
    return "".join(f"{n:07d} {'WARN' if n < half else levels[n % 10]} something happened\n" for n in range(lines))


def kept(found: Candidate | NoCandidate) -> Candidate:
    assert isinstance(found, Candidate), found
    return found


def test_a_small_context_is_an_example_as_it_is(teller: Any) -> None:
    candidate = kept(teller.tell(QUESTION, log(40), COUNT))
    first = candidate.examples[0]
    assert (first.context, first.expected, dict(first.arguments)) == (log(40), 2, {"level": "ERROR"})


def test_another_value_that_gives_something_else_is_an_example(teller: Any) -> None:
    candidate = kept(teller.tell(QUESTION, log(40), COUNT))
    other = candidate.examples[-1]
    assert other.arguments["level"] in ("WARN", "INFO")
    assert other.expected not in (0, 2)


def test_a_number_is_tried_with_those_that_stand_in_its_place(teller: Any) -> None:
    """A tool that raises where nothing is found is tried with numbers that are there: 201 is no status here."""
    text = "".join(f"GET /a status: {(200, 200, 404)[n % 3]} len: {n}\n" for n in range(60))
    cell = """
import re
found = [int(l) for s, l in re.findall(r"status: (\\d+) len: (\\d+)", context) if int(s) == 200]
if not found:
    raise ValueError("no such request")
FINAL(sum(found))
"""
    candidate = kept(teller.tell("What is the total len of requests with status 200?", text, [cell]))
    (parameter,) = candidate.signature.parameters
    assert parameter.default == 200
    assert teller.call(candidate, text, **{parameter.name: 404}) == sum(range(2, 60, 3))


def test_of_a_big_context_an_extract_is_kept_on_which_the_tool_says_something(teller: Any) -> None:
    text = log(30_000)
    candidate = kept(teller.tell(QUESTION, text, COUNT))
    assert candidate.examples[0].name == "extract"
    for example in candidate.examples:
        assert isinstance(example.context, str)
        assert len(example.context) < 20_000
        assert example.context.splitlines()[0] == text.splitlines()[0]
        assert teller.call(candidate, example.context, **example.arguments) == example.expected != 0


def test_what_cannot_be_made_small_is_kept_up_to_a_limit(teller: Any) -> None:
    count = "from collections import Counter\nc = Counter(l.split()[1] for l in context.splitlines())"
    cells = [count, "FINAL({k: n for k, n in c.items() if n > 999})"]
    candidate = kept(teller.tell("Which levels have more than 999 lines?", log(2_400), cells))
    (example, *_) = candidate.examples
    assert 20_000 < len(example.context) < 80_000
    assert example.expected
    cells = [count, "FINAL({k: n for k, n in c.items() if n > 9999})"]
    refused = teller.tell("Which levels have more than 9999 lines?", log(24_000), cells)
    assert isinstance(refused, NoCandidate)
    assert "small enough" in refused.reason


def test_an_extract_of_a_document_is_a_document(teller: Any) -> None:
    document = json.dumps({"rows": [{"n": n, "pad": "x" * 60} for n in range(4_000)]})
    cells = ["import json\nrows = json.loads(context)['rows']\nFINAL(sum(r['n'] for r in rows))"]
    candidate = kept(teller.tell("What is the sum of n?", document, cells, form="json"))
    assert candidate.examples
    for example in candidate.examples:
        assert isinstance(example.context, str)
        rows = json.loads(example.context)["rows"]
        assert 0 < len(rows) < 4_000
        assert example.expected == sum(row["n"] for row in rows)


def test_an_extract_of_files_is_files(teller: Any) -> None:
    files = {f"logs/{n}.log": log(3_000) for n in range(6)}
    cells = ["FINAL(sum(body.count('ERROR') for body in context.values()))"]
    candidate = kept(teller.tell("How many ERROR lines are in the files?", files, cells, form="files"))
    for example in candidate.examples:
        assert not isinstance(example.context, str)
        assert 0 < len(example.context) < 6
        assert example.expected


def test_the_same_exploration_gives_the_same_candidate(teller: Any) -> None:
    first, second = (kept(teller.tell(QUESTION, log(40), COUNT)) for _ in range(2))
    assert first == second
    assert first.id == second.id
    other = kept(teller.tell("How many ERROR lines does the log have?", log(40), COUNT))
    assert other.id != first.id


def test_the_signature_says_what_the_source_does(teller: Any) -> None:
    candidate = kept(teller.tell(QUESTION, log(40), COUNT))
    signature = candidate.signature
    assert f'def {signature.function}(text: str, level: str = "ERROR") -> int:' in candidate.source
    assert signature.parameters == (Parameter(name="level", annotation="str", default="ERROR"),)
    assert (signature.context_parameter, signature.context_kind, signature.returns) == ("text", "text", "int")
    assert candidate.recipe.tool == signature.function
    assert candidate.recipe.question == candidate.provenance.question == candidate.description == QUESTION
    assert candidate.requirements == ()


def test_third_party_imports_are_requirements(teller: Any) -> None:
    cells = ["import io\nimport pandas as pd\nFINAL(len(pd.read_csv(io.StringIO(context), header=None)))"]
    assert kept(teller.tell("How many rows are there?", log(40), cells)).requirements == ("pandas",)


def test_a_tool_uses_no_name_of_the_repl(teller: Any) -> None:
    """The function must work where there is no `context`: it gets its input as an argument only."""
    cells = [
        "lines = context.splitlines()\ndef errors():\n    return [l for l in lines if 'ERROR' in l]",
        "FINAL(len(errors()))",
    ]
    candidate = kept(teller.tell(QUESTION, log(40), cells))
    assert "context" not in candidate.source
    assert teller.call(candidate, log(80)) == 4
