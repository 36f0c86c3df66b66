"""Text from files and models made safe to look at: what is invisible, or steers a terminal, is written as an escape."""

from __future__ import annotations

import re

_BEYOND_ASCII = re.compile(r"[^\x20-\x7e\n\t]+")
# Printable by Unicode's rules and yet nothing to see: fillers, blanks, joiners, variation selectors. An emoji's own
# selector (U+FE0E, U+FE0F) is taken for part of it; the other selectors carry hidden text.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)
_ALONE = re.compile("(?<![\u2000-\u2fff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]")


def visible(text: str) -> str:
    r"""The text, its invisible characters as escapes (\x1b, \u202e, \U000e0041); line feeds and tabs stay."""
    return _BEYOND_ASCII.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    run = found.group()
    if run.isprintable() and not _UNSEEN.search(run) and not _ALONE.search(run):
        return run
    shown = "".join(char if char.isprintable() and not _UNSEEN.match(char) else escaped(char) for char in run)
    return _ALONE.sub(lambda selector: escaped(selector.group()), shown)


def escaped(char: str) -> str:
    r"""One character as Python would write it in a literal, for example \u200b."""
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
