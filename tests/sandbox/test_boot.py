"""The process of a zygote is started before anybody needs it, taken once, and never left behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from lithify.ports import SandboxSpec
from lithify.sandbox import boot
from lithify.sandbox.zygote import Zygote

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    boot.discard()
    yield
    boot.discard()


def test_what_was_started_early_is_taken_once() -> None:
    boot.early(0)
    boot.early(0)

    first, second = boot.take(0), boot.take(0)

    assert first.process.pid < second.process.pid
    assert first.process.poll() is second.process.poll() is None
    first.discard()
    second.discard()


def test_it_becomes_the_next_zygote() -> None:
    async def worker() -> bool:
        zygote = await Zygote.start(SandboxSpec(hash_seed=0))
        forked = await zygote.fork()
        forked.channel.close()
        await zygote.close()
        return forked.pidfd > 0

    boot.early(0)
    (early,) = boot._early

    assert asyncio.run(worker())
    assert early.process.poll() is not None
    assert not boot._early


def test_another_hash_seed_needs_another_process() -> None:
    boot.early(0)
    (early,) = boot._early

    taken = boot.take(1)

    assert taken is not early
    assert early.process.poll() is not None
    taken.discard()


def test_one_that_has_ended_is_not_taken() -> None:
    boot.early(0)
    (early,) = boot._early
    early.process.kill()
    early.process.wait()

    taken = boot.take(0)

    assert taken.process.poll() is None
    taken.discard()


def test_what_nobody_took_is_ended() -> None:
    boot.early(0)
    (early,) = boot._early

    boot.discard()

    assert early.process.poll() is not None
