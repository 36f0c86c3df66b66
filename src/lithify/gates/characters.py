"""Whether a source reads as it runs: no letters that look like others, none that cannot be seen. Pure.

Trojan Source (Boucher and Anderson 2021): what a reviewer sees must be what Python runs.
"""

from __future__ import annotations

import io
import tokenize
import unicodedata
from collections.abc import Iterator

from lithify.gates.complaint import Complaint

_UNSEEN = ("Cf", "Cc", "Co", "Cs", "Zl", "Zp")
_PLAIN = "\n\r\t"


def check_characters(source: str) -> Iterator[Complaint]:
    """What cannot be seen in a source that parses, and names with letters beyond ASCII."""
    for number, line in enumerate(source.split("\n"), 1):
        unseen = {char for char in line if char not in _PLAIN and unicodedata.category(char) in _UNSEEN}
        if unseen:
            which = ", ".join(f"U+{ord(char):04X}" for char in sorted(unseen))
            what = f"{which} cannot be seen, or moves what is seen"
            yield Complaint(number, what, "write it as an escape in a text, or remove it")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not token.string.isascii():
            what = f"the name {token.string!r} has letters that may be taken for others"
            yield Complaint(token.start[0], what, "names in a to z, 0 to 9 and _")
