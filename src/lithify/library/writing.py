"""Writing to a library: one writer at a time, all of a change or nothing, and only our own paths in the commit."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.library.folder import remove_file, write_file
from lithify.library.git import Git
from lithify.library.journal import Change, Journal, clean_staging
from lithify.library.migrating import MESSAGE, migration
from lithify.library.place import LOCK_FILE, PRIVATE, Place, locate
from lithify.library.start import first_files

WAIT_SECONDS = 60.0
"""How long a writer waits for another one."""

_POLL_SECONDS = 0.05
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class Writer:
    """What may be done while the library's lock is held."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.git = Git(place.path)
        self._journal = Journal(place)

    def head(self) -> str:
        """The commit that is checked out; "" before the first."""
        head = self.place.head()
        return head if head is not None else self.git.run("rev-parse", "HEAD").strip()

    def put(self, path: str, data: bytes) -> None:
        """Write one file in one step, outside git."""
        write_file(self.place.path / path, data, self.place.staging)

    def recover(self) -> None:
        """Undo what a killed writer left half-way; a commit that it did make stands."""
        if self._journal.exists:
            if self.place.top is not None:
                self._wait_for_git()
            if self.place.top is not None and self._committed():
                self._journal.close()
            else:
                self._undo()
        clean_staging(self.place)

    def commit(self, files: Mapping[str, bytes | None], message: str, *, dirty: tuple[str, ...] = ()) -> str:
        """Put the files in place and commit exactly these. None removes one. Gives the new commit.

        dirty: beginnings of paths where the person's own changes are what is being committed. Raises LibraryProblem
        with everything as it was: no branch is checked out, a path has changes of the person's, a hook says no.
        """
        self._check(files, dirty)
        self._journal.open(Change(files=files, head=self.head()))
        try:
            for path, data in files.items():
                if data is None:
                    remove_file(self.place.path / path, self.place.path)
                else:
                    self.put(path, data)
            self.git.run("add", "--force", "--", *files)
            self._make_commit(files, message)
        except BaseException:  # Ctrl-C included: what is half-way is undone, what was committed stands
            self.recover()
            raise
        self._journal.close()
        return self.head()

    def _make_commit(self, files: Mapping[str, bytes | None], message: str) -> None:
        command = ("-c", "gc.auto=0", "commit", "--quiet", "--only", "--no-status", "--cleanup=whitespace", "--file=-")
        try:
            self.git.run(*command, "--", *files, stdin=message, identity=self.git.identity())
        except LibraryProblem as problem:
            raise LibraryProblem(
                f"nothing was kept, because git did not take the commit. {problem}. When a hook says no, mend what it "
                f"names; when signing fails, unlock the key or `git -C {self.place.path} config commit.gpgsign false`"
            ) from problem

    def _check(self, files: Mapping[str, bytes | None], dirty: tuple[str, ...]) -> None:
        path = self.place.path
        if not self.git.says_yes("symbolic-ref", "--quiet", "HEAD"):
            raise LibraryProblem(
                f"{path} has no branch checked out (detached HEAD), so a commit would be lost: `git -C {path} switch "
                "BRANCH` and try again"
            )
        git_dir, prefix = self.git.run("rev-parse", "--git-dir", "--show-prefix").split("\n")[:2]
        under_way = next((name for name in _UNDER_WAY if Path(path, git_dir, name).exists()), None)
        if under_way is not None:
            raise LibraryProblem(
                f"a merge, rebase or cherry-pick is under way in {path} ({under_way}): finish or abort it first"
            )
        status = self.git.run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *files)
        changed = [entry[3:].removeprefix(prefix) for entry in status.split("\0") if entry]
        foreign = sorted(one for one in changed if not one.startswith(dirty))
        if foreign:
            raise LibraryProblem(
                f"{', '.join(foreign)} in {path} has changes that are not committed, and they are not for lithify to "
                f"commit: look at `git -C {path} diff HEAD`, then commit or restore them, and try again"
            )

    def _wait_for_git(self) -> None:
        """A git whose lithify was killed goes on by itself, and may yet make its commit."""
        lock = self.place.path / self.git.run("rev-parse", "--git-path", "index.lock").strip()
        end = time.monotonic() + WAIT_SECONDS
        while lock.exists():
            if time.monotonic() > end:
                raise LibraryProblem(
                    f"{lock} has been there for {WAIT_SECONDS:.0f} s: a git is at work in {self.place.path}, or was "
                    "killed. If none is running, remove that file"
                )
            time.sleep(_POLL_SECONDS)

    def _committed(self) -> bool:
        """Whether the change of the journal is in a commit that came after it was begun."""
        before, paths = self._journal.read()
        now = self.head()
        if now in ("", before):
            return False
        span = f"{before}..{now}" if before else now
        return bool(self.git.run("log", "-1", "--format=%H", span, "--", *paths).strip())

    def _undo(self) -> None:
        _, paths = self._journal.read()
        if self.place.top is not None:
            known = self.git.run("ls-files", "-z", "--", *paths).split("\0")
            if self.head():
                self.git.run("reset", "--quiet", "HEAD", "--", *paths)
            elif any(known):
                self.git.run("rm", "--cached", "--quiet", "--force", "--", *filter(None, known))
        self._journal.restore()


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    """Hold the library's lock. The folder is made when it is missing; the repository is not.

    Raises LibraryProblem when another process holds it for longer than WAIT_SECONDS.
    """
    from filelock import FileLock, Timeout

    place = locate(folder)
    try:
        place.private.mkdir(parents=True, exist_ok=True)
        ignore = place.private / ".gitignore"
        if not ignore.exists():
            write_file(ignore, b"*\n", place.staging)
        lock = FileLock(place.private / "lock", timeout=WAIT_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise LibraryProblem(
            f"another process has been writing to {place.path} for {WAIT_SECONDS:.0f} s: let it end and try again"
        ) from error
    except OSError as error:
        raise LibraryProblem(
            f"{place.path} cannot be written: {error.strerror}; name another with --library"
        ) from error
    try:
        writer = Writer(locate(folder))  # again: another process may have made the repository meanwhile
        writer.recover()
        yield writer
    finally:
        lock.release()


def ensure_repository(writer: Writer) -> Writer:
    """The writer of a library that is in git, of this format, with its first files committed."""
    place = writer.place
    if place.top is None or (place.top != place.path and _is_ignored(place)):
        writer.git.run("init", "--quiet", "--initial-branch=main")
        writer = Writer(locate(place.path))
    if not (place.path / LOCK_FILE).exists():
        files = {path: data for path, data in first_files(PRIVATE).items() if not (place.path / path).exists()}
        writer.commit(files, "start a lithify library\n")
    migrated = migration(place.path)
    if migrated:
        writer.commit(migrated, MESSAGE)
    return writer


def _is_ignored(place: Place) -> bool:
    """Whether the repository around the library does not want to see it."""
    return Git(place.path.parent).says_yes("check-ignore", "--quiet", "--", place.path.name)
