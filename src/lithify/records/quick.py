"""Frozen dataclasses that cost little to define.

`dataclasses.dataclass` writes and compiles five functions for each class, nearly a millisecond of CPU; a first answer
needs over a hundred records, and that was a third of the time of a replay from the shell. Here the same methods are
closures over the names of the fields. What comes out is a dataclass like any other: `fields`, `replace`, `asdict`,
equality, hash, text, errors, pickling and signature are those of the standard library, which
`tests/records/test_quick.py` holds it to, and which type checkers see.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - exported
else:

    def dataclass(cls=None, /, **options):
        """`dataclasses.dataclass`, quicker for classes that are frozen, slotted and compared by their fields."""

        def define(cls):
            if not options.get("frozen") or not options.get("slots") or options.keys() - _KNOWN:
                return dataclasses.dataclass(**options)(cls)
            return _define(cls, kw_only=options.get("kw_only", False), compared=options.get("eq", True))

        return define if cls is None else define(cls)


_KNOWN = {"frozen", "slots", "kw_only", "eq"}
_ABSENT: Any = object()
_KEPT = ("__init__", "__repr__", "__eq__", "__hash__")
"""Methods that a class may write itself."""


def _define(cls: type, *, kw_only: bool, compared: bool) -> type:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or dataclass() would write one out of the signature
    own = {name for name in _KEPT if cls.__dict__.get(name) is not None}
    plain = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
    made: Any = plain(cls)
    every = dataclasses.fields(made)
    hashed = tuple(item.name for item in every if (item.compare if item.hash is None else item.hash))
    methods: dict[str, Callable[..., Any]] = {
        "__init__": _init(made, every),
        "__repr__": _repr(tuple(item.name for item in every if item.repr)),
        "__eq__": _eq(tuple(item.name for item in every if item.compare)),
        "__hash__": _hash(hashed),
        "__setattr__": _setattr(made, {item.name for item in every}),
        "__delattr__": _delattr(made, {item.name for item in every}),
    }
    own |= set() if compared else {"__eq__", "__hash__"}
    for name in methods.keys() - own:
        methods[name].__name__, methods[name].__qualname__ = name, f"{cls.__qualname__}.{name}"
        setattr(made, name, methods[name])
    made.__getstate__, made.__setstate__, made.__signature__ = _getstate, _setstate, _Signature()
    return made  # type: ignore[no-any-return]


def _init(cls: Any, every: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    plan = []
    positional = tuple(item for item in every if item.init and not item.kw_only)
    names = tuple(item.name for item in positional)
    for item in every:
        make = None if item.default_factory is dataclasses.MISSING else item.default_factory
        default = _ABSENT if item.default is dataclasses.MISSING else item.default
        plan.append((item.name, getattr(cls, item.name).__set__, default, make))
    finish = getattr(cls, "__post_init__", None)

    def method(self: Any, /, *given: object, **named: object) -> None:
        if given:
            if len(given) > len(names) or not named.keys().isdisjoint(names[: len(given)]):
                raise _misplaced(cls, positional, given, named)
            named.update(zip(names, given, strict=False))
        take = named.pop
        for name, put, default, make in plan:
            value = take(name, default)
            if value is _ABSENT:
                if make is None:
                    raise _missing(cls, every, named, name)
                value = make()
            put(self, value)
        if named:
            raise TypeError(f"{cls.__qualname__}.__init__() got an unexpected keyword argument {next(iter(named))!r}")
        if finish is not None:
            finish(self)

    return method


def _missing(cls: type, every: tuple[dataclasses.Field[Any], ...], left: dict[str, object], first: str) -> TypeError:
    """What is missing from the first on: everything before it was there."""
    after = [item for item in every[[item.name for item in every].index(first) :] if item.init]
    names = [item.name for item in after if item.name not in left and _shown(item, _ABSENT) is _ABSENT]
    kind = "keyword-only" if after[0].kw_only else "positional"
    listed = " and ".join(filter(None, [", ".join(map(repr, names[:-1])), repr(names[-1])]))
    plural = "s" if len(names) > 1 else ""
    return TypeError(f"{cls.__qualname__}.__init__() missing {len(names)} required {kind} argument{plural}: {listed}")


def _misplaced(
    cls: type, positional: tuple[dataclasses.Field[Any], ...], given: tuple[object, ...], named: dict[str, object]
) -> TypeError:
    """There are too many, or one of them has a name as well."""
    if len(given) > len(positional):
        most, optional = len(positional) + 1, sum(_shown(item, _ABSENT) is not _ABSENT for item in positional)
        count = f"from {most - optional} to {most}" if optional else f"{most}"
        return TypeError(
            f"{cls.__qualname__}.__init__() takes {count} positional argument{'s' if most > 1 else ''} "
            f"but {len(given) + 1} were given"
        )
    twice = next(item.name for item in positional if item.name in named)
    return TypeError(f"{cls.__qualname__}.__init__() got multiple values for argument {twice!r}")


def _repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    @recursive_repr("...")
    def method(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return method


def _eq(names: tuple[str, ...]) -> Callable[[Any, object], Any]:
    def method(self: Any, other: object) -> Any:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = [tuple([getattr(one, name) for name in names]) for one in (self, other)]
        return mine == theirs

    return method


def _hash(names: tuple[str, ...]) -> Callable[[Any], int]:
    def method(self: Any) -> int:
        return hash(tuple([getattr(self, name) for name in names]))

    return method


def _setattr(cls: Any, names: set[str]) -> Callable[[Any, str, object], None]:
    def method(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    return method


def _delattr(cls: Any, names: set[str]) -> Callable[[Any, str], None]:
    def method(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return method


def _getstate(self: Any) -> list[object]:
    return [getattr(self, item.name) for item in dataclasses.fields(self)]


def _setstate(self: Any, state: list[object]) -> None:
    for item, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, item.name, value)


class _Signature:
    """The signature of a class, made when somebody asks for it."""

    def __get__(self, instance: object, owner: Any) -> Any:
        from inspect import Parameter, Signature  # only help and documentation need it

        taken = sorted((item for item in dataclasses.fields(owner) if item.init), key=lambda item: bool(item.kw_only))
        return Signature(
            [
                Parameter(
                    item.name,
                    Parameter.KEYWORD_ONLY if item.kw_only else Parameter.POSITIONAL_OR_KEYWORD,
                    default=_shown(item, Parameter.empty),
                    annotation=item.type,
                )
                for item in taken
            ],
            return_annotation=None,
        )


def _shown(item: dataclasses.Field[Any], absent: object) -> object:
    if item.default is not dataclasses.MISSING:
        return item.default
    return absent if item.default_factory is dataclasses.MISSING else _FACTORY


class _Factory:
    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()
