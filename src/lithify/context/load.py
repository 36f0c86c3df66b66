"""A Context from paths: one file, the texts of folders and patterns, or several named inputs. Reads the disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from lithify.context.build import context_from_value
from lithify.context.folder import Skipped, files_in
from lithify.context.given import STDIN, Given, read_given
from lithify.context.inputs import context_of_inputs
from lithify.context.member import context_of_opened
from lithify.context.naming import names_for
from lithify.context.reading import Opened, open_file, open_stdin
from lithify.context.refusal import Unreadable
from lithify.context.sniffing import HEAD, file_kind, suffix_of
from lithify.context.texts import text_of
from lithify.errors import BadInput, ProgrammerMustAct
from lithify.records.context import Context

MAX_BYTES = 4_000_000_000
MAX_UNNAMED = 12
"""Files of several kinds that become variables of their own without being given names."""
_SHOWN = 300


@dataclass(slots=True)
class _Loading:
    """left is how many bytes may still be read."""

    left: int
    stdin: BinaryIO | None

    def open(self, path: Path) -> Opened:
        """The file, or standard input. Raises Unreadable."""
        return open_stdin(self.stdin, self.left) if str(path) == STDIN else open_file(path, self.left)


@dataclass(slots=True)
class _Gathered:
    """The texts of a folder so far, with names relative to root."""

    root: Path
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    skipped: Skipped = field(default_factory=Skipped)

    def name_of(self, path: Path) -> str:
        """The name of a file: its path from root, with slashes."""
        return Path(os.path.relpath(_absolute(path), _absolute(self.root))).as_posix()


def load_context(paths: Sequence[Path], *, max_bytes: int = MAX_BYTES, stdin: BinaryIO | None = None) -> Context:
    """Read what is given as the context of a run.

    One file gives what it holds: text (unpacked when it is compressed), a document's records, a table, a database.
    A folder, a pattern, or several text files of one kind give relative posix path → str, sorted; names are relative
    to the folder, or to the nearest folder that holds all paths; what is no text is left out of folders, with a note.
    NAME=PATH, and several files of different kinds, give one variable each. "-" reads stdin (default: standard input).
    Line ends stay as they are. An empty file is an empty text, with a note.

    Raises BadInput (path, reason, next step) for what cannot be read; all together may have max_bytes.
    """
    if not paths:
        raise ProgrammerMustAct("load_context needs at least one path")
    givens = read_given(paths)
    loading = _Loading(left=max_bytes, stdin=stdin)
    if len(givens) == 1 and not givens[0].name:
        return _load(givens[0], "context", loading)
    if any(given.name for given in givens) or _are_different(givens):
        names = names_for(
            [given.path.name for given in givens if not given.name], [given.name for given in givens if given.name]
        )
        unnamed = iter(names)
        return context_of_inputs([_load(given, given.name or next(unnamed), loading) for given in givens])
    return _texts(givens, _common_folder(givens), "context", loading)


def _are_different(givens: Sequence[Given]) -> bool:
    """Whether several files are to be variables of their own: files of different kinds, not too many."""
    if len(givens) > MAX_UNNAMED or any(given.is_stdin or given.is_folder or given.matches for given in givens):
        return False
    kinds = {(_kind(given.path), suffix_of(given.path.name)) for given in givens}
    return len(kinds) > 1 or not all(kind == "text" for kind, _ in kinds)


def _kind(path: Path) -> str:
    """What a file is; what cannot be opened is taken for text: reading it says why."""
    try:
        with path.open("rb") as file:
            kind = file_kind(file.read(HEAD), path.name)
    except OSError:
        return "text"
    return "text" if kind in ("packed", "html") else kind


def _load(given: Given, name: str, loading: _Loading) -> Context:
    """One given thing as a variable of this name."""
    if given.is_folder or given.matches is not None:
        return _texts([given], given.path if given.is_folder else given.base, name, loading)
    try:
        with loading.open(given.path) as opened:
            context = context_of_opened(opened, given.path, loading.left, name=name)
    except Unreadable as error:
        raise BadInput(f"{_shown(given.path)}: {error.reason}") from error
    loading.left = max(0, loading.left - context.size)
    return context


def _texts(givens: Sequence[Given], root: Path, name: str, loading: _Loading) -> Context:
    """The texts of files by their names relative to a folder."""
    gathered = _Gathered(root=root)
    for given in givens:
        _add(given, gathered, loading)
    notes = (*gathered.notes, *gathered.skipped.notes())
    sources = tuple(str(given.path) for given in givens)
    if not gathered.files:
        found = "; ".join(gathered.skipped.notes()) or "it is empty"
        raise BadInput(f"{', '.join(sources)}: no text file in there ({found}); give the files themselves")
    return replace(context_from_value(gathered.files, sources=sources, notes=notes), name=name)


def _add(given: Given, gathered: _Gathered, loading: _Loading) -> None:
    if given.is_stdin:
        _add_named("stdin", given.path, gathered, loading)
    elif given.matches is not None:
        for match in given.matches:
            _add_member(gathered.name_of(match), match, gathered, loading)
    elif not given.is_folder:
        _add_named(gathered.name_of(given.path), given.path, gathered, loading)
    else:
        name = gathered.name_of(given.path)
        prefix = "" if name == "." else f"{name}/"
        for relative, file in files_in(given.path, gathered.skipped):
            _add_member(prefix + relative, file, gathered, loading)


def _add_member(name: str, file: Path, gathered: _Gathered, loading: _Loading) -> None:
    """One file of a folder: what cannot be read as text is left out with a note, unless the limit is passed."""
    try:
        _read(name, file, gathered, loading)
    except Unreadable as error:
        if error.too_large:
            raise BadInput(f"{file}: {error.reason} (all files together); give fewer files") from error
        gathered.skipped.add(error.brief, name)


def _add_named(name: str, path: Path, gathered: _Gathered, loading: _Loading) -> None:
    """A file (or stdin) that was asked for by name must be read."""
    try:
        _read(name, path, gathered, loading)
    except Unreadable as error:
        raise BadInput(f"{_shown(path)}: {error.reason}") from error


def _read(name: str, path: Path, gathered: _Gathered, loading: _Loading) -> None:
    with loading.open(path) as opened:
        found = text_of(opened, name, loading.left)
    loading.left = max(0, loading.left - found.size)
    gathered.files[name] = found.text
    gathered.notes += [f"{name}: {note}" for note in found.notes]


def _shown(path: Path) -> str:
    return str(path) if len(str(path)) <= _SHOWN else f"{str(path)[:_SHOWN]}…"


def _common_folder(givens: Sequence[Given]) -> Path:
    """The nearest folder that holds all that is given; a folder's own name is part of its files' names."""
    parents = [_absolute(given.base) for given in givens if given.matches is not None]
    parents += [_absolute(given.path).parent for given in givens if not given.is_stdin and given.matches is None]
    return Path(os.path.commonpath(parents)) if parents else Path()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links and change the names
