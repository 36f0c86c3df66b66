from __future__ import annotations

import pytest

from lithify.errors import ProgrammerMustAct, SandboxLost
from lithify.ports import Sandbox, SandboxSpec, Session
from tests.sandbox.support import host_function, run_cells, with_sandbox, with_session


def test_variables_stay_and_the_last_expression_is_the_value() -> None:
    first, second = run_cells("x = 20", "print('so')\nx * 2 + 2")
    assert first.ok
    assert first.value is None
    assert (second.value, second.value_repr, second.value_type, second.stdout) == (42, "42", "int", "so\n")


def test_an_exception_keeps_what_was_assigned_and_names_the_cells_own_line() -> None:
    failed, after = run_cells("kept = 1\nlost = [][3]\nnever = 2", "kept, 'never' in globals()")
    assert failed.error is not None
    assert (failed.error.kind, failed.error.line) == ("IndexError", 2)
    assert "cell 1, line 2" in failed.error.traceback
    assert "lost = [][3]" in failed.error.traceback
    assert after.value == [1, False]


def test_the_soft_limit_keeps_the_session() -> None:
    async def story(session: Session) -> None:
        endless = await session.run("kept = 5\nwhile True: pass", timeout=0.3)
        assert endless.timed_out
        assert endless.error is not None
        assert endless.error.kind == "CellTimeout"
        assert (await session.run("kept", timeout=5)).value == 5

    with_session(story)


def test_a_cell_that_ignores_the_soft_limit_is_killed_and_the_sandbox_goes_on() -> None:
    async def story(sandbox: Sandbox) -> None:
        session = await sandbox.open_session()
        with pytest.raises(SandboxLost) as lost:
            deaf = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nwhile True: pass"
            await session.run(deaf, timeout=0.3)
        assert lost.value.reason == "timeout"
        with pytest.raises(SandboxLost):
            await session.run("1", timeout=1)
        await session.close()
        other = await sandbox.open_session()
        assert (await other.run("1", timeout=5)).value == 1

    with_sandbox(story)


def test_too_much_memory_is_a_memory_error_and_the_session_goes_on() -> None:
    spec = SandboxSpec(memory_mb=128)
    bomb = "kept = 'here'\nhoard = []\nwhile True: hoard.append(bytearray(1 << 20))"
    failed, after = run_cells(bomb, "hoard.clear()\nkept, len(bytearray(50 << 20))", spec=spec)
    assert failed.error is not None
    assert failed.error.kind == "MemoryError"
    assert after.value == ["here", 50 << 20]


def test_long_output_loses_its_middle() -> None:
    (result,) = run_cells("print('a' * 5000 + 'b' * 5000)", spec=SandboxSpec(output_chars=1000))
    assert result.stdout_length == 10_001
    assert len(result.stdout) < 1200
    assert result.stdout.startswith("aaa")
    assert result.stdout.endswith("bbb\n")
    assert "9,001 of 10,001 characters left out" in result.stdout


def test_host_functions_answer_and_fail() -> None:
    def shout(text: str, mark: str = "!") -> str:
        if text == "bad":
            raise ValueError("not that one")
        return text.upper() + mark

    single, keyword, failed, batch = run_cells(
        "shout('a')",
        "shout('a', mark='?')",
        "try:\n    shout('bad')\nexcept HostCallError as error:\n    said = str(error)\nsaid",
        "got = shout_batched(['a', 'bad', 'c'], mark='.')\n[x or x.error for x in got]",
        functions={"shout": host_function(shout, batched=True)},
    )
    assert single.value == "A!"
    assert keyword.value == "A?"
    assert failed.value == "not that one"
    assert batch.value == ["A.", "not that one", "C."]


def test_many_calls_from_threads() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(16) as pool:\n    got = list(pool.map(double, range(300)))\nsum(got)"
    )
    (result,) = run_cells(code, functions={"double": host_function(lambda number: number * 2)})
    assert result.value == 2 * sum(range(300))


def test_inputs_of_every_kind_arrive_whole() -> None:
    inputs = {
        "small": "abc",
        "ascii": "x" * 100_000 + "y",
        "latin": "é" * 100_000,
        "wide": "ą" * 100_000 + "z",
        "astral": "😀" * 30_000,
        "raw": bytes(range(256)) * 400,
        "files": {"a.txt": "1", "b.txt": "ž" * 80_000},
        "rows": [{"n": 1, "big": 2**200, "none": None, 5: 1.5}],
    }
    code = "[(type(v).__name__, len(v), hash(v) == hash(v + v[:0])) for v in (small, ascii, latin, wide, astral, raw)]"
    shape, equal, rows = run_cells(
        code,
        "[ascii == 'x' * 100_000 + 'y', latin == 'é' * 100_000, wide[-2:], astral.count('😀'), raw[256:] == raw[:-256],"
        " files['a.txt'], files['b.txt'] == 'ž' * 80_000]",
        "rows",
        inputs=inputs,
    )
    lengths = [("str", 3), ("str", 100_001), ("str", 100_000), ("str", 100_001), ("str", 30_000), ("bytes", 102_400)]
    assert shape.value == [[kind, length, True] for kind, length in lengths]
    assert equal.value == [True, True, "ąz", 30_000, True, "1", True]
    assert rows.value == inputs["rows"]


def test_files_and_questions_are_answered_with_what_to_do_instead() -> None:
    opened, asked, raw = run_cells(
        "open('data.csv')", "input('?')", "import os\nos.listdir('/home')", inputs={"log": "x"}
    )
    assert opened.error is not None
    assert opened.error.kind == "PurityError"
    assert "(log)" in opened.error.message
    assert asked.error is not None
    assert asked.error.kind == "PurityError"
    assert raw.error is not None
    assert "Work with the variables you were given" in raw.error.traceback


def test_the_hash_seed_is_set() -> None:
    values = [run_cells("hash('seed')", spec=SandboxSpec(hash_seed=seed))[0].value for seed in (1, 1, 2)]
    assert values[0] == values[1]
    assert values[0] != values[2]


def test_two_cells_at_once_are_refused() -> None:
    import asyncio

    async def story(session: Session) -> None:
        slow = asyncio.create_task(session.run("import time\ntime.sleep(0.3)\n1", timeout=5))
        await asyncio.sleep(0.05)
        with pytest.raises(ProgrammerMustAct):
            await session.run("2", timeout=5)
        assert (await slow).value == 1

    with_session(story)
