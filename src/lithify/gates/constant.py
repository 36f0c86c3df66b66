"""Gate: the answer comes from the context. A tool that returns what it once saw is refused."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Mapping, Sequence

from lithify.gates.dependence import Dependence, dependence_of
from lithify.gates.folding import folded
from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.regions import fewer
from lithify.gates.running import FIRST_SEED, Answered, Failed, call, shown
from lithify.layout import Form, form_of, nothing, same_answer
from lithify.records.answers import means_something
from lithify.records.context import Texts
from lithify.records.plain import Plain
from lithify.records.tool import Example

_UNRELATED = "the quick brown fox jumps over the lazy dog\npack my box with five dozen liquor jugs\n" * 3
_REMEDY = (
    "compute the answer from the context; if it does, add an example whose answer is another one: on this one it "
    "cannot be told from a constant"
)
_ORDINARY_BELOW = 10
_MAX_PROBED = 2_000_000


class ConstantGate:
    """Reads whether what is returned depends on the context, then runs the tool on other contexts and compares."""

    name = "constant"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        candidate = subject.candidate
        signature = candidate.signature
        tree = ast.parse(candidate.source)
        dependence = dependence_of(tree, signature.function, signature.context_parameters)
        if dependence is Dependence.NONE:
            named = " or ".join(map(repr, signature.context_parameters))
            evidence = f"nothing that is returned depends on {named}: it returns a constant"
            return Finding(outcome="fail", evidence=evidence, remedy=_REMEDY)
        example = min(candidate.examples, key=lambda one: (not means_something(one.expected), _size(one)))
        probes = _probes(example.context, form_of(signature))
        sandbox = await bench.with_seed(FIRST_SEED)
        answers = await asyncio.gather(
            *(
                call(candidate, probe, example.arguments, sandbox, seconds=bench.bounds.seconds)
                for probe in probes.values()
            )
        )
        given = dict(zip(probes, answers, strict=True))
        if not _varies(given, example.expected, dependence):
            tried = ", ".join(given)
            return Finding(
                outcome="fail",
                evidence=f"returns a constant: {shown(example.expected)} on {example.name}, and the same on {tried}",
                remedy=_REMEDY,
            )
        repeated = _repeated(tree, candidate.examples, candidate.recipe.question)
        if repeated is not None:
            return Finding(
                outcome="needs-person",
                evidence=f"the recorded answer holds {repeated!r}, and so does the code",
                remedy="see that the code finds it in the context, and does not just say it",
            )
        others = [name for name, answer in given.items() if _differs(answer, example.expected)]
        evidence = f"answers {shown(example.expected)} on {example.name}, and something else on {', '.join(others)}"
        return Finding(outcome="pass", evidence=evidence)


def _varies(given: Mapping[str, Answered | Failed], expected: Plain, dependence: Dependence) -> bool:
    """Whether the answers show that the context matters.

    An answer that is only chosen by the context, and not computed from it, must show more: a constant with a check in
    front (`if log: return "sshd"`) gives something else on nothing, and an exception where the check says no.
    """
    if dependence is Dependence.COMPUTED:
        return any(_differs(answer, expected) for answer in given.values())
    answered = {name: answer for name, answer in given.items() if isinstance(answer, Answered) and name != _NOTHING}
    return any(_differs(answer, expected) for answer in answered.values())


def _differs(answer: Answered | Failed, expected: Plain) -> bool:
    if isinstance(answer, Failed):
        return answer.raised
    return not same_answer(expected, answer.values[0])


_NOTHING = "nothing"
_FEWER = ("every second element of it", "it without two elements", "it without one element", "without another one")


def _probes(context: Texts, form: Form) -> dict[str, Texts]:
    """Other contexts: nothing, another text, and parts of the example."""
    if form.written:
        less = zip(_FEWER, reversed(fewer(context, form)), strict=False)
        return {_NOTHING: nothing(context, form), **dict(less)}
    if isinstance(context, str):
        lines = context[:_MAX_PROBED].splitlines(keepends=True)
        half = len(lines) // 2
        first, second = "".join(lines[:half]), "".join(lines[half:])
        return {_NOTHING: "", "another text": _UNRELATED, "its first half": first, "its second half": second}
    names = sorted(context)
    half = len(names) // 2
    parts: dict[str, Texts] = {_NOTHING: {}, "another file": {"notes.txt": _UNRELATED}}
    parts["its first files"] = {name: context[name] for name in names[:half]}
    parts["its last files"] = {name: context[name] for name in names[half:]}
    parts["its files emptied"] = dict.fromkeys(names, "")
    return parts


def _size(example: Example) -> int:
    return len(example.context) if isinstance(example.context, str) else sum(map(len, example.context.values()))


def _repeated(tree: ast.Module, examples: Sequence[Example], question: str) -> Plain:
    """A part of a recorded answer that stands in the code; None when there is none that means much.

    Not what the question says, nor words that are not in the input: those are the code's own.
    """
    said = question.casefold()
    constants = {(type(value), value) for node in ast.walk(tree) if (value := folded(node)) is not None}
    for example in examples:
        given = {(type(value), value) for value in example.arguments.values()}
        for leaf in _leaves(example.expected):
            found = (type(leaf), leaf) in constants - given and str(leaf).casefold() not in said
            if found and _tells(leaf, example.context):
                return leaf
    return None


def _tells(leaf: Plain, context: str | Mapping[str, str]) -> bool:
    """Whether a value in code and answer alike is remarkable: of the input; no single letter, small or round number."""
    if isinstance(leaf, str):
        texts = [context] if isinstance(context, str) else [*context, *context.values()]
        return len(leaf.strip()) > 1 and any(leaf in text for text in texts)
    if isinstance(leaf, bool) or not isinstance(leaf, int | float):
        return False
    return abs(leaf) >= _ORDINARY_BELOW and leaf % _ORDINARY_BELOW != 0


def _leaves(value: Plain) -> Iterator[Plain]:
    """The scalars in an answer; of a dict, the values: its keys are often names that the code gives."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
