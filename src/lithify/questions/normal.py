"""The normal form of a question: what may differ without a difference in meaning is taken out, nothing else."""

from __future__ import annotations

import re
from functools import lru_cache

from lithify.questions.scan import Token, scan
from lithify.questions.words import AFTER_A_COUNTS, ARTICLES, FUNCTION_WORDS, GREETINGS, POLITE_ENDINGS, POLITE_OPENINGS

_PLURAL = re.compile(r"[a-z]{2}(?<![suia])s$")
_END = frozenset({".", "?", "!", "…", "..."})
_PAUSE = _END | {",", ";", ":"}
_AFTER_GREETING = frozenset((mark,) for mark in _PAUSE)


@lru_cache(maxsize=1_024)
def essential(question: str) -> tuple[Token, ...]:
    """The tokens that carry the meaning: no politeness, no articles, no closing punctuation, no Oxford comma."""
    tokens = _without_ending(list(scan(question)))
    tokens = _without_opening(tokens)
    kept: list[Token] = []
    for token in reversed(tokens):
        following = kept[-1] if kept else None
        if token.key in ARTICLES and _droppable(token, following):
            continue
        if token.key == "," and following is not None and following.key in ("and", "or"):
            continue
        kept.append(token)
    return tuple(reversed(kept))


def normalise(question: str) -> str:
    """The normal form: tokens parted by one space. Case, white space, quotation marks, articles, contractions, polite
    openings, written-out numbers and closing punctuation are folded; every other word stays as it is."""
    return " ".join(token.key for token in essential(question))


def _droppable(article: Token, following: Token | None) -> bool:
    """Articles go before a word or value; before "few", before grammar or at the end ("from a to b") they stay.

    A capital A inside a question is a name ("grade A"), and so is an a before a plural ("how many a records").
    """
    if following is None or following.kind == "mark" or following.key in AFTER_A_COUNTS:
        return False
    if article.key != "the" and (article.kind == "name" or _PLURAL.search(following.key)):
        return False
    return following.key not in FUNCTION_WORDS or following.key in ("most", "same", "other", "next", "only")


def _without_ending(tokens: list[Token]) -> list[Token]:
    while True:
        while tokens and tokens[-1].key in _END:
            tokens = tokens[:-1]
        keys = tuple(token.key for token in tokens)
        ending = next((e for e in POLITE_ENDINGS if keys[-len(e) :] == e), None)
        before = len(keys) - len(ending) if ending else 0
        if ending is None or before < 2 or keys[before - 1] not in _PAUSE:
            return tokens
        tokens = tokens[: before - 1]


def _without_opening(tokens: list[Token]) -> list[Token]:
    while True:
        keys = tuple(token.key for token in tokens)
        opening = next((o for o in POLITE_OPENINGS if keys[: len(o)] == o and len(keys) > len(o) + 1), None)
        opening = opening or next(
            (g for g in GREETINGS if keys[: len(g)] == g and keys[len(g) :][:1] in _AFTER_GREETING), None
        )
        if opening is None:
            return tokens
        tokens = tokens[len(opening) :]
        while tokens and tokens[0].key in _PAUSE:
            tokens = tokens[1:]
