"""Names for tools, made from the question's own words: what it gives, and of what."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
import unicodedata

GENERIC_NAMES = frozenset(
    {
        "word",
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

LONGEST = 48
"""Characters of a function's name."""

_ASIDE = re.compile(
    r"\([^()]*\)"
    r"|,?\s+and\s+how\s+(?:many|much|often|long)\b.*$"  # which …, and how many each?
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
    "a an any are as be been being can could did do does give given had has have i into is it its kindly lie lies list "
    "made make makes many me much my occur occurred occurs our out please show so such tell that the their them then "
    "there these they this those to us was we were what when where which whom whose why will would you your s t"
)
_LINKS = _set("and at before after above below between by during for from in of on or over per to under with")
"""Words that join others: they stay between two, and end nothing."""
_COMPARING = frozenset({"most", "least", "more", "less", "than", "not", "no"})
_EACH = frozenset({"each", "every"})
_MOST = re.compile(
    r"^which (?P<noun>(?:\w+ ){1,3}?)(?P<verb>\w+?(?:ed|en|s)|ran|sent|got|made) (?P<most>most|least) "
    r"(?:often|frequently)\b"
)
_WITH_MOST = re.compile(
    r"^which (?P<noun>(?:\w+ ){1,3}?)(?P<verb>\w+) (?:the )?"
    r"(?P<most>most|fewest|least|highest|lowest|largest|smallest) (?P<what>(?!often)\w+(?: \w+)?)"
)
_PLAIN_VERBS = frozenset(
    {"appears", "appear", "appeared", "occurs", "occur", "occurred", "happened", "happens", "is", "was"}
)
_TAKEN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)


def function_name(question: str, taken: frozenset[str]) -> str:
    """A snake_case name of at most 48 ASCII characters from the question's content words.

    taken: names that the tool's code uses. Never a keyword, a builtin or a module of the standard library.
    """
    words = _words(_ASIDE.sub(" ", question)) or _words(question)
    words = [word for word in words if not word.isdigit()]
    content = _of_extreme(" ".join(words)) or _content(words)
    name = _joined(content) or "answer_question"
    if name[0].isdigit() or len(content) == 1:
        name = _joined(["find", *content])
    return _free(name, taken, modules=True)


def _of_extreme(question: str) -> list[str]:
    """most_restarted_service for "which service restarted most often", hosts_with_most_failures for "which hosts had
    the most failures"; empty for any other question."""
    plain = " ".join(word for word in question.split() if word not in ("the", "did", "do", "does"))
    often = _MOST.match(plain)
    if often:
        noun = often["noun"].split()
        verb = "frequent" if often["verb"] in _PLAIN_VERBS else often["verb"]
        return [often["most"], verb, *noun] if verb == "frequent" or verb.endswith(("ed", "en")) else []
    most = _WITH_MOST.match(plain)
    if most and most["noun"].split()[-1] not in _LINKS:
        what = [word for word in most["what"].split() if word not in _SKIPPED and word not in _LINKS]
        return [*most["noun"].split(), "with", most["most"], *what] if what else []
    return []


def _content(words: list[str]) -> list[str]:
    """The words that carry the question, with those that join two of them."""
    plain = [word for word in words if word != "the"]
    opening = ""
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
