"""Where attacks are run: secrets to steal, files to change, listeners to reach, another session to disturb."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from lithify.errors import SandboxLost
from lithify.ports import HostFunction, Sandbox, SandboxSpec, Session
from lithify.records.cell import CellResult
from lithify.sandbox import start_sandbox

TOKEN = "TOKEN-3f9c71d2"
PWNED = "PWNED"
SECRET_VARIABLE = "SBX_CANARY_SECRET"
CELL_SECONDS = 0.5
PATIENCE = 30.0
"""Seconds beyond a cell's time until it counts as not contained: long, for a machine that is busy with other work."""
MEMORY_MB = 512
MAX_GROWTH = 150 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile cell. @FOLDER@ and @PORT@ in the code stand for the arena's; seconds is the time it gets."""

    id: str
    category: str
    code: str
    contained_means: str
    seconds: float = CELL_SECONDS


@dataclass(slots=True)
class Arena:
    """The surroundings of an attack, outside the sandbox."""

    folder: Path
    port: int
    received: list[bytes] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "secret.txt").write_text(TOKEN)
        (self.folder / "dgram").unlink(missing_ok=True)
        os.environ[SECRET_VARIABLE] = TOKEN
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", self.port)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", self.port)),
            (socket.AF_UNIX, socket.SOCK_DGRAM, str(self.folder / "dgram")),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"\0lithify-{self.port}"),
        ):
            listener = socket.socket(family, kind)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
            self._sockets.append(listener)
        return self

    def __exit__(self, *_: object) -> None:
        os.environ.pop(SECRET_VARIABLE, None)
        for listener in self._sockets:
            listener.close()

    def snapshot(self) -> list[tuple[str, int, bytes]]:
        """What the folder holds."""
        return sorted(
            (path.name, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in self.folder.iterdir()
        )

    def reached(self) -> list[str]:
        """Which listeners somebody reached."""
        found = []
        for listener in self._sockets:
            try:
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(100)
                found.append(str(listener.getsockname()))
            except BlockingIOError:
                continue
        return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_of_this_process() -> int:
    """Resident bytes."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


async def _llm_query(args: Sequence[object], _kwargs: object) -> str:
    await asyncio.sleep(0)
    return f"answer to {str(args[0])[:20]}"


FUNCTIONS = {"llm_query": HostFunction(handler=_llm_query, batched=True)}


def _text_of(result: CellResult) -> str:
    parts = [result.stdout, result.value_repr, repr(result.value)[:100_000]]
    if result.error is not None:
        parts += [result.error.kind, result.error.message, result.error.traceback]
    return "\n".join(parts)


async def attack(sandbox: Sandbox, victim: Session, arena: Arena, hostile: Attack) -> list[str]:
    """Run one attack; gives what it achieved: an empty list when it was contained."""
    code = hostile.code.replace("@FOLDER@", str(arena.folder)).replace("@PORT@", str(arena.port))
    found: list[str] = []
    before, memory = arena.snapshot(), memory_of_this_process()
    session = await sandbox.open_session({"context": "INFO nothing here"}, FUNCTIONS)
    said = ""
    try:
        async with asyncio.timeout(hostile.seconds + PATIENCE):
            try:
                said = _text_of(await session.run(code, timeout=hostile.seconds))
                said += _text_of(await session.run("'after'", timeout=hostile.seconds))
            except SandboxLost as lost:
                said += str(lost)
    except TimeoutError:
        found.append("it did not end in time")
    await session.close()
    for line in code.splitlines():
        said = said.replace(line.strip(), "")  # a traceback quotes the cell: that is nothing it achieved
    if TOKEN in said or PWNED in said:
        found.append(f"it says {said[:300]!r}")
    if arena.snapshot() != before:
        found.append("the folder changed")
    found += [f"reached {address}" for address in arena.reached()]
    grown = memory_of_this_process() - memory
    if grown > MAX_GROWTH:
        found.append(f"the host grew by {grown >> 20} MB")
    found += await _others_live(sandbox, victim)
    return found


async def _others_live(sandbox: Sandbox, victim: Session) -> list[str]:
    async with asyncio.timeout(PATIENCE):
        if (await victim.run("VICTIM[:5]", timeout=PATIENCE)).value != TOKEN[:5]:
            return ["the other session is disturbed"]
        other = await sandbox.open_session({}, FUNCTIONS)
        result = await other.run("import json\nlen(json.loads('[1, 2]')), llm_query('x')", timeout=PATIENCE)
        await other.close()
        return [] if result.value == [2, "answer to x"] else [f"the next session is disturbed: {result}"]


async def run_attacks(attacks: Sequence[Attack], arena: Arena, spec: SandboxSpec) -> dict[str, list[str]]:
    """Run attacks one after the other against one sandbox; gives what each that was not contained achieved."""
    sandbox = await start_sandbox(spec)
    escaped: dict[str, list[str]] = {}
    try:
        victim = await sandbox.open_session({"VICTIM": TOKEN}, FUNCTIONS)
        for hostile in attacks:
            found = await attack(sandbox, victim, arena, hostile)
            if found:
                escaped[hostile.id] = found
    finally:
        await sandbox.close()
    return escaped
