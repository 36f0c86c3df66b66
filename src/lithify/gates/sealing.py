"""Sealed uses: parts of a context that the author never saw, with what the exploration's own code gives on them.

The cells run again, all of them and as they were written, on another part. So the answer is the author's code's and not
the tool's, which was cut out of it, generalised and perhaps polished since.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lithify.errors import SandboxLost
from lithify.gates.regions import REGION_CHARACTERS, unseen_parts
from lithify.gates.running import Answered, call
from lithify.layout import Form, defaults_of, form_of, handed, same_answer, unpacked
from lithify.ports import HostFunction, Sandbox
from lithify.records.answers import equal_answer, means_something
from lithify.records.binding import Binding
from lithify.records.context import TEXT_KINDS, Context, Texts
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Trajectory
from lithify.records.tool import Candidate, Example

SEALED = 5
"""How many uses are sealed for a new tool."""
_MOST_SEALED = 20
_MOST_TRIED = 12
_LARGEST = 4 * REGION_CHARACTERS
_SECONDS = 6.0
_REPL = """
answer = {"content": None, "ready": False}


def __lithify_submit__(*values, **fields):
    content = values[0] if values else fields if len(fields) > 1 else next(iter(fields.values()))
    answer.update(content=content, ready=True)


FINAL = SUBMIT = __lithify_submit__


def FINAL_VAR(name):
    __lithify_submit__(globals()[name.strip().strip("\\"'")] if isinstance(name, str) else name)


def SHOW_VARS():
    return {}


def budget():
    return {}
"""
_SUBMITTED = "[answer.get('content')] if isinstance(answer, dict) and answer.get('ready') else None"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with what the cells gave on it, and what the tool gives (None for no answer)."""

    context: Texts
    cells: Plain
    tool: tuple[Plain, ...] | None

    @property
    def agreed(self) -> bool:
        return self.tool is not None and equal_answer(self.cells, self.tool[0])


async def seal(
    candidate: Candidate,
    trajectory: Trajectory,
    context: Context,
    sandbox: Sandbox,
    *,
    seconds: float,
    texts: Texts | None = None,
) -> tuple[Example, ...]:
    """Sealed uses of a candidate; none where the exploration's code cannot be asked.

    That is so when it asked a model, and when it wrote its answer down instead of computing it. texts: how the context
    is written where it is no text. seconds: for one cell. Deterministic but for the time, of which there are a few
    seconds.
    """
    form = form_of(candidate.signature)
    whole = context.texts if texts is None and context.kind in TEXT_KINDS else texts
    if whole is None or any(cell.subcalls for cell in trajectory.cells):
        return ()
    shown = "\n".join([context.preview, *(cell.result.stdout for cell in trajectory.cells)])
    end = time.perf_counter() + _SECONDS
    found: list[_Part] = []
    for number, part in enumerate(unseen_parts(whole, shown, context.digest, form)):
        if number >= _MOST_TRIED or len(found) >= SEALED or time.perf_counter() > end:
            break
        if _size(part) <= _LARGEST:
            given = await _explored(trajectory, _cells_input(form, part, context.name), sandbox, seconds)
            if given is not None and _says_something(given[0], trajectory.answer):
                found.append(_Part(part, given[0], await _called(candidate, part, sandbox, seconds)))
    arguments = defaults_of(candidate.signature)
    return tuple(
        Example(name=f"sealed {number}", context=one.context, arguments=arguments, expected=_told(one))
        for number, one in enumerate(_trusted(found, trajectory, candidate), 1)
    )


def _cells_input(form: Form, part: Texts, name: str) -> Binding:
    """A part as the cells of the exploration find it: several inputs as variables of their own, too."""
    binding = handed(form, part, name)
    return replace(binding, code=f"{binding.code}\n{unpacked(form, name)}") if form.parts else binding


def join(
    holdout: Sequence[Example], context: Texts, arguments: Mapping[str, int | float | str], answer: Plain
) -> tuple[Example, ...]:
    """The sealed uses with a later run's, whose answer was found right. Those beyond bounds and those known are not."""
    known = any(one.context == context and dict(one.arguments) == dict(arguments) for one in holdout)
    if known or len(holdout) >= _MOST_SEALED or _size(context) > _LARGEST:
        return tuple(holdout)
    return (*holdout, Example(name=f"later {len(holdout) + 1}", context=context, arguments=arguments, expected=answer))


def _trusted(found: Sequence[_Part], trajectory: Trajectory, candidate: Candidate) -> list[_Part]:
    """The parts on which the cells computed their answer.

    A difference from the tool counts against the tool, unless the cells may have used what their author read off a
    print, which the tool finds by itself.
    """
    if all(equal_answer(one.cells, trajectory.answer) for one in found) and not all(one.agreed for one in found):
        return []  # the answer was written down
    if _read_off(trajectory, candidate):
        return [one for one in found if one.agreed]
    return list(found)


def _read_off(trajectory: Trajectory, candidate: Candidate) -> bool:
    """Whether a cell holds a value that an earlier one printed, and that is neither the question's nor in the tool."""
    printed = ""
    for cell in trajectory.cells:
        for value in _values(cell.code):
            text = str(value)
            elsewhere = text in candidate.source or text.casefold() in trajectory.question.casefold()
            if not elsewhere and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", printed):
                return True
        printed += cell.result.stdout
    return False


def _values(code: str) -> Iterable[str | int | float]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float) and len(str(node.value)) > 1:
            yield node.value


async def _explored(trajectory: Trajectory, part: Binding, sandbox: Sandbox, seconds: float) -> list[Plain] | None:
    """What the cells submit on a part, in a list; None when they submit nothing, or ask a model."""

    async def refuse(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        raise SandboxLost("calls", "no model answers here")

    asks = HostFunction(handler=refuse, batched=True)
    try:
        session = await sandbox.open_session(part.inputs, {"llm_query": asks, "rlm_query": asks})
        try:
            await session.run(f"{part.code}\n{_REPL}", timeout=seconds)
            for cell in trajectory.cells:
                if not cell.lost:
                    await session.run(cell.code, timeout=seconds)
            given = (await session.run(_SUBMITTED, timeout=seconds)).value
        finally:
            await session.close()
    except SandboxLost:
        return None
    return list(given) if isinstance(given, list) else None


async def _called(candidate: Candidate, part: Texts, sandbox: Sandbox, seconds: float) -> tuple[Plain, ...] | None:
    answer = await call(candidate, part, defaults_of(candidate.signature), sandbox, seconds=seconds)
    return answer.values if isinstance(answer, Answered) else None


def _told(part: _Part) -> Plain:
    """The recorded answer: as the tool types it where both say the same (2 and 2.0)."""
    return part.tool[0] if part.agreed and part.tool is not None else part.cells


def _says_something(value: Plain, answer: Plain) -> bool:
    return means_something(value) or same_answer(value, answer)


def _size(context: Texts) -> int:
    return len(context) if isinstance(context, str) else sum(len(name) + len(body) for name, body in context.items())
