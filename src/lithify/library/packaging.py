"""The library as a Python package: `pip install ./library`, then `from library import NAME`, without lithify."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.library.folder import read_file

PROJECT_FILE = "pyproject.toml"
MODULE_FILE = "package/__init__.py"
DEFAULT_NAME = "library"

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,79}\Z")

_PROJECT = """\
# The kept tools as a Python package. `lithify package NAME` renames it and
# brings `dependencies` up to date; the rest is yours to change.
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "library"
version = "1.0.0"
description = "Kept tools: functions that answered questions over logs, tables and documents."
requires-python = ">=3.11"
dependencies = []

[tool.hatch.build.targets.wheel]
only-include = ["package", "tools", "lock"]
exclude = ["tests", "holdout", "__pycache__"]

[tool.hatch.build.targets.wheel.sources]
"package" = "library"
"tools" = "library/tools"
"lock" = "library/lock"
"""

_MODULE = '''\
"""Kept tools as functions: `from @PACKAGE@ import NAME`. Written by lithify, which is not needed to use it.

A tool is read when it is first asked for. One that was retired, or whose code is not what its lock vouches for, is not
given. Nothing confines the code here: it runs as any other function of yours.
"""

import hashlib
import tomllib
from importlib import import_module
from pathlib import Path

_FOLDER = Path(__file__).parent
_PREFIX = 12


def __getattr__(name):
    folder = _FOLDER / "tools" / name
    if not name.isidentifier() or not (folder / "tool.toml").is_file():
        raise AttributeError(f"there is no tool {name!r} in {__name__}; there are {', '.join(__dir__())}")
    _check(name, (folder / "tool.py").read_bytes())
    sheet = tomllib.loads((folder / "tool.toml").read_text(encoding="utf-8"))
    function = getattr(import_module(f"{__name__}.tools.{name}.tool"), sheet["signature"]["function"])
    globals()[name] = function
    return function


def __dir__():
    return sorted(path.stem for path in (_FOLDER / "lock").glob("*.toml"))


def _check(name, source):
    lock = _FOLDER / "lock" / f"{name}.toml"
    if not lock.is_file():
        raise ImportError(f"{name} is not in the lock of {__name__}: nobody has approved it")
    entry = tomllib.loads(lock.read_text(encoding="utf-8"))
    if entry["status"] in ("retired", "candidate"):
        why = entry.get("reason", "no reason was given")
        raise ImportError(f"{name} is {entry['status']} and not to be used: {why}")
    if hashlib.sha256(source).hexdigest()[:_PREFIX] != entry["files"]["tool.py"]:
        raise ImportError(f"the code of {name} is not what the lock of {__name__} vouches for")
    for callee in entry.get("imports", {}):
        _check(callee, (_FOLDER / "tools" / callee / "tool.py").read_bytes())
'''


_LINES = {
    "name": re.compile(r'^name = "[^"]*"$', re.MULTILINE),
    "dependencies": re.compile(r"^dependencies = \[[^\]]*\]$", re.MULTILINE),
    "package": re.compile(r'^"package" = "[^"]*"$', re.MULTILINE),
    "tools": re.compile(r'^"tools" = "[^"]*"$', re.MULTILINE),
    "lock": re.compile(r'^"lock" = "[^"]*"$', re.MULTILINE),
}
"""The lines of pyproject.toml that are written by us."""


def package_files(package: str, requirements: Iterable[str] = (), project: str = _PROJECT) -> dict[str, bytes]:
    """pyproject.toml and the module of a library that is to be imported under this name.

    project: the file as it is, of which only our lines are changed. Raises LibraryProblem for a name that no package
    can have, and for a file without those lines.
    """
    if not _NAME.match(package) or keyword.iskeyword(package):
        raise LibraryProblem(f"{package!r} cannot be imported: a to z, 0 to 9 and _, not beginning with a digit")
    needed = ", ".join(f'"{one}"' for one in sorted(set(requirements)))
    lines = {
        "name": f'name = "{package.strip("_").replace("_", "-") or package}"',
        "dependencies": f"dependencies = [{needed}]",
        "package": f'"package" = "{package}"',
        "tools": f'"tools" = "{package}/tools"',
        "lock": f'"lock" = "{package}/lock"',
    }
    for key, line in lines.items():
        project, found = _LINES[key].subn(line.replace("\\", "\\\\"), project, count=1)
        if not found:
            raise LibraryProblem(f"{PROJECT_FILE} has no line for {key!r} as lithify writes it; add {line}")
    return {PROJECT_FILE: project.encode(), MODULE_FILE: _MODULE.replace("@PACKAGE@", package).encode()}


def packaged(library: Path, package: str, requirements: Iterable[str]) -> dict[str, bytes]:
    """The same for a library as it lies there: those of the two files that change. package "": the name that it has."""
    before = {one: read_file(library / one) for one in (PROJECT_FILE, MODULE_FILE) if (library / one).exists()}
    project = before.get(PROJECT_FILE, _PROJECT.encode()).decode("utf-8", "replace")
    files = package_files(package or package_name(library) or DEFAULT_NAME, requirements, project)
    return {one: data for one, data in files.items() if before.get(one) != data}


def package_name(library: Path) -> str:
    """The name under which a library is imported, "" when its pyproject.toml says none."""
    file = library / PROJECT_FILE
    found = _LINES["package"].search(read_file(file).decode("utf-8", "replace")) if file.exists() else None
    return found.group().rpartition(" = ")[2].strip('"') if found else ""
