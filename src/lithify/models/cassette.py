"""Recording a real conversation with a model to a file, and replaying it strictly."""

from __future__ import annotations

import asyncio
import fcntl
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import FileIO
from pathlib import Path

from lithify.errors import CassetteProblem, ModelFailed, ModelRefused, ProgrammerMustAct
from lithify.models.cassette_file import (
    FAILURES,
    Header,
    RecordedCall,
    RecordedFailure,
    Shared,
    decode,
    encode_call,
    encode_header,
)
from lithify.models.cassette_match import difference, nearest
from lithify.models.pieces import say
from lithify.ports import Model
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText


def read_cassette(path: Path) -> tuple[Header, list[RecordedCall]]:
    """Read a recording. Raises CassetteProblem when it is missing, broken, or of a newer version."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CassetteProblem(f"there is no recording {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CassetteProblem(f"the recording {path} cannot be read: {error}") from error
    try:
        return decode(text)
    except CassetteProblem as problem:
        raise CassetteProblem(f"the recording {path} cannot be used: {problem}") from problem


class Recording:
    """A cassette file that is being written. An existing recording is continued; a second writer is refused.

    Every call is one append, made before its reply is handed on: an interrupt loses nothing.
    """

    def __init__(self, path: Path, *, model: str, note: str = "") -> None:
        """Open or create the file at once. Raises CassetteProblem when that cannot be done."""
        self.path = path
        self._shared = Shared()
        self._calls = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileIO(path, "ab")
        except OSError as error:
            raise CassetteProblem(f"the recording {path} cannot be written: {error}") from error
        try:
            self._begin(Header(recorded=datetime.now(UTC).isoformat(timespec="seconds"), model=model, note=note))
        except BaseException:
            self._file.close()
            raise

    def _begin(self, header: Header) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CassetteProblem(f"the recording {self.path} is being written by another process") from error
        if self.path.stat().st_size == 0:
            self._write(encode_header(header))
            return
        _, calls = read_cassette(self.path)
        for call in calls:
            self._shared.add(call)
        self._calls = len(calls)

    def append(self, request: ModelRequest, outcome: ModelReply | RecordedFailure) -> None:
        """Write one call. Raises CassetteProblem when the disk does not take it."""
        if self._file.closed:
            raise ProgrammerMustAct(f"the recording {self.path} is closed; it takes no more calls")
        call = RecordedCall(number=self._calls + 1, request=request, outcome=outcome)
        self._write(encode_call(call, self._shared))
        self._shared.add(call)
        self._calls += 1

    def _write(self, data: bytes) -> None:
        start = self._file.seek(0, 2)
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(f"the disk took {written} of {len(data)} bytes")
        except OSError as error:
            with suppress(OSError):  # half a call would make the whole recording unreadable
                self._file.truncate(start)
            raise CassetteProblem(f"the recording {self.path} cannot be written: {error}") from error

    def close(self) -> None:
        """Close the file. May be called more than once."""
        self._file.close()


class RecordingModel:
    """A Model that writes every call of its inner Model to a cassette, failures of the provider included.

    What is written are the messages, the settings of the request and the reply: never keys, headers or URLs.
    Give several models one Recording to have a conversation between them in one file.
    """

    def __init__(self, inner: Model, cassette: Path | Recording, *, note: str = "") -> None:
        self._inner = inner
        self._recording = (
            cassette if isinstance(cassette, Recording) else Recording(cassette, model=inner.name, note=note)
        )

    @property
    def name(self) -> str:
        """The inner model's name."""
        return self._inner.name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Ask the inner model and record what came back. Raises what it raises, and CassetteProblem."""
        try:
            reply = await self._inner.ask(request, on_text, on_retry)
        except (ModelFailed, ModelRefused) as failure:
            kind = next(name for name, error in FAILURES.items() if isinstance(failure, error))
            self._recording.append(request, RecordedFailure(kind=kind, message=str(failure)))
            raise
        self._recording.append(request, reply)
        return reply

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """What the inner model says."""
        return self._inner.price(input_tokens, output_tokens)

    async def close(self) -> None:
        """Close the file and the inner model."""
        self._recording.close()
        await self._inner.close()


class CassetteModel:
    """Answers from a recording, each recorded call once, in any order; anything else is an error.

    A request must equal a recorded one in messages and settings. Replies carry the recorded text, model, tokens and
    cost; seconds is 0, for nothing was waited for.
    """

    def __init__(self, path: Path) -> None:
        """Read the recording. Raises CassetteProblem."""
        self._path = path
        self._header, self._calls = read_cassette(path)
        self._waiting: dict[ModelRequest, deque[RecordedCall]] = defaultdict(deque)
        for call in self._calls:
            self._waiting[call.request].append(call)
        self._used = 0

    @property
    def name(self) -> str:
        """cassette: and the file's name, so that a replay is never taken for the real model."""
        return f"cassette:{self._path.name}"

    @property
    def header(self) -> Header:
        """When and with which model it was recorded."""
        return self._header

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """The recorded reply, in pieces to on_text.

        Raises CassetteProblem with a diff when this request was not recorded, and ModelFailed or ModelRefused where
        the recorded call failed.
        """
        await asyncio.sleep(0)  # as any other model, it lets others run
        waiting = self._waiting.get(request)
        if not waiting:
            raise CassetteProblem(self._mismatch(request, known=waiting is not None))
        self._used += 1
        outcome = waiting.popleft().outcome
        if isinstance(outcome, RecordedFailure):
            raise FAILURES[outcome.kind](outcome.message)
        say(outcome.text, on_text)
        return replace(outcome, seconds=0.0)

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """Unpriced: nothing is paid for a replay; what the calls cost when they were recorded is in the replies."""
        return None

    def _mismatch(self, request: ModelRequest, *, known: bool) -> str:
        if known:
            return f"the recording {self._path} has no further reply to this request: each of its calls is used once"
        unused = [call for calls in self._waiting.values() for call in calls]
        closest = nearest(request, unused or self._calls)
        shown = f" The nearest recorded request:\n{difference(request, closest)}" if closest is not None else ""
        return (
            f"the recording {self._path} does not hold this request. Replaying is strict: the same question, data and "
            f"prompts as when it was recorded; to go on, record it again. {self._used} of its {len(self._calls)} calls "
            f"are used so far{'' if unused else ', it ends here'}.{shown}"
        )

    async def close(self) -> None:
        """Nothing to release."""
