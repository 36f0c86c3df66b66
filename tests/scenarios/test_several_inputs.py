"""A question over several named inputs, bytes among them: explored once, kept, and replayed on other ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.scenarios.test_the_whole_way import lab
from tests.scenarios.test_tools_of_other_kinds import files_of, keep
from tests.scenarios.world import once

QUESTION = "Which city has the largest sum of paid orders?"
CELL = """```repl
import csv, io

cities = {row["id"]: row["city"] for row in customers}
minimum = int.from_bytes(limits[4:6], "little")
sums = {}
for row in csv.DictReader(io.StringIO(orders)):
    if row["state"] == "paid" and int(row["amount"]) >= minimum:
        city = cities[int(row["customer"])]
        sums[city] = sums.get(city, 0) + int(row["amount"])
best = max(sorted(sums), key=sums.get)
print(sums)
FINAL(best)
```"""


def orders(seed: int) -> str:
    states = ("paid", "open", "cancelled")
    rows = [f"{n},{n * seed % 7},{n * 37 * seed % 91 + n % 5},{states[n * seed % 11 % 3]}" for n in range(60)]
    return "order,customer,amount,state\n" + "\n".join(rows) + "\n"


def given(seed: int) -> dict[str, object]:
    people = [{"id": n, "city": ("Oslo", "Bern", "Rome")[n * seed % 3]} for n in range(7)]
    return {"orders": orders(seed), "customers": people, "limits": b"LTHF" + (3 + seed).to_bytes(2, "little") + b"\xff"}


def best(seed: int, state: str) -> str:
    cities = [("Oslo", "Bern", "Rome")[n * seed % 3] for n in range(7)]
    sums: dict[str, int] = {}
    for line in orders(seed).splitlines()[1:]:
        _, customer, amount, its = line.split(",")
        if its == state and int(amount) >= 3 + seed:
            sums[cities[int(customer)]] = sums.get(cities[int(customer)], 0) + int(amount)
    return max(sorted(sums), key=lambda city: sums[city])


def _keep(folder: Path) -> None:
    with lab(folder, CELL)[0] as first:
        assert first.ask(QUESTION, given(1)).answer == best(1, "paid")
        (item,) = first.review()
        assert "Of orders: the order of the rows does not matter." in {one.says for one in item.candidate.properties}
        keep(first)


def renamed(inputs: Mapping[str, object], **names: str) -> dict[str, object]:
    return {names.get(name, name): inputs[name] for name in reversed(list(inputs))}


def test_several_inputs_from_the_question_to_the_next_ones(tmp_path: Path) -> None:
    once("kept-inputs", _keep, tmp_path)
    files = files_of(tmp_path)
    (case, *_) = json.loads(files["tests/fixtures/cases.json"])
    fixtures = {name: files[f"tests/fixtures/{path}"] for name, path in case["context"].items()}
    assert list(fixtures) == ["orders", "customers", "limits"]
    assert fixtures["orders"].startswith(b"order,customer")
    assert fixtures["limits"] == b'{"lithify": "bytes 1"}\n"LTHF\\u0004\\u0000\\u00ff"\n'
    with lab(tmp_path)[0] as second:
        (tool,) = second.tools()
        assert [(one.name, one.kind) for one in tool.signature.inputs] == [
            ("orders", "text"),
            ("customers", "data"),
            ("limits", "bytes"),
        ]
        replayed = second.ask(QUESTION, given(2))
        assert (replayed.answer, replayed.route, replayed.usage.model_calls) == (best(2, "paid"), "replay", 0)
        other = second.ask(QUESTION.replace("paid", "open"), renamed(given(2), orders="bestellungen", limits="grenzen"))
        assert (other.answer, other.route) == (best(2, "open"), "replay")
        assert second.call(tool.name, renamed(given(3))) == best(3, "paid")
        swapped = second.load({"orders": given(2)["customers"], "x": orders(2), "limits": b"LTHF"})
        plan = second.plan(QUESTION, swapped)
        assert plan.route == "explore"
        assert "none of x is of the shape of its input 'customers'" in " ".join(plan.why)
