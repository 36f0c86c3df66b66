"""Words of names, descriptions and queries, and the FTS5 expression of a query. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can do does for from give has have how i in into is it its me my of on or our please "
        "show so than that the their them then there these they this to us was we were what when where which who whose "
        "will with you your",
    )
)
MAX_WORDS = 32
"""Words of a query that are looked for: more make a search slow and not better."""


def words(text: str) -> list[str]:
    """The words of a text in lower case; snake_case and camelCase names come apart."""
    return [word.lower() for word in _WORD.findall(text)]


def telling(text: str) -> list[str]:
    """The words of a query that say what is looked for, each once; all of its words when none does."""
    found = list(dict.fromkeys(words(text)))
    return ([word for word in found if word not in _COMMON] or found)[:MAX_WORDS]


def expression(query: str) -> str:
    """The FTS5 expression: any of the telling words, each quoted, so that nothing in a query is an operator."""
    return " OR ".join(f'"{word}"' for word in telling(query))
