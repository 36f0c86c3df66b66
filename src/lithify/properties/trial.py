"""Trying relations in the sandbox: a tool, its recorded uses, and the tests as they would be kept."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from lithify.errors import SandboxLost
from lithify.layout import COMPARISON, definition, form_of, opening, recorded_llm
from lithify.ports import Sandbox, Session
from lithify.properties.frame import MODULES, OneOf, Parts, trial_text
from lithify.properties.relation import Relation
from lithify.records.plain import Plain
from lithify.records.plain_json import to_json
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Example, Signature

_CONTEXTS = "__lithify_contexts__"
_OWN_SECONDS = 30.0
_SHOWN = 160
_PRELUDE = '''
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

def __lithify_uses__(cases, names):
    global USES
    USES = [case for case in cases if case["name"] in names]

def context_of(use):
    context = __lithify_contexts__[use["context"]]
    return dict(context) if isinstance(context, dict) else context

def recorded_llm(use):
    return __lithify_llm__

def __lithify_profile__(examples):
    settings.register_profile(
        "trial", database=None, deadline=None, derandomize=True, max_examples=examples,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("trial")

def halves(lines):
    return lines[: len(lines) // 2], lines[len(lines) // 2 :]

def twice(lines):
    return [line for line in lines for _ in range(2)]

def __lithify_resampled__(names):
    """Further uses, whose inputs are drawn from the lines (or files) of these; the names of those that say something"""
    import random

    draw = random.Random(1)
    found = []
    for case in [case for case in __lithify_cases__ if case["name"] in names][:2]:
        context = __lithify_contexts__[case["context"]]
        for number in range(8):
            if isinstance(context, str) or __lithify_lined__:
                head, lines = lines_of(case)
                chosen = [draw.choice(lines) for _ in range(draw.randint(1, 2 * min(len(lines), 40)))]
                other = joined(head, chosen)
            else:
                chosen = draw.sample(sorted(context), draw.randint(1, len(context)))
                other = {name: context[name] for name in chosen}
            __lithify_contexts__.append(other)
            use = {**case, "name": "resampled " + str(len(found)), "context": len(__lithify_contexts__) - 1}
            try:
                use["expected"] = answer(other, use)
            except Exception:
                continue
            if use["expected"]:
                __lithify_cases__.append(use)
                found.append(use["name"])
    return found

def __lithify_try__(name):
    """[held, answers on a changed input or with changed arguments, those of them that say something]"""
    tally = [0, 0]
    whole = {repr((context_of(use), use["arguments"])) for use in USES}
    inner = __lithify_answer__

    def counting(context, use, **changed):
        other = repr((context, {**use["arguments"], **changed})) not in whole
        tally[0] += other
        found = inner(context, use, **changed)
        if other:
            tally[1] += bool(found) and not (isinstance(found, dict) and not any(found.values()))
        return found

    globals()["answer"] = counting
    try:
        globals()["test_" + name]()
    finally:
        globals()["answer"] = inner
    return tally

def __lithify_shown__(expression, parameter):
    use = USES[0]
    context = context_of(use)
    space = {"use": use, "context": context, "expected": use["expected"], "given": use["arguments"].get(parameter)}
    if isinstance(context, str) or __lithify_lined__:
        space["head"], space["lines"] = lines_of(use)
    return str(eval(expression, {**globals(), **space}))

def __lithify_given__(context, **changed):
    """["value", what the tool gives] or ["raised", the kind of exception]"""
    try:
        return ["value", answer(context, USES[0], **changed)]
    except Exception as error:
        return ["raised", type(error).__name__]
'''
_RAISES = """
import contextlib, types
@contextlib.contextmanager
def __lithify_raises__(kind):
    try:
        yield
    except kind:
        return
    raise AssertionError("it did not raise")
pytest = types.SimpleNamespace(raises=__lithify_raises__)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What became of one relation: it held; changed: on how many answers to changed inputs; telling: of these, how
    many said something."""

    changed: int
    telling: int


class Trial:
    """A session with the tool in it. seconds: what all tests together may still take; less with every one."""

    def __init__(self, session: Session, signature: Signature, parts: Parts, seconds: float) -> None:
        self._session = session
        self._form = form_of(signature)
        self._parts = parts
        self._asks = signature.needs_llm
        self.seconds = seconds

    @classmethod
    async def of(
        cls, candidate: Candidate, uses: Sequence[Example], sandbox: Sandbox, *, parts: Parts, seconds: float
    ) -> Trial | None:
        """Open one; None when the tool cannot be defined, or there is no hypothesis."""
        contexts = [dict(use.context) if isinstance(use.context, Mapping) else use.context for use in uses]
        session = await sandbox.open_session({_CONTEXTS: contexts})
        asks = candidate.signature.needs_llm
        cells = [*definition(candidate.signature.function, candidate.source, candidate.callees)]
        if asks:
            cells.append(recorded_llm(reply for use in uses for reply in use.replies))
        cells += [_RAISES, _IMPORTS + COMPARISON, opening(form_of(candidate.signature)), _PRELUDE, _cases(uses)]
        cells.append(f"TOOL = {candidate.signature.function}\n__lithify_lined__ = {isinstance(parts, OneOf)}")
        trial = cls(session, candidate.signature, parts, seconds)
        for cell in filter(None, cells):
            if (await session.run(cell, timeout=_OWN_SECONDS)).error is not None:
                await session.close()
                return None
        return trial

    async def begin(self, relations: Sequence[Relation], names: Sequence[str], examples: int) -> None:
        """Define the tests of some relations over the uses of these names; each is tried on so many examples."""
        text = trial_text(relations, self._form, parts=self._parts, asks=self._asks)
        await self._session.run(f"__lithify_profile__({examples})", timeout=_OWN_SECONDS)
        await self._session.run(f"__lithify_uses__(__lithify_cases__, {list(names)!r})", timeout=_OWN_SECONDS)
        await self._session.run(f"{text}\n__lithify_answer__ = answer", timeout=_OWN_SECONDS)

    async def holds(self, relation: Relation, seconds: float) -> Held | None:
        """Whether the test of a relation passes within some seconds."""
        found = await self._value(f"__lithify_try__({relation.name!r})", min(seconds, self.seconds))
        match found:
            case [int(changed), int(telling)]:
                return Held(changed=changed, telling=telling)
        return None

    async def shown(self, relation: Relation, parameter: str = "") -> str:
        """One instance of a relation, for a reviewer."""
        found = await self._value(f"__lithify_shown__({relation.shown!r}, {parameter!r})", 2.0)
        text = " ".join(found.split()) if isinstance(found, str) else ""
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

    async def given(self, call: str) -> tuple[str, Plain]:
        """("value", what the tool gives) or ("raised", the kind of exception); ("", None) when it cannot be told.

        call: the arguments of `answer` without the use, as source.
        """
        found = await self._value(f"__lithify_given__({call})", 2.0)
        match found:
            case ["value" | "raised" as kind, value]:
                return kind, value
        return "", None

    async def resampled(self, names: Sequence[str]) -> list[str]:
        """Make further uses from the lines or files of these, with what the tool answers; their names."""
        found = await self._value(f"__lithify_resampled__({list(names)!r})", 2.0)
        return [str(name) for name in found] if isinstance(found, list) else []

    async def close(self) -> None:
        """End the session."""
        await self._session.close()

    async def _value(self, code: str, seconds: float) -> Plain:
        if seconds <= 0:
            return None
        try:
            result = await self._session.run(code, timeout=seconds)
        except SandboxLost:
            self.seconds = 0.0
            return None
        self.seconds -= result.seconds
        return result.value if result.error is None and result.value_plain else None


_IMPORTS = "import base64\nimport math\nfrom datetime import timedelta\nfrom decimal import Decimal\n"
_IMPORTS += "".join(f"import {module}\n" for module in MODULES)


def _cases(uses: Sequence[Example]) -> str:
    cases = [
        {
            "name": use.name,
            "context": number,
            "arguments": dict(use.arguments),
            "expected": to_json(use.expected),
        }
        for number, use in enumerate(uses)
    ]
    return f"__lithify_cases__ = {cases!r}"


def literal(value: Plain) -> str:
    """A value as source, or "" when it is too long to be read."""
    text = repr(to_json(value))
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return ""
    return text if len(text) <= _SHOWN else ""
