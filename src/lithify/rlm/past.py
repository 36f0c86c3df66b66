"""What a run got before it was resumed, and the numbering by which each call is found again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from lithify.ports import HostHandler, Observer, Recall
from lithify.records.events import HostAnswered
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import RunId

CHILD_ID = 12
"""Characters of a child run's id."""


@dataclass(frozen=True, slots=True)
class CallId:
    """Which model call of a run it is: by its content, and how often the same was asked before."""

    digest: str
    nth: int


class Past:
    """One for each run. recall None: the run is not resumed and nothing is found; calls are numbered all the same."""

    def __init__(self, run_id: RunId, observer: Observer, recall: Recall | None = None) -> None:
        self._run_id = run_id
        self._observer = observer
        self._recall = recall
        self._asked: Counter[str] = Counter()
        self._digests: list[tuple[Message, bytes]] = []

    def call(self, model: str, request: ModelRequest) -> CallId:
        """The identity of the call that is about to be made. Calls are numbered in the order of asking."""
        digest = self._digest(model, request)
        self._asked[digest] += 1
        return CallId(digest, self._asked[digest] - 1)

    def reply(self, call: CallId) -> ModelReply | None:
        """What this call gave before; None: it has to be made. Raises the failure that it ended with."""
        return None if self._recall is None else self._recall.reply(self._run_id, call.digest, call.nth)

    def child(self, *asked: str) -> RunId:
        """The id of the child run that is about to be started: the same again when the run is resumed.

        asked is what tells it from other child runs: question, digest of its context, model. The nth of the same has
        an id of its own.
        """
        key = hashlib.sha256("\0".join((self._run_id, *asked)).encode("utf-8", "surrogatepass")).hexdigest()
        self._asked[key] += 1
        return RunId(hashlib.sha256(f"{key} {self._asked[key]}".encode()).hexdigest()[:CHILD_ID])

    def remembered(self, name: str, handler: HostHandler) -> HostHandler:
        """The same function of the host, whose answers are recorded, and given again when the run is resumed.

        For what may answer differently the next time, and calls no model.
        """
        made = 0

        async def answer(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
            nonlocal made
            nth, made = made, made + 1
            found = None if self._recall is None else self._recall.host_answer(self._run_id, name, nth)
            if found is not None:
                return found[0]
            value = await handler(args, kwargs)
            self._observer.notify(HostAnswered(run_id=self._run_id, name=name, nth=nth, value=value))
            return value

        return answer

    def _digest(self, model: str, request: ModelRequest) -> str:
        """A conversation grows at its end: the messages that the last one had are not read again."""
        if len(request.messages) == 1:
            return request.digest(model)
        before, self._digests = iter(self._digests), []

        def of(message: Message) -> bytes:
            known = next(before, None)
            if known is None or (known[0] is not message and known[0] != message):
                known = (message, message.digest())
            self._digests.append(known)
            return known[1]

        return request.digest(model, of)
