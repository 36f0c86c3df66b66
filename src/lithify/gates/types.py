"""Gate: the types that the function names are those of the code."""

from __future__ import annotations

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path

from lithify.errors import BadSettings
from lithify.gates.gate import Finding, Subject, Workers

OPTIONS = ("check", "--output-format", "concise", "--python-version", "3.11", "--no-progress", "--color", "never")
_LINE = re.compile(r"tool\.py:(?P<line>\d+):\d+: \w+\[(?P<rule>[a-z-]+)\] (?P<text>.*)")
_CONTRADICTIONS = re.compile(
    r"return|default|type-form|missing-argument|unknown-argument|too-many|attribute|unresolved-reference|callable"
)
"""Rules where code and annotation cannot both be right. The others speak of idioms as well: `max(n, key=n.get)`."""
_NONE = re.compile(r"`None`|\| None|None \|")
"""`re.match(…).group(1)`: code that expects a match raises without one, which running shows and a caller is told."""
_SILENCING = re.compile(r"#\s*(?:type|ty|mypy|pyright|pyrefly)\s*:\s*(?=[a-z])", re.IGNORECASE)
_SECONDS = 60
_SHOWN = 8


class TypesGate:
    """Runs ty (0.15 s; mypy takes 1.5 s), without the machine's packages: what they return is not judged."""

    name = "types"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate. Raises BadSettings when ty cannot be run."""
        program = _program()  # not in the thread: sysconfig, which it asks, is not safe there
        said = await asyncio.to_thread(_run, program, subject)
        found = [match for line in said.splitlines() if (match := _LINE.match(line))]
        noted = [one for one in found if _NONE.search(one["text"])]
        wrong = [one for one in found if _CONTRADICTIONS.search(one["rule"]) and one not in noted]
        if wrong:
            lines = [f"line {one['line']}: {one['text']} ({one['rule']})" for one in wrong]
            more = [f"… and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
            remedy = "make annotations and code agree; what a caller gets must be what the signature says"
            return Finding(outcome="fail", evidence="\n".join(lines[:_SHOWN] + more), remedy=remedy)
        places = ", ".join(dict.fromkeys(one["line"] for one in noted))
        note = f"; line {places} raises when there is nothing to be found" if places else ""
        return Finding(outcome="pass", evidence=f"annotations and code agree{note}")


def _run(program: str, subject: Subject) -> str:
    with tempfile.TemporaryDirectory(prefix="lithify-types-") as folder:
        for name, source in {"tool.py": _unsilenced(subject.candidate.source), "ty.toml": ""}.items():
            (Path(folder) / name).write_text(source, encoding="utf-8", errors="surrogatepass")
        try:
            done = subprocess.run(
                [program, *OPTIONS, "tool.py"],
                cwd=folder,
                env={"HOME": folder},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BadSettings(f"ty could not be run ({error}); install it beside lithify: pip install ty") from error
    if done.returncode not in (0, 1):
        raise BadSettings(f"ty ended with {done.returncode}: {done.stderr.strip()[:300]}; pip install --upgrade ty")
    return done.stdout


def _unsilenced(source: str) -> str:
    """The source with comments that would silence the checker made plain ones."""
    return _SILENCING.sub("# ", source)


def _program() -> str:
    """ty as installed with this interpreter, else the one on PATH."""
    from shutil import which

    from ty import find_ty_bin

    try:
        return str(find_ty_bin())
    except FileNotFoundError:
        return which("ty") or "ty"
