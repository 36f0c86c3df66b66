"""SQLite's errors in a person's words, with the next step. Pure."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lithify.errors import LedgerProblem, LithifyError, ProgrammerMustAct


def problem(path: Path, error: BaseException | None) -> LithifyError:
    """The error to raise for what the driver raised while it used the ledger at path."""
    said = f"({error})"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its detail
    match code:
        case sqlite3.SQLITE_CONSTRAINT:
            return ProgrammerMustAct(f"an event that the ledger's rules refuse {said}: start a run once, and first")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            text = (
                f"another process keeps the ledger {path} locked {said}: "
                f"see which (`fuser {path}`), let it finish, and try again"
            )
        case sqlite3.SQLITE_FULL:
            text = (
                f"no space left for the ledger {path} {said}: free some on the disk of {path.parent}; "
                "what was recorded before is kept"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            text = (
                f"{path} is not a readable ledger {said}: move it away (`mv {path} {path}.broken`) and a new one is "
                f"made; `sqlite3 {path}.broken .recover` may save what it held"
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            text = (
                f"the ledger {path} cannot be opened for writing {said}: "
                f"make the file and the folder {path.parent} writable, or choose another ledger"
            )
        case sqlite3.SQLITE_IOERR:
            text = f"the disk failed while the ledger {path} was used {said}: check it and its quota, then try again"
        case _:
            text = f"the ledger {path} cannot be used {said}: try again, and report this if it happens again"
    return LedgerProblem(text)
