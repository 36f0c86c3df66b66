"""The digest of texts: the same for the same names and characters, however they came to be in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

_CHUNK = 1 << 20
_LARGE = 64 << 20
"""Characters from which a text is digested in parts, on several cores."""
_PART = 8 << 20
_MAX_THREADS = 4


def digest_of(value: str | Mapping[str, str]) -> str:
    """sha256 in hex over kind, names and contents, each with its length, so that no two contexts share one.

    In the place of a text of 64 Mi characters or more stand the blake2b digests of its parts of 8 Mi. Takes no copy.
    """
    digest = hashlib.sha256()
    if isinstance(value, str):
        digest.update(b"text\n")
        _update(digest, value)
    else:
        digest.update(b"files\n")
        for name in sorted(value):
            _update(digest, name)
            _update(digest, value[name])
    return digest.hexdigest()


def _update(digest: hashlib._Hash, text: str) -> None:
    digest.update(f"{len(text)}:".encode())
    if len(text) >= _LARGE:
        for part in _parts(text):
            digest.update(part)
        return
    for start in range(0, len(text), _CHUNK):
        digest.update(text[start : start + _CHUNK].encode("utf-8", "surrogatepass"))


def _parts(text: str) -> Iterator[bytes]:
    """The digests of the parts, in order. No more parts are copied at a time than there are threads."""
    threads = min(_MAX_THREADS, os.cpu_count() or 1)
    starts = iter(range(0, len(text), _PART))
    with ThreadPoolExecutor(threads) as pool:
        while group := list(islice(starts, threads)):
            yield from pool.map(lambda start: _part(text, start), group)


def _part(text: str, start: int) -> bytes:
    return hashlib.blake2b(text[start : start + _PART].encode("utf-8", "surrogatepass"), digest_size=32).digest()
