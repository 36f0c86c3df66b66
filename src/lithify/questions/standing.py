"""Whether a question of a conversation, and the code that answered it, mean the same without what came before."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from lithify.questions.scan import scan
from lithify.questions.telling import telling_words
from lithify.questions.words import FUNCTION_WORDS, word_set
from lithify.records.plain import Plain

_POINTING = word_set(
    "above again also another before former he her hers him his instead it its itself latter none ones other others "
    "previous previously remaining rest same she such their theirs them then these they those too"
)
_DATA = word_set("collection context csv data dataset document documents file files folder input json log logs table")
_BEFORE_THAT = word_set("about after and at before by did do does for from in is like of on or than to was were with")
_GOING_ON = word_set("and or but so then")
_ASIDE = re.compile(r"\b(how|what) about\b|\bwhich ones?\b", re.IGNORECASE)
_PART = re.compile(r"[\w.:/@-]+")


def pointing(question: str) -> str:
    """The word by which the question leans on what was said before; "" when it seems to stand alone."""
    aside = _ASIDE.search(question)
    if aside:
        return aside.group().lower()
    words = [token.key for token in scan(question) if token.kind == "word"]
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in _POINTING or (at == 0 and word in _GOING_ON):
            return word
        if word == "this" and after not in _DATA:
            return word
        if word == "that" and (not after or at == 0 or words[at - 1] in _BEFORE_THAT):
            return word
    return ""


def carried(source: str, question: str, earlier: Sequence[tuple[str, Plain]]) -> str:
    """What the source takes from earlier questions or their answers and the question does not say; "" for nothing.

    earlier: the questions before with their answers. A constant that an earlier question names and this one does not
    was meant for that one. A value of an earlier answer that this question names and the source does not hold is
    computed there as "the answer of before", which elsewhere it would not be.
    """
    constants = {text for text in _constants(source) if text}
    said = " ".join(question for question, _ in earlier)
    stems = telling_words(said) - telling_words(question)
    names = _named(said) - _named(question) - FUNCTION_WORDS
    for text in sorted(constants):
        parts = set(_PART.findall(text)) | {text}
        found = sorted(parts & names) or sorted(stem for stem in stems if len(stem) >= 4 and stem in text)
        if found:
            return found[0]
    answered = {text for _, answer in earlier for text in _texts(answer)}
    missing = (_named(question) & answered) - FUNCTION_WORDS - constants
    return next((text for text in sorted(missing) if not any(text in one for one in constants)), "")


@lru_cache(maxsize=1_024)
def constant_words(source: str) -> frozenset[str]:
    """The words of the texts that code computes with; not those of its docstring and of what its exceptions say."""
    tree = ast.parse(source)
    said = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise | ast.Expr) for part in ast.walk(node)}
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return frozenset(word for text in texts if isinstance(text, str) for word in re.findall(r"\w+", text.casefold()))


def _constants(source: str) -> Iterator[str]:
    """What the code computes with: a text that stands alone as a statement, as a docstring does, is none of it."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in alone else None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield str(value).casefold()


def _named(text: str) -> set[str]:
    """The words, names and numbers of a text."""
    found = {form for token in scan(text) for form in (token.text, token.key)}
    return {form.casefold().strip(".,;:?!'\"`“”") for form in found} - {""}


def _texts(answer: Plain) -> Iterator[str]:
    if isinstance(answer, Mapping):
        for pair in answer.items():
            for part in pair:
                yield from _texts(part)
    elif isinstance(answer, list | tuple):
        for part in answer:
            yield from _texts(part)
    elif answer is not None and not isinstance(answer, bool | bytes):
        yield str(answer).casefold()
