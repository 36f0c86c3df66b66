"""The process in which a document is read: it may use so much memory and time, writes nothing, connects to nothing.

    python -m lithify.context.documents.child KIND CHARACTERS SECONDS < document > records

stdout is one JSON object: {"records": [...], "notes": [...]}, or {"error": WHY}, or {"missing": MODULE}.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping

from lithify.context.documents.docx import read_docx
from lithify.context.documents.epub import read_epub
from lithify.context.documents.html import read_html
from lithify.context.documents.pdf import read_pdf
from lithify.context.documents.reader import BadDocument, Reading
from lithify.context.documents.xlsx import read_xlsx

READERS: Mapping[str, Callable[[bytes, Reading], None]] = {
    "docx": read_docx,
    "epub": read_epub,
    "html": read_html,
    "pdf": read_pdf,
    "xlsx": read_xlsx,
}
MEMORY = 3 << 30
_FILES = 64
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.remove", "os.rename")


def main(kind: str, characters: int, seconds: int) -> int:
    """Read the document on stdin; what goes wrong with it is said on stdout."""
    confine(seconds, file_size=16 * characters + (1 << 20))
    reading = Reading(left=characters)
    try:
        READERS[kind](sys.stdin.buffer.read(), reading)
        found: dict[str, object] = {"records": reading.records, "notes": reading.notes}
    except BadDocument as error:
        found = {"error": str(error)}
    except ModuleNotFoundError as error:
        found = {"missing": str(error.name)}
    except MemoryError:
        found = {"error": f"needs more than {MEMORY >> 20:,} MB to be read; give a part of it"}
    except RecursionError:
        found = {"error": "is nested too deeply; it is no ordinary document"}
    json.dump(found, sys.stdout, ensure_ascii=True)
    return 0


def confine(seconds: int, file_size: int) -> None:
    """Limits of the kernel, and a hook that stops what no reader of documents does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        if writes or event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader of documents may not do this: {event}")

    sys.addaudithook(watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
