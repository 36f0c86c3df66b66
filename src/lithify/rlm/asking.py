"""Asking a model on account of a run: reserve, ask, settle, tell. A resumed run asks its record first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from lithify.errors import BudgetSpent, LithifyError, PersonMustAct
from lithify.ports import Model, Observer
from lithify.records.events import ModelCalled, ModelRetried, ModelText, Purpose
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText, Retry
from lithify.records.run import RunId
from lithify.rlm.budget import Budget, Reservation
from lithify.rlm.observe import cut_middle
from lithify.rlm.past import CallId, Past

_PROMPT_KEPT = 20_000
"""Characters of a prompt that are told: what the model was shown of its cells, whole as a rule."""
_SUB_PROMPT_KEPT = 4_000
"""The same of a sub-call, which may hold any part of the data."""
_EXTRACTION_SECONDS = 60.0
"""Time for the extraction call, beyond the run's own wall time."""


@dataclass(slots=True)
class Asking:
    """How a run asks models. turn is the turn under way, for the record; streaming: tell replies as they come."""

    run_id: RunId
    budget: Budget
    observer: Observer
    clock: Callable[[], float]
    past: Past
    streaming: bool = False
    turn: int = 0
    _system: str | None = None

    def system_once(self, request: ModelRequest) -> str:
        """The system message, when it was not told yet."""
        first = request.messages[0]
        if first.role != "system" or first.content == self._system:
            return ""
        self._system = first.content
        return first.content

    async def ask(
        self, model: Model, request: ModelRequest, purpose: Purpose, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """One call, or what it gave before the run was resumed.

        Raises BudgetSpent before it is made, ModelRefused or ModelFailed after.
        """
        call = _Call(self, model, purpose, self.past.call(model.name, request), on_retry)
        known = call.recalled(request)
        if known is not None:
            return known
        return await call.made(await self.budget.reserve(model, request, purpose))


@dataclass(slots=True)
class _Call:
    """One call: its reservation is settled and its end is told whatever happens."""

    asking: Asking
    model: Model
    purpose: Purpose
    identity: CallId
    on_retry: OnRetry | None

    async def made(self, reservation: Reservation) -> ModelReply:
        asking, last = self.asking, self.purpose == "extract"
        started = asking.clock()
        reply: ModelReply | None = None
        error, kind, sent = "cancelled", "Cancelled", True
        try:
            async with asyncio.timeout(_EXTRACTION_SECONDS if last else asking.budget.seconds_left):
                reply = await self.model.ask(reservation.request, self._on_text(), self._retried)
            error = kind = ""
        except TimeoutError:
            error, kind = "the time for this call was over before the model answered", "BudgetSpent"
            raise BudgetSpent("seconds", f"{error}; raise limits.seconds") from None
        except LithifyError as failure:
            error, kind = str(failure), type(failure).__name__
            sent = not isinstance(failure, PersonMustAct)  # refused: nobody charges for that
            raise
        finally:
            asking.budget.settle(reservation, self.model, reply, sent=sent)
            self._tell(reservation.request, reply, error=error, kind=kind, seconds=asking.clock() - started)
        return reply

    def recalled(self, request: ModelRequest) -> ModelReply | None:
        """What the call gave before the run was resumed, None when it was not answered. Raises what it raised."""
        asking = self.asking
        try:
            reply = asking.past.reply(self.identity)
        except LithifyError as failure:
            asking.budget.book(None, self.purpose)
            self._tell(request, None, error=str(failure), kind=type(failure).__name__, recalled=True)
            raise
        if reply is not None:
            asking.budget.book(reply, self.purpose)
            self._tell(request, reply, recalled=True)
        return reply

    def _on_text(self) -> OnText | None:
        if not self.asking.streaming or self.purpose == "sub":
            return None
        return self._text

    def _text(self, text: str) -> None:
        asking = self.asking
        asking.observer.notify(
            ModelText(run_id=asking.run_id, turn=asking.turn, purpose=self.purpose, model=self.model.name, text=text)
        )

    def _retried(self, retry: Retry) -> None:
        asking = self.asking
        if self.on_retry is not None:
            self.on_retry(retry)
        asking.observer.notify(
            ModelRetried(
                run_id=asking.run_id, turn=asking.turn, purpose=self.purpose, model=self.model.name, retry=retry
            )
        )

    def _tell(
        self,
        request: ModelRequest,
        reply: ModelReply | None,
        *,
        error: str = "",
        kind: str = "",
        seconds: float = 0.0,
        recalled: bool = False,
    ) -> None:
        asking, sub = self.asking, self.purpose == "sub"
        asking.observer.notify(
            ModelCalled(
                run_id=asking.run_id,
                turn=asking.turn,
                purpose=self.purpose,
                model=self.model.name,
                prompt=cut_middle(request.messages[-1].content, _SUB_PROMPT_KEPT if sub else _PROMPT_KEPT),
                reply=reply,
                seconds=seconds,
                error=error,
                digest=self.identity.digest,
                nth=self.identity.nth,
                kind=kind,
                recalled=recalled,
                system="" if sub else asking.system_once(request),
            )
        )
