"""Several questions over one loaded context: variables and conversation go on, each question is a run of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, TypeVar, Unpack, overload

from lithify.errors import ProgrammerMustAct
from lithify.records.context import Context
from lithify.records.model import Usage
from lithify.records.run import Limits, RunResult
from lithify.services.conversing import Talk
from lithify.services.wanted import Wanted, inquiry_of
from lithify.services.workbench import Workbench

T = TypeVar("T")


class Host(Protocol):
    """What a conversation needs of the Lab that it belongs to."""

    def bench(self, modules: Sequence[str] = ()) -> Workbench:
        """Ports and settings."""
        ...

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run work to its end."""
        ...


class Conversation:
    """Questions over one context, one after the other, in one REPL: what a cell computed is there for the next one.

    Each question is a run of its own in the ledger, with a budget of its own. Kept tools answer in between, unless
    `ephemeral` is asked for. Use it as a context manager (plain or async), or close it; it belongs to its Lab's loop.
    """

    def __init__(self, context: Context, lab: Host, limits: Limits | None = None) -> None:
        self.context = context
        self.limits = limits
        """What each question may spend; None: what the settings say."""
        self.usage = Usage()
        """What all questions so far have spent."""
        self._lab = lab
        self._talk = Talk()
        self._one_at_a_time = asyncio.Lock()
        self._closed = False

    @overload
    def ask(self, question: str, *, answer_type: type[T], **wanted: Unpack[Wanted]) -> RunResult[T]: ...
    @overload
    def ask(self, question: str, *, answer_type: object = None, **wanted: Unpack[Wanted]) -> RunResult[Any]: ...
    def ask(self, question: str, *, answer_type: object = None, **wanted: Unpack[Wanted]) -> RunResult[Any]:
        """The next question. answer_type and wanted are those of `Lab.ask`. Ctrl-C stops this question only."""
        return self._lab.wait(self.ask_async(question, answer_type=answer_type, **wanted))

    async def ask_async(self, question: str, *, answer_type: object = None, **wanted: Unpack[Wanted]) -> RunResult[Any]:
        """See `ask`. Questions asked at once wait for one another."""
        if self._closed:
            raise ProgrammerMustAct("this conversation is closed; open another with lab.session(context)")
        inquiry = inquiry_of(question, self.context, answer_type, **wanted)
        bench = self._lab.bench(self.context.modules)
        async with self._one_at_a_time:
            bench = bench if self.limits is None else replace(bench, limits=self.limits)
            result, answer = await self._talk.ask(inquiry, bench)
        self.usage = self.usage.add(result.usage)
        return result.with_answer(answer)

    def variables(self) -> Mapping[str, str]:
        """What the cells so far have left in the REPL: name → type and size."""
        return self._lab.wait(self.variables_async())

    async def variables_async(self) -> Mapping[str, str]:
        """See `variables`."""
        async with self._one_at_a_time:
            repl = self._talk.thread.repl
            return await repl.variables() if repl is not None and repl.is_open else {}

    def reset(self) -> None:
        """Forget variables and conversation; the context stays loaded."""
        self._lab.wait(self.reset_async())

    async def reset_async(self) -> None:
        """See `reset`."""
        async with self._one_at_a_time:
            await self._talk.close()
            self._talk = Talk()

    def close(self) -> None:
        """End the REPL. May be called more than once."""
        if not self._closed:
            self._lab.wait(self.close_async())

    async def close_async(self) -> None:
        """See `close`."""
        self._closed = True
        await self._talk.close()

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Conversation:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close_async()
