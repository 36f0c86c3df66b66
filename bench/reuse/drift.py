"""The same log in another format, or only partly in its own: what a tool must not answer wrongly over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

Drift = Callable[[list[str], list[str]], str]
"""(lines of the log, lines of another system's log) to the text."""

_GERMAN = {
    "authentication failure": "Anmeldung fehlgeschlagen",
    "session opened for user": "Sitzung geoeffnet fuer Benutzer",
    "state_change": "zustandswechsel",
    "unavailable": "nicht_verfuegbar",
    "FATAL": "FEHLER",
    "INFO": "HINWEIS",
    "status": "Zustand",
    "instance": "Instanz",
    "time": "Zeit",
    "GET": "HOLE",
    " W ": " Warnung ",
    " I ": " Hinweis ",
    "Info": "Hinweis",
    "kernel": "Kern",
}


def _translated(line: str) -> str:
    for english, german in _GERMAN.items():
        line = line.replace(english, german)
    return line


def _other_dates(line: str) -> str:
    line = re.sub(r"\b(\d{4})[-.](\d\d)[-.](\d\d)\b", r"\3/\2/\1", line)
    line = re.sub(r"^(\w{3}) +(\d+) (\d\d:\d\d:\d\d)", r"2005/\2 \1 \3", line)
    line = re.sub(r"^(\d{8})-", r"\1T", line)
    return re.sub(r"^(\d\d)-(\d\d) (\d\d:)", r"\2. \1. \3", line)


def _delimited(line: str) -> str:
    return line.replace("|", ";") if line.count("|") >= 3 else re.sub(r" +", ";", line)


DRIFTS: Mapping[str, Drift] = {
    "empty": lambda lines, other: "",
    "only blank lines": lambda lines, other: "\n" * 50,
    "another system": lambda lines, other: _text(other),
    "half another system": lambda lines, other: _text(
        [line for pair in zip(lines, other, strict=False) for line in pair]
    ),
    "a fifth of another system": lambda lines, other: _text([*lines, *other[: len(lines) // 4]]),
    "another delimiter": lambda lines, other: _text([_delimited(line) for line in lines]),
    "another date style": lambda lines, other: _text([_other_dates(line) for line in lines]),
    "another language": lambda lines, other: _text([_translated(line) for line in lines]),
    "half another language": lambda lines, other: _text(
        [_translated(line) if at % 2 else line for at, line in enumerate(lines)]
    ),
    "as JSON lines": lambda lines, other: _text([json.dumps({"message": line}) for line in lines]),
    "without the first field": lambda lines, other: _text([line.partition(" ")[2] or line for line in lines]),
    "with a collector's prefix": lambda lines, other: _text(
        [f"collector-7 2026-11-22T10:00:{at % 60:02}Z {line}" for at, line in enumerate(lines)]
    ),
    "cut at 40 characters": lambda lines, other: _text([line[:40] for line in lines]),
    "in capitals": lambda lines, other: _text([line.upper() for line in lines]),
}


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
