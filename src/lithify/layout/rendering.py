"""From records to files: tool.py, tool.toml, tests/test_examples.py, tests/fixtures/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lithify.layout.contents import Contents, contents_of
from lithify.layout.linking import imported_tools
from lithify.layout.naming import check_tool_name
from lithify.layout.sheet import Sheet, sheet_to_bytes
from lithify.layout.suite import CASES_PATH, FIXTURES, HOLDOUT, HOLDOUT_CASES_PATH, SUITE_PATH, suite_text
from lithify.layout.table import Toml, dump
from lithify.layout.tables import recipe_to_table
from lithify.layout.written import BY_ROWS, Form, form_of
from lithify.records.plain_json import JsonValue, to_json
from lithify.records.tool import Candidate, Example, Recipe

_UNSAFE = re.compile(r"[^a-z0-9]+")


def sheet_of(candidate: Candidate) -> Sheet:
    """What tool.toml says of a candidate: its function's name, version 1."""
    return Sheet(
        name=check_tool_name(candidate.signature.function),
        version=1,
        grade="evals" if candidate.signature.needs_llm else "code",
        candidate=candidate.id,
        signature=candidate.signature,
        description=candidate.description,
        requirements=candidate.requirements,
        applicability=(candidate.applicability,),
        provenance=candidate.provenance,
        notes=candidate.notes,
        properties=candidate.properties,
        originals=candidate.originals,
        healed=candidate.healed,
    )


def render(
    sheet: Sheet,
    source: str,
    examples: Sequence[Example],
    holdout: Sequence[Example] = (),
    extra: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The folder of a tool: relative path → bytes. holdout, extra: as in Candidate. Private uses are left out."""
    form = form_of(sheet.signature)
    files = {
        **(extra or {}),
        "tool.py": source.encode("utf-8", "surrogatepass"),
        "tool.toml": sheet_to_bytes(sheet),
        SUITE_PATH: suite_text(
            sheet.signature.function, linked=bool(imported_tools(source)), asks=sheet.signature.needs_llm, form=form
        ).encode(),
        **_cases([one for one in examples if not one.private], FIXTURES, CASES_PATH, form),
    }
    sealed = [one for one in holdout if not one.private]
    return {**files, **_cases(sealed, HOLDOUT, HOLDOUT_CASES_PATH, form)} if sealed else files


def in_clear(candidate: Candidate) -> Candidate:
    """The candidate with no use of it private: what the gates judge, and what waits beside the library for a word."""
    examples = tuple(replace(one, private=False) for one in candidate.examples)
    return replace(
        candidate, examples=examples, holdout=tuple(replace(one, private=False) for one in candidate.holdout)
    )


def _cases(examples: Sequence[Example], folder: str, table: str, form: Form) -> dict[str, bytes]:
    """Uses as files: one for each input, and the table of all."""
    files: dict[str, bytes] = {}
    cases: list[JsonValue] = []
    for number, example in enumerate(examples, start=1):
        stem = f"{number:02d}-{_UNSAFE.sub('-', example.name.lower()).strip('-')[:40] or 'example'}"
        paths: dict[str, JsonValue] = {}
        for name, part, text in _texts_of(example, form):
            path = paths[name] = f"{stem}.{name}{_suffix(part)}" if name else f"{stem}{_suffix(part)}"
            files[f"{folder}{path}"] = text.encode("utf-8", "surrogatepass")
        case: dict[str, JsonValue] = {
            "name": example.name,
            "context": paths if form.parts else paths[""],
            "arguments": dict(example.arguments),
            "expected": to_json(example.expected),
        }
        if example.replies:
            case["replies"] = [[reply.prompt, to_json(reply.answer)] for reply in example.replies]
        cases.append(case)
    files[table] = _json(cases).encode()
    return files


def render_candidate(candidate: Candidate) -> dict[str, bytes]:
    """The folder of a candidate as it would enter an empty library."""
    return render(sheet_of(candidate), candidate.source, candidate.examples, candidate.holdout, candidate.extra)


def candidate_contents(candidate: Candidate) -> Contents:
    """The identity of a candidate with its recipe and the tools that it imports: what a Verdict is bound to."""
    recipe = render_recipes(candidate.signature.function, [candidate.recipe])
    callees = {f"../{name}/tool.py": text.encode("utf-8", "surrogatepass") for name, text in candidate.callees.items()}
    return contents_of({**render_candidate(candidate), **callees, "recipe.toml": recipe}, candidate.requirements)


def render_recipes(name: str, recipes: Iterable[Recipe]) -> bytes:
    """recipes/NAME.toml: every question template that the tool answers."""
    table: dict[str, Toml] = {"tool": name, "recipes": [recipe_to_table(recipe) for recipe in recipes]}
    return dump("Which questions this tool answers, and with which arguments.", table)


def _texts_of(example: Example, form: Form) -> Iterator[tuple[str, Form, str]]:
    """(name of the input or "", its form, its text) for what a use was recorded on."""
    context = example.context
    if isinstance(context, str):
        yield "", form, context
    elif form.parts:
        for name, part in form.parts:
            yield name, part, _json(json.loads(context[name])) if part.kind == "files" else context[name]
    else:
        yield "", Form(kind="files"), _json(dict(context))


def _suffix(form: Form) -> str:
    if form.kind == "text":
        return ".txt"
    return ".jsonl" if form.kind in BY_ROWS else ".json"


def _json(value: JsonValue) -> str:
    """JSON for a person to read; escapes only where the text is not valid Unicode."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    return text + "\n"
