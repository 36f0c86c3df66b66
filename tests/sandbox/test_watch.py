"""When a worker is interrupted, given up, stopped and continued. Nothing here depends on how long it takes."""

from __future__ import annotations

import asyncio
import signal

from lithify.sandbox.watch import Watch
from tests.sandbox.processes import eventually


class Signalled:
    """A process that notes its signals, and uses no processor time."""

    def __init__(self) -> None:
        self.signals: list[signal.Signals] = []
        self.last = 0.0

    def signal(self, number: signal.Signals) -> None:
        self.signals.append(number)
        self.last = asyncio.get_running_loop().time()

    def cpu_seconds(self) -> float:
        return 0.0


def watch_of(process: Signalled, said: list[object]) -> Watch:
    return Watch(process, 0.05, lambda: said.append("limit"), said.append)  # type: ignore[arg-type]


def test_a_cell_is_interrupted_at_its_limit_again_and_again_then_given_up() -> None:
    async def story() -> None:
        process, said = Signalled(), list[object]()
        watch = watch_of(process, said)
        watch.begin(0.01)
        assert await eventually(lambda: 0.01 in said)
        assert said == ["limit"] * 5 + [0.01]
        assert process.signals == [signal.SIGUSR1] * 5
        watch.stop()

    asyncio.run(story())


def test_a_cell_is_not_interrupted_while_an_answer_is_owed() -> None:
    async def story() -> None:
        process, said = Signalled(), list[object]()
        watch = watch_of(process, said)
        watch.begin(0.2)
        watch.owe(True)
        await asyncio.sleep(0.3)
        assert said == []
        watch.owe(False)
        assert await eventually(lambda: "limit" in said)
        watch.stop()

    asyncio.run(story())


def test_between_cells_it_is_stopped_and_the_next_cell_lets_it_go_on() -> None:
    async def story() -> None:
        process, said = Signalled(), list[object]()
        watch = watch_of(process, said)
        watch.begin(60)
        watch.end()
        assert await eventually(lambda: bool(process.signals))
        watch.begin(60)
        assert process.signals == [signal.SIGSTOP, signal.SIGCONT]
        assert said == []
        watch.stop()

    asyncio.run(story())


def test_a_limit_that_is_due_soon_does_not_shorten_the_rest_after_a_cell() -> None:
    async def story() -> None:
        process, said = Signalled(), list[object]()
        watch = watch_of(process, said)
        for _ in range(3):
            watch.begin(0.3)
            watch.end()
        ended = asyncio.get_running_loop().time()
        assert await eventually(lambda: bool(process.signals))
        assert process.signals == [signal.SIGSTOP]
        assert process.last - ended > 0.99
        watch.stop()

    asyncio.run(story())
