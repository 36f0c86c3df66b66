"""The sandbox's figures side by side with plain exec, rlms, RestrictedPython and pydantic-monty. See README.md."""

from __future__ import annotations

import argparse
import asyncio
import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from workloads import CALL_SECONDS, CALLS, CELL, LOOP, REGEX, median, quiet, text, timed

from lithify.errors import SandboxLost
from lithify.ports import HostFunction, InputValue, Sandbox, SandboxSpec, Session
from lithify.records.plain import Plain
from lithify.sandbox import start_sandbox

HERE = Path(__file__).parent
SECONDS = 600.0
WAIT_SECONDS = 60.0
"""How long each measurement waits for a machine on which nothing else runs."""
T = TypeVar("T")
Figures = dict[str, float]


async def _echo(args: Sequence[Plain], _kwargs: Mapping[str, Plain]) -> Plain:
    return args[0]


async def _slow(args: Sequence[Plain], _kwargs: Mapping[str, Plain]) -> Plain:
    await asyncio.sleep(CALL_SECONDS)
    return args[0]


FUNCTIONS = {"echo": HostFunction(handler=_echo, batched=True), "slow": HostFunction(handler=_slow, batched=True)}


async def seconds_of(work: object) -> float:
    began = time.perf_counter()
    await work  # type: ignore[misc]
    return time.perf_counter() - began


async def first_result(sandbox: Sandbox) -> None:
    session = await sandbox.open_session()
    await session.run(CELL, timeout=SECONDS)
    await session.close()


async def cold(spec: SandboxSpec, runs: int) -> float:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        sandbox = await start_sandbox(spec)
        session = await sandbox.open_session()
        await session.run(CELL, timeout=SECONDS)
        seconds.append(time.perf_counter() - began)
        await sandbox.close()
    return median(seconds)


async def warm(spec: SandboxSpec) -> float:
    sandbox = await start_sandbox(spec)
    seconds = []
    for _ in range(30):
        await asyncio.sleep(0.05)  # the pool refills
        began = time.perf_counter()
        session = await sandbox.open_session()
        await session.run(CELL, timeout=SECONDS)
        seconds.append(time.perf_counter() - began)
        await session.close()
    await sandbox.close()
    return median(seconds)


async def in_session(name: str, spec: SandboxSpec) -> Figures:
    """Cells, calls and speed in one session."""
    sandbox = await start_sandbox(spec)
    session = await sandbox.open_session({"context": text(50)}, FUNCTIONS)

    async def run(code: str) -> float:
        began = time.perf_counter()
        result = await session.run(code, timeout=SECONDS)
        assert result.ok, result.error
        return time.perf_counter() - began

    await run("import re")
    figures = {f"{name} cell": median([await run(CELL) for _ in range(1000)])}
    calls = [await run("for number in range(1000): echo(number)") for _ in range(5)]
    figures[f"{name} call"] = median(calls) / 1000
    ways = {
        "batch": f"got = slow_batched(list(range({CALLS})))",
        "64 threads": "from concurrent.futures import ThreadPoolExecutor\n"
        f"with ThreadPoolExecutor(64) as pool:\n    got = list(pool.map(slow, range({CALLS})))",
        "asyncio": "import asyncio\nasync def work():\n"
        f"    return await asyncio.gather(*[slow_async(n) for n in range({CALLS})])\ngot = asyncio.run(work())",
    }
    for way, code in ways.items():
        if spec.adapter != "monty" or way == "batch":
            figures[f"{name} 1000 calls, {way}"] = median([await run(code) for _ in range(5)])
    names = {"context": text(50), "re": re}
    for what, code in (("loop", LOOP), ("regex", REGEX)):
        turns = [(await run(code), *timed(lambda code=code: exec(code, names))) for _ in range(5)]
        figures[f"{name} {what}"], figures[f"exec {what}"] = map(min, zip(*turns, strict=True))
    await sandbox.close()
    return figures


PRIVATE = ("Private_Clean:", "Private_Dirty:")
"""Pages that one process has for itself; the shared context counts when a single session maps it."""
ANONYMOUS = ("Anonymous:",)
"""Pages of no file and no shared memory; those that fork shares count in each process."""


def memory_of(pid: int, kinds: tuple[str, ...]) -> float:
    """Memory of a process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(kinds)) / 1024


def workers(root: int) -> list[int]:
    """Processes below this one."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def memory_below(kinds: tuple[str, ...]) -> float:
    """Memory of every process below this one, in MB."""
    total = 0.0
    for pid in workers(os.getpid()):
        try:
            total += memory_of(pid, kinds)
        except OSError:
            continue
    return total


def copy_into_shared_memory(data: bytes) -> None:
    """The least that handing over a text can cost once."""
    descriptor = os.memfd_create("bench")
    written = 0
    while written < len(data):
        written += os.pwrite(descriptor, memoryview(data)[written : written + (1 << 28)], written)
    os.close(descriptor)


async def context(gigabytes: float) -> Figures:
    """Each turn another text; its first session and a plain copy alternate."""
    sandbox = await start_sandbox(SandboxSpec(pool_size=2))
    await first_result(sandbox)
    first, copies, further = [], [], []
    for turn in range(3):
        large = text(1024 * gigabytes) + str(turn)
        for number in range(5):
            await asyncio.sleep(0.1)
            began = time.perf_counter()
            session = await sandbox.open_session({"context": large})
            await session.run("len(context), context[-1]", timeout=SECONDS)
            (further if number else first).append(time.perf_counter() - began)
            await session.close()
        data = large.encode()
        copies += timed(functools.partial(copy_into_shared_memory, data))
    added = await memory_of_sessions(sandbox, large)
    await sandbox.close()
    return {
        "kernel context, first": median(first),
        "exec context, first": median(copies),
        "kernel context, further": median(further),
        "kernel context, memory added (MB)": added,
    }


async def memory_of_sessions(sandbox: Sandbox, large: str) -> float:
    """MB that a session which has read all of a shared text has more than one which has no text."""

    async def used(inputs: dict[str, InputValue]) -> float:
        session = await sandbox.open_session({"context": "", **inputs})
        await asyncio.sleep(0.2)
        others = memory_below(ANONYMOUS)
        await session.run("context.count('ERROR'), context[-1]", timeout=SECONDS)
        grown = memory_below(ANONYMOUS) - others
        await session.close()
        return grown

    return median([await used({"context": large}) - await used({}) for _ in range(3)])


async def deadline() -> Figures:
    sandbox = await start_sandbox(SandboxSpec(pool_size=2))
    soft, hard = [], []
    session: Session = await sandbox.open_session()
    for _ in range(10):
        result = await session.run("while True: pass", timeout=0.2)
        soft.append(result.seconds - 0.2)
    deaf = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nwhile True: pass"
    for _ in range(5):
        session = await sandbox.open_session()
        began = time.perf_counter()
        try:
            await session.run(deaf, timeout=0.2)
        except SandboxLost:
            await session.close()
        hard.append(time.perf_counter() - began - 0.2 - SandboxSpec().grace)
    await sandbox.close()
    return {"kernel overrun, interrupted": median(soft), "kernel overrun after the grace, killed": median(hard)}


async def many() -> Figures:
    sandbox = await start_sandbox(SandboxSpec(preload=(*SandboxSpec().preload, "numpy", "pandas")))
    before = memory_below(PRIVATE)

    async def one(number: int) -> Session:
        session = await sandbox.open_session({"number": number})
        assert (
            await session.run("import pandas as pd\nint(pd.Series([number]).sum())", timeout=SECONDS)
        ).value == number
        return session

    began = time.perf_counter()
    sessions = await asyncio.gather(*(one(number) for number in range(100)), return_exceptions=True)
    took = time.perf_counter() - began
    added = memory_below(PRIVATE) - before
    await sandbox.close()
    failures = sum(isinstance(session, BaseException) for session in sessions)
    return {
        "kernel 100 sessions": took,
        "kernel 100 sessions, failures": failures,
        "kernel 100 sessions, memory each (MB)": added / 100,
    }


async def ours(runs: int, gigabytes: float) -> Figures:
    standard = SandboxSpec(pool_size=2)
    tables = SandboxSpec(preload=(*standard.preload, "numpy", "pandas"), pool_size=2)
    figures: Figures = {
        "kernel cold start": await when_quiet(lambda: cold(standard, runs)),
        "kernel cold start, with pandas": await when_quiet(lambda: cold(tables, max(runs // 2, 1))),
        "kernel warm start": await when_quiet(lambda: warm(standard)),
        "kernel warm start, with pandas": await when_quiet(lambda: warm(tables)),
        "kernel warm start, forked on demand": await when_quiet(lambda: warm(SandboxSpec(pool_size=0))),
    }
    if importlib.util.find_spec("pydantic_monty"):
        monty = SandboxSpec(adapter="monty", pool_size=2)
        figures["monty cold start"] = await when_quiet(lambda: cold(monty, runs))
        figures["monty warm start"] = await when_quiet(lambda: warm(monty))
        figures |= await when_quiet(lambda: in_session("monty", monty))
    figures |= await when_quiet(lambda: in_session("kernel", standard))
    figures |= await when_quiet(lambda: context(gigabytes))
    figures |= await when_quiet(deadline)
    figures |= await when_quiet(many)
    return figures


async def when_quiet(measure: Callable[[], Awaitable[T]]) -> T:
    """Measure once nothing else runs on the machine, if that comes about."""
    await asyncio.to_thread(quiet, WAIT_SECONDS)
    return await measure()


def peer(python: str, name: str) -> Figures:
    quiet(WAIT_SECONDS)
    ended = subprocess.run([python, str(HERE / "peers.py"), name], capture_output=True, text=True, check=False)
    if ended.returncode:
        print(f"{name} could not be measured: {ended.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found: Figures = json.loads(ended.stdout.splitlines()[-1])
    return found


ROWS = (
    "cold start", "cold start, with pandas", "warm start", "warm start, with pandas", "warm start, forked on demand",
    "cell", "call", "1000 calls, batch", "1000 calls, 64 threads", "1000 calls, asyncio", "context, first",
    "context, further", "context, memory added (MB)", "loop", "regex", "overrun, interrupted",
    "overrun after the grace, killed", "100 sessions", "100 sessions, failures", "100 sessions, memory each (MB)",
)  # fmt: skip
COLUMNS = ("kernel", "exec", "rlms", "RestrictedPython", "monty")


def show(figures: Figures) -> None:
    print(f"{'':36}" + "".join(f"{column:>18}" for column in COLUMNS) + f"{'kernel / exec':>16}")
    for row in ROWS:
        cells = [figures.get(f"{column} {row}") for column in COLUMNS]
        ratio = f"{cells[0] / cells[1]:.2f}" if cells[0] and cells[1] else ""
        print(f"{row:36}" + "".join(f"{readable(row, cell):>18}" for cell in cells) + f"{ratio:>16}")


def readable(row: str, value: float | None) -> str:
    if value is None:
        return "-"
    if row.endswith(("(MB)", "failures")):
        return f"{value:.1f}"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(value) >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value * 1e9:.0f} ns"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peer", help="the Python of an environment with rlms and RestrictedPython")
    arguments.add_argument("--runs", type=int, default=6)
    arguments.add_argument("--gigabytes", type=float, default=1.0)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    figures = peer(sys.executable, "exec") | asyncio.run(ours(given.runs, given.gigabytes))
    if given.peer:
        figures |= peer(given.peer, "rlms") | peer(given.peer, "RestrictedPython")
    if given.json:
        print(json.dumps(figures, indent=1))
    else:
        show(figures)
        print(f"\nload average {os.getloadavg()}, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
