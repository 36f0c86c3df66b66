"""Plain data and bytes from Python as Contexts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from lithify.context.bounds import bounded
from lithify.context.fingerprint import fingerprint_bytes, fingerprint_document
from lithify.context.outlines import data_outline
from lithify.context.sniffing import HEAD, file_kind
from lithify.errors import ProgrammerMustAct
from lithify.records.context import Context
from lithify.records.plain import Plain

MAX_CHARS = 4_500
_BATCH = 1_000
_MAX_FINGERPRINTED = 10_000
_SHOWN_BYTES = 64


def context_of_data(value: Plain, *, sources: tuple[str, ...] = (), name: str = "context") -> Context:
    """A Context over a list, a dict or any other plain value.

    Raises ProgrammerMustAct, naming the place, for what is not plain data (a set, a date, an object).
    """
    digest = hashlib.sha256(b"data\n")
    size = pack_into(value, digest.update)
    empty = isinstance(value, Sequence | Mapping) and not value
    return Context(
        name=name,
        kind="data",
        value=value,
        sources=sources,
        size=size,
        digest=digest.hexdigest(),
        preview=bounded(data_outline(value), MAX_CHARS),
        fingerprint=fingerprint_document(_spread(value), "data"),
        notes=("the data is empty",) if empty else (),
        type=type_of(value),
    )


def context_of_bytes(value: bytes, *, sources: tuple[str, ...] = (), name: str = "context") -> Context:
    """A Context over bytes as they are."""
    kind = file_kind(value[:HEAD], "")
    about = "they begin like text" if kind == "text" else "" if kind == "refused" else f"they begin like {kind} data"
    parts = [f"bytes, {len(value):,} in all{f'; {about}' if about else ''}", f"First: {value[:_SHOWN_BYTES]!r}"]
    if len(value) > _SHOWN_BYTES:
        parts.append(f"Last: {value[-_SHOWN_BYTES:]!r}")
    return Context(
        name=name,
        kind="bytes",
        value=value,
        sources=sources,
        size=len(value),
        digest=hashlib.sha256(b"bytes\n" + value).hexdigest(),
        preview=bounded("\n".join(parts), MAX_CHARS),
        fingerprint=fingerprint_bytes(value),
        notes=() if value else ("there are no bytes",),
        type=f"bytes, {len(value):,} in all",
    )


def type_of(value: Plain) -> str:
    """What plain data is, in words: "list of 3 dicts"."""
    if isinstance(value, Mapping):
        return f"dict of {len(value):,} {'key' if len(value) == 1 else 'keys'}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        kinds = {type(item).__name__ for item in value}
        held = f"{kinds.pop()}s" if len(kinds) == 1 else "items"
        return f"list of {len(value):,} {held}"
    return type(value).__name__


def pack_into(value: Plain, take: Callable[[bytes], object]) -> int:
    """Hand the value over as msgpack, piece by piece: the same value gives the same bytes. Gives their number.

    Raises ProgrammerMustAct, naming the place, for what is not plain data.
    """
    if strange := _strange_key(value):
        raise ProgrammerMustAct(f"a key of a dict is {strange!r}; use None, bool, int, float or str as keys")
    total = 0
    for piece in _pieces(value):
        try:
            packed = _packer()(piece)
        except (TypeError, ValueError, OverflowError) as error:
            _refuse(value, error)
        take(packed)
        total += len(packed)
    return total


def _spread(value: Plain) -> Plain:
    """Of a long list evenly spread items, the same each time."""
    if isinstance(value, list | tuple) and len(value) > _MAX_FINGERPRINTED:
        return list(value[:: 1 + len(value) // _MAX_FINGERPRINTED])
    return value


def _pieces(value: Plain) -> Iterable[Plain]:
    """A long list or dict in batches, after its length; anything else whole."""
    if isinstance(value, list | tuple) and len(value) > _BATCH:
        yield ["list", len(value)]
        yield from (list(value[start : start + _BATCH]) for start in range(0, len(value), _BATCH))
    elif isinstance(value, dict) and len(value) > _BATCH:
        yield ["dict", len(value)]
        items = list(value.items())
        yield from (dict(items[start : start + _BATCH]) for start in range(0, len(items), _BATCH))
    else:
        yield value


def _packer() -> Callable[[Any], bytes]:
    import msgpack

    def extend(value: object) -> object:
        """What msgpack does not pack by itself: long numbers."""
        if isinstance(value, int):
            return msgpack.ExtType(1, str(value).encode())
        raise TypeError(type(value).__name__)

    packer = msgpack.Packer(default=extend, unicode_errors="surrogatepass")
    pack: Callable[[Any], bytes] = packer.pack
    return pack


def _strange_key(value: Plain) -> object:
    """The first key that a session's channel does not take, or None."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key in one:
                if not (key is None or isinstance(key, bool | int | float | str)):
                    return key
        held = one.values() if isinstance(one, dict) else one if isinstance(one, list | tuple) else ()
        waiting += [item for item in held if isinstance(item, dict | list | tuple)]
    return None


def _refuse(value: Plain, error: Exception) -> NoReturn:
    place, found = _first_strange(value, "context") or ("context", str(error))
    raise ProgrammerMustAct(
        f"{place} is {found}, which is not plain data; give None, bool, int, float, str, bytes, and lists and "
        "dicts of these: a date as text (.isoformat()), a set as a list, an object as a dict"
    ) from error


def _first_strange(value: object, place: str, depth: int = 0) -> tuple[str, str] | None:
    """Where the first value stands that is not plain data, and what it is."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return None
    if depth > 200:
        return place, "nested more than 200 deep"
    if isinstance(value, list | tuple):
        pairs: Iterable[tuple[object, object]] = enumerate(value)
    elif isinstance(value, dict):
        pairs = value.items()
    else:
        return place, f"a {type(value).__name__}"
    found = (_first_strange(item, f"{place}[{key!r}]", depth + 1) for key, item in pairs)
    return next((one for one in found if one), None)
