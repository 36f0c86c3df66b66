"""Documents from strangers, read in a process of its own that a bad one can end, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import Any

from lithify.context.documents.reader import Record
from lithify.context.refusal import Unreadable
from lithify.records.quick import dataclass

MAX_BYTES = 512 << 20
MAX_CHARACTERS = 200_000_000
SECONDS = 120
_CPU_SECONDS = 100
_CHILD = "lithify.context.documents.child"
_PACKAGES = {"pypdfium2": "PDF", "docx": "DOCX", "openpyxl": "XLSX"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as records of plain data, and what the person should know."""

    records: list[Record]
    notes: tuple[str, ...] = ()


def read_document(descriptor: int, kind: str, size: int) -> Document:
    """The records of an open file of this kind (docx, epub, html, pdf, xlsx) and size.

    Raises Unreadable for a document that is damaged, encrypted, too large, a bomb or too slow, and when the package
    that reads this kind is not installed. It takes a process of its own, for at most SECONDS.
    """
    if size > MAX_BYTES:
        raise Unreadable(f"has {size:,} bytes, {MAX_BYTES:,} of a document may be read; split it", too_large=True)
    os.lseek(descriptor, 0, os.SEEK_SET)
    command = [sys.executable, "-m", _CHILD, kind, str(MAX_CHARACTERS), str(_CPU_SECONDS)]
    # Nothing of the person's environment reaches it: no key, no setting.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, stdin=descriptor, stdout=output, stderr=errors, env=environment)
        try:
            code = child.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise Unreadable(f"is not read within {SECONDS} s; export its text, or give a part of it") from None
        finally:
            child.kill()
            child.wait()
        output.seek(0)
        errors.seek(0)
        return _result(code, output.read(), errors.read(2_000))


def _result(code: int, output: bytes, errors: bytes) -> Document:
    if code:
        raise Unreadable(f"ended the process that read it ({_ending(code, errors)}); export its text another way")
    found: dict[str, Any] = json.loads(output)
    if "missing" in found:
        kind = _PACKAGES.get(found["missing"], found["missing"])
        raise Unreadable(f"is a {kind} document, which needs an extra: pip install 'lithify[docs]'")
    if "error" in found:
        raise Unreadable(str(found["error"]))
    return Document(records=found["records"], notes=tuple(found["notes"]))


def _ending(code: int, errors: bytes) -> str:
    if code == -signal.SIGXCPU:
        return f"it took more than {_CPU_SECONDS} s"
    if code == -signal.SIGXFSZ:
        return "it holds too much text"
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else f"exit code {code}"
