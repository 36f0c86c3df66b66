"""What is known of how kept tools did, as people share it: by digests, without a question and without data.

Whoever reads a library reads its evidence, and may try a guess at what somebody asked about. So a use is told by two
things. Its drawer, one of 16, follows from the data alone and is the same for everybody: uses of two people that lie in
one drawer may be the same use, and count once. All the rest is keyed with a secret that never leaves the clone: it
keeps the clone's own uses apart, and says nothing to anybody else. A right guess at the data is thereby not told from
one wrong guess in 16, however many questions were asked about it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from lithify.records.quick import dataclass

DIGEST_CHARS = 17
"""The drawer, and 16 hex digits: enough to tell a clone's uses apart."""
PLAIN_CHARS = 16
"""Of a digest of format 1, which is the same for everybody, so that it can be tried against a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolEvidence:
    """What one person's ledger knows of exact contents of a tool. Uses are told by their digest (see use_digest).

    answered: distinct uses that it answered
    failed:   distinct uses in which it failed by its own fault
    agreed:   uses whose answer a fresh derivation confirmed
    refuted:  uses whose answer a fresh derivation or a person contradicted
    last_used: the day of the last use
    """

    name: str
    contents: str
    answered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    last_used: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one person's ledger knows of the tools of a library. source: the file that says so, "" for none yet.

    own: this clone wrote it, so that its ledger knows all of it
    """

    person: str
    tools: tuple[ToolEvidence, ...]
    source: str = ""
    own: bool = False


def use_digest(question: str, context_digest: str, key: bytes) -> str:
    """Tells the uses of one clone apart; of it, another clone can compare the drawer only. key: the clone's secret."""
    return _drawer_of(context_digest) + hmac.new(key, _text(question, context_digest), "sha256").hexdigest()[:16]


def plain_digest(question: str, context_digest: str) -> str:
    """The digest of a use in evidence of format 1."""
    return hashlib.sha256(_text(question, context_digest)).hexdigest()[:PLAIN_CHARS]


def together(people: Iterable[Iterable[str]]) -> Counter[str]:
    """How many different uses there are at least, by drawer: of each drawer, as many as one of the people knows.

    A digest of format 1 is a drawer of its own.
    """
    most: Counter[str] = Counter()
    for uses in people:
        most |= Counter(use if len(use) == PLAIN_CHARS else use[0] for use in set(uses))
    return most


def _drawer_of(context_digest: str) -> str:
    data = b"lithify evidence: drawer\0" + context_digest.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[0]


def _text(question: str, context_digest: str) -> bytes:
    return json.dumps([question, context_digest]).encode("utf-8", "surrogatepass")
