"""What a tree of runs may still spend: set aside before it is spent, so that parallel calls cannot overshoot."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from decimal import Decimal

from lithify.errors import BudgetSpent
from lithify.records.quick import dataclass
from lithify.records.run import Limits

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """Something to spend: model calls, those of them that cells make, tokens, US dollars."""

    calls: int = 0
    subcalls: int = 0
    tokens: int = 0
    cost: Decimal = _NOTHING

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.calls + other.calls,
            self.subcalls + other.subcalls,
            self.tokens + other.tokens,
            self.cost + other.cost,
        )

    def __sub__(self, other: Amount) -> Amount:
        return Amount(
            self.calls - other.calls,
            self.subcalls - other.subcalls,
            self.tokens - other.tokens,
            self.cost - other.cost,
        )


NONE = Amount()


class Account:
    """The one account of a root run, its child runs and all their calls. All of one event loop.

    spent: what was booked; held: set aside for calls under way; kept: put by for the extraction call of each run.
    What these three add up to is never let beyond the limits. A call that does not fit now, but would if the calls
    under way took less than what is held for them, waits for its turn; one that cannot fit raises BudgetSpent.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self.spent = NONE
        self.held = NONE
        self.kept = NONE
        self._clock = clock
        self._started = clock()
        self._waiting: deque[tuple[Amount, asyncio.Future[None]]] = deque()

    @property
    def seconds_left(self) -> float:
        """Wall time until the limit, not below 0."""
        return max(0.0, self.limits.seconds - (self._clock() - self._started))

    def check_time(self) -> None:
        """Raise BudgetSpent when the wall time is used up."""
        if self.seconds_left <= 0:
            raise BudgetSpent("seconds", f"the {self.limits.seconds:g} s of this run are over; raise limits.seconds")

    def fits(self, need: Amount) -> bool:
        """Whether it can be set aside as things stand, with nobody waiting for it."""
        return not self._waiting and self._lacks(need, self.held) is None

    async def hold(self, need: Amount) -> None:
        """Set it aside, after a wait where one helps. Raises BudgetSpent naming the limit that does not allow it."""
        self.check_time()
        if self.fits(need):
            self.held += need
            return
        self._check(need)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((need, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release(need)  # its turn came in the same moment
            else:
                self._forget(turn)
            raise

    def release(self, held: Amount, spent: Amount = NONE) -> None:
        """Book what a call really took, and free the rest of what was held for it."""
        self.held -= held
        self.spent += spent
        self._wake()

    def keep(self, amount: Amount, before: Amount = NONE) -> None:
        """Put by `amount` in place of `before`. Raises BudgetSpent, and changes nothing, when it does not fit."""
        missing = self._lacks(amount - before, self.held)
        if missing is not None:
            raise self._refusal(missing)
        self.kept += amount - before
        self._wake()

    def give_back(self, kept: Amount) -> None:
        """What was put by is not needed any more."""
        self.kept -= kept
        self._wake()

    def take_kept(self, kept: Amount, need: Amount) -> None:
        """Hold `need` in place of what was kept for it; whoever asks has made sure that it fits into what there is."""
        self.kept -= kept
        self.held += need

    def free(self, kept: Amount = NONE) -> Amount:
        """What could be set aside now by whoever gives up `kept`. Tokens and dollars are 0 when overdrawn."""
        taken = self.spent + self.held + self.kept - kept
        limits = self.limits
        return Amount(
            max(0, limits.calls - taken.calls),
            max(0, limits.subcalls - taken.subcalls),
            max(0, limits.tokens - taken.tokens),
            _NOTHING if limits.cost is None else max(_NOTHING, limits.cost - taken.cost),
        )

    def _wake(self) -> None:
        """Give what is free to those who wait, first come first served."""
        while self._waiting:
            need, turn = self._waiting[0]
            if turn.done():
                self._waiting.popleft()
                continue
            if self._lacks(need, self.held) is None:
                self.held += need
                turn.set_result(None)
            else:
                try:
                    self._check(need)
                except BudgetSpent as spent:
                    turn.set_exception(spent)
                else:
                    return
            self._waiting.popleft()

    def _forget(self, turn: asyncio.Future[None]) -> None:
        self._waiting = deque(one for one in self._waiting if one[1] is not turn)
        self._wake()

    def _check(self, need: Amount) -> None:
        """Raise BudgetSpent when `need` would not fit even if the calls under way took nothing beyond being calls."""
        least = Amount(calls=self.held.calls, subcalls=self.held.subcalls)
        missing = self._lacks(need, least)
        if missing is not None:
            raise self._refusal(missing)

    def _lacks(self, need: Amount, held: Amount) -> str | None:
        """The first limit that does not allow it."""
        limits, spent, kept = self.limits, self.spent, self.kept
        if spent.calls + held.calls + kept.calls + need.calls > limits.calls:
            return "calls"
        if spent.subcalls + held.subcalls + kept.subcalls + need.subcalls > limits.subcalls:
            return "subcalls"
        if spent.tokens + held.tokens + kept.tokens + need.tokens > limits.tokens:
            return "tokens"
        if limits.cost is not None and spent.cost + held.cost + kept.cost + need.cost > limits.cost:
            return "cost"
        return None

    def _refusal(self, limit: str) -> BudgetSpent:
        limits, taken = self.limits, self.spent + self.held
        kept = self.kept
        said = {
            "calls": f"{taken.calls} of {limits.calls} model calls are used{_kept(kept.calls)}",
            "subcalls": f"{taken.subcalls} of {limits.subcalls} sub-calls are used{_kept(kept.subcalls)}",
            "tokens": f"{taken.tokens:,} of {limits.tokens:,} tokens are used{_kept(kept.tokens)}; the next call could "
            "pass the limit",
            "cost": f"${taken.cost:.4f} of ${limits.cost or 0:.4f} are spent{_kept(kept.cost, '$')}; the next "
            "call could pass the limit",
        }
        return BudgetSpent(limit, f"{said[limit]}; raise limits.{limit}")


def _kept(amount: int | Decimal, sign: str = "") -> str:
    """What is put by for answers, for a message."""
    if not amount:
        return ""
    shown = f"{amount:,}" if isinstance(amount, int) else f"{amount:.4f}"
    return f" and {sign}{shown} {'is' if amount == 1 else 'are'} kept for the answer"
