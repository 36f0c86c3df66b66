"""What the host reads itself of a confined worker, in /proc, so that nobody need be believed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FILTERED = "2"


def process_id(pidfd: int) -> int | None:
    """The process id that the pidfd stands for, as this process sees it; None where /proc does not tell."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines()
        found = int(fields_of(lines).get("Pid", "-1"))
    except (OSError, ValueError):
        return None
    return found if found > 0 else None


def status_of(pidfd: int) -> dict[str, str]:
    """The fields of /proc/<pid>/status; empty where /proc does not tell."""
    try:
        text = Path(f"/proc/{process_id(pidfd)}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return fields_of(text.splitlines())


def fields_of(lines: list[str]) -> dict[str, str]:
    """Lines of the form `Name: value`."""
    return {name: value.strip() for name, found, value in (line.partition(":") for line in lines) if found}


def seen(status: Mapping[str, str]) -> dict[str, str]:
    """Layer → how it holds, by a worker's status. Pure. Empty when there is no status to read."""
    if not status:
        return {}
    sets = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status.get(name, "1"), 16)]
    held = {
        "capabilities": f"no: {sets[0]} is not empty" if sets else "yes",
        "no-new-privs": "yes" if status.get("NoNewPrivs") == "1" else "no: not set",
    }
    if status.get("Seccomp") != _FILTERED:
        held["seccomp"] = "no: the kernel shows no filter on the worker"
    return held
