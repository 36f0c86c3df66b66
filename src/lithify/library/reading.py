"""The library as one reading of it: what may run, and what may not with the reason and the remedy."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from lithify.errors import LibraryProblem, NotInLock
from lithify.layout import (
    Contents,
    Files,
    Table,
    closure,
    contents_of,
    differences,
    imported_tools,
    is_tool_name,
    parse,
    read_source,
    recipes_from_table,
    sheet_from_table,
)
from lithify.library.folder import read_file, read_tree
from lithify.library.index import Index, Parsed, row_of
from lithify.library.lock import Entry, entry_path, read_entry, read_lock
from lithify.library.place import LOCK_FILE, LOCKS, Place
from lithify.library.stamps import stamp
from lithify.records.quick import dataclass
from lithify.records.tool import Status, Tool

TOOLS = "tools"
RECIPES = "recipes"
_UNUSED = {"retired": "was retired", "candidate": "went back to candidate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One tool whose files are what its entry vouches for. Whether those that it imports are, is not known yet."""

    entry: Entry
    parsed: Parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """lock: every entry that can be read; tools: those that may run, without their commit; refused: why others may not.

    torn: tools whose files do not fit the lock, which is also what a write that is under way looks like.
    """

    lock: Mapping[str, Entry]
    tools: tuple[Tool, ...]
    refused: Mapping[str, str]
    torn: frozenset[str]

    @property
    def statuses(self) -> dict[str, Status]:
        """The status of the refused ones that the lock knows."""
        return {name: self.lock[name].status for name in self.refused if name in self.lock}

    def callers(self, name: str) -> list[str]:
        """The tools that import one, themselves or through others; the retired ones count."""
        return sorted(caller for caller, entry in self.lock.items() if name in entry.imports)


def read_library(place: Place, index: Index) -> Reading:
    """Read and check everything. Raises LibraryProblem when the lock cannot be read."""
    path = place.path
    old = _old_lock(path)
    lock: dict[str, Entry] = {}
    found: dict[str, Found] = {}
    refused: dict[str, LibraryProblem] = {}
    for name in sorted({*_entries(path), *old}):
        try:
            one = _read_indexed(path, name, old, index, lock)
            _check_status(name, one.entry)
            found[name] = one
        except LibraryProblem as problem:
            refused[name] = problem
    index.forget(index.names - lock.keys())
    for name in _folders(path):
        if name not in lock and name not in refused:
            refused[name] = _unknown_folder(name)
    tools, unlinked = _link(found, refused)
    refused |= unlinked
    return Reading(
        lock=lock,
        tools=tuple(tools),
        refused={name: str(refused[name]) for name in sorted(refused)},
        torn=frozenset(name for name, problem in refused.items() if isinstance(problem, NotInLock)),
    )


def read_one(path: Path, name: str) -> Tool:
    """One tool that may run, and those that it imports, with every byte read and hashed now.

    Raises NotInLock or LibraryProblem when it may not run, or when there is none of the name.
    """
    old = _old_lock(path)
    found: dict[str, Found] = {}
    refused: dict[str, LibraryProblem] = {}

    def look(wanted: str) -> None:
        if wanted in found or wanted in refused:
            return
        try:
            one = _read_whole(path, wanted, old)[0]
            _check_status(wanted, one.entry)
            found[wanted] = one
        except LibraryProblem as problem:
            refused[wanted] = problem
            return
        for callee in one.entry.imports:
            look(callee)

    look(name)
    tools, unlinked = _link(found, refused)
    problem = refused.get(name) or unlinked.get(name)
    if problem is not None:
        raise problem
    return next(tool for tool in tools if tool.name == name)


def names_in(path: Path) -> list[str]:
    """Every name that the lock knows or a folder claims, without reading what it is."""
    return sorted({*_entries(path), *_old_lock(path), *_folders(path)})


def read_files(path: Path, name: str) -> dict[str, bytes]:
    """The files that the lock vouches for: the tool's folder, and its recipes by their path from there."""
    for folder in (path / TOOLS, path / RECIPES):
        if folder.is_symlink():
            raise LibraryProblem(f"{folder} is a link; the library's files must be files of its own folder")
    files = read_tree(path / TOOLS / name)
    recipes = path / RECIPES / f"{name}.toml"
    if recipes.is_symlink():
        raise LibraryProblem(f"{recipes} is a link; a tool's files must be files of its own folder")
    if recipes.exists():
        files[recipe_key(name)] = read_file(recipes)
    return files


def recipe_key(name: str) -> str:
    """How the lock of a tool names its recipes: their path from the tool's folder."""
    return f"../../{RECIPES}/{name}.toml"


def library_path(name: str, path: str) -> str:
    """A path of a tool's files as it stands in the library's folder."""
    return f"{RECIPES}/{name}.toml" if path == recipe_key(name) else f"{TOOLS}/{name}/{path}"


def parse_files(files: Files, name: str) -> Parsed:
    """What the files of a tool say. Raises LibraryProblem naming the file and key."""
    sheet, recipes = _tables(files, name)
    source = read_source(files, f"{TOOLS}/{name}")
    return Parsed(sheet=sheet_from_table(sheet), source=source, recipes=recipes_from_table(recipes))


def tool_of(parsed: Parsed, entry: Entry, callees: Mapping[str, str], commit: str = "") -> Tool:
    """The tool that these files and this entry of the lock make. callees: the sources of the tools that it imports."""
    sheet = parsed.sheet
    return Tool(
        name=sheet.name,
        version=entry.version,
        status=entry.status,
        grade=sheet.grade,
        signature=sheet.signature,
        description=sheet.description,
        source=parsed.source,
        requirements=entry.requirements,
        recipes=parsed.recipes,
        applicability=sheet.applicability,
        provenance=sheet.provenance,
        contents=entry.contents.sha256,
        approved_by=entry.approved_by,
        commit=commit,
        semver=entry.semver,
        callees=callees,
        not_for=sheet.not_for,
    )


def _read_indexed(path: Path, name: str, old: Mapping[str, Entry], index: Index, lock: dict[str, Entry]) -> Found:
    """What the index knows of files with this stamp, else what they say now. The entry goes into the lock as well."""
    mark = stamp(f"{path}/{TOOLS}/{name}", f"{path}/{RECIPES}/{name}.toml", f"{path}/{LOCKS}/{name}.toml")
    row = index.find(name, mark.digest)
    if row is not None:
        lock[name] = row.entry
        return Found(entry=row.entry, parsed=row.parsed)
    found, tables = _read_whole(path, name, old, lock)
    if tables is not None and mark.settled(index.clock()):
        index.add(name, row_of(name, mark.digest, *tables, found.parsed.source))
    return found


def _read_whole(
    path: Path, name: str, old: Mapping[str, Entry], lock: dict[str, Entry] | None = None
) -> tuple[Found, tuple[Table, Table, Table] | None]:
    """Every file read and hashed. The tables (entry, sheet, recipes) are for the index: None for the old format."""
    entry, table = _entry(path, name, old)
    if lock is not None:
        lock[name] = entry
    files = read_files(path, name)
    found = contents_of(files, entry.requirements)
    if found.sha256 != entry.contents.sha256:
        raise NotInLock(_torn(path, name, entry, found, files))
    sheet, recipes = _tables(files, name)
    source = read_source(files, f"{TOOLS}/{name}")
    parsed = Parsed(sheet=sheet_from_table(sheet), source=source, recipes=recipes_from_table(recipes))
    _check_agreement(name, entry, parsed)
    return Found(entry=entry, parsed=parsed), None if table is None else (table, sheet, recipes)


def _entry(path: Path, name: str, old: Mapping[str, Entry]) -> tuple[Entry, Table | None]:
    file = path / entry_path(name)
    if file.is_symlink() or file.parent.is_symlink():
        raise LibraryProblem(f"{file} is a link; the lock must be files of the library's own folder")
    if file.exists():
        return read_entry(name, read_file(file))
    if name in old:
        return old[name], None
    if (path / TOOLS / name).is_dir():
        raise _unknown_folder(name)
    raise LibraryProblem(f"there is no tool {name!r} in {path}; `lithify tools` lists them")


def _tables(files: Files, name: str) -> tuple[Table, Table]:
    where, key = f"{TOOLS}/{name}", recipe_key(name)
    if "tool.toml" not in files:
        raise LibraryProblem(f"{where}/tool.toml is missing; `git checkout -- {where}` restores it")
    recipes = parse(f"{RECIPES}/{name}.toml", files[key]) if key in files else Table(key, {"tool": name})
    return parse(f"{where}/tool.toml", files["tool.toml"]), recipes


def _check_agreement(name: str, entry: Entry, parsed: Parsed) -> None:
    sheet = parsed.sheet
    if (sheet.name, sheet.version, sheet.requirements) != (name, entry.version, entry.requirements):
        raise LibraryProblem(
            f"{TOOLS}/{name}/tool.toml speaks of {sheet.name} v{sheet.version}, {LOCK_FILE} of "
            f"v{entry.version}: `lithify review {name}` puts it through the gates again"
        )
    beyond = [one for one in imported_tools(parsed.source) if one not in entry.imports]
    if beyond:
        raise LibraryProblem(
            f"{TOOLS}/{name}/tool.py imports {', '.join(beyond)}, which {entry_path(name)} does not name: "
            f"`lithify review {name}` puts it through the gates again"
        )


def _check_status(name: str, entry: Entry) -> None:
    if entry.status in _UNUSED:
        why = f" ({entry.reason})" if entry.reason else ""
        raise LibraryProblem(
            f"{name} {_UNUSED[entry.status]}{why} and is not used; `lithify review {name}` gates it again"
        )


def _torn(path: Path, name: str, entry: Entry, found: Contents, files: Files) -> str:
    where = f"{TOOLS}/{name} {RECIPES}/{name}.toml"
    which = "; ".join(differences(entry.contents, found, f"{TOOLS}/{name}"))
    unix = {one: data.replace(b"\r\n", b"\n") for one, data in files.items()}
    if contents_of(unix, entry.requirements).sha256 == entry.contents.sha256:
        return (
            f"the line ends of {TOOLS}/{name} were changed, perhaps by git's core.autocrlf, so {name} does not run "
            f'({which}). Put "{TOOLS}/** -text" and "{RECIPES}/** -text" into .gitattributes, then '
            f"`git -C {path} checkout -- {where}`"
        )
    return (
        f"{which}: not what {LOCK_FILE} vouches for, so {name} does not run. `lithify review {name}` puts it "
        f"through the gates again, or `git -C {path} checkout -- {where}` restores it"
    )


def _unknown_folder(name: str) -> NotInLock:
    return NotInLock(
        f"{TOOLS}/{name} is not in {LOCK_FILE}, so it does not run. `lithify review {name}` puts it through "
        "the gates, or remove the folder"
    )


def _link(
    found: Mapping[str, Found], refused: Mapping[str, LibraryProblem]
) -> tuple[list[Tool], dict[str, LibraryProblem]]:
    """The tools that may run with those that they import, and why the others may not."""
    unlinked: dict[str, LibraryProblem] = {}
    for name, one in found.items():
        problem = next(filter(None, (_stale(name, *pin, found, refused) for pin in one.entry.imports.items())), None)
        if problem is not None:
            unlinked[name] = problem
    tools = []
    source_of: Callable[[str], str] = lambda name: found[name].parsed.source  # noqa: E731 - a mapping as a function
    for name, one in found.items():
        if name in unlinked:
            continue
        try:
            callees = closure(one.parsed.source, source_of) if one.entry.imports else {}
        except (LibraryProblem, KeyError) as problem:
            unlinked[name] = LibraryProblem(f"{name} may not run: {problem}")
            continue
        tools.append(tool_of(one.parsed, one.entry, callees))
    return tools, unlinked


def _stale(
    name: str, callee: str, pinned: str, found: Mapping[str, Found], refused: Mapping[str, LibraryProblem]
) -> LibraryProblem | None:
    """What is wrong with a tool that another one imports."""
    if callee in refused:
        return LibraryProblem(f"{name} imports {callee}, which may not run: {refused[callee]}")
    if callee not in found:
        return LibraryProblem(f"{name} imports {callee}, which is not in the library; `lithify history {callee}`")
    entry = found[callee].entry
    if entry.contents.sha256 != pinned:
        return NotInLock(
            f"{name} was judged with another version of {callee}, which is {entry.semver} now, so {name} does not "
            f"run. `lithify review {name}` puts it through the gates with this one"
        )
    return None


def _old_lock(path: Path) -> dict[str, Entry]:
    """The entries of a tools.lock of format 1; none when it is of this one, or missing."""
    file = path / LOCK_FILE
    return read_lock(read_file(file)) if file.exists() else {}


def _entries(path: Path) -> list[str]:
    """Names with an entry of their own. A file with a name that would leave the folder is refused by the check."""
    try:
        with os.scandir(path / LOCKS) as found:
            names = [one.name for one in found if one.name.endswith(".toml")]
        return [stem for one in names if is_tool_name(stem := one.removesuffix(".toml"))]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LibraryProblem(f"{path / LOCKS} cannot be read: {error.strerror}") from error


def _folders(path: Path) -> list[str]:
    """Folders that claim to be tools. Others are the person's: a library may share its repository."""
    root = path / TOOLS
    if not root.is_dir():
        return []
    with os.scandir(root) as found:
        names = [one.name for one in found if is_tool_name(one.name)]
    return sorted(one for one in names if os.path.isfile(f"{root}/{one}/tool.toml"))  # noqa: PTH113 - a thousand
