"""What `records.quick` makes is held to what the standard library makes of the same class."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from lithify.records.quick import dataclass as quick

Decorator = Callable[[type], Any]


@quick(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Known by name, so that it can be pickled."""

    words: tuple[str, ...]
    loud: bool = False


def point(decorate: Decorator) -> Any:
    class Point:
        """A place."""

        x: int
        y: int = 2
        names: list[str] = field(default_factory=list)
        hidden: str = field(default="h", repr=False)
        aside: int = field(default=0, compare=False)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError(f"x must not be negative: {self.x}")

        @property
        def sum(self) -> int:
            return self.x + self.y

    return decorate(Point)


BOTH = [
    pytest.param({"frozen": True, "slots": True}, id="positional"),
    pytest.param({"frozen": True, "slots": True, "kw_only": True}, id="keywords"),
    pytest.param({"frozen": True, "slots": True, "eq": False}, id="identity"),
]


def outcome(act: Callable[[Any], object], cls: Any) -> object:
    """What a call gives, or how it fails, as text that does not tell which class it was."""
    try:
        return act(cls)
    except (TypeError, ValueError, AttributeError) as error:
        return type(error).__name__, str(error)


ACTS: list[Callable[[Any], object]] = [
    lambda cls: repr(cls(x=1)),
    lambda cls: repr(cls(x=1, y=3, names=["a"], hidden="no", aside=5)),
    lambda cls: cls(),
    lambda cls: repr(cls(1)),
    lambda cls: cls(1, 2, [], "", 0, 7),
    lambda cls: cls(x=1, z=2),
    lambda cls: cls(x=-1),
    lambda cls: cls(x=1) == cls(x=1),
    lambda cls: cls(x=1) == cls(x=1, aside=9),
    lambda cls: cls(x=1) == cls(x=2),
    lambda cls: cls(x=1) == (1, 2),
    lambda cls: cls(x=float("nan")) == cls(x=float("nan")),
    lambda cls: len({cls(x=1, names=()), cls(x=1, names=(), aside=4)}),
    lambda cls: hash(cls(x=1)) and None,
    lambda cls: setattr(cls(x=1), "x", 2),
    lambda cls: delattr(cls(x=1), "x"),
    lambda cls: hasattr(cls(x=1), "__dict__"),
    lambda cls: cls(x=1).names is cls(x=1).names,
    lambda cls: cls(x=1).sum,
    lambda cls: repr(dataclasses.replace(cls(x=1), y=7)),
    lambda cls: repr(dataclasses.replace(cls(x=1), z=7)),
    lambda cls: dataclasses.asdict(cls(x=1, names=["b"])),
    lambda cls: [(item.name, item.type, item.default) for item in dataclasses.fields(cls)],
    lambda cls: dataclasses.is_dataclass(cls),
    lambda cls: cls.__doc__,
    lambda cls: cls.__match_args__,
    lambda cls: str(inspect.signature(cls)),
    lambda cls: repr(copy.copy(cls(x=1, names=["c"]))),
    lambda cls: repr(copy.deepcopy(cls(x=1, names=["c"]))),
    lambda cls: cls.__init__.__qualname__.rpartition(".")[2],
]


@pytest.mark.parametrize("options", BOTH)
@pytest.mark.parametrize("act", ACTS)
def test_is_what_the_standard_library_makes(act: Callable[[Any], object], options: dict[str, bool]) -> None:
    known = outcome(act, point(dataclasses.dataclass(**options)))

    assert outcome(act, point(quick(**options))) == known


def test_an_argument_is_given_once() -> None:
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        point(quick(frozen=True, slots=True))(1, 2, x=3)


def test_has_no_place_for_anything_else() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        point(quick(frozen=True, slots=True))(1).other = 2


def family(decorate: Decorator) -> Any:
    @decorate
    class Base:
        """The first."""

        a: int
        b: int = 1

    @decorate
    class Child(Base):
        """The second."""

        c: tuple[int, ...] = ()
        b: int = 5

    return Base, Child


def test_a_subclass_has_the_fields_of_both() -> None:
    options = {"frozen": True, "slots": True, "kw_only": True}
    _, known = family(dataclasses.dataclass(**options))
    base, child = family(quick(**options))

    assert repr(child(a=1, c=(2,))) == repr(known(a=1, c=(2,)))
    assert child(a=1) != base(a=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        child(a=1).a = 3


def test_a_class_keeps_the_methods_that_it_writes() -> None:
    @quick(frozen=True, slots=True)
    class Own:
        x: int

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "mine"

    assert (repr(Own(1)), hash(Own(2)), Own(1) == Own(2)) == ("mine", 7, True)


def test_goes_through_pickle() -> None:
    said = Spoken(words=("a", "b"), loud=True)

    assert pickle.loads(pickle.dumps(said)) == said


def test_what_contains_itself_can_be_shown() -> None:
    @quick(frozen=True, slots=True)
    class Box:
        things: list[object]

    box = Box([])
    box.things.append(box)

    assert "..." in repr(box)


def test_other_options_are_the_standard_librarys() -> None:
    @quick(slots=True, order=True)
    class Pair:
        x: int

    pair = Pair(1)
    pair.x = 3

    assert pair > Pair(2)
