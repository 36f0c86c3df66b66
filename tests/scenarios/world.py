"""What the scenarios share: a small log that any part of looks like the rest, and ways to ask over it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

shared: Path | None = None
"""Where things lie that were made once for all scenarios of this run; set by conftest.py."""

SERVICES = ("sshd", "cron", "kernel", "ftpd", "dbus")


def log(seed: int, lines: int = 120) -> str:
    """A log of restarts and other events; another seed gives other counts."""
    rows = []
    for n in range(lines):
        service = SERVICES[(n * (seed + 2) + n // 7) % len(SERVICES)]
        what = "restarted" if (n * seed + n) % 3 == 0 else f"handled request {n * 17 % 991}"
        rows.append(
            f"2026-06-{1 + n % 28:02d} 10:{n % 60:02d}:{n * 7 % 60:02d} host{n % 3} {service}[{1000 + n}]: {what}"
        )
    return "\n".join(rows) + "\n"


def restarts(text: str) -> list[tuple[str, int]]:
    """The truth: services by restarts, most first, ties by name."""
    counts: dict[str, int] = {}
    for line in text.splitlines():
        service, _, what = line.split(" ", 3)[3].partition(": ")
        if what == "restarted":
            name = service.split("[")[0]
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


QUESTION = "Which 2 services restarted most often?"
SOLUTION = """The lines end in "service[pid]: what happened".
```repl
import re
from collections import Counter

counts = Counter()
for line in context.splitlines():
    found = re.match(r"\\S+ \\S+ \\S+ (\\w+)\\[\\d+\\]: restarted$", line)
    if found:
        counts[found.group(1)] += 1
if not counts:
    raise ValueError("no restarts in this input")
ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
print(ranked)
FINAL([name for name, count in ranked[:2]])
```"""


def once(name: str, make: Callable[[Path], object], folder: Path) -> None:
    """Put into folder what make(FOLDER) leaves in a folder of its own; it is made by the first who asks, and copied."""
    assert shared is not None
    made, unfinished = shared / f"once-{name}", shared / f"once-{name}.unfinished"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(made)
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)


@dataclass(frozen=True)
class Ended:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def clean_environment(folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without settings of whoever runs the tests."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LITHIFY_", "OPENAI_", "ANTHROPIC_", "XDG_"))
    }
    return {**kept, "HOME": str(folder), "PYTHONWARNINGS": "error::ResourceWarning", **(extra or {})}


def command(folder: Path, arguments: Sequence[str], base_url: str = "", stdin: str = "", **extra: str) -> Ended:
    """Run `lithify ARGUMENTS` in folder, as a person would; base_url names a scripted model server."""
    environment = clean_environment(folder, extra)
    if base_url:
        environment |= {"LITHIFY_MODEL": "openai:scripted", "LITHIFY_BASE_URL": base_url}
    done = subprocess.run(
        [sys.executable, "-m", "lithify", *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
