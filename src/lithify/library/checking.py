"""Whether a library is in order: what a person asks before they push, and what CI asks of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from lithify.library.evidence import check_evidence
from lithify.library.folder import is_cache, read_file
from lithify.library.git import Git
from lithify.library.lock import is_old
from lithify.library.place import LOCK_FILE, LOCKS, Place
from lithify.library.placing import same_shape
from lithify.library.reading import RECIPES, TOOLS, Reading
from lithify.library.start import ATTRIBUTES
from lithify.records.lock import LockFinding
from lithify.records.tool import Tool

_PUT_AWAY = ("retired", "candidate")


def check(place: Place, reading: Reading) -> tuple[LockFinding, ...]:
    """Everything that is not as it should be; nothing when all is. Tools that were put away are in order as such."""
    return (*_refused(reading), *_files(place, reading), *_twice(reading.tools), *check_evidence(place), *_git(place))


def _refused(reading: Reading) -> Iterator[LockFinding]:
    for name, why in reading.refused.items():
        if name not in reading.lock or reading.lock[name].status not in _PUT_AWAY:
            yield LockFinding(where=name, severity="problem", text=why)


def _files(place: Place, reading: Reading) -> Iterator[LockFinding]:
    marker = place.path / LOCK_FILE
    if not marker.exists():
        if reading.lock or reading.refused:
            text = f"it is missing; `git -C {place.path} checkout -- {LOCK_FILE}` restores it"
            yield LockFinding(where=LOCK_FILE, severity="problem", text=text)
        return
    if is_old(read_file(marker)):
        text = "all entries stand in one file, so two people's changes conflict; the next change gives each its own"
        yield LockFinding(where=LOCK_FILE, severity="note", text=text)
    attributes = place.path / ".gitattributes"
    lines = read_file(attributes).decode("utf-8", "replace").splitlines() if attributes.exists() else []
    lacking = [line for line in ATTRIBUTES.splitlines() if not line.startswith("#") and line not in lines]
    if lacking:
        text = f"it lacks {', '.join(repr(line) for line in lacking)}: on some machines git will change line ends"
        yield LockFinding(where=".gitattributes", severity="problem", text=text)
    for file in sorted((place.path / RECIPES).glob("*.toml")):
        if file.stem not in reading.lock and file.stem not in reading.refused:
            text = "no tool has this name; remove the file, or restore the tool"
            yield LockFinding(where=f"{RECIPES}/{file.name}", severity="problem", text=text)


def _twice(tools: tuple[Tool, ...]) -> Iterator[LockFinding]:
    """Two tools for one question over inputs of one shape: each may be right, and nobody knows which answers."""
    by_template: dict[str, list[Tool]] = {}
    for tool in tools:
        for recipe in tool.recipes:
            by_template.setdefault(recipe.template, []).append(tool)
    for template, found in by_template.items():
        for number, one in enumerate(found):
            for other in found[number + 1 :]:
                if one.name != other.name and _overlap(one, other):
                    text = (
                        f'{other.name} answers "{template}" as well, over inputs of the same shape: `lithify retire` '
                        "one of the two"
                    )
                    yield LockFinding(where=one.name, severity="problem", text=text)


def _overlap(one: Tool, other: Tool) -> bool:
    return any(same_shape(mine, theirs) for mine in one.applicability for theirs in other.applicability)


def _git(place: Place) -> Iterator[LockFinding]:
    if place.top is None:
        return
    git = Git(place.path)
    paths = (TOOLS, RECIPES, LOCKS, LOCK_FILE)
    tracked = git.run("ls-files", "-z", "--", TOOLS).split("\0")
    caches = sorted({path for path in tracked if any(is_cache(part) for part in path.split("/"))})
    for path in caches:
        text = f"what Python's tools leave behind is in git: `git -C {place.path} rm --cached {path}`"
        yield LockFinding(where=path, severity="problem", text=text)
    status = git.run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *paths)
    prefix = git.run("rev-parse", "--show-prefix").strip()
    for entry in filter(None, status.split("\0")):
        where = entry[3:].removeprefix(prefix)
        if entry[:2] in ("DD", "AU", "UD", "UA", "DU", "AA", "UU"):
            text = "both sides of a merge changed it: `lithify lock merge` says what each has made of it"
            yield LockFinding(where=where, severity="problem", text=text)
        else:
            yield LockFinding(where=where, severity="note", text="it is not committed as it is")
