"""What a reviewer sees of one candidate: on a terminal of 80 columns, piped, and as JSON."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from lithify.cli.options import printable
from lithify.records.tool import Candidate, Example, GateResult, Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from lithify.services.reviewing import Pending

_MARK: Mapping[Outcome, str] = {"pass": "✓", "fail": "✗", "needs-person": "?", "not-run": "–"}
_STYLE: Mapping[Outcome, str] = {"pass": "green", "fail": "red", "needs-person": "yellow", "not-run": "dim"}
_EVIDENCE_LINES = 8
_VALUE = 200


def show(item: Pending, *, whole: bool = False) -> None:
    """One item: what it would become, where it came from, its code or what changes in it, evidence, examples.

    whole: the source in full, where it would be a diff otherwise.
    """
    console = _console()
    click.echo()
    for line, style in _head(item):
        _line(console, line, style)
    console.print()
    before = item.placement.source if item.placement is not None else ""
    changed = _diff(before, item.candidate.source, item.placement.tool if item.placement else "")
    if before and changed and not whole:
        _code(console, changed, "diff")
        _line(console, "[s]ource shows it whole", "dim")
    else:
        _code(console, item.candidate.source, "python")
    console.print()
    for result in item.verdict.results:
        _gate(console, result)
    for line in (*_properties(item), *_examples(item)):
        _line(console, line)


def as_object(item: Pending) -> dict[str, object]:
    """The same for programs."""
    candidate, placement = item.candidate, item.placement
    origin = candidate.provenance
    return {
        "kind": item.kind,
        "id": item.name,
        "function": candidate.signature.function,
        "description": candidate.description,
        "answers": candidate.recipe.template,
        "run_id": origin.run_id,
        "question": origin.question,
        "model": origin.model,
        "model_calls": origin.model_calls,
        "cost": None if origin.cost is None else str(origin.cost),
        "outcome": item.verdict.outcome,
        "becomes": None
        if placement is None
        else {
            "kind": placement.kind,
            "tool": placement.tool,
            "version": placement.version,
            "semver": placement.semver,
            "reasons": list(placement.reasons),
        },
        "heals": _healed_object(candidate),
        "gates": [
            {
                "gate": one.gate,
                "outcome": one.outcome,
                "evidence": one.evidence,
                "remedy": one.remedy,
                "score": one.score,
            }
            for one in item.verdict.results
        ],
        "properties": [
            {"name": one.name, "says": one.says, "example": one.example, "dropped": one.dropped}
            for one in candidate.properties
        ],
        "examples": [
            {"name": one.name, "arguments": dict(one.arguments), "expected": one.expected} for one in candidate.examples
        ],
        "source": candidate.source,
    }


def _healed_object(candidate: Candidate) -> dict[str, object] | None:
    healed = candidate.healed
    if healed is None:
        return None
    return {
        "tool": healed.tool,
        "version": healed.version,
        "by": healed.by,
        "run_id": healed.run_id,
        "why": healed.why,
        "case": healed.case,
        "overrules": list(healed.overrules),
        "softens": list(healed.cases),
    }


def becomes(item: Pending) -> str:
    """What saying yes would do, in a line; "" for a tool that was edited by hand."""
    placement = item.placement
    if placement is None:
        return ""
    said = {
        "new": f"a new tool, {placement.tool} {placement.semver}",
        "version": f"{placement.tool} {placement.semver} (v{placement.version})",
        "same": f"nothing new: {placement.tool} {placement.semver} is the same",
        "refused": "nothing: it would be refused",
    }[placement.kind]
    return f"would become {said}" if placement.kind in ("new", "version") else f"would give {said}"


def _console() -> Console:
    from rich.console import Console

    colour = click.get_current_context().color
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False, no_color=colour is False)


def _line(console: Console, line: str, style: str = "", *, mark: str = "") -> None:
    """One line in a style, or only its mark; on a terminal what goes on in the next lines stands further in."""
    from rich.text import Text

    if not console.is_terminal:
        click.echo(f"{mark}{line}")
        return
    inside = len(mark) + len(line) - len(line.lstrip()) + (0 if mark else 2)
    wrapped = textwrap.wrap(
        f"{mark}{line}", console.width - 1, subsequent_indent=" " * inside, drop_whitespace=True, tabsize=4
    )
    for number, part in enumerate(wrapped or [""]):
        text = Text(part) if mark else Text(part, style=style)
        if mark and number == 0:
            text.stylize(style, 0, len(mark))
        console.print(text)


def _code(console: Console, text: str, language: str) -> None:
    """With colours on a terminal; as it is where nobody looks."""
    if not console.is_terminal:
        click.echo(printable(text).rstrip("\n"))
        return
    from rich.syntax import Syntax

    numbers = language == "python"
    console.print(
        Syntax(printable(text).rstrip(), language, theme="ansi_dark", line_numbers=numbers, word_wrap=True, tab_size=4)
    )


def _head(item: Pending) -> Iterator[tuple[str, str]]:
    candidate = item.candidate
    origin = candidate.provenance
    cost = "unpriced" if origin.cost is None else f"${origin.cost:.4f}"
    edited = " (edited by hand)" if item.kind == "edited" else ""
    yield f"{candidate.signature.function}{edited}  [{item.name}]", "bold"
    yield printable(candidate.description), ""
    yield f"answers: {printable(candidate.recipe.template)}", ""
    calls = f"{origin.model_calls} call{'s' if origin.model_calls != 1 else ''}"
    yield f"from run {origin.run_id}, {printable(origin.model)}, {calls}, {cost}: {printable(origin.question)}", "dim"
    if item.placement is not None:
        yield becomes(item), "cyan"
        for reason in item.placement.reasons:
            yield f"  {printable(reason)}", "cyan"
    for line in _healed(candidate):
        yield printable(line), "yellow"
    for callee in candidate.callees:
        yield f"calls the kept tool {callee}", ""
    for note in candidate.notes:
        yield f"note: {printable(note)}", "dim"


def _healed(candidate: Candidate) -> Iterator[str]:
    """What the version before failed, and what this one answers otherwise."""
    healed = candidate.healed
    if healed is None:
        return
    how = {
        "shape": "did not know this shape of input",
        "run": "gave no answer",
        "person": "was said to be wrong",
        "shadow": "was contradicted by a fresh derivation",
    }[healed.by]
    if healed.cases:
        number = len(healed.cases)
        yield f"softens {healed.tool} v{healed.version}: {healed.why}"
        yield f"  it asks a model, and spends, where its code has no answer; of its uses {number} were open cases"
        return
    verb = "corrects" if healed.overrules else "heals"
    yield f"{verb} {healed.tool} v{healed.version}, which {how} in run {healed.run_id}: {healed.why}"
    case = next((one for one in candidate.examples if one.name == healed.case), None)
    if case is not None:
        yield f"  the failing case is the example {case.name!r}: ({_arguments(case)}) → {_short(repr(case.expected))}"
    if healed.overrules:
        number = len(healed.overrules)
        yield (
            f"  it answers {number} recorded use{'s' if number != 1 else ''} of {healed.tool} otherwise "
            f"({', '.join(healed.overrules)}): only one of the two can be right"
        )


def _diff(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{name} as it is kept", "as it would be", lineterm=""
    )
    return "\n".join(lines)


def _gate(console: Console, result: GateResult) -> None:
    lines = printable(result.evidence).splitlines() or [""]
    _line(console, f"{result.gate}: {lines[0]}", _STYLE[result.outcome], mark=f"{_MARK[result.outcome]} ")
    for line in lines[1 : _EVIDENCE_LINES + 1]:
        _line(console, f"    {line}")
    if len(lines) > _EVIDENCE_LINES + 1:
        _line(console, f"    … and {len(lines) - _EVIDENCE_LINES - 1} more lines", "dim")
    if result.outcome != "pass" and result.remedy:
        _line(console, f"  what would change it: {printable(result.remedy)}")


def _properties(item: Pending) -> Iterator[str]:
    for number, one in enumerate((each for each in item.candidate.properties if not each.dropped), start=1):
        yield f"property {number} {one.name}: {printable(one.says)}"
        if one.example:
            yield f"    {printable(one.example)[:_VALUE]}"


def _examples(item: Pending) -> Iterator[str]:
    for example in item.candidate.examples:
        expected = _short(printable(repr(example.expected)))
        yield f"example {printable(example.name)}: ({_arguments(example)}) → {expected}"
    sealed = len(item.candidate.holdout)
    if sealed:
        yield f"and {sealed} sealed use{'s' if sealed != 1 else ''} that its author never saw"


def _arguments(example: Example) -> str:
    return printable(", ".join(f"{name}={value!r}" for name, value in example.arguments.items()))


def _short(text: str) -> str:
    return text if len(text) <= _VALUE else f"{text[:_VALUE]}…"
