"""The scripted model: replies in order, what it saw, and what it says when it runs out."""

from __future__ import annotations

import asyncio

import pytest

from lithify.errors import ProgrammerMustAct
from lithify.models import ScriptedModel
from lithify.models.scripted import count_tokens
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.testing.model_conformance import question


def test_texts_replies_functions_and_exceptions_in_order() -> None:
    whole = ModelReply(text="whole", model="other", input_tokens=1, output_tokens=2)
    model = ScriptedModel(["text", lambda request: request.messages[-1].content * 2, whole, ValueError("scripted")])

    async def main() -> list[ModelReply]:
        replies = [await model.ask(question(prompt)) for prompt in ("one", "two", "three")]
        with pytest.raises(ValueError, match="scripted"):
            await model.ask(question("four"))
        return replies

    assert [(reply.text, reply.model) for reply in asyncio.run(main())] == [
        ("text", "scripted"),
        ("twotwo", "scripted"),
        ("whole", "other"),
    ]
    assert [request.messages[0].content for request in model.requests] == ["one", "two", "three", "four"]


def test_one_function_answers_without_end() -> None:
    model = ScriptedModel(lambda request: f"<{request.messages[-1].content}>", name="echo")

    async def main() -> list[str]:
        return [(await model.ask(question(str(n)))).text for n in range(5)]

    assert asyncio.run(main()) == ["<0>", "<1>", "<2>", "<3>", "<4>"]


def test_tokens_are_a_quarter_of_the_characters_and_at_least_one() -> None:
    request = ModelRequest(messages=(Message(role="system", content="x" * 5), Message(role="user", content="y" * 7)))
    reply = asyncio.run(ScriptedModel(["z"]).ask(request))
    assert (reply.input_tokens, reply.output_tokens, reply.cost) == (3, 1, None)
    assert [count_tokens(text) for text in ("", "abc", "a" * 9)] == [1, 1, 2]


def test_running_out_says_which_request_it_is_and_what_was_asked() -> None:
    model = ScriptedModel(["only"], name="short")

    async def main() -> None:
        await model.ask(question("one"))
        await model.ask(question("the second question"))

    with pytest.raises(ProgrammerMustAct, match=r"'short' is used up: this is request 2,.*'the second question'"):
        asyncio.run(main())


def test_a_delay_lets_others_run_and_can_be_cancelled() -> None:
    async def main() -> None:
        task = asyncio.create_task(ScriptedModel(["late"], delay=60.0).ask(question("hello")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_an_empty_text_is_a_reply() -> None:
    assert asyncio.run(ScriptedModel([""]).ask(question("hello"))).text == ""
