"""A zygote and the sessions it made: retired after so many of them, ended when the last one has ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from lithify.errors import SandboxUnavailable
from lithify.ports import SandboxSpec
from lithify.sandbox import layers
from lithify.sandbox.pipe import Pipe
from lithify.sandbox.process import WorkerProcess
from lithify.sandbox.session import KernelSession, SessionLimits
from lithify.sandbox.zygote import Zygote

_NAMESPACES = "namespaces"


class Generation:
    """Sessions of one zygote. Its children share a memory layout and a hash seed: a reason not to keep it for ever."""

    def __init__(self, zygote: Zygote, spec: SandboxSpec) -> None:
        self._zygote = zygote
        self._limits = SessionLimits(
            output_chars=spec.output_chars,
            message_bytes=spec.message_mb << 20,
            max_calls=spec.max_calls,
            grace=spec.grace,
        )
        self._left = spec.lifetime
        self._sessions: set[KernelSession] = set()
        self._retired = False
        self._closing: asyncio.Task[None] | None = None
        self.layers: dict[str, str] = dict(zygote.report.layers)
        self.not_preloaded = zygote.report.not_preloaded
        self.zero_copy = zygote.report.zero_copy

    @classmethod
    async def begin(cls, spec: SandboxSpec) -> tuple[Generation, KernelSession]:
        """A generation that confines to the floor, and its first session. Raises SandboxUnavailable."""
        zygote = await _start_zygote(spec)
        generation = cls(zygote, spec)
        try:
            layers.require(generation.layers, spec.floor)
            first = await generation.make()
            generation.layers |= first.evidence()
            layers.require(generation.layers, spec.floor)
        except BaseException:
            await generation.close()
            raise
        return generation, first

    @property
    def spent(self) -> bool:
        """Whether it should make no more sessions."""
        return self._left <= 0 or self._zygote.ended

    @property
    def gone(self) -> bool:
        """Whether its zygote has ended, and so everything that it made."""
        return self._closing is not None and self._closing.done()

    async def make(self) -> KernelSession:
        """One more session, confined and ready. Raises SandboxLost."""
        self._left -= 1
        worker = await self._zygote.fork()
        session = KernelSession(Pipe(worker.channel), WorkerProcess(worker.pidfd), self._limits)
        self._sessions.add(session)
        session.on_end(self._forget)
        await session.greet()
        return session

    def _forget(self, session: KernelSession) -> None:
        self._sessions.discard(session)
        if self._retired and not self._sessions:
            self._end()

    def retire(self) -> None:
        """End the zygote as soon as its sessions have ended."""
        self._retired = True
        if not self._sessions:
            self._end()

    def _end(self) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._zygote.close())

    async def close(self) -> None:
        """End the sessions and the zygote; returns when they are gone."""
        await asyncio.gather(*(session.close() for session in tuple(self._sessions)))
        self._end()
        if self._closing is not None:
            await self._closing


async def _start_zygote(spec: SandboxSpec) -> Zygote:
    """With namespaces, or, where the kernel offers them and workers cannot start in them, without."""
    try:
        return await Zygote.start(spec)
    except SandboxUnavailable:
        if _NAMESPACES in spec.without:
            raise
        zygote = await Zygote.start(replace(spec, without=(*spec.without, _NAMESPACES)))
        zygote.report.layers[_NAMESPACES] = "no: workers could not start in them"
        return zygote
