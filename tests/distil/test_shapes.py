"""The shape of an input as a test in code: true for inputs of the shape, false for those of the others."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from lithify.context.fingerprint import fingerprint
from lithify.distil.shapes import said, shape_test

INPUTS = {
    "syslog": "".join(f"Jun {n % 9 + 1} 10:0{n % 6}:00 combo sshd[{n}]: restarted\n" for n in range(30)),
    "iso": "".join(f"2026-06-0{n % 9 + 1} 10:0{n % 6}:00,123 INFO web: restarted {n}\n" for n in range(30)),
    "pipes": "".join(f"20171223-22:15:{n}:606|Step_LSC|30002{n}|onStandStepChanged {n}\n" for n in range(10, 40)),
    "indented": "".join(f"  {n} 10.0.0.{n} GET /index {n}\n" for n in range(30)),
    "apache": "".join(f"[Sun Dec 04 04:47:{n} 2005] [notice] workerEnv in state {n}\n" for n in range(10, 40)),
    "csv": "service,what,n\n" + "".join(f"s{n % 3},restarted,{n}\n" for n in range(30)),
    "other columns": "time,service,what\n" + "".join(f"10:0{n % 6},s{n % 3},restarted\n" for n in range(30)),
    "quoted header": '"service; name";what\n' + "".join(f"s{n % 3};{n}\n" for n in range(30)),
    "jsonl": "".join(json.dumps({"service": f"s{n % 3}", "n": n}) + "\n" for n in range(30)),
    "other keys": "".join(json.dumps({"name": f"s{n % 3}", "n": n}) + "\n" for n in range(30)),
    "json": json.dumps([{"service": f"s{n % 3}", "n": n} for n in range(30)], indent=1),
    "nested": json.dumps({"rows": [{"service": f"s{n % 3}", "n": n} for n in range(30)]}),
}


def compiled(text: str) -> Callable[[str], bool]:
    test = shape_test(fingerprint(text))
    assert test is not None
    space: dict[str, Any] = {"csv": csv, "json": json, "re": re}
    body = "\n".join(f"    {line}" for line in test.body.replace("@CONSTANT@", "_X").splitlines())
    exec(f"{test.constant.replace('@CONSTANT@', '_X')}\ndef is_one(text):\n{body}", space)
    found: Callable[[str], bool] = space["is_one"]
    return found


@pytest.mark.parametrize("name", INPUTS)
def test_a_shape_is_told_from_all_others(name: str) -> None:
    is_one = compiled(INPUTS[name])
    assert {other: is_one(text) for other, text in INPUTS.items()} == {other: other == name for other in INPUTS}
    assert not is_one("")
    assert is_one("\n".join(INPUTS[name].splitlines()[:20])) or name in ("json", "nested")


@pytest.mark.parametrize("text", ["", "It was a dark and stormy night.\nThe rain fell in torrents.\n" * 20])
def test_what_has_no_shape_of_its_own_has_no_test(text: str) -> None:
    assert shape_test(fingerprint(text)) is None


def test_a_shape_in_words() -> None:
    assert said(fingerprint(INPUTS["csv"])) == "a table with the columns service, what, n"
    assert said(fingerprint(INPUTS["syslog"])) == "lines that begin like `Mon 9 9:9:9 word tag:`"
