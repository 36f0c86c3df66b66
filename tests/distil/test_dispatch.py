"""Two derivations made one tool that looks which shape of input it is given."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from lithify.context.fingerprint import fingerprint
from lithify.distil.bench import Runnable
from lithify.distil.dispatch import Derivation, adopted, dispatched
from lithify.distil.unify import Different
from lithify.records.tool import Parameter, Signature

LOG = "".join(f"Jun {n % 9 + 1} 10:0{n % 6}:00 combo s{n % 3}[{n}]: restarted\n" for n in range(30))
TABLE = "service,what\n" + "".join(f"s{n % 3},restarted\n" for n in range(12))
RECORDS = "".join(f'{{"service": "s{n % 3}"}}\n' for n in range(9))
OLD = '''\
from collections import Counter
import re


def _services(text):
    return re.findall(r"combo (\\w+)\\[", text)


def top(text: str, number: int = 1) -> list[str]:
    """Which 1 services restarted?

    Args:
        text: The input, whole: lines that
            begin somehow.
        number: In place of "1" in the question.

    Returns:
        A list of texts.
    """
    counts = Counter(_services(text))
    return [name for name, _ in sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:number]]
'''
NEW = """\
import csv
from collections import Counter, defaultdict


def _services(text):
    return [row["service"] for row in csv.DictReader(text.splitlines())]


def top(text: str, wanted: int = 2) -> list[str]:
    counts = Counter(_services(text))
    return [name for name, _ in sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:wanted]]
"""
THIRD = NEW.replace("csv.DictReader(text.splitlines())", "map(json.loads, text.splitlines())").replace("csv", "json")


def signature(*names: str, returns: str = "list[str]", function: str = "top", context: str = "text") -> Signature:
    parameters = tuple(Parameter(name=name, annotation="int", default=1) for name in names)
    return Signature(
        function=function, context_parameter=context, context_kind="text", parameters=parameters, returns=returns
    )


def joined(old: Runnable, shapes: tuple[str, ...], source: str, text: str, **options: bool) -> str:
    new = Derivation(tool=Runnable(source, signature("wanted")), shape=fingerprint(text), names={"wanted": "number"})
    found = dispatched(old, tuple(map(fingerprint, shapes)), new, signature("number"), **options)
    assert isinstance(found, str), found
    return found


def ran(source: str) -> Mapping[str, Any]:
    space: dict[str, Any] = {}
    exec(source, space)
    return space


def test_each_input_goes_to_the_derivation_that_is_meant_for_it() -> None:
    source = joined(Runnable(OLD, signature("number")), (LOG,), NEW, TABLE)
    top = ran(source)["top"]
    assert (top(LOG, 2), top(TABLE, 2), top(TABLE)) == (["s0", "s1"], ["s0", "s1"], ["s0"])
    public = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert [name for name in public if not name.startswith("_")] == ["top"]
    assert "_services" in public
    assert "_services_2" in public
    try:
        top("nothing of the kind")
    except ValueError as error:
        assert str(error).startswith("the input is none of these: lines that begin like")
        assert "a table with the columns service, what" in str(error)
    else:
        raise AssertionError("it takes what it does not know")


def test_the_docstring_says_both_shapes() -> None:
    node = next(
        one
        for one in ast.parse(joined(Runnable(OLD, signature("number")), (LOG,), NEW, TABLE)).body
        if isinstance(one, ast.FunctionDef) and one.name == "top"
    )
    said = ast.get_docstring(node) or ""
    assert said.startswith("Which 1 services restarted?\n\nArgs:\n    text: The input, whole: lines that begin like")
    assert "; or a table with\n        the columns service, what.\n    number: In place of" in said


def test_a_third_shape_becomes_a_third_branch() -> None:
    two = joined(Runnable(OLD, signature("number")), (LOG,), NEW, TABLE)
    three = joined(Runnable(two, signature("number")), (LOG, TABLE), THIRD, RECORDS)
    top = ran(three)["top"]
    assert [top(text, 2) for text in (LOG, TABLE, RECORDS)] == [["s0", "s1"]] * 3
    branches = [node for node in ast.walk(ast.parse(three)) if isinstance(node, ast.If)]
    assert len(branches) == 3
    assert three.count("def _is_") == 3


def test_a_branch_for_the_same_shape_is_replaced_and_what_it_alone_needed_goes() -> None:
    two = joined(Runnable(OLD, signature("number")), (LOG,), NEW, TABLE)
    better = NEW.replace('row["service"]', 'row["service"].upper()').replace("_services", "_names")
    again = joined(Runnable(two, signature("number")), (LOG, TABLE), better, TABLE)
    top = ran(again)["top"]
    assert (top(TABLE), top(LOG)) == (["S0"], ["s0"])
    assert again.count("def _is_") == 2
    assert "_services_2" not in again


def test_what_both_have_alike_stands_there_once_unless_it_leads_to_something_else() -> None:
    same = "def _ranked(counts):\n    return sorted(counts, key=_key)\n\n\ndef _key(pair):\n    return {}\n\n\n"
    shared = "def _same(counts):\n    return counts\n\n\n"
    old, new = (shared + same.format(value) + source for value, source in (("-pair", OLD), ("pair", NEW)))
    source = joined(Runnable(old, signature("number")), (LOG,), new, TABLE)
    assert source.count("def _same(") == 1
    assert "return sorted(counts, key=_key_2)" in source


def test_a_choice_by_more_than_the_shape_is_no_list_of_branches() -> None:
    choosing = "def _a(text):\n    return 'Jun' in text\n\n\ndef _run(text, number):\n    return ['x'] * number\n\n\n"
    choosing += "def top(text: str, number: int = 1) -> list[str]:\n    if _a(text) and number > 0:\n"
    choosing += "        return _run(text, number)\n    raise ValueError('no')\n"
    source = joined(Runnable(choosing, signature("number")), (LOG,), NEW, TABLE)
    assert "if _a(text) and number > 0:" in source
    assert ran(source)["top"](LOG, 2) == ["x", "x"]


def test_the_new_shape_may_be_looked_for_first() -> None:
    source = joined(Runnable(OLD, signature("number")), (LOG,), NEW, TABLE, first=True)
    assert source.index("if _is_table(text)") < source.index("if _is_lines(text)")


def test_what_cannot_be_told_apart_is_not_joined() -> None:
    new = Derivation(tool=Runnable(NEW, signature("wanted")), shape=fingerprint(LOG), names={"wanted": "number"})
    found = dispatched(Runnable(OLD, signature("number")), [fingerprint(LOG)], new, signature("number"))
    assert isinstance(found, Different)
    assert "the same shape" in found.reason
    prose = fingerprint("It was a dark and stormy night.\nThe rain fell in torrents.\n" * 20)
    found = dispatched(Runnable(OLD, signature("number")), [prose], new, signature("number"))
    assert isinstance(found, Different)


def test_a_derivation_under_the_tools_signature() -> None:
    like = signature("number", function="most", context="log")
    source = adopted(Runnable(NEW, signature("wanted")), like, {"wanted": "number"})
    assert source is not None
    assert "def most(log: str, number: int=1) -> list[str]:" in source
    assert ran(source)["most"](TABLE) == ["s0"]
    assert adopted(Runnable(NEW, signature("wanted")), signature("counts"), {"wanted": "counts"}) is None
