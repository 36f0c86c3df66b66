"""What was given as paths: files, folders, patterns, standard input, each perhaps with a name. Looks at the disk."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lithify.context.folder import MAX_FILES, Skipped, files_in
from lithify.context.naming import check_name
from lithify.errors import BadInput
from lithify.records.quick import dataclass

STDIN = "-"
_NAMED = re.compile(r"([^=/\\.]+)=(.+)", re.DOTALL)
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing that was given. name: the variable it shall be ("": none was given).

    matches: of a pattern the files that match it; base: the folder that their names are relative to.
    """

    path: Path
    name: str = ""
    matches: tuple[Path, ...] | None = None
    base: Path = Path()

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input."""
        return str(self.path) == STDIN

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        try:
            return not self.is_stdin and self.matches is None and self.path.is_dir()
        except OSError:  # reading it says what is wrong with it
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How much was given, known without reading it: regular files and their bytes as they are on the disk."""

    files: int
    bytes: int


def read_given(paths: Sequence[Path]) -> list[Given]:
    """What is meant by each path. One that exists is itself, whatever characters its name has; else it may be
    NAME=PATH, or a pattern with * ? [ ] and ** for any folders. What was given twice counts once.

    Raises BadInput for a name that no variable can have, one that is given twice, and a pattern that nothing matches.
    """
    found: dict[tuple[str, str], Given] = {}
    for path in paths:
        given = _given(path)
        found.setdefault((given.name, os.path.abspath(given.path)), given)  # noqa: PTH100 - links stay as they are
    names = [given.name for given in found.values() if given.name]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise BadInput(f"the name {twice!r} was given twice; give each input a name of its own")
    return list(found.values())


def survey(paths: Sequence[Path]) -> Survey:
    """Count files and bytes of what is given. What cannot be looked at counts nothing: reading it says why."""
    sizes = [size for given in read_given(paths) for size in _sizes(given)]
    return Survey(files=len(sizes), bytes=sum(sizes))


def _given(path: Path) -> Given:
    text = str(path)
    if text == STDIN or os.path.lexists(text):
        return Given(path=path)
    named = _NAMED.fullmatch(text)
    if named and not _MAGIC.search(named[1]):
        inner = _given(Path(named[2]))
        return Given(path=inner.path, name=check_name(named[1]), matches=inner.matches, base=inner.base)
    return _pattern(path) if _MAGIC.search(text) else Given(path=path)


def _pattern(path: Path) -> Given:
    text = str(path)
    found = sorted(Path(match) for match in glob.iglob(text, recursive=True) if Path(match).is_file())  # noqa: PTH207 - ** in the middle
    if not found:
        raise BadInput(f"{text}: no file matches this pattern; check it, and quote it for the shell")
    if len(found) > MAX_FILES:
        raise BadInput(f"{text}: {len(found):,} files match, {MAX_FILES:,} may be read; give a narrower pattern")
    plain = []
    for part in path.parts[:-1]:
        if _MAGIC.search(part):
            break
        plain.append(part)
    return Given(path=path, matches=tuple(found), base=Path(*plain))


def _sizes(given: Given) -> Iterator[int]:
    if given.is_stdin:
        return
    paths = given.matches or (given.path,)
    if given.is_folder:
        paths = tuple(path for _, path in files_in(given.path, Skipped()))
    for path in paths:
        try:
            yield path.stat().st_size
        except OSError:
            continue
