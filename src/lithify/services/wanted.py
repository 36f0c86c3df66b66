"""What may be asked for besides the answer, as keyword arguments of whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from lithify import rlm
from lithify.records.context import Context
from lithify.services.asking import Inquiry, Reuse

if TYPE_CHECKING:
    from lithify.rlm.typed import AnswerType, Validator


class Wanted(TypedDict, total=False):
    """What may be asked for besides the answer.

    validator: has the last word on an answer: returns a text or False, or raises ValueError, when it is not to be taken
    cite:      quotes of the data support it, looked up by the host: `result.citations`
    ephemeral: the pure RLM; nothing is reused or kept
    reuse:     "never": explore, and keep what worked; "only": by a kept tool or not at all;
               "replay": by one whose question this is word for word, else explore
    """

    validator: Validator | None
    cite: bool
    ephemeral: bool
    reuse: Reuse


class ResumeTyped(TypedDict, total=False):
    """The type of the answer as it was asked for, where a JSON schema does not say it all: see `Lab.ask`."""

    answer_type: object
    validator: Validator | None


def answer_of(**typed: Unpack[ResumeTyped]) -> AnswerType | None:
    """The AnswerType of what a caller asked for; None for anything."""
    wanted, validator = typed.get("answer_type"), typed.get("validator")
    return rlm.answer_type(wanted, validator) if wanted is not None or validator is not None else None


def inquiry_of(question: str, context: Context, answer_type: object, **wanted: Unpack[Wanted]) -> Inquiry:
    """The Inquiry of what a caller asked for."""
    return Inquiry(
        question=question,
        context=context,
        answer=answer_of(answer_type=answer_type, validator=wanted.get("validator")),
        cite=wanted.get("cite", False),
        ephemeral=wanted.get("ephemeral", False),
        reuse=wanted.get("reuse", "auto"),
    )
