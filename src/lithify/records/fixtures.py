"""What of a person's data may lie in a library."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

FixtureMode: TypeAlias = Literal["clear", "hash-only"]
RULES = ("secrets", "emails", "addresses")
"""The redaction rules that are known by name; names of one's own are given beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixturePolicy:
    """How the recorded uses of a tool are kept.

    mode:  "clear": extracts of the data, redacted; "hash-only": digests, so that nothing of the data lies there
    rules: what is redacted: some of RULES
    names: words and phrases of one's own that are redacted as well (people, customers, projects)
    """

    mode: FixtureMode = "clear"
    rules: tuple[str, ...] = RULES
    names: tuple[str, ...] = ()
