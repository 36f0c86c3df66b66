"""What comes from one worker: read when something is awaited, checked, and never more than the host can afford."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lithify.errors import SandboxLost
from lithify.sandbox.clock import Allowance
from lithify.sandbox.frames import BadFrame, FrameReader, Message, parse
from lithify.sandbox.pipe import Pipe


class Intake:
    """Turns a worker's bytes into messages.

    take gets each message; lose hears why there will be no more (a SandboxLost reason and its text). Nothing is read
    while nothing is wanted, while `backlog` says that the host holds too much for the session already, or when the
    session has used up its allowance of the host's time: then the worker's own buffer fills, and it waits.
    """

    def __init__(
        self,
        pipe: Pipe,
        max_length: int,
        max_stdout: int,
        take: Callable[[Message], None],
        lose: Callable[[str, str], object],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._pipe = pipe
        self._frames = FrameReader(max_length)
        self._max_stdout = max_stdout
        self._take = take
        self._lose = lose
        self._allowance = Allowance(now=self._loop.time())
        self._wanted = self._full = self._resting = self._hurried = False
        pipe.listen(self._on_data, self._on_end, lambda: self._frames.missing)

    def want(self, wanted: bool) -> None:
        """Whether anything is awaited from the worker."""
        self._wanted = wanted
        self._decide()

    def hold(self, full: bool) -> None:
        """Whether the host holds as much for this session as it may."""
        self._full = full
        self._decide()

    def hurry(self, hurried: bool) -> None:
        """Read whatever comes: a cell that is out of time cannot end before what it says has been heard."""
        self._hurried = hurried
        self._decide()

    def _decide(self) -> None:
        if self._wanted and (self._hurried or not (self._full or self._resting)):
            self._pipe.resume()
        else:
            self._pipe.pause()

    def _on_data(self, data: bytes) -> None:
        began = self._loop.time()
        try:
            for body in self._frames.feed(data):
                self._take(parse(body, self._max_stdout))
        except BadFrame as error:
            self._lose("protocol", f"the worker broke the protocol: {error}")
        except SandboxLost as lost:
            self._lose(lost.reason, str(lost))
        rest = self._allowance.spend(began, self._loop.time())
        if rest:
            self._resting = True
            self._loop.call_later(rest, self._rested)
            self._decide()

    def _rested(self) -> None:
        self._resting = False
        self._decide()

    def _on_end(self) -> None:
        self._lose(
            "died",
            "the worker ended: the cell left the interpreter (os._exit), crashed native code, or the machine ran out "
            "of memory. Its variables are lost",
        )
