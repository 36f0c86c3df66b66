"""The tool as its tests reach it: each use is a call to the host, which runs the tool in a session of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import cast

from lithify.errors import ProgrammerMustAct, SandboxLost
from lithify.gates.running import Definition
from lithify.layout import CONTEXT_INPUT, OPENED, call_text, form_of, handed, opening_cell
from lithify.ports import Sandbox, Session
from lithify.records.binding import Binding
from lithify.records.context import Texts
from lithify.records.plain import Plain

_SMALL = 20_000
"""Up to so many characters a context travels in the text of the call; a larger one takes a session of its own."""
SABOTAGED = "no tool answers this"


class Elsewhere:
    """Answers the tests' calls. spent: the seconds that they took so far."""

    def __init__(self, tool: Definition, sandbox: Sandbox, seconds: float, total: float) -> None:
        self._tool = tool
        self._sandbox = sandbox
        self._seconds = seconds
        self._total = total
        self.spent = 0.0
        self._session: Session | None = None
        self._form = form_of(tool.signature)

    async def answer(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of the host function: (([context], {name: argument}),) → {"value"} or {"raised", "message"}."""
        if self.spent >= self._total:
            return _raised("TimeoutError", "the tests have used up the time that the tool may run for them")
        began = time.perf_counter()
        try:
            return await self._call(*self._checked(args))
        except SandboxLost as lost:
            self._session = None
            return _raised("RuntimeError", f"the worker of the tool was ended: {lost}")
        finally:
            self.spent += time.perf_counter() - began

    def _checked(self, args: Sequence[Plain]) -> tuple[Plain, Mapping[str, Plain]]:
        """The context and the arguments of a call as a stand-in makes it. Raises ProgrammerMustAct for any other."""
        known = {parameter.name for parameter in self._tool.signature.parameters}
        match args:
            case [[context], {**arguments}]:
                texts = [context, *context, *context.values()] if isinstance(context, dict) else [context]
                plain = all(isinstance(one, str) for one in texts if not isinstance(one, dict))
                if plain and arguments.keys() <= known and all(map(_is_scalar, arguments.values())):
                    return context, cast("Mapping[str, Plain]", arguments)
        names = ", ".join(["a text or texts", *sorted(known)])
        raise ProgrammerMustAct(f"{self._tool.signature.function} takes {names}; numbers and texts")

    async def _call(self, context: Plain, arguments: Mapping[str, Plain]) -> Plain:
        text = call_text(self._tool.signature, cast("Mapping[str, int | float | str]", arguments))
        literal = repr(context)
        if len(literal) > _SMALL:
            session = await self._opened(handed(self._form, cast("Texts", context)))
            try:
                return await self._result(session, text)
            finally:
                await session.close()
        if self._session is None:
            self._session = await self._opened(Binding(inputs={}, code=opening_cell(self._form)))
        value = self._form.opened(literal, OPENED) if self._form.written else literal
        return await self._result(self._session, f"{CONTEXT_INPUT} = {value}\n{text}")

    async def _opened(self, binding: Binding) -> Session:
        session = await self._sandbox.open_session(binding.inputs)
        for cell in (*([binding.code] if binding.code else []), *self._tool.cells):
            await session.run(cell, timeout=self._seconds)
        return session

    async def _result(self, session: Session, text: str) -> Plain:
        result = await session.run(text, timeout=self._seconds)
        if result.error is not None:
            return _raised(result.error.kind, result.error.message)
        if not result.value_plain:
            return _raised("TypeError", f"the tool returned a {result.value_type}, which is not plain data")
        return {"value": result.value}

    async def close(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.close()


def _is_scalar(value: object) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


async def raising(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
    """A sabotaged tool: it never answers."""
    return _raised("GeneratorExit", SABOTAGED)


async def wrong(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
    """A sabotaged tool: it always answers what no tool answers."""
    return {"value": SABOTAGED}


def _raised(kind: str, message: str) -> Plain:
    return {"raised": kind, "message": message}
