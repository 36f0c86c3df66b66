"""Prompt files with checked placeholders: `{{ name }}` in a Markdown file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from lithify.errors import ProgrammerMustAct

_PLACE = re.compile(r"\{\{ (\w+) \}\}")


class PromptFolder:
    """The prompts in a folder. places: the placeholders of each, which are checked."""

    def __init__(self, folder: Path, places: Mapping[str, frozenset[str]]) -> None:
        self._folder = folder
        self._places = places
        self._checked: dict[str, str] = {}

    def template(self, name: str) -> str:
        """The text of prompts/NAME.md. Raises ProgrammerMustAct when its placeholders are not the declared ones."""
        if name in self._checked:
            return self._checked[name]
        text = (self._folder / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")
        found = frozenset(_PLACE.findall(text))
        if found != self._places[name]:
            raise ProgrammerMustAct(
                f"prompts/{name}.md uses the placeholders {sorted(found)}; declared are {sorted(self._places[name])}"
            )
        self._checked[name] = text
        return text

    def fill(self, name: str, values: Mapping[str, str]) -> str:
        """The prompt with its placeholders replaced, in one pass: a value that looks like a placeholder stays text."""
        text = self.template(name)
        if values.keys() != self._places[name]:
            raise ProgrammerMustAct(
                f"prompt {name!r} takes {sorted(self._places[name])}; given were {sorted(values.keys())}"
            )
        return _PLACE.sub(lambda match: values[match.group(1)], text)

    def digest(self) -> str:
        """sha256 over all prompt files, first 16 hex digits: which prompts a run was made with."""
        total = hashlib.sha256()
        for name in sorted(self._places):
            total.update(f"{name}\0{self.template(name)}\0".encode())
        return total.hexdigest()[:16]
