"""Into the library: the files of a tool, its recipes and its entry in the lock, in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout import (
    FIRST_SEMVER,
    HOLDOUT,
    PROPERTIES_PATH,
    SUITE_PATH,
    Change,
    Files,
    Sheet,
    candidate_from,
    compare,
    contents_of,
    fixture_paths,
    form_of,
    is_tool_name,
    next_semver,
    read_examples,
    read_holdout,
    render_candidate,
    sheet_to_bytes,
)
from lithify.library.commits import Commits
from lithify.library.installed import told
from lithify.library.keeping import Plan
from lithify.library.linking import callees_in, with_callees
from lithify.library.lock import Entry, entry_path, write_entry
from lithify.library.messages import TRIED, edited_subject, kept_message, message, verdict_trailer
from lithify.library.past import accepted_sheet
from lithify.library.placing import Shelves
from lithify.library.reading import (
    RECIPES,
    TOOLS,
    Reading,
    library_path,
    parse_files,
    read_files,
    tool_of,
)
from lithify.library.writing import Writer
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Status, Tool, Verdict

_REGRESSION = "regression"
"""The gate that tries the callers of a tool with its new version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """On whose word, and on what evidence, something enters. candidate is its id, when it was one."""

    verdict: Verdict
    status: Status
    by: str
    candidate: str = ""

    @property
    def covers_callers(self) -> bool:
        """Whether the tools that call this one were tried with what enters."""
        return any(one.gate == _REGRESSION and one.outcome == "pass" for one in self.verdict.results)

    def trailers(self) -> dict[str, str]:
        """For the commit message."""
        return {
            "Verdict": verdict_trailer(self.verdict),
            "Policy": next((one.evidence for one in self.verdict.results if one.gate == "policy"), ""),
            "Approved-By": self.by,
            "Candidate": self.candidate,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of one tool: all its files afterwards, which of them are written or removed, and its entry."""

    name: str
    files: Files
    written: Mapping[str, bytes | None]
    entry: Entry
    callees: Mapping[str, str]

    def tool(self, commit: str) -> Tool:
        """The tool after the commit."""
        return tool_of(parse_files(self.files, self.name), self.entry, self.callees, commit)


def enter(writer: Writer, planned: Plan, reading: Reading, approval: Approval) -> Tool:
    """Commit a plan: a new tool, or the next version of one. Files that a person put beside the tool's own stay."""
    steps, change = steps_to_enter(writer.place.path, planned, reading, approval)
    boundary = {"Boundary": ", ".join(planned.beside)}
    trailers = {**_trailers(steps[0], approval, change), **boundary}
    text = kept_message(planned.sheet.name, steps[0].entry.semver, planned.sheet.provenance, trailers)
    return steps[0].tool(commit_steps(writer, reading, steps, text))


def steps_to_enter(path: Path, planned: Plan, reading: Reading, approval: Approval) -> tuple[list[Step], Change | None]:
    """What a plan does to the tool (the first step) and to others, and what it changes for callers of a known one."""
    name = planned.sheet.name
    before = read_files(path, name)
    if planned.keeps_examples:
        where = f"{TOOLS}/{name}"
        sheet = parse_files(before, name).sheet
        form = form_of(sheet.signature)
        planned = planned.with_examples(read_examples(before, where, form), read_holdout(before, where, form))
        planned = replace(planned, sheet=replace(planned.sheet, properties=sheet.properties))
    files = planned.files()
    stale = _written(before, code_stays=planned.keeps_examples) - files.keys()
    others = {one: data for one, data in before.items() if one not in files and one not in stale}
    changed: dict[str, bytes | None] = {**files, **dict.fromkeys(sorted(stale))}
    change = compare(parse_files(before, name).sheet.signature, planned.sheet.signature) if before else None
    step = step_of(path, name, {**others, **files}, changed, entry_after(reading.lock.get(name), change, approval))
    beside = [_bounded(path, other, reading.lock[other], line) for other, line in planned.beside.items()]
    judged = [step] if approval.covers_callers else []
    return [step, *beside, *_repinned([*judged, *beside], reading)], change


def enter_edit(writer: Writer, name: str, reading: Reading, approval: Approval) -> Tool:
    """Commit the folder of a tool as it stands, as its next version.

    Raises LibraryProblem when the generated test file was edited: the gates do not run that one.
    """
    path = writer.place.path
    files = read_files(path, name)
    if files.get(SUITE_PATH) != render_candidate(candidate_in(path, name))[SUITE_PATH]:
        raise LibraryProblem(
            f"{TOOLS}/{name}/{SUITE_PATH} is not as lithify writes it: put tests of your own into another file beside "
            f"it, and restore it with `git -C {path} checkout -- {TOOLS}/{name}/{SUITE_PATH}`"
        )
    sheet = parse_files(files, name).sheet
    before = reading.lock.get(name)
    change = _change_since(writer, name, sheet) if before is not None else None
    entry = entry_after(before, change, approval)
    files["tool.toml"] = sheet_to_bytes(replace(sheet, name=name, version=entry.version))
    gone = before.contents.files.keys() - files.keys() if before is not None else frozenset[str]()
    step = step_of(path, name, files, {**files, **dict.fromkeys(sorted(gone))}, entry)
    text = message(edited_subject(name, entry.semver, known=before is not None), _trailers(step, approval, change))
    dirty = (f"{TOOLS}/{name}/", f"{RECIPES}/{name}.toml", entry_path(name))
    steps = [step, *_repinned([step] if approval.covers_callers else [], reading)]
    return step.tool(commit_steps(writer, reading, steps, text, dirty=dirty))


def _written(before: Files, *, code_stays: bool) -> frozenset[str]:
    """What lithify wrote into a folder for the version before: its recorded and sealed inputs.

    And its properties, unless the code stays what it was: nobody has tried them on other code.
    """
    sealed = frozenset(one for one in before if one.startswith(HOLDOUT))
    properties = frozenset[str]() if code_stays else before.keys() & {PROPERTIES_PATH}
    return fixture_paths(before) | sealed | properties


def candidate_in(path: Path, name: str) -> Candidate:
    """What the folder of a tool holds, as the gates judge it. Raises LibraryProblem when it holds no tool."""
    files = read_files(path, name)
    where = f"{TOOLS}/{name}"
    if not files:
        raise LibraryProblem(f"{where} is missing in {path}; `git -C {path} checkout -- {where}` restores it")
    recipes = parse_files(files, name).recipes
    if not recipes:
        raise LibraryProblem(f"{RECIPES}/{name}.toml holds no recipe, so no question leads to {name}")
    return with_callees(path, candidate_from(files, recipes[0], where))


def names_in_use(path: Path, reading: Reading) -> frozenset[str]:
    """Names that a new tool cannot have: in the lock, or with something of anybody's in their place."""
    folders = {one.name for one in (path / TOOLS).glob("*")}
    recipes = {one.stem for one in (path / RECIPES).glob("*.toml")}
    return frozenset(reading.lock) | reading.refused.keys() | {name for name in folders | recipes if is_tool_name(name)}


def shelves(path: Path, reading: Reading) -> Shelves:
    """What is there, for `place`."""
    torn = {name: reading.refused[name] for name in reading.torn}
    away = tuple(
        tool_of(parse_files(read_files(path, name), name), reading.lock[name], {})
        for name, status in reading.statuses.items()
        if status == "candidate" and name not in reading.torn
    )
    return Shelves(tools=reading.tools, torn=torn, taken=names_in_use(path, reading), away=away)


def entry_after(before: Entry | None, change: Change | None, approval: Approval) -> Entry:
    """The entry of the next version; its contents are for `step_of` to fill in."""
    semver = FIRST_SEMVER
    if before is not None:
        semver = next_semver(before.semver, change.level if change is not None else "patch")
    return Entry(
        version=before.version + 1 if before is not None else 1,
        semver=semver,
        status=approval.status,
        approved_by=approval.by,
        requirements=(),
        contents=contents_of({}, ()),
        verdict=verdict_trailer(approval.verdict),
    )


def step_of(
    path: Path,
    name: str,
    files: Files,
    written: Mapping[str, bytes | None],
    entry: Entry,
    changed: Mapping[str, Tool] | None = None,
) -> Step:
    """The step that leaves a tool with these files. The entry's contents, requirements and imports are filled in.

    changed: other tools as they will be.
    """
    parsed = parse_files(files, name)
    callees = callees_in(path, parsed.source, changed)
    filled = replace(
        entry,
        requirements=parsed.sheet.requirements,
        contents=contents_of(files, parsed.sheet.requirements),
        imports={one: tool.contents for one, tool in callees.items()},
    )
    sources = {one: tool.source for one, tool in callees.items()}
    return Step(name=name, files=files, written=written, entry=filled, callees=sources)


def commit_steps(
    writer: Writer,
    reading: Reading,
    steps: Sequence[Step],
    text: str,
    *,
    dirty: tuple[str, ...] = (),
    gone: Mapping[str, None] | None = None,
) -> str:
    """Commit all steps at once; gives the commit. gone: paths in the library that are removed."""
    before = writer.head()
    after = writer.commit({**(gone or {}), **written_by(steps)}, text, dirty=dirty)
    names = {step.name for step in steps}
    Commits(writer.place).advance(before, after, names, only=not reading.lock.keys() - names)
    return after


def written_by(steps: Sequence[Step]) -> dict[str, bytes | None]:
    """Every file that steps write or remove, entries in the lock included, by its path in the library."""
    written: dict[str, bytes | None] = {}
    for step in steps:
        written |= {library_path(step.name, one): data for one, data in step.written.items()}
        written[entry_path(step.name)] = write_entry(step.name, step.entry)
    return written


def _bounded(path: Path, name: str, entry: Entry, line: str) -> Step:
    """A tool with one more line on what it is not for. Its code, tests and standing stay what they are."""
    files = read_files(path, name)
    sheet = parse_files(files, name).sheet
    lines = (*sheet.not_for, line) if line not in sheet.not_for else sheet.not_for
    version = entry.version + 1
    written = {"tool.toml": sheet_to_bytes(replace(sheet, not_for=lines, version=version))}
    after = replace(entry, version=version, semver=next_semver(entry.semver, "patch"))
    return step_of(path, name, {**files, **written}, written, after)


def _repinned(changed: Sequence[Step], reading: Reading) -> list[Step]:
    """The callers of changed tools, with entries that name the new contents: they were tried with them.

    Only those that could run were tried. The others keep the contents that they were judged with, so they do not run
    until they passed with the new ones.
    """
    new = {step.name: step.entry.contents.sha256 for step in changed}
    running = {tool.name for tool in reading.tools} - new.keys()
    found = []
    for caller in sorted(running):
        entry = reading.lock[caller]
        pins = {name: new.get(name, pin) for name, pin in entry.imports.items()}
        if pins != entry.imports:
            found.append(Step(name=caller, files={}, written={}, entry=replace(entry, imports=pins), callees={}))
    return found


def _change_since(writer: Writer, name: str, sheet: Sheet) -> Change | None:
    """What an edit changes for callers; None when the accepted version cannot be read any more."""
    before = accepted_sheet(writer.git, name)
    return compare(before.signature, sheet.signature) if before is not None else None


def _trailers(step: Step, approval: Approval, change: Change | None) -> dict[str, str]:
    breaks = {"Breaks": "; ".join(change.reasons)} if change is not None and change.level == "major" else {}
    return {**breaks, **approval.trailers(), TRIED: told(step.name, step.entry.requirements)}
