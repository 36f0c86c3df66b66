"""What is known of how kept tools did, as people share it: by digests, without a question and without data."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from lithify.records.quick import dataclass

DIGEST_CHARS = 16
"""Hex digits of the digest of a use: enough to tell uses apart."""


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
    """What one person's ledger knows of the tools of a library. source: the file that says so, "" for none yet."""

    person: str
    tools: tuple[ToolEvidence, ...]
    source: str = ""


def use_digest(question: str, context_digest: str) -> str:
    """The same for the same question over the same data, whoever asked it; says neither of them."""
    text = json.dumps([question, context_digest])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_CHARS]
