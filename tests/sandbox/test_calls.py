"""What open calls cost the host, and that each is answered and accounted for, however it ends."""

from __future__ import annotations

import asyncio
import sys

import pytest

from lithify.ports import HostFunction
from lithify.records.plain import Plain
from lithify.sandbox.calls import CallDesk
from lithify.sandbox.frames import Call, Calls, FrameReader, parse
from lithify.sandbox.guest import wire

MANY = 5_000


def call(number: int, *args: Plain) -> Call:
    message = parse(wire.encode(["calls", "ask", [wire.encode([number, list(args), {}])]]), 100)
    assert isinstance(message, Calls)
    return message.calls[0]


def memory_of(value: object, seen: set[int]) -> int:
    """Bytes of an object with everything in it."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    parts: list[object] = []
    if isinstance(value, dict):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        parts = value
    return sys.getsizeof(value) + sum(memory_of(part, seen) for part in parts)


@pytest.mark.parametrize(
    "argument",
    [
        [[] for _ in range(MANY)],
        [{} for _ in range(MANY)],
        [[[[[]]]] for _ in range(MANY // 4)],
        [{"a": None} for _ in range(MANY // 2)],
        [{1.5: 1.5} for _ in range(MANY // 2)],
        [1.5 * n for n in range(MANY)],
        list(range(1000, 1000 + MANY)),
        [f"{n:02x}" for n in range(MANY)],
        [1 << 70 for _ in range(MANY)],
        {n: n for n in range(1000, 1000 + MANY)},
        {str(n): str(n) for n in range(MANY)},
        "x" * 100_000,
        "x" * 100_000 + "é",
        "x" * 100_000 + "ą",
        "x" * 100_000 + "😀",
        b"x" * 100_000,
        None,
    ],
    ids=lambda argument: f"{type(argument).__name__} {str(argument)[:12]}",
)
def test_a_call_weighs_at_least_what_it_takes(argument: Plain) -> None:
    made = call(1, argument)
    assert made.size >= memory_of([made.args, made.kwargs], set())


def desk_of(function: HostFunction) -> tuple[CallDesk, list[bytes], list[bool]]:
    """A desk, the frames that it sends, and what it says of owing."""
    frames: list[bytes] = []
    owing: list[bool] = []
    desk = CallDesk(1_000, frames.append, owing.append)
    desk.offer({"ask": function})
    return desk, frames, owing


def answers_in(frames: list[bytes]) -> list[list[Plain]]:
    reader = FrameReader(1 << 24)
    return [answer for frame in frames for body in reader.feed(frame) for answer in wire.decode(body)[1]]


async def _never(_args: object, _kwargs: object) -> Plain:
    await asyncio.Event().wait()
    return None


async def _at_once(_args: object, _kwargs: object) -> Plain:
    return "here"


async def _badly(_args: object, _kwargs: object) -> Plain:
    raise ValueError("not that one")


@pytest.mark.parametrize("begun", [False, True])
def test_calls_of_a_cell_that_has_ended_are_answered_and_weigh_nothing(begun: bool) -> None:
    """Also those that had not begun to be served: a thread of the cell waits for them."""

    async def story() -> None:
        desk, frames, owing = desk_of(HostFunction(handler=_never))
        desk.accept(Calls("ask", [call(number) for number in range(3)]))
        assert desk.pending_bytes > 0
        if begun:
            await asyncio.sleep(0)
        desk.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert desk.pending_bytes == 0
        assert sorted(answers_in(frames)) == [[number, False, "the cell that asked has ended"] for number in range(3)]
        assert owing == [True, False]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("handler", "answer"), [(_at_once, [1, True, "here"]), (_badly, [1, False, "not that one"])], ids=["good", "bad"]
)
def test_a_call_that_is_served_weighs_nothing_any_more(handler: object, answer: list[object]) -> None:
    async def story() -> None:
        desk, frames, owing = desk_of(HostFunction(handler=handler))  # type: ignore[arg-type]
        desk.accept(Calls("ask", [call(1, "text")]))
        for _ in range(5):
            await asyncio.sleep(0)
        assert desk.pending_bytes == 0
        assert answers_in(frames) == [answer]
        assert owing == [True, False]

    asyncio.run(story())
