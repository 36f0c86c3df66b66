"""The sandbox of choice on Linux: CPython workers confined by the kernel, forked from a warm zygote."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from lithify.errors import SandboxLost
from lithify.ports import HostFunction, InputValue, SandboxSpec
from lithify.sandbox import layers
from lithify.sandbox.generation import Generation
from lithify.sandbox.inputs import Packed, SharedInputs
from lithify.sandbox.names import check_names, check_seed
from lithify.sandbox.session import KernelSession

_REFILL_SECONDS = 0.001
"""How long after a worker was taken its successor is forked: the first cell should not have to share the machine."""


class KernelSandbox:
    """Implements lithify.ports.Sandbox. It belongs to the event loop it was started in."""

    def __init__(self, spec: SandboxSpec, generation: Generation) -> None:
        self._spec = spec
        self._generation = generation
        self._earlier: list[Generation] = []
        self._renewing = asyncio.Lock()
        self._inputs = SharedInputs(zero_copy=generation.zero_copy)
        self._packing = asyncio.Lock()
        self._ready: list[asyncio.Task[KernelSession]] = []
        self._closed = False

    @classmethod
    async def start(cls, spec: SandboxSpec) -> KernelSandbox:
        """Start a zygote, check the floor, confine the first workers. Raises SandboxUnavailable, BadSettings."""
        layers.check_names(spec.floor, spec.without)
        generation, first = await Generation.begin(spec)
        sandbox = cls(spec, generation)
        sandbox._keep_ready(_immediately(first))
        sandbox._refill()
        return sandbox

    @property
    def layers(self) -> Mapping[str, str]:
        """What confines the code: layer → "yes", "abi 7", or why not."""
        return dict(self._generation.layers)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing: it is Python as everybody knows it."""
        return ()

    @property
    def not_preloaded(self) -> tuple[str, ...]:
        """Modules of the preload list that could not be imported, each with the reason."""
        return self._generation.not_preloaded

    async def open_session(
        self,
        inputs: Mapping[str, InputValue] | None = None,
        functions: Mapping[str, HostFunction] | None = None,
        *,
        seed: int | None = None,
    ) -> KernelSession:
        """A fresh session (see lithify.ports.Sandbox). Raises SandboxLost when no worker can be had."""
        inputs, functions = inputs or {}, functions or {}
        check_names([*inputs, *functions])
        check_seed(seed)
        session = await self._take()
        if inputs or functions or seed is not None:
            try:
                await self._bind(session, inputs, functions, seed)
            except BaseException:
                await session.close()
                raise
        return session

    async def _bind(
        self,
        session: KernelSession,
        inputs: Mapping[str, InputValue],
        functions: Mapping[str, HostFunction],
        seed: int | None,
    ) -> None:
        packed: dict[str, Packed] = {}
        try:
            async with self._packing:
                for name, value in inputs.items():
                    pack = self._inputs.pack
                    packed[name] = pack(value) if self._inputs.knows(value) else await asyncio.to_thread(pack, value)
            await session.bind(packed, functions, seed)
        finally:
            for form in packed.values():
                form.release()

    async def _take(self) -> KernelSession:
        """A worker that is ready and alive, or the next one to become so."""
        while True:
            if self._closed:
                raise SandboxLost("closed", "the sandbox is closed")
            waiting = bool(self._ready)
            task = self._ready.pop(0) if waiting else asyncio.create_task(self._make())
            asyncio.get_running_loop().call_later(_REFILL_SECONDS, self._refill)
            try:
                session = await task
            except asyncio.CancelledError:
                task.cancel()
                raise
            except SandboxLost:
                if waiting and not self._closed:
                    continue  # its zygote died before anyone wanted it; the next one has another
                raise
            if session.alive:
                return session
            await session.close()

    async def _make(self) -> KernelSession:
        """A worker of the zygote; of another one when that one has ended, which may show only at the attempt."""
        async with self._renewing:
            if self._generation.spent:
                return await self._renew()
        generation = self._generation
        try:
            return await generation.make()
        except SandboxLost:
            if self._closed or not generation.spent:
                raise
        async with self._renewing:
            return await (self._renew() if self._generation is generation else self._generation.make())

    async def _renew(self) -> KernelSession:
        """A new zygote; the old one stays until its sessions have ended."""
        generation, first = await Generation.begin(self._spec)
        self._generation.retire()
        self._earlier = [*(earlier for earlier in self._earlier if not earlier.gone), self._generation]
        self._generation = generation
        return first

    def _refill(self) -> None:
        while not self._closed and len(self._ready) < self._spec.pool_size:
            self._keep_ready(self._make())

    def _keep_ready(self, making: Coroutine[Any, Any, KernelSession]) -> None:
        task = asyncio.create_task(making)
        task.add_done_callback(_see_outcome)
        self._ready.append(task)

    async def close(self) -> None:
        """End every session and the zygotes; returns when they are gone. May be called more than once."""
        self._closed = True
        tasks, self._ready = self._ready, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with self._renewing:
            await asyncio.gather(*(generation.close() for generation in (self._generation, *self._earlier)))
        self._inputs.close()


async def _immediately(session: KernelSession) -> KernelSession:
    return session


def _see_outcome(task: asyncio.Task[KernelSession]) -> None:
    """A worker that could not be made is reported to whoever takes it; until then the failure counts as seen."""
    if not task.cancelled():
        task.exception()
