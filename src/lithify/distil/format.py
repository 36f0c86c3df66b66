"""The formatter and the import sorter: ruff, started as a program."""

from __future__ import annotations

import subprocess

from lithify.errors import PersonMustAct

_SECONDS = 60
_RULES = "I,F401,F541,F841,UP,C4,RET505,SIM118,RUF100"
_OPTIONS = ("--isolated", "--target-version", "py311", "--line-length", "100", "--stdin-filename", "tool.py", "-")


def formatted(source: str) -> str:
    """Python source in its one form: ruff's fixes for imports and old spellings, then its formatter.

    Source that ruff cannot parse comes back as it is: the gates say so. Raises PersonMustAct when ruff cannot be run.
    """
    fixed = _ruff(["check", "--fix", "--quiet", "--exit-zero", "--select", _RULES, *_OPTIONS], source)
    return _ruff(["format", "--quiet", *_OPTIONS], fixed)


def _ruff(arguments: list[str], source: str) -> str:
    try:
        done = subprocess.run(
            [_program(), *arguments], input=source, capture_output=True, encoding="utf-8", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PersonMustAct(f"ruff could not be run ({error}); install it beside lithify: pip install ruff") from error
    return done.stdout if done.returncode == 0 and done.stdout else source


def _program() -> str:
    """ruff as installed with this interpreter, else the one on the PATH."""
    from ruff.__main__ import find_ruff_bin  # type: ignore[import-untyped] # ruff ships no types

    try:
        return str(find_ruff_bin())
    except FileNotFoundError:
        return "ruff"
