"""What one run may still spend of its tree's account: the worst case set aside before a call, its cost booked after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from lithify.errors import BadSettings, BudgetSpent
from lithify.ports import Model
from lithify.records.events import Purpose
from lithify.records.model import ModelReply, ModelRequest, Usage
from lithify.records.quick import dataclass
from lithify.records.run import Limits
from lithify.rlm.account import NONE, Account, Amount
from lithify.rlm.shorten import shortened, size_of

LEAST_REPLY = 512
"""Tokens. When less is left than the longest reply would take, shorter ones are asked for, but none below this."""
EXTRACT_REPLY = 2_048
"""Tokens of the answer of the extraction call, at most."""
_PROBE_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is held for one call under way: the request as it may be sent, and what it was estimated to take."""

    request: ModelRequest
    held: Amount
    input_tokens: int


class Budget:
    """What one run may spend. A child run's budget draws on the same account, and its parent's usage includes it.

    before: what was spent on the question already; it counts against the limits, and not as usage of the run.
    From the first turn on, one call with its tokens and dollars is kept back for the extraction at the end.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], parent: Budget | None = None, before: Usage | None = None
    ) -> None:
        self.limits = limits
        self.usage = Usage()
        self.account: Account = parent.account if parent else Account(limits, clock)
        self.depth: int = parent.depth + 1 if parent else 0
        self._parent = parent
        self._clock = clock
        self._kept = NONE
        self._turn = 0
        self._factors: dict[str, float] = parent._factors if parent else {}
        if before is not None:
            tokens = before.input_tokens + before.output_tokens
            self.account.release(NONE, Amount(calls=before.model_calls, tokens=tokens, cost=before.cost))

    def child(self) -> Budget:
        """The budget of a child run."""
        return Budget(self.limits, self._clock, self)

    @property
    def seconds_left(self) -> float:
        """Wall time of the whole tree until the limit, not below 0."""
        return self.account.seconds_left

    @property
    def levels_left(self) -> int:
        """How many levels of child runs may be below this run."""
        return max(0, self.limits.depth - self.depth)

    def check_prices(self, models: Iterable[Model]) -> None:
        """Raise BadSettings when money is limited and the price of one of the models is unknown."""
        if self.limits.cost is None:
            return
        for model in models:
            self._price(model, _PROBE_TOKENS, 0)

    def check_turn(self, turn: int) -> None:
        """Raise BudgetSpent when turn (1-based) is beyond the limit, or the time is up."""
        if turn > self.limits.turns:
            raise BudgetSpent(
                "turns", f"all {self.limits.turns} turns are used; raise limits.turns or ask a narrower question"
            )
        self._turn = turn
        self.account.check_time()

    def check_time(self) -> None:
        """Raise BudgetSpent when the wall time is used up."""
        self.account.check_time()

    async def reserve(self, model: Model, request: ModelRequest, purpose: Purpose) -> Reservation:
        """Hold the worst case of one call: its input, cautiously estimated, and the longest reply.

        Waits where calls under way may turn out cheaper than what is held for them; then asks for shorter replies.
        Raises BudgetSpent naming the limit that does not allow the call.
        """
        if purpose == "extract":
            return self._reserve_last(model, request)
        tokens = self._estimate(model, request)
        for reply in _replies(min(self.limits.reply_tokens, request.max_tokens or self.limits.reply_tokens)):
            held = self._amount(model, tokens, reply, purpose)
            try:
                if purpose == "root":
                    self._keep(self._amount(model, tokens, min(reply, EXTRACT_REPLY), purpose))
                await self.account.hold(held)
                return Reservation(replace(request, max_tokens=reply), held, tokens)
            except BudgetSpent as spent:
                if spent.limit not in ("tokens", "cost"):
                    raise
                last = spent
        raise last

    def _keep(self, amount: Amount) -> None:
        self.account.keep(amount, self._kept)
        self._kept = amount

    def _reserve_last(self, model: Model, request: ModelRequest) -> Reservation:
        """Hold the extraction call, from what was kept back and what else is left; its history may be shortened."""
        free = self.account.free(self._kept)
        if free.calls < 1:
            raise BudgetSpent("calls", f"all {self.limits.calls} model calls are used; raise limits.calls")
        for reply in _replies(min(self.limits.reply_tokens, EXTRACT_REPLY)):
            room = self._room(model, free, reply)
            factor = self._factors.get(model.name, 1.0)
            fitting = shortened(request.messages, int(room / factor)) if room > 0 else None
            if fitting is None:
                continue
            whole = replace(request, messages=fitting, max_tokens=reply)
            tokens = self._estimate(model, whole)
            held = self._amount(model, tokens, reply, "root")
            self.account.take_kept(self._kept, held)
            self._kept = NONE
            return Reservation(whole, held, tokens)
        limit = "tokens" if free.tokens <= LEAST_REPLY or self.limits.cost is None else "cost"
        raise BudgetSpent(limit, f"what is left of limits.{limit} is too little for a last call; raise it")

    def _room(self, model: Model, free: Amount, reply: int) -> int:
        """Tokens of input that can be paid beside a reply of so many."""
        room = free.tokens - reply
        if self.limits.cost is None:
            return room
        for_input = free.cost - self._price(model, 0, reply)
        each = self._price(model, _PROBE_TOKENS, 0) / _PROBE_TOKENS
        if each:
            room = min(room, int(for_input / each))
        while room > 0 and self._price(model, room, reply) > free.cost:  # prices may rise with the length
            room //= 2
        return room

    def settle(self, reservation: Reservation, model: Model, reply: ModelReply | None, *, sent: bool = True) -> None:
        """Book what the call took. No reply: it failed, and what was held is booked unless it was never sent."""
        held = reservation.held
        self._count(reply)
        if reply is None:
            spent = held if sent else Amount(calls=held.calls, subcalls=held.subcalls)
        else:
            spent = self._taken(held, reservation.input_tokens, reply)
            if reply.input_tokens > reservation.input_tokens > 0:
                seen = reply.input_tokens / size_of(reservation.request.messages)
                self._factors[model.name] = max(self._factors.get(model.name, 1.0), seen)
        self.account.release(held, spent)

    def book(self, reply: ModelReply | None, purpose: Purpose) -> None:
        """Book a call that was made before the run was resumed. Nothing is asked, so nothing is refused."""
        self._count(reply)
        self.account.release(NONE, self._taken(Amount(calls=1, subcalls=self._subcalls(purpose)), 0, reply))

    def _taken(self, held: Amount, estimate: int, reply: ModelReply | None) -> Amount:
        """What a reply took; where the provider does not say, what was held for it."""
        if reply is None:
            return held
        tokens = reply.input_tokens + reply.output_tokens
        if not tokens:
            tokens = min(held.tokens, estimate + len(reply.text))
        cost = held.cost if reply.cost is None else reply.cost
        return Amount(held.calls, held.subcalls, tokens, cost)

    def _count(self, reply: ModelReply | None) -> None:
        """Add to the usage of this run and of all above it."""
        counted = reply or ModelReply(text="", model="", input_tokens=0, output_tokens=0)
        run: Budget | None = self
        while run is not None:
            run.usage = run.usage.plus(counted)
            run = run._parent

    def close(self) -> None:
        """Give back what was kept for an extraction that is not needed."""
        self.account.give_back(self._kept)
        self._kept = NONE

    def left(self) -> dict[str, float | int]:
        """What `budget()` tells the model: what it can still spend, without what is kept for the extraction."""
        free = self.account.free()
        found: dict[str, float | int] = {
            "turns": max(0, self.limits.turns - self._turn),
            "model_calls": free.calls,
            "sub_calls": min(free.calls, free.subcalls),
            "tokens": free.tokens,
            "seconds": round(self.seconds_left, 1),
            "levels_of_rlm_query": self.levels_left,
        }
        if self.limits.cost is not None:
            found["usd"] = float(round(free.cost, 6))
        return found

    def _subcalls(self, purpose: Purpose) -> int:
        return int(purpose == "sub" or self.depth > 0)

    def _estimate(self, model: Model, request: ModelRequest) -> int:
        return int(size_of(request.messages) * self._factors.get(model.name, 1.0)) + 1

    def _amount(self, model: Model, tokens: int, reply: int, purpose: Purpose) -> Amount:
        cost = Decimal(0) if self.limits.cost is None else self._price(model, tokens, reply)
        return Amount(1, self._subcalls(purpose), tokens + reply, cost)

    def _price(self, model: Model, tokens: int, reply: int) -> Decimal:
        price = model.price(tokens, reply)
        if price is None:
            raise BadSettings(
                f"limits.cost is ${self.limits.cost}, but the price of {model.name!r} is unknown, so money cannot be "
                "limited; leave limits.cost (--max-cost) out and limit tokens instead, or name a model with a price"
            )
        return price


def _replies(longest: int) -> Iterator[int]:
    """The longest reply, then halves of it."""
    yield longest
    while longest > LEAST_REPLY:
        longest = max(LEAST_REPLY, longest // 2)
        yield longest
