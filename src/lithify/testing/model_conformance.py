"""What every Model must do, as checks that need no test framework: for our adapters, and for one of your own.

    @pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
    def test_conforms(check):
        asyncio.run(check(my_factory))

A check gets a factory: `async with factory(outcomes) as model` is a fresh model that answers requests that come one
after the other with these outcomes, in order, and requests that come at once with `echo` when outcomes is ECHO.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Literal, TypeAlias

from lithify.errors import LithifyError, ModelFailed, ModelRefused
from lithify.ports import Model
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A request that the provider does not answer: for good ("refused") or after all retries ("failed")."""

    kind: Literal["refused", "failed"]


Outcome: TypeAlias = "str | Failure"
Outcomes: TypeAlias = 'Sequence[Outcome] | Literal["echo"]'
ECHO: Literal["echo"] = "echo"
Factory: TypeAlias = Callable[[Outcomes], AbstractAsyncContextManager[Model]]
Check: TypeAlias = Callable[[Factory], Awaitable[None]]


def echo(prompt: str) -> str:
    """What a model made with ECHO replies to a request whose last message is prompt."""
    return f"echo of {prompt}"


def question(text: str) -> ModelRequest:
    """A request of one user message."""
    return ModelRequest(messages=(Message(role="user", content=text),))


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def _well_formed(reply: ModelReply) -> None:
    _expect(isinstance(reply.text, str), f"text is {reply.text!r}, not a str")
    _expect(bool(reply.model), "the reply does not name its model")
    for name in ("input_tokens", "output_tokens"):
        count = getattr(reply, name)
        _expect(isinstance(count, int) and count >= 0, f"{name} is {count!r}, not a count")
    _expect(reply.cost is None or (isinstance(reply.cost, Decimal) and reply.cost >= 0), f"cost is {reply.cost!r}")
    _expect(reply.attempts >= 1, f"attempts is {reply.attempts}")
    _expect(reply.seconds >= 0, f"seconds is {reply.seconds}")
    _expect(bool(reply.finish), "finish is empty")


async def has_a_name(factory: Factory) -> None:
    """The name is a text that does not change."""
    async with factory(["one"]) as model:
        before = model.name
        await model.ask(question("hello"))
        _expect(bool(before) and model.name == before, f"the name was {before!r} and is {model.name!r}")


async def gives_the_text_as_it_is(factory: Factory) -> None:
    """White space, fences and letters of any script arrive unchanged."""
    texts = ["plain", "```repl\nprint('ü', \"→\")\n```\n", "  space \t\n\n", "日本語 \\n {}"]
    async with factory(texts) as model:
        for number, text in enumerate(texts):
            reply = await model.ask(question(f"question {number}"))
            _well_formed(reply)
            _expect(reply.text == text, f"{text!r} arrived as {reply.text!r}")


async def streams_the_text_in_order(factory: Factory) -> None:
    """The pieces together are the text; the reply is the same as without a listener."""
    texts = ["plain text of some length\n", "```repl\nprint('ü', \"→\")\n```\n", "", "  日本語 \t\n\n and more"]
    async with factory(texts) as model:
        for number, text in enumerate(texts):
            pieces: list[str] = []
            reply = await model.ask(question(f"question {number}"), pieces.append)
            _well_formed(reply)
            _expect("".join(pieces) == reply.text == text, f"{text!r} came as {pieces!r} and arrived as {reply.text!r}")
            _expect(all(pieces), "an empty piece was told")


async def fails_by_type_when_streaming(factory: Factory) -> None:
    """With a listener a failure is the same, and nothing was told before it."""
    async with factory([Failure(kind="refused"), Failure(kind="failed"), "fine"]) as model:
        for number, expected in enumerate((ModelRefused, ModelFailed)):
            pieces: list[str] = []
            try:
                await model.ask(question(f"failure {number}"), pieces.append)
            except LithifyError as error:
                _expect(isinstance(error, expected), f"{type(error).__name__} in place of {expected.__name__}")
            else:
                raise AssertionError(f"a reply in place of {expected.__name__}")
            _expect(not pieces, f"a failure told {pieces!r}")


async def estimates_prices_in_proportion(factory: Factory) -> None:
    """Unpriced, or a price that is not negative and grows with the tokens."""
    async with factory(["one"]) as model:
        await model.ask(question("hello"))
        one, two = model.price(1_000, 100), model.price(2_000, 200)
        _expect((one is None) == (two is None), f"priced once and not twice: {one} and {two}")
        _expect(one is None or two is None or 0 <= one <= two, f"prices {one} and {two}")


async def gives_an_empty_reply_as_empty_text(factory: Factory) -> None:
    """Nothing said is "", not an error: what to do about it is for the loop to decide."""
    async with factory([""]) as model:
        reply = await model.ask(question("say nothing"))
        _well_formed(reply)
        _expect(reply.text == "", f"the empty reply arrived as {reply.text!r}")


async def continues_a_conversation(factory: Factory) -> None:
    """System, user and assistant messages, an empty one among them, in several turns."""
    messages = [Message(role="system", content="be brief"), Message(role="user", content="first")]
    async with factory(["one", "", "three"]) as model:
        for expected, then in (("one", "second"), ("", "third"), ("three", "fourth")):
            reply = await model.ask(ModelRequest(messages=tuple(messages), max_tokens=100, temperature=0.5))
            _expect(reply.text == expected, f"{expected!r} arrived as {reply.text!r}")
            messages += [Message(role="assistant", content=reply.text), Message(role="user", content=then)]


async def answers_many_at_once(factory: Factory) -> None:
    """Each of fifty simultaneous requests gets the answer to itself."""
    async with factory(ECHO) as model:
        prompts = [f"prompt {number}" for number in range(50)]
        replies = await asyncio.gather(*(model.ask(question(prompt)) for prompt in prompts))
        wrong = [p for p, reply in zip(prompts, replies, strict=True) if reply.text != echo(p)]
        _expect(not wrong, f"these got another's answer: {wrong}")


async def fails_by_type(factory: Factory) -> None:
    """A refusal is ModelRefused, used-up retries are ModelFailed; the model goes on with the next request."""
    async with factory([Failure(kind="refused"), Failure(kind="failed"), "fine"]) as model:
        for number, expected in enumerate((ModelRefused, ModelFailed)):
            try:
                reply = await model.ask(question(f"failure {number}"))
            except LithifyError as error:
                _expect(isinstance(error, expected), f"{type(error).__name__} in place of {expected.__name__}")
                _expect(bool(str(error)), f"{expected.__name__} without a message")
            else:
                raise AssertionError(f"a reply {reply.text!r} in place of {expected.__name__}")
        _expect((await model.ask(question("and now"))).text == "fine", "it does not go on after failures")


async def closes_twice(factory: Factory) -> None:
    """close may be called more than once, used or not."""
    async with factory(["one"]) as model:
        await model.ask(question("hello"))
        await model.close()
        await model.close()


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        has_a_name,
        gives_the_text_as_it_is,
        streams_the_text_in_order,
        gives_an_empty_reply_as_empty_text,
        continues_a_conversation,
        answers_many_at_once,
        fails_by_type,
        fails_by_type_when_streaming,
        estimates_prices_in_proportion,
        closes_twice,
    )
}
"""Every check by its name."""
