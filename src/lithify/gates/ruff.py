"""Gate: ruff finds no mistake, and the source is in its one form."""

from __future__ import annotations

import asyncio
import subprocess

from lithify.errors import BadSettings
from lithify.gates.gate import Finding, Subject, Workers

RULES = "E9,F,PLE,B002,B003,B006,B012,B015,B016,B018,B020,B021,B022,B025,B026,B029,B032"
"""Mistakes, not taste: names that do not exist, what is never used, tests that are always true, …"""

UNUSED = "F841"
"""A variable that is never read: `header = next(rows)` says what it passes over."""

OPTIONS = (
    "--isolated",
    "--no-cache",
    "--target-version",
    "py311",
    "--line-length",
    "100",
    "--stdin-filename",
    "tool.py",
)
_SECONDS = 60
_SHOWN = 12


class RuffGate:
    """Runs ruff with rules of our own: settings and `noqa` comments do not count."""

    name = "ruff"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate. Raises BadSettings when ruff cannot be run."""
        source = subject.candidate.source
        check = (
            "check",
            "--quiet",
            "--ignore-noqa",
            "--select",
            RULES,
            "--ignore",
            UNUSED,
            "--output-format",
            "concise",
            *OPTIONS,
            "-",
        )
        form = ("format", "--check", "--quiet", *OPTIONS, "-")
        program = _program()  # not in the threads: sysconfig, which it asks, is not safe there
        runs = (asyncio.to_thread(_run, [program, *arguments], source) for arguments in (check, form))
        checked, formed = await asyncio.gather(*runs)
        if checked.returncode != 0:
            lines = (checked.stdout or checked.stderr).strip().splitlines()
            more = f"\n… and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
            return Finding(
                outcome="fail", evidence="\n".join(lines[:_SHOWN]) + more, remedy="mend what ruff names, rule by rule"
            )
        if formed.returncode != 0:
            return Finding(
                outcome="fail",
                evidence="tool.py is not as `ruff format` would write it, so versions of it would not compare",
                remedy="ruff format --line-length 100 tool.py",
            )
        return Finding(outcome="pass", evidence="no mistakes by ruff's rules, and formatted")


def _run(command: list[str], source: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            input=source,
            env={},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadSettings(f"ruff could not be run ({error}); install it beside lithify: pip install ruff") from error


def _program() -> str:
    """ruff as installed with this interpreter, else the one on PATH."""
    from shutil import which

    from ruff.__main__ import find_ruff_bin  # type: ignore[import-untyped] # ruff ships no types

    try:
        return str(find_ruff_bin())
    except FileNotFoundError:
        return which("ruff") or "ruff"
