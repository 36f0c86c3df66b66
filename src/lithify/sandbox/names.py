"""What a session begins with, checked: the names of its variables, its seed."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from lithify.errors import ProgrammerMustAct


def check_names(names: Sequence[str]) -> None:
    """Raise ProgrammerMustAct for what cannot name a variable, or does twice."""
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ProgrammerMustAct(f"{name!r} cannot be the name of a variable in a session")
    if len(set(names)) != len(names):
        raise ProgrammerMustAct("an input and a function of a session have the same name")


def check_seed(seed: int | None) -> None:
    """Raise ProgrammerMustAct for a seed that is not None or an integer of 64 bits."""
    if seed is not None and (type(seed) is not int or not 0 <= seed < 1 << 64):
        raise ProgrammerMustAct(f"the seed of a session is None or an integer from 0 to 2**64 - 1, not {seed!r:.80}")
