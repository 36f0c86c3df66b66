"""Which annotations mean the same, and which mean less."""

from __future__ import annotations

import pytest

from lithify.layout.annotations import is_kind_of, read_type

SAME = [
    ("int | None", "Optional[int]"),
    ("Union[str, int]", "int|str"),
    ("typing.List[str]", "list[str]"),
    ("'list[str]'", "list[str]"),
    ("Dict[str, List[int]]", "dict[str, list[int]]"),
    ("int | int", "int"),
    ("Annotated[int, 'rows']", "int"),
    ("Literal['b', 'a']", "Literal['a', 'b']"),
    ("typing.Set[int]", "set[int]"),
]
NARROWER = [
    ("int", "float"),
    ("bool", "int"),
    ("int", "int | None"),
    ("list[str]", "Sequence[str]"),
    ("list[int]", "list"),
    ("list[int]", "Iterable[float]"),
    ("tuple[int, str]", "tuple[int | str, ...]"),
    ("tuple[int, int]", "Sequence[int]"),
    ("tuple[bool, str]", "tuple[int, str]"),
    ("dict[str, int]", "Mapping[str, float]"),
    ("Counter[str]", "dict[str, int]"),
    ("dict[str, int]", "Iterable[str]"),
    ("str", "Sequence[str]"),
    ("str", "object"),
    ("Literal['a']", "Literal['a', 'b']"),
    ("Literal['a', 'b']", "str"),
    ("int", "Any"),
    ("None", "str | None"),
]
UNRELATED = [
    ("int", "str"),
    ("list[int]", "list[float]"),
    ("dict[str, int]", "dict[str, float]"),
    ("tuple[int, str]", "tuple[int, str, int]"),
    ("tuple[int, ...]", "tuple[int]"),
    ("Mapping[int, int]", "Mapping[float, int]"),
    ("Service", "Host"),
    ("not a type at all", "int"),
    ("list", "list[int]"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same(one: str, other: str) -> None:
    assert read_type(one) == read_type(other)


@pytest.mark.parametrize(("narrow", "wide"), NARROWER)
def test_narrower(narrow: str, wide: str) -> None:
    assert is_kind_of(read_type(narrow), read_type(wide))
    assert not is_kind_of(read_type(wide), read_type(narrow))


@pytest.mark.parametrize(("one", "other"), UNRELATED)
def test_unrelated(one: str, other: str) -> None:
    assert not is_kind_of(read_type(one), read_type(other))
