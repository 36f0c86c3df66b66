"""The versions that a kept tool has had."""

from __future__ import annotations

from datetime import datetime

from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a tool that was accepted: what a commit made of its entry in the lock.

    name:     what the tool was called then
    author:   who committed it; approved_by: on whose word
    what:     the first line of the commit's message
    verdict:  what the gates said, in a line; "" when that is not known
    reason:   why it has its status, when somebody or a rule gave it that one
    by_hand:  a person wrote its contents or edited them
    run_id, question, model, cost: where it came from, "" where the commit does not say (cost in US dollars)
    """

    name: str
    version: int
    semver: str
    status: Status
    commit: str
    at: datetime
    author: str
    approved_by: str
    what: str
    contents: str
    verdict: str = ""
    reason: str = ""
    run_id: str = ""
    question: str = ""
    model: str = ""
    cost: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVersion:
    """An earlier version of a tool: what the gates would judge, and whether the verdict of then still holds."""

    revision: Revision
    candidate: Candidate
    vouched: bool
