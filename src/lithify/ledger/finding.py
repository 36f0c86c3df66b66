"""Finding a run by its id or a beginning of it. Pure, shared by every ledger."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lithify.errors import LedgerProblem

SHOWN = 5


def the_one(wanted: str, ids: Sequence[str]) -> str:
    """The id that is wanted, or the only one that begins with it. ids: all of them, newest first.

    Raises LedgerProblem for none or several; the message shows near ones.
    """
    if wanted in ids:
        return wanted
    matching = [one for one in ids if one.startswith(wanted)] if wanted else []
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise LedgerProblem(f"{len(matching)} runs begin with {wanted!r}: {_listed(matching)}. Give more of the id")
    if not ids:
        raise LedgerProblem(f"no run {wanted!r}: this ledger holds no runs yet. `lithify ask` makes the first")
    near = difflib.get_close_matches(wanted, ids, n=SHOWN, cutoff=0.6)
    hint = f"near ones: {_listed(near)}" if near else f"the latest: {_listed(ids)}"
    raise LedgerProblem(f"no run {wanted!r} in the ledger; {hint}. `lithify runs` lists them")


def _listed(ids: Sequence[str]) -> str:
    more = ", …" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + more
