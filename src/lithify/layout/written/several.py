"""How several inputs are written: each as its own kind is, by name; files among them as the lines of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

FILES_OPENING = '''\
def opened(text):
    """The files that a text says: relative path to text, which stands there as its lines."""
    return {path: "".join(lines) for path, lines in json.loads(text).items()}
'''
"""A function of a module that imports json."""

FILES_WRITING = '''\
def written(value, most=None):
    """[files as text, whether that is all of them]"""
    import json

    lines = {path: text.splitlines(keepends=True) for path, text in value.items()}
    return [json.dumps(lines, ensure_ascii=False), True]
'''
"""A function of a module of its own."""

_WORD = {"opened": re.compile(r"\bopened\b(?=\()"), "written": re.compile(r"\bwritten\b(?=\()")}


def opening(sources: Mapping[str, str], calls: Sequence[tuple[str, str]]) -> str:
    """The functions that open several texts. sources: by a word for each kind; calls: the expression that opens the
    text of each input, by the input's name."""
    parts = [_WORD["opened"].sub(f"opened_{word}", source) for word, source in sources.items()]
    lines = "".join(f"        {_quoted(name)}: {call},\n" for name, call in calls)
    said = '    """The inputs that texts say, by name."""\n'
    return "\n\n".join([*parts, f"def opened(texts):\n{said}    return {{\n{lines}    }}\n"])


def writing(sources: Mapping[str, str], calls: Sequence[tuple[str, str]]) -> str:
    """The functions that write several values, as `opening` has it; `share`, in calls, is how long each may be."""
    parts = [_WORD["written"].sub(f"written_{word}", source) for word, source in sources.items()]
    lines = "".join(f"        {_quoted(name)}: {call},\n" for name, call in calls)
    body = (
        '    """[the texts of several inputs by name, whether they say all]"""\n'
        f"    share = None if most is None else most // {len(calls)}\n"
        f"    found = {{\n{lines}    }}\n"
        "    return [{name: one[0] for name, one in found.items()}, all(one[1] for one in found.values())]\n"
    )
    return "\n\n".join([*parts, f"def written(values, most=None):\n{body}"])


def _quoted(name: str) -> str:
    return f'"{name}"'
