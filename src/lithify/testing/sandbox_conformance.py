"""What every Sandbox must do, as checks that need no test framework: for our adapters, and for one of your own.

    @pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
    def test_conforms(check):
        asyncio.run(check(my_start))

A check gets a SandboxFactory (ports/) and starts what it needs. Only what the port promises is asked, in Python that
a subset interpreter has too. A sandbox that cannot interrupt a cell may end the session instead, with SandboxLost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from lithify.errors import ProgrammerMustAct, SandboxLost
from lithify.ports import HostFunction, InputValue, Sandbox, SandboxFactory, SandboxSpec
from lithify.records.cell import CellResult
from lithify.records.plain import Plain

Check: TypeAlias = Callable[[SandboxFactory], Awaitable[None]]
_SECONDS = 30.0
_SHORT = 0.3


async def _echo(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
    """Answer with what was given; fail for "bad"; keep the caller waiting for "slow"."""
    if list(args) == ["bad"]:
        raise ValueError("not that one")
    if list(args) == ["slow"]:
        await asyncio.sleep(3 * _SHORT)
    return [list(args), dict(kwargs)]


ECHO: Mapping[str, HostFunction] = {"echo": HostFunction(handler=_echo, batched=True)}


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def _same(got: object, expected: object, what: str) -> None:
    _expect(got == expected and type(got) is type(expected), f"{what}: {got!r}, not {expected!r}")


@asynccontextmanager
async def _started(start: SandboxFactory, spec: SandboxSpec | None = None) -> AsyncIterator[Sandbox]:
    sandbox = await start(spec or SandboxSpec())
    try:
        yield sandbox
    finally:
        await sandbox.close()


async def _cells(
    start: SandboxFactory,
    *cells: str,
    inputs: Mapping[str, InputValue] | None = None,
    functions: Mapping[str, HostFunction] | None = None,
    spec: SandboxSpec | None = None,
) -> list[CellResult]:
    """The results of cells run in order in one session."""
    async with _started(start, spec) as sandbox:
        session = await sandbox.open_session(inputs, functions)
        return [await session.run(cell, timeout=_SECONDS) for cell in cells]


async def _raises(kind: type[Exception], work: Coroutine[Any, Any, object]) -> Exception:
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


async def says_what_confines(start: SandboxFactory) -> None:
    """Every layer has a name and a state; notes are for the model, if there are any."""
    async with _started(start) as sandbox:
        layers, notes = sandbox.layers, sandbox.notes
    _expect(all(isinstance(note, str) and note for note in notes), f"notes are {notes!r}")
    _expect(bool(layers) and all(layers.values()), f"layers are {layers!r}")


async def is_a_repl(start: SandboxFactory) -> None:
    """Variables stay, the last expression is the value, None is no value."""
    nothing, value = await _cells(start, "x = 20", "x * 2 + 2")
    _expect(nothing.ok and nothing.value is None and not nothing.value_repr, f"an assignment gave {nothing}")
    _same((value.value, value.value_repr, value.value_type, value.value_plain), (42, "42", "int", True), "the value")


async def captures_output(start: SandboxFactory) -> None:
    """What one cell prints is not in the next."""
    first, second = await _cells(start, "print('so', 1)", "print('then')")
    _same((first.stdout, first.stdout_length), ("so 1\n", 5), "the first output")
    _same(second.stdout, "then\n", "the second output")


async def cuts_long_output_in_the_middle(start: SandboxFactory) -> None:
    """And says its full length."""
    (result,) = await _cells(start, "print('a' * 5000 + 'b' * 5000)", spec=SandboxSpec(output_chars=1000))
    _same(result.stdout_length, 10_001, "the length")
    _expect(len(result.stdout) < 1_200, f"{len(result.stdout)} characters of output")
    _expect(result.stdout.startswith("aaa") and result.stdout.endswith("bbb\n"), "an end of the output is missing")


async def keeps_what_was_assigned_before_an_exception(start: SandboxFactory) -> None:
    """And names the cell's own line."""
    failed, after = await _cells(start, "kept = 1\nlost = [][3]\nnever = 2", "kept")
    error = failed.error
    _expect(error is not None and "IndexError" in error.traceback, f"the error is {error}")
    _same((error and error.kind, error and error.line), ("IndexError", 2), "kind and line")
    _same(after.value, 1, "the variable")


async def numbers_the_cells_that_are_not_its_callers_own(start: SandboxFactory) -> None:
    async with _started(start) as sandbox:
        session = await sandbox.open_session()
        await session.run("a = 1", timeout=5, aside=True)
        await session.run("b = 2", timeout=5)
        await session.run("c = 3", timeout=5, aside=True)
        failed = await session.run("d = 4\nd / 0", timeout=5)
    _expect(failed.error is not None, "a division by zero is no error")
    traceback = failed.error.traceback if failed.error is not None else ""
    _expect("cell 2, line 2" in traceback, f"the second cell that counts is not called so: {traceback}")


async def takes_a_syntax_error_as_a_result(start: SandboxFactory) -> None:
    """The session goes on."""
    failed, after = await _cells(start, "def f(:", "1")
    _same(failed.error and failed.error.kind, "SyntaxError", "the error")
    _same(after.value, 1, "the next value")


async def gives_plain_values_back_exactly(start: SandboxFactory) -> None:
    """Lists for tuples and sets, large integers, infinities, bytes, any script."""
    expected: Mapping[str, object] = {
        "[1, (2, 3), {'a': None, 4: 1.5, None: True}]": [1, [2, 3], {"a": None, 4: 1.5, None: True}],
        "2 ** 200": 2**200,
        "float('-inf')": float("-inf"),
        "b'\\x00\\xff'": b"\x00\xff",
        "{3, 1, 2}": [1, 2, 3],
        "'é\u20ac😀'": "é€😀",
    }
    for code, result in zip(expected, await _cells(start, *expected), strict=True):
        _expect(result.value_plain, f"{code} is not plain")
        _same(result.value, expected[code], code)


async def gives_a_repr_of_what_is_not_plain(start: SandboxFactory) -> None:
    """No objects cross."""
    (result,) = await _cells(start, "class Thing:\n    pass\nThing()")
    _same((result.value, result.value_plain), (None, False), "the value")
    _expect("Thing" in result.value_repr, f"the repr is {result.value_repr!r}")


async def binds_inputs_as_variables(start: SandboxFactory) -> None:
    """Text, bytes, files, plain data, short and long."""
    inputs: dict[str, InputValue] = {
        "text": "a\nb",
        "raw": b"\x01",
        "files": {"x.log": "1"},
        "rows": [{"n": 1}],
        "long": "é" * 200_000,
    }
    code = "[text, raw, files['x.log'], rows[0]['n'], len(long), long[-1]]"
    (result,) = await _cells(start, code, inputs=inputs)
    _same(result.value, ["a\nb", b"\x01", "1", 1, 200_000, "é"], "the inputs")


async def calls_host_functions(start: SandboxFactory) -> None:
    """Positional and keyword arguments, a failure, a batch with a failure in it."""
    single, failed, batch = await _cells(
        start,
        "echo('a', 1, k=[2])",
        "try:\n    echo('bad')\nexcept RuntimeError as error:\n    said = str(error)\nsaid",
        "got = echo_batched(['x', 'bad'], k=1)\n[got[0], isinstance(got[1], CallFailure), got[1].error]",
        functions=ECHO,
    )
    _same(single.value, [["a", 1], {"k": [2]}], "a call")
    _same(failed.value, "not that one", "a failure")
    _same(batch.value, [[["x"], {"k": 1}], True, "not that one"], "a batch")


async def stops_the_clock_while_the_host_owes_an_answer(start: SandboxFactory) -> None:
    """A slow answer is not the cell's fault."""
    async with _started(start) as sandbox:
        session = await sandbox.open_session({}, ECHO)
        _same((await session.run("echo('slow')", timeout=_SHORT)).value, [["slow"], {}], "a slow call")


async def limits_calls(start: SandboxFactory) -> None:
    """The host counts, and the call beyond the limit fails."""
    code = "made = 0\ntry:\n    while True:\n        echo('a')\n        made += 1\nexcept RuntimeError:\n    pass\nmade"
    (result,) = await _cells(start, code, functions=ECHO, spec=SandboxSpec(max_calls=5))
    _same(result.value, 5, "calls made")


async def ends_an_endless_cell(start: SandboxFactory) -> None:
    """By an interrupt that keeps the session, or with it; the sandbox goes on."""
    async with _started(start) as sandbox:
        session = await sandbox.open_session()
        try:
            result = await session.run("kept = 1\nwhile True:\n    pass", timeout=_SHORT)
        except SandboxLost as lost:
            _same(lost.reason, "timeout", "the reason")
        else:
            _expect(result.timed_out and result.error is not None, f"the result is {result}")
            _same((await session.run("kept", timeout=_SECONDS)).value, 1, "the variable")
        other = await sandbox.open_session()
        _same((await other.run("1", timeout=_SECONDS)).value, 1, "another session")


async def turns_too_much_memory_into_an_error(start: SandboxFactory) -> None:
    """The session goes on."""
    bomb = "hoard = []\nwhile True:\n    hoard.append('x' * 1_000_000 + str(len(hoard)))"
    failed, after = await _cells(start, bomb, "1", spec=SandboxSpec(memory_mb=64))
    _same(failed.error and failed.error.kind, "MemoryError", "the error")
    _same(after.value, 1, "the next value")


async def shares_nothing_between_sessions(start: SandboxFactory) -> None:
    """Neither names nor output, also when they run at once."""
    code = "mine = number\nfor _ in range(50):\n    print(mine)\nmine"
    async with _started(start) as sandbox:
        sessions = [await sandbox.open_session({"number": number}) for number in range(4)]
        results = await asyncio.gather(*(session.run(code, timeout=_SECONDS) for session in sessions))
    for number, result in enumerate(results):
        _same((result.value, result.stdout), (number, f"{number}\n" * 50), f"session {number}")


async def draws_the_same_again_with_the_same_seed(start: SandboxFactory) -> None:
    """Whatever was drawn before by others; without a seed, no two sessions draw the same."""
    code = "import random\n[random.random(), random.randint(1, 10**9), random.Random().random()]"
    async with _started(start) as sandbox:
        drawn = []
        for seed in (7, 7, 8, None, None):
            session = await sandbox.open_session(seed=seed)
            drawn.append((await session.run(code, timeout=_SECONDS)).value)
            await session.close()
        await _raises(ProgrammerMustAct, sandbox.open_session(seed=-1))
    _same(drawn[1], drawn[0], "the numbers with the same seed")
    _expect(len({repr(numbers) for numbers in drawn}) == 4, f"sessions without one seed drew the same: {drawn}")


async def refuses_two_cells_at_once(start: SandboxFactory) -> None:
    """One REPL, one cell; the one that runs is not disturbed."""
    async with _started(start) as sandbox:
        session = await sandbox.open_session({}, ECHO)
        running = asyncio.create_task(session.run("echo('slow')", timeout=_SECONDS))
        await asyncio.sleep(_SHORT)
        await _raises(ProgrammerMustAct, session.run("1", timeout=_SECONDS))
        _expect((await running).ok, "the running cell was disturbed")


async def closes_twice(start: SandboxFactory) -> None:
    """Session and sandbox; what is closed says so."""
    async with _started(start) as sandbox:
        session = await sandbox.open_session()
        await session.close()
        await session.close()
        lost = await _raises(SandboxLost, session.run("1", timeout=_SECONDS))
        _same(getattr(lost, "reason", ""), "closed", "the reason")
        await sandbox.close()
        await _raises(SandboxLost, sandbox.open_session())


async def ends_with_a_cancelled_cell(start: SandboxFactory) -> None:
    """Nothing goes on unseen."""
    async with _started(start) as sandbox:
        session = await sandbox.open_session()
        running = asyncio.create_task(session.run("while True:\n    pass", timeout=_SECONDS))
        await asyncio.sleep(_SHORT)
        running.cancel()
        await asyncio.wait([running])
        _expect(running.cancelled(), "the cancellation did not pass through")
        await _raises(SandboxLost, session.run("1", timeout=_SECONDS))


async def refuses_names_that_cannot_be_variables(start: SandboxFactory) -> None:
    """A bug of the caller."""
    async with _started(start) as sandbox:
        for name in ("not a name", "class", ""):
            await _raises(ProgrammerMustAct, sandbox.open_session({name: 1}))
        await _raises(ProgrammerMustAct, sandbox.open_session({"echo": 1}, ECHO))


async def has_no_files(start: SandboxFactory) -> None:
    """Opening one is an error in the cell."""
    (result,) = await _cells(start, "open('/etc/hostname').read()")
    _expect(result.error is not None, "a file of the host was read")


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        says_what_confines,
        is_a_repl,
        captures_output,
        cuts_long_output_in_the_middle,
        keeps_what_was_assigned_before_an_exception,
        numbers_the_cells_that_are_not_its_callers_own,
        takes_a_syntax_error_as_a_result,
        gives_plain_values_back_exactly,
        gives_a_repr_of_what_is_not_plain,
        binds_inputs_as_variables,
        calls_host_functions,
        stops_the_clock_while_the_host_owes_an_answer,
        limits_calls,
        ends_an_endless_cell,
        turns_too_much_memory_into_an_error,
        shares_nothing_between_sessions,
        draws_the_same_again_with_the_same_seed,
        refuses_two_cells_at_once,
        closes_twice,
        ends_with_a_cancelled_cell,
        refuses_names_that_cannot_be_variables,
        has_no_files,
    )
}
"""Every check by its name."""
