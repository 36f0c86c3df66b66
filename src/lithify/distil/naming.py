"""Names for tools, made from the question's own words: what it gives, and of what."""

from __future__ import annotations

import builtins
import itertools
import keyword
import re
import sys
import unicodedata

GENERIC_NAMES = frozenset(
    {
        "word",
        "column",
        "number",
        "phrase",
        "value",
        "top",
        "how_many",
        "start",
        "end",
        "threshold",
        "digits",
        "decimals",
        "places",
    }
)
"""Names of parameters that say nothing in the name of a function."""

LONGEST = 60
"""Characters of a function's name."""

_ASIDE = re.compile(
    r"\([^()]*\)"
    r"|,?\s+and\s+how\s+(?:many|much|often|long|high|low|large|big|far|old|fast)\b.*$"  # which …, and how many each?
    r"|,?\s+(?:(?:rounded|given|expressed|sorted|ordered|ranked)\b|to\s+\w+\s+decimals?\b|as\s+a[n]?\s+(?:list|number)\b).*$",
    re.IGNORECASE,
)
_OPENINGS = (
    (("how", "many"), "count"),
    (("how", "often"), "count"),
    (("how", "much"), "total"),
    (("how", "long"), "how_long"),
    (("number", "of"), "count"),
    (("what", "is", "number", "of"), "count"),
    (("what", "number", "of"), "count"),
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _set(
    "a an any are as be been being can could did do does give given i into is it its kindly lie lies list "
    "come comes made make makes many me much my occur occurred occurs our out please show so such tell that the their "
    "them then "
    "there these they this those to us was we were what when where which whom whose why will would you your s t"
)
_LINKS = _set("and at before after above below between by during for from in of on or over per to under with")
"""Words that join others: they stay between two, and end nothing."""
_COMPARING = frozenset({"most", "least", "more", "less", "than", "not", "no"})
_EACH = frozenset({"each", "every"})
_HAVING = frozenset({"had", "has", "have", "having"})
_MOST = re.compile(
    r"^which (?P<noun>(?:\w+ ){1,3}?)(?P<verb>\w+?(?:ed|en|s)|ran|sent|got|made) (?P<most>most|least) "
    r"(?:often|frequently)\b"
)
_WITH_MOST = re.compile(
    r"^which (?P<noun>(?:\w+ ){1,3}?)(?P<verb>\w+) (?:the )?"
    r"(?P<most>most|fewest|least|highest|lowest|largest|smallest) (?P<what>(?!often)\w+(?: \w+)?)"
)
_WAS_MOST = re.compile(
    r"^(?:(?:on|in|at|for) )?which (?P<noun>\w+) (?:is|was|were|are) (?P<what>(?:\w+ ){1,3}?)"
    r"(?P<most>highest|lowest|largest|smallest|longest|shortest|greatest)$"
)
_ASKED_PER = re.compile(
    r"^(?:for|by|in) (?P<per>(?:each|every|the) .+?),?\s+(?P<asked>(?:what|how|which)\b.*)$", re.IGNORECASE
)
_ORDERS = _set("calculate compute determine find identify print report return name")
"""What a question may begin with that says nothing of it."""
_BEFORE_COUNTS = _set("at by for from in of on")
_SAYS_NOTHING = _set(
    "average cell cells column columns count counts data entries entry find highest largest least line lines longest "
    "lowest max maximum mean median min minimum most number percentage record records row rows shortest smallest sum "
    "total value values with"
)
"""Words that are in the names of many tools: one needs another besides."""
_PLAIN_VERBS = frozenset(
    {"appears", "appear", "appeared", "occurs", "occur", "occurred", "happened", "happens", "is", "was"}
)
_TAKEN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)


def function_name(question: str, taken: frozenset[str]) -> str:
    """A snake_case name of at most 60 ASCII characters from the question's content words.

    taken: names that the tool's code uses. Never a keyword, a builtin or a module of the standard library.
    """
    words = _words(_turned(_ASIDE.sub(" ", question))) or _words(question)
    words = [word for word in words if not word.isdigit()]
    content = _of_extreme(" ".join(words)) or _content(words)
    name = _joined(content) or "answer_question"
    if name[0].isdigit() or len(content) == 1:
        name = _joined(["find", *content])
    return _free(name, taken, modules=True)


def says_something(name: str) -> bool:
    """Whether a name has a word beside those that are in the names of many tools."""
    return not set(name.split("_")) <= _SAYS_NOTHING | _LINKS


def _turned(question: str) -> str:
    """The question with what it is asked for each of at its end: "what is the mean fare for each class"."""
    found = _ASKED_PER.match(question.strip())
    return f"{found['asked'].rstrip(' ?.')} for {found['per']}" if found else question


def _of_extreme(question: str) -> list[str]:
    """most_restarted_service for "which service restarted most often", hosts_with_most_failures for "which hosts had
    the most failures"; empty for any other question."""
    plain = " ".join(word for word in question.split() if word not in ("the", "did", "do", "does"))
    often = _MOST.match(plain)
    if often:
        noun = often["noun"].split()
        verb = "frequent" if often["verb"] in _PLAIN_VERBS else often["verb"]
        return [often["most"], verb, *noun] if verb == "frequent" or verb.endswith(("ed", "en")) else []
    was = _WAS_MOST.match(plain)
    if was:
        return [was["noun"], "with", was["most"], *was["what"].split()]
    most = _WITH_MOST.match(plain)
    if most and not {most["noun"].split()[-1], most["verb"]} & _LINKS:
        what = [word for word in most["what"].split() if word not in _SKIPPED and word not in _LINKS]
        rest = plain[most.end() :].split()
        if most["what"].endswith(" of") and rest:  # the largest sum of orders
            what += ["of", *itertools.takewhile(lambda word: word not in _SKIPPED | _LINKS, rest[:2])]
        return [*most["noun"].split(), "with", most["most"], *what] if what else []
    return []


def _content(words: list[str]) -> list[str]:
    """The words that carry the question, with those that join two of them."""
    plain = [word for word in words if word != "the"]
    opening = ""
    if plain[1:3] in (["how", "many"], ["how", "much"]) and plain[0] in _BEFORE_COUNTS:
        plain = plain[1:]
    if len(plain) > 1 and plain[0] in _ORDERS:
        plain = plain[1:]
    for start, name in _OPENINGS:
        if tuple(plain[: len(start)]) == start:
            opening, plain = name, plain[len(start) :]
    found: list[str] = [opening] if opening else []
    waiting = ""
    for word in plain:
        if word in _LINKS or word in _EACH:
            started = len(found) > bool(opening) or (word in _EACH and bool(opening))
            waiting = ("per" if word in _EACH else word) if started else ""
            continue
        if word in _HAVING:
            waiting = "with" if len(found) > bool(opening) and "with" not in found else waiting
            continue
        if word in _SKIPPED or word in found:
            continue
        found += [waiting, word] if waiting else [word]
        waiting = ""
    return found


def identifier(text: str, taken: frozenset[str]) -> str:
    """A snake_case identifier close to some text, that is none of those taken."""
    name = "_".join(_words(text)) or "value"
    return _free(name if name.isidentifier() else f"value_{name}", taken, modules=False)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.lower())


def _joined(words: list[str]) -> str:
    """As many of the words as fit, the last one none that joins."""
    kept: list[str] = []
    for word in words:
        if kept and len("_".join([*kept, word])) > LONGEST:
            break
        kept.append(word if kept else word[:LONGEST])
    while kept and kept[-1] in _LINKS | _COMPARING:
        kept.pop()
    return "_".join(kept)


def _free(name: str, taken: frozenset[str], *, modules: bool) -> str:
    if not (name in _TAKEN or name in taken or (modules and name in sys.stdlib_module_names)):
        return name
    for ending in ("_value", "_found", *(f"_{number}" for number in range(2, 1000))):
        longer = name[: LONGEST - len(ending)] + ending
        if longer not in taken:
            return longer
    return name + "_"
