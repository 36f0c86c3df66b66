"""Code and submissions that a reply only quotes from the data: the host does not take them for the model's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lithify.records.model import Message
from lithify.records.quick import dataclass
from lithify.rlm import protocol

_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a reply quotes: a code block, or a submission."""

    what: str


def without_quotations(reply: protocol.Reply, messages: Iterable[Message]) -> protocol.Reply | Quoted:
    """The reply, or what in it stands word for word in the data that the model was shown.

    A fenced block counts when the same lines stand in the data behind a fence, however indented, or with their line
    ends written as escapes; a submission outside code when the same words do. Data that holds code can so be talked
    about and quoted without being run.
    """
    shown = [message.content for message in messages if message.role == "user"]
    fenced = [text for text in shown if any(fence in text for fence in _FENCES)]
    if fenced and any(_is_fenced(_core(cell), text) for cell in reply.cells for text in _forms(fenced)):
        return Quoted("code block")
    written = reply.written
    if written is not None and any(f"{written.call}({written.argument})" in text for text in shown):
        return Quoted(f"{written.call}(...)")
    return reply


def _forms(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield _core(text)
        if "\\n" in text:
            yield _core(text.replace("\\r", "").replace("\\n", "\n"))


def _core(text: str) -> str:
    """The text without indentation and blank lines."""
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


def _is_fenced(code: str, text: str) -> bool:
    """Whether the lines of code stand in the text, whole, behind a line with a fence."""
    at = text.find(f"\n{code}")
    while at >= 0:
        end = at + 1 + len(code)
        line = text[text.rfind("\n", 0, at) + 1 : at]
        if any(fence in line for fence in _FENCES) and text[end : end + 1] in ("", "\n"):
            return True
        at = text.find(f"\n{code}", at + 1)
    return False
