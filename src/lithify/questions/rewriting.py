"""Wordings that mean the same whatever the data: closed rules that bring a question to one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from lithify.questions.words import OPERATORS, word_set
from lithify.records.quick import dataclass

NUMBER = "#"
"""Stands in a rule for any number, a slot that takes one included."""


@dataclass(frozen=True, slots=True)
class Item:
    """A place of a question. word: what the rules see: NUMBER, a word in normal form, or "" for what they never touch.

    part: what stands there: a token of a question, a part of a template; None for what a rule put there.
    """

    word: str
    part: object = None


Items: TypeAlias = list[Item]
_Rule: TypeAlias = tuple[tuple[frozenset[str], ...], tuple[str | int, ...]]
"""What is found, a set of words for each place; what it becomes: words, and places that are kept."""


def _rule(found: str, becomes: str) -> _Rule:
    """ "at|in @ x" → "y 1": alternatives by |, each place's set; numbers keep the item of that place."""
    places = tuple(frozenset(place.split("|")) for place in found.split())
    return places, tuple(int(word) if word.isdigit() else word for word in becomes.split())


_WORDS = {
    **dict.fromkeys(("average", "avg"), "mean"),
    **dict.fromkeys(("max", "maximal"), "maximum"),
    **dict.fromkeys(("biggest", "greatest"), "largest"),
    **dict.fromkeys(("sec", "secs"), "seconds"),
    **dict.fromkeys(("does", "did"), "do"),
    "distinct": "different",
    "minimal": "minimum",
    "mins": "minutes",
    "hrs": "hours",
    "decimal": "decimals",
}
"""A word and the one that says the same in every question, but for those in which it is a value: see `wording`."""

_TELL = "give|compute|calculate|determine|find"
"""Verbs alone: "state revenue" and "report revenue" are no orders."""
_BE = "is|was|are|were"
_RULES = tuple(
    _rule(found, becomes)
    for found, becomes in (
        ("std", "standard deviation"),
        ("commonest", "most frequent"),
        ("most common", "most frequent"),
        ("most frequently", "most often"),
        ("highest|largest number of", "most"),
        ("lowest|smallest number of", "fewest"),
        ("decimals place|places", "decimals"),
        ("rounded off", "rounded"),
        ("no|not fewer|less|lower|smaller than #", "at least 3"),
        ("no|not more|greater|higher|larger than #", "at most 3"),
        ("# or more", "at least 0"),
        ("# or fewer|less", "at most 0"),
        ("minimum of #", "at least 2"),
        ("above|exceeding #", "more than 1"),
        ("below #", "less than 1"),
        ("greater|higher|larger than #", "more than 2"),
        ("fewer|lower|smaller than #", "less than 2"),
        (", rounded", "rounded"),
        (", with|to # decimals|digits", "rounded to 2 3"),
        ("with|to # decimals|digits", "rounded to 1 2"),
        (", with", "with"),
        (", in seconds|minutes|hours|milliseconds|bytes", "in 2"),
        (", and", "and"),
        ("with counts", "and how many each"),
        ("with|and their counts", "and how many each"),
        ("with count of each", "and how many each"),
        ("and how many do each have|log|write", "and how many each"),
        ("with|and its count", "and how many"),
        ("and what is|are|was|were their|its number|count", "and how many"),
        ("and how many lines|messages do it have|log|write", "and how many"),
        ("and how many do it have|log|write", "and how many"),
    )
)
_OPENINGS = tuple(
    _rule(found, becomes)
    for found, becomes in (
        (f"what {_BE} number of", "how many"),
        (f"{_TELL} number of", "how many"),
        ("give|show me number of", "how many"),
        ("number|count of", "how many"),
        ("count", "how many"),
        (f"what {_BE}", "what is"),
        ("give|show me", "what is"),
        (_TELL, "what is"),
    )
)
_NOW = frozenset({"current", "currently", "now", "last", "latest", "final", "previous"})
_ASKING = frozenset({"how", "what", "which", "who", "whether", "if", "when", "where", "why"})
_LOGGING = {
    "logged": "log",
    "written": "write",
    "reported": "report",
    "sent": "send",
    "opened": "open",
    "caused": "cause",
    "made": "make",
}
"""Verbs whose passive, "lines logged by x", is turned into the active, "lines do x log"."""

_STRUCTURE = word_set(
    """how many often times what which name list top busiest most number of with for each every per by in on and or , (
    ) is was are were do does did that there have has had mentioned occur exist appear logged wrote log"""
)
TOUCHED = (
    _STRUCTURE
    | _WORDS.keys()
    | set(_WORDS.values())
    | _LOGGING.keys()
    | set(_LOGGING.values())
    | {word for places, _ in (*_RULES, *_OPENINGS) for words in places for word in words}
    | {word for _, becomes in (*_RULES, *_OPENINGS) for word in becomes if isinstance(word, str)}
)
"""Every word that a rule looks for, puts in or takes out: all others stand in a question before and after."""


def rewritten(items: Iterable[Item]) -> Items:
    """The one wording that the rules lead to; both sides of a comparison go through it."""
    given = _often([item for item in items if item.word not in _MARKS])
    worded = [_synonym(given, at) for at in range(len(given))]
    return _grouped(_counting(_ranked(_busiest(_everywhere(_opened(_fronted(worded)))))))


def _synonym(items: Sequence[Item], at: int) -> Item:
    word = items[at].word
    if word == "every":
        after = items[at + 1].word if at + 1 < len(items) else ""
        return Item("each") if after and after not in (NUMBER, "other", "second", "third") else items[at]
    return Item(_WORDS[word]) if word in _WORDS else items[at]


def _often(items: Items) -> Items:
    """ "How often was x", of what is over, asks how many times; "how often is x" may ask for a rate."""
    for at in range(len(items) - 2):
        if _starts(items[at:], "how", "often") and items[at + 2].word in ("was", "were", "did", "had"):
            return [*items[: at + 1], Item("many"), Item("times"), *items[at + 2 :]]
    return items


def _everywhere(items: Items) -> Items:
    """Every rule wherever it fits, the first first, until none does. None makes what it finds, so this ends."""
    while True:
        hit = next(((at, rule) for rule in _RULES for at in range(len(items)) if _stands(rule, items, at)), None)
        if hit is None:
            return items
        items = _applied(hit[1], items, hit[0])


def _stands(rule: _Rule, items: Sequence[Item], at: int) -> bool:
    places, becomes = rule
    if at + len(places) > len(items) or not all(items[at + n].word in words for n, words in enumerate(places)):
        return False
    is_rounding = becomes[:1] == ("rounded",) and len(places) == 3
    return not (is_rounding and at and items[at - 1].word == "rounded")


def _applied(rule: _Rule, items: Items, at: int) -> Items:
    places, becomes = rule
    new = [items[at + word] if isinstance(word, int) else Item(word) for word in becomes]
    return [*items[:at], *new, *items[at + len(places) :]]


def _opened(items: Items) -> Items:
    """The opening as a question: "give the number of x" is "how many x"."""
    for rule in _OPENINGS:
        size = len(rule[0])
        if not _stands(rule, items, 0) or len(items) == size:
            continue
        counts = rule[1] == ("how", "many")
        if counts and not any(_plural(item.word) for item in items[size : size + 4]):
            continue
        if not counts and size == 2 and items[1].word in ("was", "were") and not _timeless(items):
            continue
        if not counts and items[size].word in _ASKING:
            return items[size:] if items[0].word != "what" else items
        return _applied(rule, items, 0)
    return items


def _timeless(items: Items) -> bool:
    """Whether a figure over all of the data is asked for, which was what it is."""
    words = {item.word for item in items}
    return bool(words & OPERATORS) and not words & _NOW


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and word[-2] not in "suia"


def _fronted(items: Items) -> Items:
    """ "For each x, how many y" asks "how many y for each x"."""
    if not _starts(items, "for", "each"):
        return items
    comma = next((at for at, item in enumerate(items) if item.word == ","), 0)
    if not 2 < comma < len(items) - 2:
        return items
    front, rest = items[:comma], items[comma + 1 :]
    if any(item.word in _ASKING for item in rest[1:]):
        return items
    tail = next((at for at, item in enumerate(rest) if item.word in ("rounded", ",")), len(rest))
    return [*_opened(rest[:tail]), *front, *rest[tail:]]


def _starts(items: Sequence[Item], *words: str) -> bool:
    return len(items) >= len(words) and all(item.word == word for item, word in zip(items, words, strict=False))


_MARKS = frozenset({"(", ")"})
_LINES = frozenset({"lines", "messages"})
_WROTE = frozenset({"logged", "wrote"})
_HAS = frozenset({"have", "has", "had"})
_OVERALL = frozenset({"mean", "median", "maximum", "minimum", "total"})
_SHARES = frozenset({"share", "percent", "percentage", "proportion", "ratio", "rate", "fraction", "%"})
_LEADING_IN = frozenset({"logged", "log", "signed", "sign", "checked", "check", "dialled", "turned", "switched"})
"""Verbs that "in" and "on" belong to: who logged in each day did not log for each day."""
_NO_GROUP = frozenset({"", NUMBER, "each", "more", "less", "most", "all", "any", "which", "what", "how", "no", "not"})


def _grouped(items: Items) -> Items:
    """ "By x", "per x", "in each x" are "for each x" where one figure is asked for each: see `grouping`."""
    words = {item.word for item in items}
    counts = _starts(items, "how", "many")
    if words & _SHARES or not (counts or words & _OVERALL):
        return items
    found: Items = []
    for at, item in enumerate(items):
        after = items[at + 1].word if at + 1 < len(items) else ""
        before = items[at - 1].word if at else ""
        inside = item.word in ("in", "on") and before not in _LEADING_IN
        if after == "each" and (inside or (item.word == "of" and before in _LINES)):
            found.append(Item("for"))
        elif after not in _NO_GROUP and (item.word == "by" or (item.word == "per" and not words & _OVERALL)):
            found += [Item("for"), Item("each")]
        else:
            found.append(item)
    return found


def _ranked(items: Items) -> Items:
    """ "Top 3 x by y", "the 3 x with the most y" ask "which 3 x have the most y"; of lines, also "logged"."""
    if _starts(items, "top", NUMBER):
        by = next((at for at, item in enumerate(items) if item.word == "by"), 0)
        if by < 3:
            return items
        rest = items[by + 1 :]
        rest = rest[2:] if _starts(rest, "number", "of") else rest
        return [Item("which"), *items[1:by], Item("with"), Item("most"), *rest]
    opening = 1 if items and items[0].word in ("which", "name", "list") else 2 * _starts(items, "what", "is")
    most = next((at for at, item in enumerate(items) if item.word == "most"), 0)
    if not opening or not opening < most < len(items) - 1:
        return items
    verb = items[most - 1].word
    of_lines = verb in _WROTE and items[most + 1].word in _LINES and opening == 1 and items[0].word == "which"
    if not (of_lines or verb == "with" or (verb in _HAS and items[0].word == "which")):
        return items
    return [Item("which"), *items[opening : most - 1], Item("with"), *items[most:]]


def _busiest(items: Items) -> Items:
    """ "The busiest x by lines" is "the x with the most lines"."""
    at = next((at for at, item in enumerate(items) if item.word == "busiest"), -1)
    by = next((n for n, item in enumerate(items) if item.word == "by" and n > at), 0)
    if at < 0 or by != at + 2 or by + 1 >= len(items) or items[by + 1].word not in _LINES:
        return items
    return [*items[:at], items[at + 1], Item("with"), Item("most"), *items[by + 1 :]]


def _counting(items: Items) -> Items:
    """What follows "how many": "are there", the "that" of "x that are y", and the passive say nothing of their own."""
    if not _starts(items, "how", "many"):
        return items
    for at in range(2, len(items) - 1):
        pair = items[at].word, items[at + 1].word
        if pair in (("are", "there"), ("were", "there")):
            items = [*items[:at], *items[at + 2 :]]
            break
    for at in range(3, len(items) - 1):
        if items[at].word in ("that", "which") and items[at + 1].word in ("are", "were", "is", "was", "have", "had"):
            items = [*items[:at], *items[at + 1 :]]
            break
    for at in range(3, len(items) + 1):
        if [item.word for item in items[at:]] in (["are", "mentioned"], ["occur"], ["exist"], ["appear"]):
            items = items[:at]
            break
    for at in range(2, len(items) - 3):
        if items[at].word in _LINES and _starts(items[at + 1 :], "were", "logged") and items[at + 3].word != "by":
            items = [*items[: at + 1], *items[at + 3 :]]
            break
    return _of_each(_active(items))


def _of_each(items: Items) -> Items:
    """ "How many lines do each x log" is "how many lines for each x"."""
    if len(items) > 6 and items[2].word in _LINES and _starts(items[3:], "do", "each") and items[-1].word == "log":
        return [*items[:3], Item("for"), *items[4:-1]]
    return items


def _active(items: Items) -> Items:
    for at in range(3, len(items) - 3):
        be, verb, by = (items[at + n].word for n in range(3))
        if be in ("are", "were", "was", "is") and verb in _LOGGING and by == "by":
            return [*items[:at], Item("do"), *items[at + 3 :], Item(_LOGGING[verb])]
    return items
