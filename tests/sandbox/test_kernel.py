"""The pool, the zygote's generations, what is left behind, and what sessions share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lithify.errors import SandboxLost, SandboxUnavailable
from lithify.ports import Sandbox, SandboxSpec, Session
from lithify.records.cell import CellResult
from lithify.sandbox.kernel import KernelSandbox
from tests.sandbox.processes import Since, descendants, eventually, resident, state_of
from tests.sandbox.support import host_function, run_cells, with_sandbox, with_session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")


def test_nothing_is_left_behind_by_sessions() -> None:
    async def story(sandbox: Sandbox) -> None:
        text = "x" * 100_000

        async def once() -> None:
            session = await sandbox.open_session({"text": text})
            assert (await session.run("text[0]", timeout=60)).value == "x"
            await session.close()

        await once()
        since = Since()
        for _ in range(10):
            await once()
        assert await eventually(lambda: not since.processes()), since.states()
        assert not since.descriptors()

    with_sandbox(story, SandboxSpec(pool_size=0))


def test_nothing_is_left_behind_by_a_sandbox() -> None:
    run_cells("1")  # what the interpreter itself keeps from the first time is not meant
    since = Since()
    run_cells("1", inputs={"text": "x" * 100_000})
    assert not since.descriptors()
    assert not since.processes()


@pytest.mark.parametrize("ending", ["kill", "interrupt", "exit"])
def test_nothing_survives_the_host(ending: str, tmp_path: Path) -> None:
    """Neither an idle worker nor one in an endless cell, in any mode of the sandbox."""
    script = (
        "import asyncio, os, sys\n"
        "from lithify.ports import SandboxSpec\nfrom lithify.sandbox import start_sandbox\n"
        "async def main():\n"
        "    for without in ((), ('namespaces',), ('namespaces', 'landlock', 'broker')):\n"
        "        sandbox = await start_sandbox(SandboxSpec(without=without))\n"
        "        session = await sandbox.open_session()\n"
        "        asyncio.ensure_future(session.run('import signal\\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\\nwhile True: pass', timeout=1000))\n"
        "    await asyncio.sleep(0.2)\n"
        "    print('ready', flush=True)\n"
        "    await (asyncio.to_thread(sys.stdin.readline) if sys.argv[1] == 'exit' else asyncio.sleep(1000))\n"
        "    os._exit(3)\n"
        "asyncio.run(main())\n"
    )
    host = subprocess.Popen(
        [sys.executable, "-c", script, ending],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert host.stdin is not None
    assert host.stdout is not None
    assert host.stdout.readline() == b"ready\n"
    below = descendants(host.pid)
    assert len(below) >= 6
    if ending == "exit":
        host.stdin.write(b"now\n")
    else:
        host.send_signal(signal.SIGKILL if ending == "kill" else signal.SIGINT)
    host.stdin.close()
    host.stdout.close()
    host.wait()
    assert asyncio.run(eventually(lambda: all(state_of(process) in ("Z", "X", "") for process in below)))


def test_sessions_draw_other_random_numbers_and_hash_alike() -> None:
    spec = SandboxSpec(preload=("random", "numpy"), pool_size=3)
    code = "import random, os, uuid, numpy\n[random.random(), numpy.random.random(), os.urandom(8), uuid.uuid4().hex]"

    async def story(sandbox: Sandbox) -> list[CellResult]:
        sessions = [await sandbox.open_session() for _ in range(3)]
        return [await session.run(code, timeout=60) for session in sessions]

    drawn = [result.value for result in with_sandbox(story, spec)]
    for position in range(4):
        assert len({repr(values[position]) for values in drawn}) == 3


def test_a_zygote_is_replaced_and_ends_with_its_sessions() -> None:
    async def story(sandbox: Sandbox) -> None:
        first = await sandbox.open_session()
        zygote = 2 if sandbox.layers["namespaces"] == "yes" else 1  # with the parent that waits for it
        assert await eventually(lambda: len(since.processes()) == zygote + 2)
        for _ in range(6):
            session = await sandbox.open_session()
            assert (await session.run("1", timeout=60)).value == 1
            await session.close()
        assert (await first.run("2", timeout=60)).value == 2
        await first.close()
        assert await eventually(lambda: len(since.processes()) == zygote + 1)

    since = Since()
    with_sandbox(story, SandboxSpec(lifetime=3))


async def settled(sandbox: Sandbox, pool_size: int) -> None:
    """Wait until nothing is being forked: what is killed then is all there is, and nothing takes its place unasked."""
    assert isinstance(sandbox, KernelSandbox)
    assert await eventually(lambda: len(sandbox._ready) == pool_size and all(task.done() for task in sandbox._ready))


def test_the_sandbox_goes_on_when_its_zygote_dies() -> None:
    async def story(sandbox: Sandbox) -> None:
        lost = await sandbox.open_session()
        await settled(sandbox, 2)
        for process in since.processes():
            with contextlib.suppress(ProcessLookupError):  # it went with its parent
                os.kill(process, signal.SIGKILL)
        assert await eventually(lambda: not since.processes())
        with pytest.raises(SandboxLost) as error:
            await lost.run("1", timeout=60)
        assert error.value.reason == "died"
        for _ in range(3):
            session = await sandbox.open_session()
            assert (await session.run("1", timeout=60)).value == 1

    since = Since()
    with_sandbox(story, SandboxSpec(pool_size=2))


@pytest.mark.parametrize("pool_size", [0, 2])
def test_a_death_that_the_loop_has_not_heard_of_is_noticed(pool_size: int) -> None:
    async def story(sandbox: Sandbox) -> None:
        first = await sandbox.open_session()
        await settled(sandbox, pool_size)
        for process in since.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while since.processes():  # waits without giving way to the loop
            time.sleep(0.02)
        session = await sandbox.open_session()
        assert (await session.run("1", timeout=60)).value == 1
        with pytest.raises(SandboxLost):
            await first.run("1", timeout=60)

    since = Since()
    with_sandbox(story, SandboxSpec(pool_size=pool_size))


def test_without_a_pool_workers_are_made_on_demand() -> None:
    async def story(sandbox: Sandbox) -> list[object]:
        sessions = [await sandbox.open_session() for _ in range(3)]
        return [(await session.run("1", timeout=60)).value for session in sessions]

    assert with_sandbox(story, SandboxSpec(pool_size=0)) == [1, 1, 1]


def test_many_sessions_at_once() -> None:
    async def story(sandbox: Sandbox) -> list[object]:
        async def one(number: int) -> object:
            session = await sandbox.open_session({"number": number})
            try:
                return (await session.run("number * 2", timeout=60)).value
            finally:
                await session.close()

        return await asyncio.gather(*(one(number) for number in range(40)))

    assert with_sandbox(story) == [2 * number for number in range(40)]


def test_modules_that_are_missing_are_skipped_and_named() -> None:
    async def story(sandbox: Sandbox) -> tuple[str, ...]:
        assert isinstance(sandbox, KernelSandbox)
        return sandbox.not_preloaded

    (missing,) = with_sandbox(story, SandboxSpec(preload=("json", "no_such_module_here")))
    assert missing.startswith("no_such_module_here: ModuleNotFoundError")


def test_preloaded_modules_are_there_and_others_can_be_imported() -> None:
    (result,) = run_cells(
        "import sys\nbefore = ['statistics' in sys.modules, 'numpy' in sys.modules]\n"
        "import numpy\n[*before, int(numpy.ones(3).sum())]",
        spec=SandboxSpec(preload=("statistics",)),
    )
    assert result.value == [True, False, 3]


def test_threads_are_limited() -> None:
    code = (
        "import threading\nstop = threading.Event()\nmade = 0\n"
        "try:\n    while made < 100:\n"
        "        threading.Thread(target=stop.wait, daemon=True).start()\n        made += 1\n"
        "except RuntimeError:\n    pass\nstop.set()\nmade"
    )
    for without in ((), ("namespaces",), ("namespaces", "landlock", "broker")):
        (result,) = run_cells(code, spec=SandboxSpec(threads=10, without=without))
        assert result.value == 10


def test_the_environment_is_built_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "abc")
    (result,) = run_cells("import os\ndict(os.environ)")
    assert isinstance(result.value, dict)
    assert "SECRET_KEY" not in result.value
    assert set(result.value) <= {
        "PATH",
        "HOME",
        "LC_ALL",
        "TZ",
        "MPLBACKEND",
        "ARROW_DEFAULT_MEMORY_POOL",
        "POLARS_MAX_THREADS",
        "LC_CTYPE",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
        "PYTEST_ADDOPTS",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "LD_LIBRARY_PATH",
    }


@pytest.mark.parametrize("without", [(), ("namespaces",), ("root",)])
def test_pytest_runs_over_a_readable_folder(without: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tool.py").write_text("def count(text):\n    return len(text.split())\n")
    (tmp_path / "tests" / "words.txt").write_text("a b c")
    (tmp_path / "tests" / "test_tool.py").write_text(
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[1]))\n"
        "from tool import count\n\ndef test_right():\n    print('seen')\n"
        "    with open(Path(__file__).parent / 'words.txt') as file:\n        assert count(file.read()) == 3\n\n"
        "def test_wrong():\n    assert count('a') == 2\n"
    )
    (tmp_path.parent / "beside.txt").write_text("not readable")
    spec = SandboxSpec(preload=("pytest",), readable=(tmp_path,), without=without)
    run, beside, write = run_cells(
        f"import pytest\nint(pytest.main(['-p', 'no:cacheprovider', {str(tmp_path / 'tests')!r}]))",
        f"import pathlib\npathlib.Path({str(tmp_path.parent / 'beside.txt')!r}).read_text()",
        f"import pathlib\npathlib.Path({str(tmp_path / 'new.txt')!r}).write_text('x')",
        spec=spec,
    )
    assert run.value == 1, run
    assert "1 failed, 1 passed" in run.stdout
    assert "assert 1 == 2" in run.stdout
    assert beside.error is not None
    assert write.error is not None
    assert not (tmp_path / "new.txt").exists()


def test_a_readable_folder_may_be_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("found")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for without in ((), ("namespaces",)):
        code = f"import pathlib\npathlib.Path({str(tmp_path / 'link' / 'a.txt')!r}).read_text()"
        (result,) = run_cells(code, spec=SandboxSpec(readable=(tmp_path / "link",), without=without))
        assert result.value == "found", result


def test_an_environment_that_is_reached_by_a_link_is_imported_from(tmp_path: Path) -> None:
    """As when the folder of a virtual environment was moved and linked: names in sys.path are not the real ones."""
    (tmp_path / "link").symlink_to(sys.prefix)
    script = (
        "from tests.sandbox.support import run_cells\nfrom lithify.ports import SandboxSpec\n"
        "for without in ((), ('namespaces',)):\n"
        "    (result,) = run_cells('import numpy\\nint(numpy.ones(3).sum())', spec=SandboxSpec(without=without))\n"
        "    assert result.value == 3, result\n"
    )
    ended = subprocess.run(
        [tmp_path / "link" / "bin" / Path(sys.executable).name, "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_awaited_calls_by_the_thousand() -> None:
    code = (
        "import asyncio\nasync def all():\n    return await asyncio.gather(*[double_async(n) for n in range(2000)])\n"
        "got = asyncio.run(all())\nsum(got)"
    )
    by_loop, at_top, mixed = run_cells(
        code,
        "await double_async(4)",
        "import asyncio\nawait asyncio.gather(double_async(1), asyncio.to_thread(double, 2), asyncio.sleep(0.01, 3))",
        functions={"double": host_function(lambda number: number * 2)},
    )
    assert by_loop.value == 2 * sum(range(2000))
    assert at_top.value == 8
    assert mixed.value == [2, 4, 3]


def test_awaited_calls_that_fail_raise() -> None:
    def fail() -> None:
        raise ValueError("no such thing")

    code = "try:\n    await ask_async()\nexcept HostCallError as error:\n    said = str(error)\nsaid"
    assert run_cells(code, functions={"ask": host_function(fail)})[0].value == "no such thing"


def test_a_batch_larger_than_what_is_in_flight() -> None:
    code = "got = double_batched(list(range(10_000)))\ngot == [2 * n for n in range(10_000)]"
    assert run_cells(code, functions={"double": host_function(lambda n: n * 2, batched=True)})[0].value is True


def test_large_arguments_and_answers() -> None:
    code = "got = echo_batched(['é' * 1_000_000] * 20)\n[len(got), got == ['é' * 1_000_000] * 20]"
    assert run_cells(code, functions={"echo": host_function(lambda text: text, batched=True)})[0].value == [20, True]


def test_what_cannot_be_sent_is_the_cells_error() -> None:
    """And never the session's end: the cell that passes it means no harm."""
    cells = {
        "echo(object())": "a value of type object",
        "echo(n for n in [1])": "a value of type generator",
        "echo({(1, 2): 3})": "a key of type tuple",
        "echo(a={b'x': 1})": "a key of type bytes",
        "echo(list(range(500_000)))": "more than 200,000 elements",
        "echo([[1] * 100] * 3_000)": "more than 200,000 elements",
        "echo([[1]] * 60_000, a={n: n for n in range(60_000)})": "more than 200,000 elements",
        "x = []\nx.append(x)\necho(x)": "nested too deeply",
        "x = 1\nfor _ in range(45): x = [x]\necho(x)": "nested too deeply",
        "echo(1 << 20_000)": "beyond 4,300 digits",
        "echo({1 << 70: 1})": "an integer key beyond 64 bits",
        "echo('x' * (20 << 20))": "at most 16 MB",
        "echo_batched(['a', object()])": "a value of type object",
    }
    functions = {"echo": host_function(lambda *args, **kwargs: list(args), batched=True)}
    *results, after = run_cells(*cells, "echo('x')", functions=functions)
    for (code, says), result in zip(cells.items(), results, strict=True):
        assert result.error is not None, code
        assert result.error.kind in ("TypeError", "ValueError"), (code, result.error)
        assert says in result.error.message, (code, result.error)
    assert after.value == ["x"]


def test_what_is_passed_becomes_plain_as_what_is_returned_does() -> None:
    cells = {
        "import numpy\necho(numpy.arange(3))": [0, 1, 2],
        "import pandas\necho(pandas.DataFrame({'a': [1, 2]}))": [{"a": 1}, {"a": 2}],
        "import datetime\necho([datetime.date(2026, 1, 2)])": ["2026-01-02"],
        "echo({2, 1})": [1, 2],
        "echo((1, range(2)))": [1, [0, 1]],
        "len(echo(list(range(190_000))))": 190_000,
        "len(echo('é' * 7_000_000))": 7_000_000,
        "[len(part) for part in echo_batched([[1] * 2_000] * 300)] == [2_000] * 300": True,
    }
    functions = {"echo": host_function(lambda value: value, batched=True)}
    results = run_cells(*cells, functions=functions)
    assert {code: result.value for code, result in zip(cells, results, strict=True)} == cells


def test_an_answer_that_is_not_plain_is_a_failure() -> None:
    (result,) = run_cells("odd()", functions={"odd": host_function(lambda: object())})  # type: ignore[arg-type,return-value]
    assert result.error is not None
    assert "not plain data" in result.error.message


@pytest.mark.parametrize(
    "swallowing",
    [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "for x in iter(int, 1):\n    try:\n        for y in iter(int, 1): pass\n    except:\n        continue",
        "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
        "10 ** 10 ** 8",
        "import time\ntime.sleep(1000)",
        "import threading\nthreading.Event().wait()",
        "from concurrent.futures import ThreadPoolExecutor\nimport time\n"
        "with ThreadPoolExecutor(2) as pool:\n    pool.submit(time.sleep, 0.6).result()\n    time.sleep(1000)",
        "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()",
        "class Odd(Exception):\n    def __str__(self):\n        while True: pass\nraise Odd",
        "while True:\n    try:\n        echo('x')\n    except Exception:\n        pass",
        "while True: echo_batched(['x' * 8_000_000] * 20)",
    ],
)
def test_the_soft_limit_keeps_variables_however_the_cell_waits(swallowing: str) -> None:
    async def story(session: Session) -> None:
        result = await session.run(f"kept = 7\n{swallowing}", timeout=0.5)
        assert result.timed_out
        assert (await session.run("kept", timeout=60)).value == 7
        assert (await session.run("echo('again')", timeout=60)).value == "again"

    functions = {"echo": host_function(lambda text: text, batched=True)}
    with_session(story, SandboxSpec(grace=2.0), functions=functions)


def test_a_thread_that_outlives_its_cell_disturbs_nothing() -> None:
    code = (
        "import threading, time\ndef later():\n    time.sleep(0.3)\n    seen.append(echo('late'))\n"
        "seen = []\nthread = threading.Thread(target=later)\nthread.start()\n1"
    )

    async def story(session: Session) -> None:
        assert (await session.run(code, timeout=60)).value == 1
        await asyncio.sleep(0.6)
        assert (await session.run("thread.join()\nseen", timeout=60)).value == ["late"]

    with_session(story, functions={"echo": host_function(lambda text: text)})


FORGED = (
    "import os, struct, sys\nwire = sys.modules['lithify_guest.wire']\n"
    "body = wire.encode(['result', 1, '', 0, None, 'int', '5', True, 5])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)\nwhile True: pass"
)
BACKGROUND = (
    "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()\n5"
)


@pytest.mark.parametrize("code", [FORGED, BACKGROUND], ids=["forged result", "background thread"])
@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_between_cells_nothing_computes(code: str, without: tuple[str, ...]) -> None:
    """Whatever a cell left running, and though it may have forged the result that ended it."""

    async def story(session: Session) -> None:
        assert (await session.run(code, timeout=60)).value == 5
        assert await eventually(lambda: "T" in since.states())

    since = Since()
    with_session(story, SandboxSpec(without=without, pool_size=0))


def test_a_session_that_was_idle_goes_on() -> None:
    async def story(session: Session) -> None:
        await session.run("x = 5", timeout=60)
        assert await eventually(lambda: "T" in since.states())
        assert (await session.run("x", timeout=60)).value == 5

    since = Since()
    with_session(story, SandboxSpec(pool_size=0))


def test_output_of_parallel_sessions_does_not_mix() -> None:
    async def story(sandbox: Sandbox) -> None:
        sessions = [await sandbox.open_session({"name": str(number)}) for number in range(5)]
        code = "import sys\nfor _ in range(200):\n    print(name)\n    print(name, file=sys.stderr)"
        results = await asyncio.gather(*(session.run(code, timeout=60) for session in sessions))
        assert [result.stdout for result in results] == [f"{number}\n" * 400 for number in range(5)]

    with_sandbox(story)


def test_memory_of_a_killed_session_is_given_back() -> None:
    async def story(sandbox: Sandbox) -> None:
        session = await sandbox.open_session()
        await session.run("hoard = bytearray(300 << 20)", timeout=60)
        assert any(resident(process) > 300 << 20 for process in since.processes())
        await session.close()
        assert all(resident(process) < 200 << 20 for process in since.processes())

    since = Since()
    with_sandbox(story)


def test_workers_are_the_first_to_go_when_the_machine_has_no_memory_left() -> None:
    async def story(sandbox: Sandbox) -> None:
        await sandbox.open_session()
        scores = [Path(f"/proc/{process}/oom_score_adj").read_text() for process in since.processes()]
        assert scores.count("1000\n") >= 2, scores  # the worker and its zygote

    since = Since()
    with_sandbox(story, SandboxSpec(pool_size=0))


@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_descriptors_of_its_own_are_described_to_a_worker(without: tuple[str, ...]) -> None:
    """Also where the C library asks by name and somebody else answers."""
    code = (
        "import os, errno, stat\nread, write = os.pipe()\nlibrary = os.open(os.__file__, os.O_RDONLY)\n"
        "kinds = [stat.S_ISFIFO(os.fstat(read).st_mode), os.fstat(library).st_size == os.stat(os.__file__).st_size]\n"
        "try:\n    os.fstat(99)\nexcept OSError as error:\n    kinds.append(errno.errorcode[error.errno])\nkinds"
    )
    (result,) = run_cells(code, spec=SandboxSpec(without=without))
    assert result.value == [True, True, "EBADF"], result


def test_an_interpreter_that_may_not_be_executed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n", encoding="utf-8")
    python.chmod(0o600)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(SandboxUnavailable, match="must be able to execute"):
        run_cells("1")
