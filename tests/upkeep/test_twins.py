"""Which pairs are worth running on one another's uses."""

from __future__ import annotations

from dataclasses import replace

from lithify.records.tool import Tool
from lithify.upkeep import likely_pairs
from tests.upkeep.known import tool

A, B, C = tool("a"), tool("b"), tool("c")


def pairs(*tools: Tool, alike: bool = True) -> dict[str, tuple[str, ...]]:
    return likely_pairs(tools, lambda one, other: alike, lambda source: source)


def test_every_pair_stands_once_with_the_first_of_its_names() -> None:
    assert pairs(C, A, B) == {"a": ("b", "c"), "b": ("c",)}
    assert pairs(A, B, alike=False) == {}


def test_the_same_code_is_a_pair_whatever_its_words() -> None:
    assert pairs(A, replace(B, source=A.source), alike=False) == {"a": ("b",)}


def test_a_boundary_settles_it_unless_the_code_is_the_same() -> None:
    bounded = replace(B, not_for=('questions like "x": a answers those',))
    assert pairs(A, bounded) == {}
    assert pairs(A, replace(bounded, source=A.source)) == {"a": ("b",)}


def test_tools_over_data_of_another_kind_are_no_pair() -> None:
    assert pairs(A, replace(B, signature=replace(B.signature, context_kind="files"))) == {}
