"""Changes of kept tools after they entered: another status, an earlier version, another name. Each is one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lithify.errors import LibraryProblem
from lithify.layout import (
    SUITE_PATH,
    Files,
    candidate_from,
    compare,
    imported_tools,
    next_semver,
    render_candidate,
    render_recipes,
    sheet_to_bytes,
)
from lithify.layout.renaming import rename_function, rename_import, rename_in_tests
from lithify.library.entering import Approval, Step, commit_steps, entry_after, names_in_use, step_of
from lithify.library.keeping import check_verdict
from lithify.library.lock import entry_path
from lithify.library.messages import message, verdict_trailer
from lithify.library.past import RENAMED_FROM, RENAMED_TO
from lithify.library.reading import TOOLS, Reading, library_path, parse_files, read_files, recipe_key
from lithify.library.writing import Writer
from lithify.records.quick import dataclass
from lithify.records.revision import Revision
from lithify.records.tool import Candidate, Recipe, Status, Tool, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A tool as it will be after a renaming: its folder before and afterwards, its files, and what the gates judge."""

    before: str
    name: str
    files: Files
    candidate: Candidate


def set_status(writer: Writer, reading: Reading, name: str, status: Status, word: tuple[str, str]) -> None:
    """Commit another status. word: who says so, and why. Nothing is written when it is that one already.

    Raises LibraryProblem for a tool that the lock does not know, and when a tool that others call is to be put away.
    """
    by, reason = word
    step = status_step(reading, name, status, reason)
    if step is None:
        return
    trailers = {"Status": f"{reading.lock[name].status} -> {status}", "Reason": reason, "Approved-By": by}
    commit_steps(writer, reading, [step], message(f"{verb_of(status)} {name} {step.entry.semver}: {reason}", trailers))


def verb_of(status: Status) -> str:
    """What a commit's message calls giving a tool a status."""
    words = {"retired": "retire", "candidate": "withdraw", "trusted": "trust", "deprecated": "deprecate"}
    return words.get(status, "use")


def status_step(reading: Reading, name: str, status: Status, reason: str) -> Step | None:
    """What another status makes of a tool; None when it is that one already. Raises as set_status does."""
    entry = reading.lock.get(name)
    if entry is None:
        raise LibraryProblem(f"there is no tool {name!r} in the library; `lithify tools` lists them")
    if entry.status == status:
        return None
    callers = [one for one in reading.callers(name) if reading.lock[one].status not in ("retired", "candidate")]
    if status in ("retired", "candidate") and callers:
        raise LibraryProblem(
            f"{name} cannot be {status}, because {', '.join(callers)} import it: retire them first, or let them do "
            "without it"
        )
    return Step(name=name, files={}, written={}, entry=replace(entry, status=status, reason=reason), callees={})


def add_wording(writer: Writer, reading: Reading, name: str, recipe: Recipe, word: tuple[str, str]) -> Tool:
    """Commit one more recipe of a tool, as a version of its own. word: who says so, and the run it came from.

    Raises LibraryProblem for a tool that may not run as it lies there, and for a template that it has.
    """
    tool = next((one for one in reading.tools if one.name == name), None)
    if tool is None:
        raise LibraryProblem(f"{name} may not run: {reading.refused.get(name, 'there is no such tool')}")
    if any(one.template == recipe.template for one in tool.recipes):
        raise LibraryProblem(f'{name} answers "{recipe.template}" already')
    by, run_id = word
    files, entry = path_files(writer, name), reading.lock[name]
    sheet = replace(parse_files(files, name).sheet, version=entry.version + 1)
    recipes = (*tool.recipes, replace(recipe, tool=name))
    written = {"tool.toml": sheet_to_bytes(sheet), recipe_key(name): render_recipes(name, recipes)}
    after = replace(entry, version=sheet.version, semver=next_semver(entry.semver, "patch"))
    step = step_of(writer.place.path, name, {**files, **written}, written, after)
    text = message(f"{name} {after.semver} answers: {recipe.question}", {"Run": run_id, "Approved-By": by})
    return step.tool(commit_steps(writer, reading, [step], text))


def roll_back(
    writer: Writer, reading: Reading, past: tuple[Revision, Files], approval: Approval | None, by: str
) -> Tool:
    """Commit an earlier state of a tool as its next version.

    past: the state and its files. approval None: on the verdict of then, which the lock of then vouches for.
    """
    revision, files = past
    path, name = writer.place.path, revision.name
    entry = reading.lock.get(name)
    if entry is None:
        raise LibraryProblem(f"{name} is not in the lock of {path}; it was renamed or removed since")
    before = read_files(path, name)
    verdict = verdict_trailer(approval.verdict) if approval is not None else revision.verdict
    change = compare(parse_files(before, name).sheet.signature, parse_files(files, name).sheet.signature)
    given = approval or Approval(verdict=Verdict(results=()), status="provisional", by=by)
    after = replace(entry_after(entry, change, given), verdict=verdict)
    sheet = replace(parse_files(files, name).sheet, version=after.version)
    files = {**files, "tool.toml": sheet_to_bytes(sheet)}
    gone = dict.fromkeys(sorted(before.keys() - files.keys()))
    step = step_of(path, name, files, {**files, **gone}, after)
    trailers = {"Rolled-Back-To": f"{revision.semver} ({revision.commit})", "Verdict": verdict, "Approved-By": by}
    text = message(f"roll {name} back to {revision.semver}, as {step.entry.semver}", trailers)
    return step.tool(commit_steps(writer, reading, [step], text))


def renamed(writer: Writer, reading: Reading, old: str, new: str) -> list[Renamed]:
    """The tool under its new name, and the tools that import it, led to it; each after those that it imports.

    Raises LibraryProblem when the name is taken, and when the tool or a caller may not run as it is now.
    """
    path = writer.place.path
    if new in names_in_use(path, reading):
        raise LibraryProblem(f"{new} is taken in {path}; choose another name")
    tools = {tool.name: tool for tool in reading.tools}
    wanted = [old, *sorted(reading.callers(old), key=lambda name: (len(reading.lock[name].imports), name))]
    for name in wanted:
        if name not in tools:
            why = reading.refused.get(name, f"there is no tool {name!r}")
            raise LibraryProblem(f"{old} was not renamed, because {name} may not run: {why}")
    first = _renamed_tool(path_files(writer, old), tools[old], new)
    sources = {**{name: tool.source for name, tool in tools.items()}, new: first.candidate.source}
    found = [first]
    for name in wanted[1:]:
        found.append(_renamed_caller(path_files(writer, name), tools[name], (tools[old], first), sources))
        sources[name] = found[-1].candidate.source
    return [replace(one, candidate=_linked(one.candidate, sources)) for one in found]


def rename(writer: Writer, reading: Reading, planned: list[Renamed], verdicts: Mapping[str, Verdict], by: str) -> Tool:
    """Commit a renaming, every tool of it judged as it will be. Raises ProgrammerMustAct for a verdict that is none."""
    old, new = planned[0].before, planned[0].name
    path = writer.place.path
    steps: list[Step] = []
    changed: dict[str, Tool] = {}
    for one in planned:
        verdict = verdicts.get(one.name, Verdict(results=()))
        check_verdict(one.candidate, verdict, by)
        entry = reading.lock[one.before]
        before = read_files(path, one.before)
        change = compare(parse_files(before, one.before).sheet.signature, one.candidate.signature)
        after = entry_after(entry, change, Approval(verdict=verdict, status=entry.status, by=by))
        sheet = replace(parse_files(one.files, one.name).sheet, version=after.version)
        files = {**one.files, "tool.toml": sheet_to_bytes(sheet)}
        step = step_of(path, one.name, files, files, after, changed)
        changed[one.name] = step.tool("")
        steps.append(step)
    gone = {library_path(old, one): None for one in read_files(path, old)} | {entry_path(old): None}
    trailers = {RENAMED_FROM: old, RENAMED_TO: new, "Approved-By": by, "Callers": ", ".join(s.name for s in steps[1:])}
    text = message(f"rename {old} to {new}", trailers)
    return steps[0].tool(commit_steps(writer, reading, steps, text, gone=gone))


def path_files(writer: Writer, name: str) -> dict[str, bytes]:
    """The files of a tool as they lie in the work tree."""
    return read_files(writer.place.path, name)


def _renamed_tool(files: Files, tool: Tool, new: str) -> Renamed:
    old, function = tool.name, tool.signature.function
    parsed = parse_files(files, old)
    called = new if function == old else function
    source = rename_function(parsed.source, function, called) if called != function else parsed.source
    sheet = replace(parsed.sheet, name=new, signature=replace(parsed.sheet.signature, function=called))
    recipes = tuple(replace(recipe, tool=new) for recipe in parsed.recipes)
    after = {one: _test(one, data, function, called) for one, data in files.items() if one != recipe_key(old)}
    after |= {
        "tool.py": source.encode("utf-8", "surrogatepass"),
        "tool.toml": sheet_to_bytes(sheet),
        recipe_key(new): render_recipes(new, recipes),
    }
    candidate = candidate_from(after, recipes[0], f"{TOOLS}/{new}")
    after[SUITE_PATH] = render_candidate(candidate)[SUITE_PATH]
    return Renamed(before=old, name=new, files=after, candidate=candidate)


def _renamed_caller(files: Files, tool: Tool, callee: tuple[Tool, Renamed], sources: Mapping[str, str]) -> Renamed:
    before, after = callee
    functions = (before.signature.function, after.candidate.signature.function)
    source = tool.source
    if before.name in imported_tools(source):
        try:
            source = rename_import(source, before.name, after.name, functions)
        except LibraryProblem as problem:
            raise LibraryProblem(f"{before.name} was not renamed, because of {tool.name}: {problem}") from problem
    changed = {**files, "tool.py": source.encode("utf-8", "surrogatepass")}
    recipes = parse_files(files, tool.name).recipes
    candidate = candidate_from(changed, recipes[0], f"{TOOLS}/{tool.name}")
    return Renamed(before=tool.name, name=tool.name, files=changed, candidate=candidate)


def _linked(candidate: Candidate, sources: Mapping[str, str]) -> Candidate:
    from lithify.layout import closure

    callees = closure(candidate.source, sources.__getitem__)
    return replace(candidate, callees=callees) if callees else candidate


def _test(path: str, data: bytes, function: str, called: str) -> bytes:
    """A file of the tool's own tests, with the function called otherwise."""
    if called == function or not (path.startswith("tests/") and path.endswith(".py")) or path == SUITE_PATH:
        return data
    try:
        return rename_in_tests(data.decode(), function, called).encode()
    except (UnicodeDecodeError, LibraryProblem):
        return data  # the gates will say what is wrong with it
