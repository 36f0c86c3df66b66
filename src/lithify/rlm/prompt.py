"""The prompts of the loop. Their common digest is recorded with each run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lithify.prompting import PromptFolder

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "system": frozenset({"abilities"}),
    "first": frozenset({"before", "question", "wanted", "variables", "preview", "turns", "calls", "output_chars"}),
    "next": frozenset({"before", "question", "wanted", "turns", "calls"}),
    "wanted": frozenset({"notation"}),
    "cite": frozenset(),
    "extras": frozenset({"lines"}),
    "observation": frozenset({"cells", "hint"}),
    "no_code": frozenset(),
    "cut": frozenset({"tokens"}),
    "quoted": frozenset({"what"}),
    "early_answer": frozenset(),
    "bad_answer": frozenset({"reason"}),
    "uncited": frozenset({"reason"}),
    "lost": frozenset({"reason", "names"}),
    "summary": frozenset({"outputs", "asked"}),
    "compacted": frozenset({"variables"}),
    "extract": frozenset({"reason"}),
    "rlm": frozenset(),
    "no_rlm": frozenset(),
    "models": frozenset({"names"}),
    "note": frozenset({"note"}),
    "child": frozenset({"name", "task"}),
    "sub_schema": frozenset({"prompt", "notation"}),
    "sub_repair": frozenset({"reason"}),
}

_PROMPTS = PromptFolder(Path(__file__).parent / "prompts", PLACEHOLDERS)
template = _PROMPTS.template
fill = _PROMPTS.fill
digest = _PROMPTS.digest
