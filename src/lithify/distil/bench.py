"""Running code from nothing, each time in a fresh confined session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from lithify.errors import SandboxLost
from lithify.layout import (
    ASKED,
    CONTEXT_INPUT,
    TEXT_FORM,
    WRITTEN,
    Form,
    Given,
    call_text,
    handed,
    recorded_llm,
    writing_cell,
)
from lithify.ports import Sandbox, Session
from lithify.records.binding import Binding
from lithify.records.cell import CellResult
from lithify.records.context import Context, Format, Texts
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Reply, Signature

_VALUE = "__lithify_value__"
_REPL_LLM = "def llm_query(prompt, *_, **__):\n    return __lithify_llm__(prompt)\n\n\nllm_query_batched = llm_query\n"
"""The REPL's functions over recorded answers, for code that is still a cell's."""

_OWN_SECONDS = 30.0
_PATIENCE_SECONDS = 30.0
_CHANGES_CHARACTERS = 2_000_000
"""On how much of a context it is looked at whether it was changed."""
_CHANGES = f"""\
__lithify_before__ = @TEXT@
@CALL@
try:
    {_VALUE} = @TEXT@ != __lithify_before__
except Exception:  # it holds something now that cannot be written
    {_VALUE} = True
"""
_KIND = '''
def __lithify_kind__(value, depth=0):
    """The type of a value with the types inside it: what the value must become to be plain data."""
    name = type(value).__name__
    if depth > 4 or isinstance(value, (str, bytes)):
        return [name]
    if isinstance(value, dict):
        return [name, __lithify_same__(value.keys(), depth), __lithify_same__(value.values(), depth)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return ["namedtuple"]
    if isinstance(value, (list, tuple, set, frozenset)) or name in ("deque", "dict_keys", "dict_values"):
        return [name, __lithify_same__(value, depth)]
    return [name]


def __lithify_same__(values, depth):
    kinds = [__lithify_kind__(value, depth + 1) for value in values]
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0] if kinds else ["str"]
    flat = all(kind in (["str"], ["int"], ["float"], ["bool"], ["NoneType"]) for kind in kinds)
    return ["scalar"] if flat else ["mixed"]
'''


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running gave: the value as plain data and the tree of its types, or error, in one line.

    asked: the prompts to which recorded answers of a model were used.
    """

    value: Plain = None
    kind: Plain = None
    error: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Runnable:
    """A finished tool: its module's source and its signature."""

    source: str
    signature: Signature


@dataclass(slots=True)
class Bench:
    """Runs code over one context. timeout is for one execution, in seconds; executions and seconds count what ran.

    context: the texts, or what the context is written as, whole or a part of it
    replies: what a model answered, for code that asks one; any other prompt is a LookupError.
    form:    what the context is; source: the context itself, where `context` is only how it is written
    members: of several inputs, what each looks like
    """

    sandbox: Sandbox
    context: Texts
    timeout: float
    replies: tuple[Reply, ...] = ()
    form: Form = TEXT_FORM
    source: Context | None = None
    whole: bool = True
    members: Mapping[str, Format] = field(default_factory=dict)
    executions: int = 0
    seconds: float = 0.0

    @property
    def exhausted(self) -> bool:
        """Whether so much time went into running that only what must be done is done from here on."""
        return self.seconds > min(self.timeout, _PATIENCE_SECONDS)

    def replies_to(self, prompts: tuple[str, ...]) -> tuple[Reply, ...]:
        """The recorded answers to some prompts."""
        return tuple(reply for reply in self.replies if reply.prompt in set(prompts))

    async def value_of(self, statements: str, expression: str, context: Texts | None = None) -> Outcome:
        """The value that an expression has after the statements, with a context (the run's) as `context`."""
        code = f"{statements}\n{_VALUE} = {expression}\n{_VALUE}"
        return await self._in_session("context", context, "", code)

    async def call(self, tool: Runnable, context: Texts | None = None, /, **arguments: int | float | str) -> Outcome:
        """What a finished tool gives on a context (by default the run's)."""
        call = call_text(tool.signature, arguments)
        return await self._in_session(CONTEXT_INPUT, context, tool.source, f"{_VALUE} = {call}\n{_VALUE}")

    async def each(self, steps: list[str], prepare: str, report: str) -> Outcome:
        """The value of report after each step ran as a cell of its own; steps that fail are passed over."""
        try:
            session = await self._open("context", None)
            try:
                await self._give_replies(session)
                await session.run(prepare, timeout=_OWN_SECONDS)
                for step in steps:
                    self.seconds += (await session.run(step, timeout=self.timeout)).seconds
                result = await session.run(report, timeout=_OWN_SECONDS)
            finally:
                await session.close()
        except SandboxLost as lost:
            return Outcome(error=f"the worker was ended: {lost}")
        return Outcome(error=_in_words(result)) if result.error else Outcome(value=result.value)

    async def changes(self, tool: Runnable) -> bool:
        """Whether a tool leaves the run's context other than it was: a row dropped in place, a column added."""
        writer = writing_cell(self.form)
        if not writer:
            return False
        code = _CHANGES.replace("@TEXT@", f"{WRITTEN}({CONTEXT_INPUT}, {_CHANGES_CHARACTERS})")
        code = code.replace("@CALL@", call_text(tool.signature, {}))
        outcome = await self._in_session(CONTEXT_INPUT, None, f"{writer}\n{tool.source}", f"{code}\n{_VALUE}")
        return outcome.value is True

    async def _in_session(self, name: str, context: Texts | None, define: str, code: str) -> Outcome:
        """What code gives in a fresh session that holds the context by that name, after the definitions."""
        try:
            session = await self._open(name, context)
            try:
                await session.run(_KIND, timeout=_OWN_SECONDS)
                await self._give_replies(session)
                defined = await session.run(define, timeout=_OWN_SECONDS)
                if defined.error is not None:
                    return Outcome(error=_in_words(defined))
                return await self._value(session, code)
            finally:
                await session.close()
        except SandboxLost as lost:
            return Outcome(error=f"the worker was ended: {lost}")

    async def _give_replies(self, session: Session) -> None:
        if self.replies:
            await session.run(recorded_llm(self.replies), timeout=_OWN_SECONDS)
            await session.run(_REPL_LLM, timeout=_OWN_SECONDS)

    async def _open(self, name: str, context: Texts | None) -> Session:
        """A session that holds a context, by default the run's. What cannot be opened is missing there."""
        self.executions += 1
        given: Given = context if context is not None else self.context if self.source is None else self.source
        binding: Binding = handed(self.form, given, name)
        session = await self.sandbox.open_session(binding.inputs, {})
        if binding.code:
            await session.run(binding.code, timeout=_OWN_SECONDS)
        return session

    async def _value(self, session: Session, code: str) -> Outcome:
        result = await session.run(code, timeout=self.timeout)
        self.seconds += result.seconds
        if result.error is not None:
            return Outcome(error=_in_words(result))
        if not result.value_plain:
            return Outcome(error=f"a {result.value_type} is not plain data")
        kind = await session.run(f"__lithify_kind__({_VALUE})", timeout=_OWN_SECONDS)
        asked = (await session.run(ASKED, timeout=_OWN_SECONDS)).value if self.replies else []
        prompts = tuple(str(prompt) for prompt in asked) if isinstance(asked, list) else ()
        return Outcome(value=result.value, kind=kind.value, asked=prompts)


def _in_words(result: CellResult) -> str:
    error = result.error
    return f"{error.kind}: {error.message}"[:300] if error else ""
