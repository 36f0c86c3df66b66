"""Whether a question can be another one in other words at all, as far as closed lists of words say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lithify.questions.rewriting import NUMBER
from lithify.questions.scan import scan
from lithify.questions.telling import stem
from lithify.questions.wording import HOLE, of_template, wording
from lithify.questions.words import FUNCTION_WORDS, word_set

if TYPE_CHECKING:
    from lithify.records.tool import Slot


def _senses(lines: Mapping[str, str]) -> Mapping[str, str]:
    return {word: sense for sense, words in lines.items() for word in words.split()}


_DIRECTIONS = _senses(
    {
        "most": "most top highest largest biggest greatest maximum maximal max busiest commonest peak heaviest oldest",
        "least": "least fewest lowest smallest minimum minimal bottom rarest quietest lightest youngest cheapest",
    }
)
_EITHER = word_set("longest slowest fastest shortest quickest strongest weakest hottest coldest best worst")
"""Of a time or a speed, high or low: "the slowest" took the longest."""
_ORDERS = _senses({"first": "first earliest", "last": "last latest newest"})
_FIGURES = _senses(
    {
        "mean": "mean average averages averaged avg",
        "median": "median",
        "spread": "deviation std stddev stdev variance",
        "correlation": "correlation correlate correlates correlated pearson spearman",
        "share": "percentage percentages percent share shares proportion fraction",
        "quantile": "quantile quantiles percentile percentiles quartile quartiles",
        "shape": "skewness skew kurtosis",
        "p-value": "p-value significance",
    }
)
_COUNTS = word_set("many number count counts often frequency frequencies occurrences")
_EACH = word_set("per by each every")
_GRAINS = _senses(
    {
        "minute": "minute",
        "hour": "hour hourly hours",
        "day": "day daily days date dates weekday weekdays",
        "week": "week weekly weeks",
        "month": "month monthly months",
        "year": "year yearly years annual annually",
    }
)
_DENIALS = word_set("not no never neither nor none without except excluding exclude other ignoring ignore leave")
_LACKS = word_set(
    """missing lack lacks lacking absent empty null nan blank fail fails failed failing failure failures miss missed
    outside beyond unanswered unknown"""
)
"""Words that may say the same as a denial: a price that is missing is none that is there."""
_APART = word_set("different distinct unique individual separate")
_DID = word_set("sent came took had ran went got made gave held kept has have")
"""Verbs that one who says the same may leave out, as those that end in "ed"."""
_TELLING_LITTLE = word_set(
    """log logged logs write wrote written report reported record recorded contain contains containing show shows shown
    occur occurs occurred occurrence occurrences appear appears appeared mention mentioned number count counts name list
    calculate compute determine find value values times high low long much"""
)
"""Words that one who says the same in another way puts in or leaves out."""
_ALIKE = 0.7
"""The share of words in common, in order, from which on two questions are one sentence with something changed in it."""
_UNITS = word_set("percent milliseconds seconds minutes bytes kilobytes megabytes gigabytes degrees euros dollars")
"""How many of these is how long or how much: no count."""
_BOUNDS = (("at", "least"), ("at", "most"), ("no", "more"), ("not", "more"), ("no", "less"), ("more", "than"))

_OFTEN = (("most", "often"), ("least", "often"))
"""No count is asked for by these."""


def estranged(template: str, slots: tuple[Slot, ...], asked: str, question: str, *, unnamed: bool = False) -> str:
    """Why a question cannot be a template's in other words, or "". asked: the question that the template came from.

    It asks for another figure, for the least where that one asks for the most, by another part of time; or it is the
    same sentence with another telling word in it. "" says nothing: a model may be asked.

    unnamed: its tool takes values that no place in the template stands for, so another word may be one of these
    """
    mine, theirs = _said(question), _said(asked)
    one, other = _in(mine, _FIGURES), _in(theirs, _FIGURES)
    if one != other:
        return f"it asks for {_listed(one)}, the tool for {_listed(other)}"
    one, other = _in(mine, _GRAINS), _in(theirs, _GRAINS)
    if "when" not in mine | theirs and (bool(one) != bool(other) or (one and not one & other)):
        return f"it asks by {_listed(one)}, the tool by {_listed(other)}"
    one, other = _directions(mine), _directions(theirs)
    if bool(one) != bool(other) or (one and not one & other):
        return f"it asks for the {_listed(one)}, the tool for the {_listed(other)}"
    one, other = _in(mine, _ORDERS), _in(theirs, _ORDERS)
    if one and other and not one & other:
        return f"it asks for the {_listed(one)}, the tool for the {_listed(other)}"
    if not _EACH & mine and bool(_COUNTS & mine) != bool(_COUNTS & theirs):
        return "one of the two counts"
    return "" if unnamed else _changed(of_template(template, slots), wording(question))


def _directions(words: frozenset[str]) -> frozenset[str]:
    return _in(words, _DIRECTIONS) | (frozenset({"most", "least"}) if words & _EITHER else frozenset())


def _said(question: str) -> frozenset[str]:
    """The words of a question, without those of bounds ("at least 3" asks for no least)."""
    words = [token.key.casefold() for token in scan(question) if token.kind in ("word", "name")]
    kept: list[str] = []
    at = 0
    while at < len(words):
        pair = tuple(words[at : at + 2])
        if pair in _BOUNDS:
            at += 2
            continue
        if words[at] == "many" and pair[1:] and pair[1] in _UNITS:
            at += 1
            continue
        if pair in _OFTEN:
            kept.append(words[at])
            at += 2
            continue
        kept += ["not", words[at].removeprefix("non-")] if words[at].startswith("non-") else [words[at]]
        at += 1
    return frozenset(kept)


def _in(words: frozenset[str], senses: Mapping[str, str]) -> frozenset[str]:
    return frozenset(senses[word] for word in words if word in senses)


def _listed(senses: frozenset[str]) -> str:
    return " and ".join(sorted(senses)) or "none such"


def _changed(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """The telling words that differ in what is otherwise one sentence, or ""; a value in a slot is no change."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ""
    nothing_new = _kin(ours, theirs)
    known, new = {stem(word) for word in ours}, {stem(word) for word in theirs}
    if ours.count(NUMBER) < theirs.count(NUMBER):
        known.discard(NUMBER)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        holes = sum(word == HOLE for word in ours[a:b])
        added = [word for word in theirs[c:d] if _telling(word) and stem(word) not in known and word not in nothing_new]
        gone = [
            word
            for at, word in enumerate(ours[a:b], a)
            if _telling(word) and stem(word) not in new and word not in nothing_new | _DID
            if ours[at + 1 : at + 2] != (HOLE,) and not word.endswith("ed")
        ]
        if len(added) > holes or gone or (holes and c < d and not _values(theirs[c:d])):
            return f'"{" ".join(theirs[c:d])}" stands for "{" ".join(ours[a:b])}"'
    return ""


def _values(words: Sequence[str]) -> bool:
    return any(word not in FUNCTION_WORDS for word in words)


def _kin(ours: Sequence[str], theirs: Sequence[str]) -> frozenset[str]:
    """Words that say on one side what others say on the other: that something lacks, that each counts once."""
    found: frozenset[str] = frozenset()
    for words in (_DENIALS | _LACKS, _APART):
        found |= words if words & set(ours) and words & set(theirs) else frozenset()
    return found


def _telling(word: str) -> bool:
    """Whether a word more, less or other makes another question."""
    if word in _DIRECTIONS or word in _DENIALS or word == NUMBER:
        return True
    return word not in FUNCTION_WORDS | _TELLING_LITTLE and any(letter.isalpha() for letter in word)
