"""What a tool was: its accepted states, read from git's history, and the files of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from lithify.errors import LibraryProblem
from lithify.layout import Sheet, contents_of, is_semver, read_folder_sheet
from lithify.library.git import Git
from lithify.library.lock import Entry, entry_path, read_entry, read_lock
from lithify.library.messages import is_by_hand
from lithify.library.place import LOCK_FILE
from lithify.library.reading import RECIPES, TOOLS, recipe_key
from lithify.records.quick import dataclass
from lithify.records.revision import Revision

RENAMED_FROM = "Renamed-From"
RENAMED_TO = "Renamed-To"
_FORMAT = "%x1e%H%x1f%P%x1f%aI%x1f%an <%ae>%x1f%s%x1f%(trailers:unfold)"


@dataclass(frozen=True, slots=True)
class _Commit:
    commit: str
    is_merge: bool
    at: datetime
    author: str
    subject: str
    trailers: Mapping[str, str]


def history(git: Git, name: str, start: str = "HEAD") -> list[Revision]:
    """The accepted states of a tool, newest first, on all branches that were merged; those under former names too.

    Raises LibraryProblem when there never was a tool of the name.
    """
    found: list[Revision] = []
    merges: set[str] = set()
    paths = (entry_path(name), f"{TOOLS}/{name}/tool.toml")
    commits = _log(git, start, paths)
    for commit, entry in zip(commits, _entries_at(git, name, [one.commit for one in commits]), strict=True):
        if entry is None:
            continue
        revision = _revision(name, commit, entry)
        if found and _same_state(found[-1], revision):
            found[-1] = revision  # the commit that made it so is the oldest one
        else:
            found.append(revision)
        if commit.is_merge:
            merges.add(commit.commit)
        former = commit.trailers.get(RENAMED_FROM, "")
        if former and commit.trailers.get(RENAMED_TO) == name:
            return [*_made(found, merges), *history(git, former, f"{commit.commit}^")]
    if not found:
        raise LibraryProblem(f"there never was a tool {name!r} in {git.folder}; `lithify tools` lists those there are")
    return _made(found, merges)


def _made(found: list[Revision], merges: set[str]) -> list[Revision]:
    """Without merges that only took what one of their sides had made."""
    return [
        one
        for number, one in enumerate(found)
        if one.commit not in merges or not any(_same_state(one, older) for older in found[number + 1 :])
    ]


def find(revisions: list[Revision], wanted: str) -> Revision:
    """The newest revision by semantic version, number ("3" or "v3"), or the beginning of a commit.

    Raises LibraryProblem naming those that there are.
    """
    for one in revisions:
        if wanted in (one.semver, str(one.version), f"v{one.version}") or (
            len(wanted) >= 4 and not is_semver(wanted) and one.commit.startswith(wanted)
        ):
            return one
    known = ", ".join(f"{one.semver} (v{one.version}, {one.commit[:7]})" for one in revisions)
    raise LibraryProblem(f"{revisions[0].name} has no version {wanted!r}; there are {known}")


def files_at(git: Git, revision: Revision) -> dict[str, bytes]:
    """All files that the lock vouched for then. Raises LibraryProblem when the commit holds other contents."""
    files = _files(git, revision.commit, revision.name)
    entry = _entries_at(git, revision.name, [revision.commit])[0]
    if entry is None or contents_of(files, entry.requirements).sha256 != revision.contents:
        raise LibraryProblem(
            f"the files of {revision.name} in {revision.commit[:7]} are not what the lock of that commit vouches for"
        )
    return files


def entry_at(git: Git, revision: Revision) -> Entry:
    """The entry of the lock then."""
    entry = _entries_at(git, revision.name, [revision.commit])[0]
    if entry is None:
        raise LibraryProblem(f"{revision.commit[:7]} holds no entry of {revision.name} in its lock")
    return entry


def accepted_sheet(git: Git, name: str) -> Sheet | None:
    """tool.toml of the state of a tool that was accepted last; None when git no longer has it."""
    try:
        revisions = history(git, name)
        return read_folder_sheet(_files(git, revisions[0].commit, revisions[0].name), f"{TOOLS}/{name}")
    except LibraryProblem:
        return None


def _files(git: Git, commit: str, name: str) -> dict[str, bytes]:
    listed = git.run("ls-tree", "-r", "-z", "--name-only", commit, "--", f"{TOOLS}/{name}/", f"{RECIPES}/{name}.toml")
    paths = [path for path in listed.split("\0") if path]
    files: dict[str, bytes] = {}
    for path, data in zip(paths, git.read([f"{commit}:./{path}" for path in paths]), strict=True):
        if data is not None:
            key = recipe_key(name) if path == f"{RECIPES}/{name}.toml" else path.removeprefix(f"{TOOLS}/{name}/")
            files[key] = data
    return files


def _log(git: Git, start: str, paths: tuple[str, ...]) -> list[_Commit]:
    text = git.run("log", "--full-history", f"--format={_FORMAT}", start, "--", *paths)
    return [_commit(part) for part in text.split("\x1e") if part.strip()]


def _commit(text: str) -> _Commit:
    commit, parents, at, author, subject, trailers = text.strip("\n").split("\x1f")
    pairs = (line.partition(": ") for line in trailers.splitlines() if line.startswith("Lithify-"))
    return _Commit(
        commit=commit,
        is_merge=" " in parents,
        at=datetime.fromisoformat(at),
        author=author,
        subject=subject,
        trailers={key.removeprefix("Lithify-"): value for key, _, value in pairs},
    )


def _entries_at(git: Git, name: str, commits: list[str]) -> list[Entry | None]:
    """The entry of a tool in each commit; None where there is none, or none that was written by lithify."""
    wanted = [f"{commit}:./{path}" for commit in commits for path in (entry_path(name), LOCK_FILE)]
    objects = iter(git.read(wanted))
    return [_entry(name, own, old) for own, old in _pairs(objects)]


def _entry(name: str, own: bytes | None, old: bytes | None) -> Entry | None:
    try:
        if own is not None:
            return read_entry(name, own)[0]
        return read_lock(old).get(name) if old is not None else None
    except LibraryProblem:
        return None  # a state that nothing could run from


def _pairs(objects: Iterator[bytes | None]) -> Iterator[tuple[bytes | None, bytes | None]]:
    for own in objects:
        yield own, next(objects)


def _same_state(one: Revision, other: Revision) -> bool:
    return (one.contents, one.version, one.status, one.approved_by) == (
        other.contents,
        other.version,
        other.status,
        other.approved_by,
    )


def _revision(name: str, commit: _Commit, entry: Entry) -> Revision:
    said = commit.trailers
    return Revision(
        name=name,
        version=entry.version,
        semver=entry.semver,
        status=entry.status,
        commit=commit.commit,
        at=commit.at,
        author=commit.author,
        approved_by=entry.approved_by,
        what=commit.subject,
        contents=entry.contents.sha256,
        verdict=entry.verdict or said.get("Verdict", ""),
        reason=entry.reason,
        run_id=said.get("Run", ""),
        question=said.get("Question", ""),
        by_hand=is_by_hand(commit.subject),
        model=said.get("Model", ""),
        cost=said.get("Cost", ""),
    )
