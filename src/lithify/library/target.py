"""The folder that a person names: by its path, or by the name of a kept tool."""

from __future__ import annotations

from pathlib import Path

from lithify.errors import BadInput
from lithify.layout import is_tool_name
from lithify.library.folder import read_tree
from lithify.library.reading import TOOLS
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A folder with its files by relative path. kept_as: the tool of the library that it is; "" for another folder."""

    where: str
    files: dict[str, bytes]
    kept_as: str = ""


def read_target(library: Path, target: str) -> Target:
    """What a path, or else the name of a tool in this library, stands for.

    Raises BadInput when there is no such folder, or no tool.py in it; LibraryProblem for links and files that cannot
    be read.
    """
    tools = (library / TOOLS).resolve()
    given = Path(target)
    folder = given.parent if given.name == "tool.py" else given
    if not folder.is_dir() and is_tool_name(target) and (tools / target).is_dir():
        folder = tools / target
    if not folder.is_dir():
        import difflib

        names = [one.name for one in tools.iterdir()] if tools.is_dir() else []
        near = difflib.get_close_matches(target, names, 3)
        hint = f"; near are {', '.join(near)}" if near else ""
        raise BadInput(f"{target!r} is no folder, and no tool of {library}{hint}")
    if not (folder / "tool.py").is_file():
        raise BadInput(f"{folder} holds no tool.py: give the folder of a tool, or the name of a kept one")
    resolved = folder.resolve()
    kept_as = resolved.name if resolved.parent == tools and is_tool_name(resolved.name) else ""
    return Target(where=str(folder), files=read_tree(resolved), kept_as=kept_as)
