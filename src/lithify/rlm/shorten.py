"""How long a conversation is in tokens, cautiously, and how it is made to fit into what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lithify.records.model import Message
from lithify.rlm.observe import cut_middle

_BYTES_PER_TOKEN = 2
"""Cautious: prose has four, code and logs three, digits and hexadecimal two to three, Chinese two (UTF-8)."""
_MESSAGE_TOKENS = 8
_LEAST_CHARS = 400
_GAP = "(Some of this conversation is left out here: no room for it is left in the budget.)"


def size_of(messages: Sequence[Message]) -> int:
    """Tokens of a conversation, rather too many than too few; the provider's count is what is booked."""
    return sum(map(_tokens, messages))


def _tokens(message: Message) -> int:
    content = message.content
    length = len(content) if content.isascii() else len(content.encode("utf-8", "replace"))
    return length // _BYTES_PER_TOKEN + _MESSAGE_TOKENS


def shortened(messages: Sequence[Message], tokens: int) -> tuple[Message, ...] | None:
    """The conversation in at most so many tokens; None when that cannot be.

    The system message, the question and the last message stay, then as many of the latest as fit, then parts of the
    question's message, which shows the data.
    """
    if size_of(messages) <= tokens:
        return tuple(messages)
    head, middle, last = tuple(messages[:2]), list(messages[2:-1]), messages[-1]
    if len(messages) < 3:
        return None
    gap = Message(role="user", content=_GAP)
    left = tokens - size_of((*head, gap, last))
    latest: list[Message] = []
    while middle and _tokens(middle[-1]) <= left:
        left -= _tokens(middle[-1])
        latest.insert(0, middle.pop())
    if left >= 0:
        return (*head, gap, *latest, last)
    spare = tokens - size_of((head[0], gap, last)) - _MESSAGE_TOKENS
    # A character takes at most two of these tokens (four bytes), and the note about the cut takes its own.
    chars = spare // 2 - 100
    if chars < _LEAST_CHARS:
        return None
    return (head[0], replace(head[1], content=cut_middle(head[1].content, chars)), gap, last)
