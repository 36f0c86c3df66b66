"""Names that become folders: what a tool or a candidate may be called."""

from __future__ import annotations

import keyword
import re

from lithify.errors import ProgrammerMustAct

_TOOL_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")
_CANDIDATE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


def is_tool_name(name: str) -> bool:
    """Whether name can be a folder, a module and a function on every machine: lower-case ASCII, at most 80 letters."""
    return _TOOL_NAME.match(name) is not None and not keyword.iskeyword(name)


def check_tool_name(name: str) -> str:
    """The name. Raises ProgrammerMustAct when it cannot be a tool's: it would leave its folder or hide a keyword."""
    if not is_tool_name(name):
        raise ProgrammerMustAct(
            f"{name!r} cannot name a tool: a to z, 0 to 9 and _, beginning with a letter, at most 80, no keyword"
        )
    return name


def check_candidate_id(identity: str) -> str:
    """The id. Raises ProgrammerMustAct when it cannot be a folder's name."""
    if _CANDIDATE_ID.match(identity) is None:
        raise ProgrammerMustAct(
            f"{identity!r} cannot be the id of a candidate: letters, digits, '.', '_', '-', at most 100"
        )
    return identity
