"""What may enter a library by itself, and what a policy says of a candidate."""

from __future__ import annotations

from lithify.records.quick import dataclass

IMPORTS = (
    "__future__",
    "bisect",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "fractions",
    "functools",
    "heapq",
    "html",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "statistics",
    "string",
    "textwrap",
    "typing",
    "unicodedata",
    "urllib",
    "zoneinfo",
)
"""Of the standard library, what computes and does nothing else (of io the static gate lets a tool use no more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What policy.toml says; the defaults hold where there is none.

    enter:          False: a person reviews everything
    imports:        modules that a tool may import; the tools that a person approved add theirs
    strength:       the least share of faults in the code that its examples must notice; 0: what the gate asks for
    holdout:        True: only with sealed uses that the gate has tried
    lines:          the most lines of source
    trust_after:    distinct uses after which a provisional tool is trusted; 0: never by itself
    withdraw_after: failures of its own after which a tool goes back to candidate; 0: never by itself
    soften_after:   inputs that a tool does not cover, and that fit into no program with it, after which upkeep proposes
                    a version that asks a model for such; 0: never
    """

    enter: bool = True
    imports: tuple[str, ...] = IMPORTS
    strength: float = 0.0
    holdout: bool = False
    lines: int = 120
    trust_after: int = 3
    withdraw_after: int = 2
    soften_after: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether a candidate may enter by itself, and every reason: those against when it may not, else those for it."""

    enters: bool
    reasons: tuple[str, ...]
