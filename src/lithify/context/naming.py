"""Names of variables for named inputs. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from lithify.context.packing import SUFFIXES
from lithify.errors import BadInput

_NAMES = (
    "context answer tools budget call llm_query llm_query_batched rlm_query rlm_query_batched search_tools "
    "FINAL FINAL_VAR SUBMIT SHOW_VARS cite history"
)
RESERVED = frozenset(_NAMES.split())
"""Names that mean something in a session."""
_STRANGE = re.compile(r"[^A-Za-z0-9_]+")


def check_name(name: str) -> str:
    """The name, if a variable can be called so. Raises BadInput."""
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii():
        raise BadInput(f"{name!r} is no name for a variable; use letters, digits and _, for example orders=orders.csv")
    if _taken(name):
        raise BadInput(f"{name!r} means something else in a session; give another name, for example {name}_data")
    return name


def names_for(paths: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A variable's name for each file name, none twice: its stem, with its suffix or a number where that is taken."""
    used = set(taken)
    found = []
    for path in paths:
        stem, suffix = _parts(path)
        name = next(one for one in _candidates(stem, suffix) if one not in used and not _taken(one))
        used.add(name)
        found.append(name)
    return found


def _parts(path: str) -> tuple[str, str]:
    name = PurePosixPath(path).name
    plain = PurePosixPath(name)
    while plain.suffix.lower() in SUFFIXES:
        plain = plain.with_suffix("")
    stem = _STRANGE.sub("_", plain.stem).strip("_")
    return (stem if stem and not stem[0].isdigit() else f"data_{stem}".rstrip("_")), _STRANGE.sub("", plain.suffix)


def _candidates(stem: str, suffix: str) -> Iterable[str]:
    yield stem
    if suffix:
        yield f"{stem}_{suffix.lower()}"
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


def _taken(name: str) -> bool:
    return name in RESERVED or hasattr(builtins, name) or keyword.iskeyword(name) or name.startswith("__")
