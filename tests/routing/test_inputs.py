"""Which of several inputs is which parameter: by name, and by shape where the names are others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.context import context_of
from lithify.context.inputs import context_of_inputs
from lithify.records.context import Context
from lithify.records.tool import Input, Signature
from lithify.routing.applicability import covers
from lithify.routing.inputs import arranged

ORDERS = [{"order": n, "customer": n % 3, "amount": n * 2} for n in range(9)]
PEOPLE = [{"id": n, "city": "Oslo"} for n in range(3)]
KNOWN = context_of({"orders": ORDERS, "people": PEOPLE, "raw": b"LTHF"})


def signature(*names: str, known: Context = KNOWN) -> Signature:
    kinds = {one.name: one.kind for one in known.variables}
    inputs = tuple(Input(name=name, kind=kinds[name]) for name in names)
    return Signature(
        function="f",
        context_parameter=names[0],
        context_kind="inputs",
        parameters=(),
        returns="int",
        inputs=inputs,
    )


def bound(given: dict[str, object], *names: str) -> Context | str:
    known = tuple(one for one in KNOWN.inputs if one.name in names)
    shape = context_of({one.name: one.value for one in known} | {"raw": b"LTHF"}).fingerprint
    return arranged(context_of(given), signature(*names), (shape,))


@pytest.mark.parametrize(
    "given",
    [
        {"orders": ORDERS, "people": PEOPLE, "raw": b"LTHF"},
        {"raw": b"LTHF", "people": PEOPLE, "orders": ORDERS},
        {"x": b"LTHF", "y": PEOPLE, "z": ORDERS},
        {"orders": ORDERS, "y": PEOPLE, "z": b"LTHF"},
    ],
)
def test_inputs_are_told_by_name_or_by_shape(given: dict[str, object]) -> None:
    found = bound(given, "orders", "people", "raw")
    assert isinstance(found, Context)
    assert [(one.name, one.value) for one in found.inputs] == [
        ("orders", ORDERS),
        ("people", PEOPLE),
        ("raw", b"LTHF"),
    ]
    assert covers([KNOWN.fingerprint], found.fingerprint).covered


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"orders": ORDERS, "raw": b"LTHF"}, "takes 3 inputs (orders, people, raw), here are 2"),
        ({"a": ORDERS, "b": ORDERS, "raw": b"LTHF"}, "none of a, b is of the shape of its input 'people'"),
    ],
)
def test_what_does_not_fit_is_said(given: dict[str, object], why: str) -> None:
    found = bound(given, "orders", "people", "raw")
    assert isinstance(found, str)
    assert why in found


def test_two_of_one_shape_need_their_names() -> None:
    before = context_of({"before": ORDERS, "after": ORDERS, "raw": b"LTHF"})
    reads = signature("before", "after", known=before)
    shape = (before.fingerprint,)
    unclear = arranged(
        context_of_inputs([replace(one, name=f"{one.name}_2026") for one in before.inputs[:2]]), reads, shape
    )
    assert isinstance(unclear, str)
    assert "cannot be told by their shapes: give the names, before=… after=…" in unclear


def test_files_without_names_are_told_to_be_named() -> None:
    files = context_of({"orders.csv": "a,b\n1,2\n", "people.csv": "c\n3\n"})
    found = arranged(files, signature("orders", "people"), (KNOWN.fingerprint,))
    assert found == "it takes 2 inputs, this is files: name each, orders=… people=…"


def test_one_input_alone_may_have_a_name() -> None:
    named = context_of_inputs(KNOWN.inputs[:1])
    single = Signature(function="f", context_parameter="data", context_kind="data", parameters=(), returns="int")
    found = arranged(named, single, (KNOWN.inputs[0].fingerprint,))
    assert isinstance(found, Context)
    assert (found.kind, found.value) == ("data", ORDERS)
    plain = context_of(ORDERS)
    again = arranged(plain, signature("orders"), (named.fingerprint,))
    assert isinstance(again, Context)
    assert [(one.name, one.value) for one in again.inputs] == [("orders", ORDERS)]
