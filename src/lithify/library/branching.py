"""A commit on a branch of its own, made beside what is checked out: no file of the person's is touched."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from lithify.errors import LibraryProblem
from lithify.library.writing import Writer


def commit_on_branch(writer: Writer, files: Mapping[str, bytes | None], text: str, branch: str) -> str:
    """Commit files (None removes one) on top of what is checked out, as a new branch; gives the commit.

    With an index of our own, so that the person's index, work tree and branch stay what they are, and no hook of
    theirs runs. Raises LibraryProblem when there is a branch of the name, or nothing to commit upon.
    """
    git, base = writer.git, writer.head()
    if not base:
        raise LibraryProblem(f"{writer.place.path} has no commit yet, so there is nothing to propose a change of")
    prefix = git.run("rev-parse", "--show-prefix").strip("\n")
    writer.place.staging.mkdir(parents=True, exist_ok=True)
    index = writer.place.staging / f"index-{secrets.token_hex(6)}"
    try:
        git.run("read-tree", base, index=index)
        lines = [_line(writer, f"{prefix}{path}", data, len(base)) for path, data in files.items()]
        git.run("update-index", "-z", "--index-info", stdin="".join(lines), index=index)
        tree = git.run("write-tree", index=index).strip()
    finally:
        index.unlink(missing_ok=True)
    commit = git.run("commit-tree", tree, "-p", base, "-F", "-", stdin=text, identity=git.identity()).strip()
    git.run("update-ref", f"refs/heads/{branch}", commit, "")  # "": refused when there is such a branch
    return commit


def _line(writer: Writer, path: str, data: bytes | None, digits: int) -> str:
    """What makes one path so in an index. digits: of an object's name in this repository."""
    if data is None:
        return f"0 {'0' * digits}\t{path}\0"
    blob = writer.git.run("hash-object", "-w", "--stdin", stdin=data.decode("utf-8", "surrogateescape")).strip()
    return f"100644 {blob}\t{path}\0"
