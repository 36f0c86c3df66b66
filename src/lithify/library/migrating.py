"""A library of an older format, brought to this one: read as it is, rewritten with the first write."""

from __future__ import annotations

from pathlib import Path

from lithify.library.folder import read_file
from lithify.library.lock import entry_path, is_old, marker, read_lock, write_entry
from lithify.library.place import LOCK_FILE
from lithify.library.start import ATTRIBUTES

MESSAGE = "give each tool a lock file of its own, so that changes merge\n"


def migration(path: Path) -> dict[str, bytes]:
    """The files that bring a library to the present format; {} when it has that.

    From 1 to 2: each entry of tools.lock becomes lock/NAME.toml. What may run stays what it was.
    """
    file = path / LOCK_FILE
    if not file.exists():
        return {}
    data = read_file(file)
    if not is_old(data):
        return {}
    files = {entry_path(name): write_entry(name, entry) for name, entry in read_lock(data).items()}
    files = {one: new for one, new in files.items() if not (path / one).exists()}
    return {**files, LOCK_FILE: marker(), **_attributes(path)}


def _attributes(path: Path) -> dict[str, bytes]:
    """.gitattributes with the lines that it lacks; a person's own stay."""
    file = path / ".gitattributes"
    before = read_file(file).decode("utf-8", "surrogateescape") if file.exists() else ""
    lacking = [line for line in ATTRIBUTES.splitlines() if line not in before.splitlines()]
    if not lacking:
        return {}
    start = before if not before or before.endswith("\n") else f"{before}\n"
    return {".gitattributes": (start + "\n".join(lacking) + "\n").encode("utf-8", "surrogateescape")}
