"""Two people changed one tool: each side is whole in itself, a mixture of both was judged by nobody. One is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lithify.errors import LibraryProblem
from lithify.library.folder import remove_file
from lithify.library.git import Git
from lithify.library.lock import Entry, entry_path, marker, read_entry, read_lock, write_entry
from lithify.library.place import LOCK_FILE, LOCKS, Place
from lithify.library.reading import RECIPES, TOOLS
from lithify.records.lock import Conflict, Side
from lithify.records.tool import Status

_OTHER_HEADS = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
_STAGE: Mapping[Side, int] = {"ours": 2, "theirs": 3}
_CAREFUL: tuple[Status, ...] = ("retired", "candidate", "deprecated", "provisional", "trusted")
"""The most careful status first."""


def conflicts(git: Git) -> tuple[Conflict, ...]:
    """The tools that both sides of the merge that is under way changed."""
    found = []
    for name in sorted(_names(git)):
        sides = {side: _entry(git, name, side) for side in _STAGE}
        found.append(Conflict(name=name, ours=_told(sides["ours"]), theirs=_told(sides["theirs"])))
    return tuple(found)


def resolve(place: Place, git: Git, side: Side, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Take one side of conflicting tools (all, when none is named) with everything that belongs to them.

    Gives their names. The other side stays in the history of what was merged. Nothing is committed: that ends the
    merge, and is the person's to do. Raises LibraryProblem when no merge is under way, or a tool is in no conflict.
    """
    wanted = _wanted(place, git, names)
    _merge_marker(place, git, side)
    if not wanted:
        return ()
    commit = "HEAD" if side == "ours" else _other_head(git)
    for name in wanted:
        _take(place, git, commit, name)
    return tuple(wanted)


def settle_status(place: Place, git: Git, names: Iterable[str] = ()) -> tuple[str, ...]:
    """End the conflicts over tools whose contents are the same on both sides: of two statuses the more careful one.

    Gives their names. What evidence earns a tool it gets again: it is shared. Nothing is committed. Raises as resolve.
    """
    settled = []
    for name in _wanted(place, git, names):
        ours, theirs = (_entry(git, name, side) for side in _STAGE)
        if ours is None or theirs is None or _without_standing(ours) != _without_standing(theirs):
            continue
        chosen = min((ours, theirs), key=lambda entry: _CAREFUL.index(entry.status))
        path = entry_path(name)
        (place.path / path).write_bytes(write_entry(name, chosen))
        git.run("add", "--force", "--", path)
        settled.append(name)
    return tuple(settled)


def _wanted(place: Place, git: Git, names: Iterable[str]) -> list[str]:
    """The names, or all tools in conflict when there are none. Raises LibraryProblem for one that is in no conflict."""
    conflicting = _names(git)
    wanted = list(names) or sorted(conflicting)
    strange = [name for name in wanted if name not in conflicting]
    if strange:
        there = ", ".join(sorted(conflicting)) or "none"
        raise LibraryProblem(f"{strange[0]} is in no conflict in {place.path}; in conflict: {there}")
    return wanted


def _without_standing(entry: Entry) -> Entry:
    """What an entry vouches for, whatever its status and whoever gave it."""
    return replace(entry, status="candidate", reason="", approved_by="", verdict="")


def _take(place: Place, git: Git, commit: str, name: str) -> None:
    """Make everything that belongs to a tool what it is in a commit."""
    paths = (f"{TOOLS}/{name}", f"{RECIPES}/{name}.toml", entry_path(name))
    there = set(filter(None, git.run("ls-tree", "-r", "-z", "--name-only", commit, "--", *paths).split("\0")))
    here = set(filter(None, git.run("ls-files", "-z", "--cached", "--", *paths).split("\0")))
    for path in sorted(here - there):
        remove_file(place.path / path, place.path)
    if here:
        git.run("rm", "--quiet", "--cached", "--force", "--", *sorted(here))
    if there:
        git.run("checkout", "--quiet", commit, "--", *sorted(there))


def _merge_marker(place: Place, git: Git, side: Side) -> None:
    """tools.lock, where one of the sides is of the format that has all entries in it, or both are.

    Entries of the old format get files of their own; where both sides have one, that of the side that is taken.
    """
    if not any(path == LOCK_FILE for _, path in _unmerged(git)):
        return
    entries: dict[str, Entry] = {}
    for one in (*[other for other in _STAGE if other != side], side):
        data = git.read([f":{_STAGE[one]}:./{LOCK_FILE}"])[0]
        if data is not None:
            entries |= read_lock(data)
    files = {entry_path(name): write_entry(name, entry) for name, entry in entries.items()}
    new = {path: data for path, data in files.items() if not (place.path / path).exists()}
    for path, data in {**new, LOCK_FILE: marker()}.items():
        (place.path / path).parent.mkdir(parents=True, exist_ok=True)
        (place.path / path).write_bytes(data)
    git.run("add", "--force", "--", LOCK_FILE, *new)


def _names(git: Git) -> set[str]:
    """The tools that have a path in conflict."""
    found = set()
    for _, path in _unmerged(git):
        folder, _, rest = path.partition("/")
        if folder in (TOOLS, RECIPES, LOCKS) and rest:
            found.add(rest.partition("/")[0].removesuffix(".toml") if folder != TOOLS else rest.partition("/")[0])
    return found


def _unmerged(git: Git) -> list[tuple[int, str]]:
    """Stage and path from the library's folder of everything in conflict."""
    lines = git.run("ls-files", "--unmerged", "-z").split("\0")
    return [(int(line.split()[2]), line.partition("\t")[2]) for line in lines if line]


def _entry(git: Git, name: str, side: Side) -> Entry | None:
    commit = "HEAD" if side == "ours" else _other_head(git)
    own, old = git.read([f"{commit}:./{entry_path(name)}", f"{commit}:./{LOCK_FILE}"])
    try:
        if own is not None:
            return read_entry(name, own)[0]
        return read_lock(old).get(name) if old is not None else None
    except LibraryProblem:
        return None


def _told(entry: Entry | None) -> str:
    if entry is None:
        return ""
    return f"{entry.semver} (v{entry.version}), {entry.status}, approved by {entry.approved_by}"


def _other_head(git: Git) -> str:
    for name in _OTHER_HEADS:
        if git.says_yes("rev-parse", "--quiet", "--verify", name):
            return name
    raise LibraryProblem(f"no merge is under way in {git.folder}; `lithify lock check` looks at the library as it is")
