"""RLM: rlms' interface, with lithify's sandbox, budgets and ledger behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

from lithify import rlm
from lithify.app import Lab
from lithify.context import context_of
from lithify.dropin.models import models_of
from lithify.dropin.options import Options, check, limits_of
from lithify.dropin.results import RLMChatCompletion, Wire
from lithify.dropin.tools import extras, literal
from lithify.dropin.watching import Story, Watch, bare
from lithify.errors import ProgrammerMustAct
from lithify.ports import Model
from lithify.records.context import Context
from lithify.records.plain import Plain
from lithify.records.run import RunResult
from lithify.rlm.marking import harmless
from lithify.rlm.prompt import fill
from lithify.services.asking import Inquiry
from lithify.services.conversing import Talk
from lithify.services.wanted import Wanted, inquiry_of
from lithify.settings import Overrides, load_settings

_QUESTION_CHARS = 4_000
"""A longer prompt without a root prompt is shown by its two ends."""
_TASK = "The data in `context` holds a task, or a conversation that ends with one. Do what it asks for."


class RLM:
    """A Recursive Language Model with the interface of rlms.

        with RLM(model="anthropic:claude-haiku-4-5") as rlm:
            rlm.completion(text, root_prompt="Which service restarted most often?").response

    backend, backend_kwargs: as in rlms, or model (and sub_model): a name of lithify's, or a Model of your own
    library:   kept tools answer, and what works is proposed as a tool; without it nothing is reused or kept
    options:   rlms' further arguments; what has no counterpart is refused, with what to use instead

    Other than in rlms, code runs confined, and a limit that is reached ends in the best answer with complete False and
    the reason, not in an exception. custom_tools run in this process, not in the sandbox: their effects are yours.
    """

    def __init__(
        self,
        backend: str = "openai",
        backend_kwargs: Mapping[str, Any] | None = None,
        *,
        model: str | Model = "",
        sub_model: str | Model = "",
        library: str | Path | None = None,
        **options: Unpack[Options],
    ) -> None:
        check(options)
        settings = load_settings(Overrides(library=Path(library) if library is not None else None))
        settings = replace(settings, limits=limits_of(options, settings.limits))
        models = models_of(backend, backend_kwargs, model, sub_model, options, settings)
        self._watch = Watch(options)
        self._lab = Lab(settings, [self._watch], models)
        self._extras = extras(options.get("custom_tools"))
        self._options = options
        self._ephemeral = library is None
        self._root_model = models.root.name if models else settings.model
        self._talk: Talk | None = None
        self._contexts: list[Context] = []
        self._one_at_a_time = asyncio.Lock()

    def completion(
        self, prompt: Plain, root_prompt: str | None = None, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RLMChatCompletion:
        """Answer over a prompt of any size: text, or data such as a list of messages; it becomes `context`.

        root_prompt: the question; without it, the prompt itself says what is to be done. answer_type and wanted are
        those of `Lab.ask`. Raises LithifyError when there is no answer at all.
        """
        if _is_running():
            raise ProgrammerMustAct("an event loop is running in this thread: use `await rlm.acompletion(...)`")
        return self._lab.wait(self.acompletion(prompt, root_prompt, answer_type=answer_type, **wanted))

    async def acompletion(
        self, prompt: Plain, root_prompt: str | None = None, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RLMChatCompletion:
        """See `completion`. Several may run at the same time, those of a persistent RLM one after the other."""
        context = await asyncio.to_thread(context_of, prompt)
        question = root_prompt or _question(prompt, context)
        wanted = {"ephemeral": self._ephemeral, **wanted}
        inquiry = inquiry_of(question, context, answer_type, **wanted)
        result = await (self._go_on(inquiry) if self._options.get("persistent") else self._alone(inquiry))
        return self._completion(prompt, result, self._watch.take(result.run_id))

    async def _alone(self, inquiry: Inquiry) -> RunResult[Any]:
        async def explorer(task: rlm.Exploration, means: rlm.Means) -> rlm.Explored:
            return await rlm.explore(replace(task, extras=self._extras), means)

        return await self._lab.inquire(replace(inquiry, explorer=explorer))

    async def _go_on(self, inquiry: Inquiry) -> RunResult[Any]:
        """One more prompt in the same REPL: the first is `context` and `context_0`, the next ones `context_1`, …"""
        async with self._one_at_a_time:
            self._contexts.append(inquiry.context)
            number = len(self._contexts) - 1
            if self._talk is None:
                self._talk = Talk()
            code = [self._extras.code, "context_0 = context"]
            code += [f"context_{at} = {literal(f'context_{at}', _value(one))}" for at, one in self._later()]
            more = replace(self._extras, code="\n".join(code))
            if number:
                named = replace(inquiry.context, name=f"context_{number}", inputs=())
                more = replace(more, told=(), shown=(named,))
                # A kept tool would read the first context, and what is learned would be about several.
                inquiry = replace(inquiry, context=self._contexts[0], ephemeral=True)
            self._talk.extras = more
            result, answer = await self._talk.ask(inquiry, self._lab.bench(inquiry.context.modules))
            return result.with_answer(answer)

    def _later(self) -> list[tuple[int, Context]]:
        return list(enumerate(self._contexts))[1:]

    def _completion(self, prompt: Plain, result: RunResult[Any], story: Story) -> RLMChatCompletion:
        response = "" if result.answer is None else str(result.answer)
        if story.iterations:
            story.iterations[-1]["final_answer"] = response
        return RLMChatCompletion(
            root_model=bare(self._root_model or story.model),
            prompt=prompt,
            response=response,
            usage_summary=story.summary,
            execution_time=result.seconds,
            metadata={"run_metadata": self._about(result), "iterations": story.iterations},
            answer=result.answer,
            complete=result.complete,
            reason=result.reason,
            route=result.route,
            run_id=result.run_id,
            citations=result.citations,
        )

    def _about(self, result: RunResult[Any]) -> Wire:
        """rlms' run metadata. Keys and URLs are no part of it."""
        limits = self._lab.settings.limits
        return {
            "root_model": bare(self._root_model),
            "max_depth": limits.depth + 1,
            "max_iterations": limits.turns,
            "backend": self._root_model.partition(":")[0],
            "backend_kwargs": {"model_name": bare(self._root_model)},
            "environment_type": "lithify",
            "environment_kwargs": {},
            "other_backends": None,
            "run_id": result.run_id,
        }

    def close(self) -> None:
        """End the REPL, the sandbox and the connections. May be called more than once."""
        if self._talk is not None:
            self._lab.wait(self._talk.close())
            self._talk = None
        self._lab.close()

    async def aclose(self) -> None:
        """See `close`."""
        if self._talk is not None:
            await self._talk.close()
            self._talk = None
        await self._lab.close_async()
        self._lab.close()  # what needs no loop: the ledger

    def __enter__(self) -> RLM:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> RLM:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _question(prompt: Plain, context: Context) -> str:
    """What is to be done, when only the prompt says it."""
    if not isinstance(prompt, str):
        return _TASK
    if len(prompt) <= _QUESTION_CHARS:
        return harmless(prompt, "")
    half = _QUESTION_CHARS // 2
    ends = f"{prompt[:half]}\n[…]\n{prompt[-half:]}"
    return fill("child", {"name": context.name, "task": harmless(ends, "")})


def _value(context: Context) -> Plain:
    """The value of a further prompt: text or plain data."""
    if context.kind not in ("text", "files", "data"):
        raise ProgrammerMustAct(f"a further prompt is text or plain data, not a {context.kind}")
    value: Any = context.value
    plain: Plain = value
    return plain


def _is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
