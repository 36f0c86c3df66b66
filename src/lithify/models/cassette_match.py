"""Why a request is not in a recording: the nearest recorded one, and a short diff against it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from lithify.models.cassette_file import RecordedCall
from lithify.records.model import Message, ModelRequest

COMPARED_CHARS = 2_000
COMPARED_LINES = 400
SHOWN_LINES = 40
SHOWN_COLUMNS = 160


def nearest(request: ModelRequest, calls: Sequence[RecordedCall]) -> RecordedCall | None:
    """The recorded call whose request begins like this one for longest, then is most alike from there on."""
    return max(calls, key=lambda call: _likeness(request, call.request), default=None)


def _likeness(request: ModelRequest, recorded: ModelRequest) -> tuple[int, float]:
    ours, theirs = request.messages, recorded.messages
    shared = _shared(ours, theirs)
    if shared == len(ours) == len(theirs):
        return shared, 1.0
    left = ours[shared].content if shared < len(ours) else ""
    right = theirs[shared].content if shared < len(theirs) else ""
    matcher = difflib.SequenceMatcher(None, left[:COMPARED_CHARS], right[:COMPARED_CHARS], autojunk=False)
    return shared, matcher.quick_ratio()


def _shared(ours: Sequence[Message], theirs: Sequence[Message]) -> int:
    count = 0
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            break
        count += 1
    return count


def difference(request: ModelRequest, call: RecordedCall) -> str:
    """A unified diff from the recorded request to this one, cut to a screenful."""
    recorded, asked = list(_lines(call.request)), list(_lines(request))
    start = 0
    while start < min(len(recorded), len(asked)) and recorded[start] == asked[start]:
        start += 1
    start = max(0, start - 3)
    window = slice(start, start + COMPARED_LINES)
    diff = difflib.unified_diff(
        recorded[window], asked[window], f"recorded call {call.number}", "this request", lineterm="", n=3
    )
    lines = [line if len(line) <= SHOWN_COLUMNS else line[:SHOWN_COLUMNS] + "…" for line in diff]
    if len(lines) > SHOWN_LINES:
        lines = [*lines[:SHOWN_LINES], f"… and {len(lines) - SHOWN_LINES} more lines"]
    return "\n".join(lines)


def _lines(request: ModelRequest) -> Iterator[str]:
    for name in ("max_tokens", "temperature"):
        value = getattr(request, name)
        if value is not None:
            yield f"[{name} {value}]"
    for message in request.messages:
        yield f"[{message.role}]"
        yield from message.content.split("\n")
