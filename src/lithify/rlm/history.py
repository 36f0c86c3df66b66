"""The conversation with the root model, and how it is kept from growing: a pure value, compacted in steps by rule.

Between two steps messages are only ever appended, so that a provider's prefix cache holds. A step first cuts old
outputs to a digest; what is still too much is put into one summary of the oldest turns: their code, shortened, and the
beginning of what it printed. Never touched: the system message, the first message (question, preview, limits), the
question under way, and the last turns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lithify.records.model import Message
from lithify.records.quick import dataclass
from lithify.rlm import protocol
from lithify.rlm.marking import as_data, harmless
from lithify.rlm.observe import cut_middle
from lithify.rlm.prompt import fill

LAST_TURNS = 3
"""So many exchanges at the end stay word for word."""
_DIGEST_CHARS = 400
_CODE_CHARS = 700
_HEAD_CHARS = 200
_ASKED_CHARS = 300
_VARIABLES_CHARS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A reply of the model and what it was told.

    asked: the next question of a session, which stays in full while it is under way; note: what a compaction said.
    """

    number: int
    reply: str
    told: str
    asked: str = ""
    note: str = ""

    @property
    def user(self) -> str:
        """The message to the model."""
        return "\n\n".join(part for part in (self.told, self.note, self.asked) if part)

    @property
    def messages(self) -> tuple[Message, Message]:
        """The reply and what it was told."""
        # A provider refuses an empty assistant message.
        return Message(role="assistant", content=self.reply or "(empty reply)"), Message(role="user", content=self.user)

    @property
    def size(self) -> int:
        """Characters of both, nearly."""
        return len(self.reply) + len(self.told) + len(self.note) + len(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What a summary says of one exchange: its code, and in words of ours what it gave."""

    code: str
    output: str

    @property
    def size(self) -> int:
        """Characters."""
        return len(self.code) + len(self.output)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that the root model is sent. gists stand for the oldest exchanges; of `left_out` more nothing is said.

    messages is the whole as it is sent; a longer history shares them with the shorter one.
    """

    head: tuple[Message, Message]
    mark: str
    exchanges: tuple[Exchange, ...] = ()
    gists: tuple[Gist, ...] = ()
    left_out: int = 0
    asked: str = ""
    """The question under way, when the exchange that asked it is in the summary."""
    messages: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        if not self.messages:
            object.__setattr__(self, "messages", self._written())

    def _written(self) -> tuple[Message, ...]:
        found = [*self.head]
        if self.gists:
            missing = [f"(The first {self.left_out} turns are left out.)"] if self.left_out else []
            code = "\n".join([*missing, *(gist.code for gist in self.gists)])
            outputs = as_data("\n".join(gist.output for gist in self.gists), self.mark)
            found.append(Message(role="assistant", content=code))
            asked = "" if any(one.asked for one in self.exchanges) else self.asked
            found.append(Message(role="user", content=fill("summary", {"outputs": outputs, "asked": asked}).strip()))
        for one in self.exchanges:
            found += one.messages
        return tuple(found)

    @property
    def size(self) -> int:
        """Characters of all messages."""
        return sum(len(message.content) for message in self.messages)

    def plus(self, exchange: Exchange) -> History:
        """With one more exchange at the end."""
        return replace(self, exchanges=(*self.exchanges, exchange), messages=(*self.messages, *exchange.messages))

    def but(self, *exchanges: Exchange) -> History:
        """With these exchanges in place of its own."""
        return replace(self, exchanges=exchanges, messages=())


def compacted(history: History, variables: Mapping[str, str], high: int) -> History:
    """The history in at most half of `high` characters, as far as what is never touched allows it.

    variables: name → type and size, as the session has them now; the last message lists them.
    """
    low = high // 2
    if not history.exchanges:
        return history
    *earlier, last = history.exchanges
    last = replace(last, note=_note(variables, history.mark))
    edge = max(0, len(history.exchanges) - LAST_TURNS)
    cut = [_digested(one, history.mark) if at < edge else replace(one, note="") for at, one in enumerate(earlier)]
    history = history.but(*cut, last)
    size = history.size
    for oldest in cut[:edge]:
        if size <= low:
            break
        before = sum(gist.size for gist in history.gists)
        history = _summarised(history, low // 3)
        size += sum(gist.size for gist in history.gists) - before - oldest.size
    return history.but(*history.exchanges)


def _note(variables: Mapping[str, str], mark: str) -> str:
    names = ", ".join(f"{name}: {kind}" for name, kind in variables.items()) or "(none)"
    if len(names) > _VARIABLES_CHARS:
        names = ", ".join(variables)
    if len(names) > _VARIABLES_CHARS:
        names = f"{names[:_VARIABLES_CHARS]}… ({len(variables):,} in all; SHOW_VARS() lists them)"
    return fill("compacted", {"variables": as_data(names, mark)})


def _digested(exchange: Exchange, mark: str) -> Exchange:
    """With its outputs cut to a digest."""

    def shorter(found: re.Match[str]) -> str:
        return found[1] + cut_middle(found[2], _DIGEST_CHARS) + found[3]

    block = re.compile(rf"(<data {mark}>\n)(.*?)(\n</data {mark}>)", re.DOTALL)
    return replace(exchange, told=block.sub(shorter, exchange.told), note="")


def _summarised(history: History, room: int) -> History:
    """With the oldest exchange in the summary; the summary keeps within room, its own oldest go first."""
    oldest, *rest = history.exchanges
    gists = [*history.gists, Gist(code=_code_of(oldest), output=_output_of(oldest, history.mark))]
    left_out = history.left_out
    size = sum(gist.size for gist in gists)
    while len(gists) > 1 and size > room:
        size -= gists.pop(0).size
        left_out += 1
    asked = oldest.asked or history.asked
    # The messages are written once, when all is done.
    kept = history.messages
    return replace(history, exchanges=tuple(rest), gists=tuple(gists), left_out=left_out, asked=asked, messages=kept)


def _code_of(exchange: Exchange) -> str:
    """The code of a reply without the words around it."""
    cells = "\n".join(protocol.parse(exchange.reply).cells).strip()
    if not cells:
        return f"Turn {exchange.number}: {cut_middle(exchange.reply.strip(), _HEAD_CHARS)}"
    return f"Turn {exchange.number}, shortened:\n```repl\n{cut_middle(cells, _CODE_CHARS)}\n```"


def _output_of(exchange: Exchange, mark: str) -> str:
    """The beginning of what a turn gave, and the question that followed it."""
    blocks = re.findall(rf"<data {mark}>\n(.*?)\n</data {mark}>", exchange.told, re.DOTALL)
    head = cut_middle("\n".join(blocks) or exchange.told, _HEAD_CHARS)
    asked = f"\n{cut_middle(exchange.asked, _ASKED_CHARS)}" if exchange.asked else ""
    return f"Turn {exchange.number}: {harmless(head, mark)}{harmless(asked, mark)}"
