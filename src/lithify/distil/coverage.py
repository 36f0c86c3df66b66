"""Running a tool on many small inputs in one session, and seeing which of its lines each of them reaches.

What a session reports is a hint for shrinking: the extract that comes of it is run again in a session of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from lithify.distil.bench import Bench, Runnable
from lithify.distil.extracts import Text
from lithify.errors import SandboxLost
from lithify.layout import CONTEXT_INPUT, OPENED, Form, call_text, opening_cell, recorded_llm
from lithify.ports import Session
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

_OWN_SECONDS = 30.0
_TRACER = '''
def __lithify_traced__(function, call):
    """[what the call gives, the steps from line to line that it took inside the tool]"""
    import sys

    name = function.__code__.co_filename
    steps = set()

    def trace(frame, event, arg):
        if frame.f_code.co_filename != name:
            return None
        last = [0]

        def inside(frame, event, arg):
            if event == "line":
                steps.add((last[0], frame.f_lineno))
                last[0] = frame.f_lineno
            return inside

        return inside

    sys.settrace(trace)
    try:
        value = call()
    finally:
        sys.settrace(None)
    return [value, [list(step) for step in sorted(steps)]]
'''


@dataclass(frozen=True, slots=True)
class Reached:
    """What a tool gave on an input, and which steps from line to line it took; error: why it gave nothing."""

    value: Plain = None
    steps: frozenset[tuple[int, int]] = frozenset()
    error: str = ""


class Tracer:
    """One session with a tool in it. seconds: how long all runs took."""

    def __init__(self, session: Session, tool: Runnable, form: Form, timeout: float) -> None:
        self._session = session
        self._tool = tool
        self._form = form
        self._timeout = timeout
        self.seconds = 0.0

    @classmethod
    async def of(cls, tool: Runnable, bench: Bench) -> Tracer:
        """Open one. Raises SandboxLost."""
        session = await bench.sandbox.open_session({}, {})
        for cell in (opening_cell(bench.form), recorded_llm(bench.replies), tool.source, _TRACER):
            if cell:
                await session.run(cell, timeout=_OWN_SECONDS)
        return cls(session, tool, bench.form, bench.timeout)

    async def run(self, context: Text) -> Reached:
        """One run on a context. After a lost session every run is an error."""
        value = repr(dict(context) if isinstance(context, Mapping) else context)
        value = self._form.opened(value, OPENED) if self._form.written else value
        call = f"lambda: {call_text(self._tool.signature, {})}"
        code = f"{CONTEXT_INPUT} = {value}\n__lithify_traced__({self._tool.signature.function}, {call})"
        try:
            result = await self._session.run(code, timeout=self._timeout)
        except SandboxLost as lost:
            return Reached(error=str(lost))
        self.seconds += result.seconds
        match result.value:
            case [given, [*steps]] if result.error is None and result.value_plain:
                pairs = (step for step in steps if isinstance(step, list) and len(step) == 2)
                return Reached(given, frozenset((int(str(a)), int(str(b))) for a, b in pairs))
        return Reached(error=result.error.kind if result.error else "no plain data")

    async def close(self) -> None:
        """End the session."""
        await self._session.close()
