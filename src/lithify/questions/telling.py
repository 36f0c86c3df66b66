"""What a question speaks of, and which values it states."""

from __future__ import annotations

from lithify.questions.numbers import read_words
from lithify.questions.scan import quoted_text, scan
from lithify.questions.words import FUNCTION_WORDS

_ENDINGS = ("ures", "ure", "ations", "ation", "ings", "ing", "ions", "ion", "ies", "ed", "es", "s", "e", "y")
_STEM = 4


def telling_words(text: str) -> frozenset[str]:
    """The words that say what is meant, without grammar, values and endings ("failures", "failed": "fail")."""
    tokens = (token for token in scan(text) if token.kind in ("word", "name"))
    return frozenset(stem(token.key.casefold()) for token in tokens if token.key.casefold() not in FUNCTION_WORDS)


def states(question: str, value: int | float | str) -> bool:
    """Whether a question says a value: a number in digits or words, a text as it stands there (whatever its case)."""
    if isinstance(value, str):
        return bool(value.strip()) and value.casefold() in question.casefold()
    tokens = scan(question)
    said = {token.key for token in tokens if token.kind in ("int", "float")}
    said |= {quoted_text(token) for token in tokens if token.kind == "quoted"}
    numbers = {float(text) for text in said if _is_number(text)}
    worded = (read_words([token.key]) for token in tokens if token.kind == "word")
    return float(value) in numbers | {float(number) for number in worded if number is not None}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word
