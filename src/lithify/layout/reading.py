"""From files back to records."""

from __future__ import annotations

import json

from lithify.errors import LibraryProblem
from lithify.layout.contents import Files
from lithify.layout.sheet import Sheet, read_sheet
from lithify.layout.suite import CASES_PATH, FIXTURES, HOLDOUT, HOLDOUT_CASES_PATH, SUITE_PATH
from lithify.layout.table import Table, parse
from lithify.layout.tables import recipe_from_table
from lithify.layout.written import Form, form_of
from lithify.records.context import Texts
from lithify.records.plain_json import from_json
from lithify.records.tool import Candidate, Example, Recipe, Reply


def file_of(files: Files, path: str, where: str) -> bytes:
    """One file of a folder that is called `where`. Raises LibraryProblem when it is missing."""
    data = files.get(path)
    if data is None:
        raise LibraryProblem(f"{where}/{path} is missing; `git checkout -- {where}` restores it")
    return data


def read_folder_sheet(files: Files, where: str) -> Sheet:
    """tool.toml of a folder."""
    return read_sheet(f"{where}/tool.toml", file_of(files, "tool.toml", where))


def read_source(files: Files, where: str) -> str:
    """tool.py of a folder. Raises LibraryProblem when it is missing or not UTF-8."""
    try:
        return file_of(files, "tool.py", where).decode("utf-8")
    except UnicodeDecodeError as error:
        raise LibraryProblem(f"{where}/tool.py is not UTF-8: {error}") from error


def read_recipes(where: str, data: bytes) -> tuple[Recipe, ...]:
    """recipes/NAME.toml."""
    return recipes_from_table(parse(where, data))


def recipes_from_table(table: Table) -> tuple[Recipe, ...]:
    """What the table of a recipes/NAME.toml says. Raises LibraryProblem naming file and key."""
    tool = table.text("tool")
    return tuple(recipe_from_table(one, tool) for one in table.tables("recipes"))


def read_examples(files: Files, where: str, form: Form) -> tuple[Example, ...]:
    """The recorded examples of a folder whose tool reads this form.

    Raises LibraryProblem for a case that is none, or whose input is missing.
    """
    return _read_cases(files, where, (FIXTURES, CASES_PATH), form)


def read_holdout(files: Files, where: str, form: Form) -> tuple[Example, ...]:
    """The sealed uses of a folder, of which there may be none. Raises LibraryProblem as read_examples does."""
    places = (HOLDOUT, HOLDOUT_CASES_PATH)
    return _read_cases(files, where, places, form) if HOLDOUT_CASES_PATH in files else ()


def read_extra(files: Files) -> dict[str, bytes]:
    """The further tests of a folder and their data: what lies in tests/ and is not written from the records."""
    known = fixture_paths(files) | {SUITE_PATH, CASES_PATH}
    return {path: data for path, data in files.items() if path.startswith("tests/") and path not in known}


def _read_cases(files: Files, where: str, places: tuple[str, str], form: Form) -> tuple[Example, ...]:
    folder, table = places
    try:
        cases = json.loads(file_of(files, table, where).decode("utf-8"))
        return tuple(_example(case, files, where, folder, form) for case in cases)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LibraryProblem(
            f"{where}/{table} does not hold cases (name, context, arguments, expected): {type(error).__name__}: {error}"
        ) from error


def fixture_paths(files: Files) -> frozenset[str]:
    """The input files that the cases of a folder name: those that lithify wrote. Empty when it cannot be told."""
    try:
        cases = json.loads(files.get(CASES_PATH, b"[]").decode("utf-8"))
        return frozenset(FIXTURES + str(path) for case in cases for path in _paths(case["context"]).values())
    except (ValueError, KeyError, TypeError):
        return frozenset()


def candidate_from(files: Files, recipe: Recipe, where: str) -> Candidate:
    """The candidate that a folder holds, as the files stand; whether they are vouched for is not asked here."""
    sheet = read_folder_sheet(files, where)
    return Candidate(
        id=sheet.candidate or sheet.name,
        signature=sheet.signature,
        description=sheet.description,
        source=read_source(files, where),
        requirements=sheet.requirements,
        recipe=recipe,
        applicability=sheet.applicability[0],
        examples=read_examples(files, where, form_of(sheet.signature)),
        provenance=sheet.provenance,
        notes=sheet.notes,
        holdout=read_holdout(files, where, form_of(sheet.signature)),
        extra=read_extra(files),
        properties=sheet.properties,
        originals=sheet.originals,
        healed=sheet.healed,
    )


def _example(case: dict[str, object], files: Files, where: str, folder: str, form: Form) -> Example:
    name, paths, arguments = case["name"], _paths(case["context"]), case["arguments"]
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise TypeError("name is a string, arguments is an object")
    texts = {one: file_of(files, folder + path, where).decode("utf-8", "surrogatepass") for one, path in paths.items()}
    context: Texts = {one: texts[one] for one, _ in form.parts} if form.parts else texts[""]
    if isinstance(context, str) and paths[""].endswith(".json") and not form.written:
        context = json.loads(context)
    return Example(
        name=name,
        context=context,
        arguments=arguments,
        expected=from_json(case["expected"]),  # type: ignore[arg-type] # JSON data by construction
        replies=_replies(case.get("replies", [])),
    )


def _paths(context: object) -> dict[str, str]:
    """The files of a case's input: one, by "", or one for each of several inputs, by name."""
    found: dict[str, str] = {}
    for name, path in (context if isinstance(context, dict) else {"": context}).items():
        if not isinstance(name, str) or not isinstance(path, str):
            raise TypeError("context is a string, or an object of strings")
        found[name] = path
    return found


def _replies(pairs: object) -> tuple[Reply, ...]:
    if not isinstance(pairs, list):
        raise TypeError("replies is a list of pairs, prompt and answer")
    return tuple(Reply(prompt=str(prompt), answer=from_json(answer)) for prompt, answer in pairs)
