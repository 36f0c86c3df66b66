"""Lines of the contract that depend on the run: whether it may have children, which models it may name, its Python."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.rlm.prompt import fill
from lithify.rlm.queries import Names


def abilities(children: bool, names: Names, notes: Iterable[str]) -> str:
    """They follow the line on `llm_query`, each on a line of its own."""
    lines = [fill("rlm" if children else "no_rlm", {})]
    if names.listed:
        lines.append(fill("models", {"names": ", ".join(f"{name!r}" for name in names.listed)}))
    lines += [fill("note", {"note": note}) for note in notes]
    return "".join(f"\n{line}" for line in lines)
