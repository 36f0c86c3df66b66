"""The text of one open file: unpacked, decoded, or out of a document."""

from __future__ import annotations

from lithify.context.decoding import NotText, decode_blocks
from lithify.context.documents.reader import Record
from lithify.context.packing import Blocks, beginning, packing_of, unpacked
from lithify.context.reading import Opened
from lithify.context.refusal import Unreadable
from lithify.context.sniffing import HEAD, file_kind, refusal
from lithify.records.quick import dataclass

_EXPORT = {"parquet": "a Parquet file", "arrow": "an Arrow file", "sqlite": "a SQLite database"}
_PAGE_END = "\f"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """The text of a file and what the person should know. size: bytes that were read or unpacked for it."""

    text: str
    size: int
    notes: tuple[str, ...] = ()


def text_of(opened: Opened, name: str, left: int) -> FileText:
    """The text of a file of any kind that has one; HTML stands as it is. The pages of a document are parted by form
    feeds. At most `left` bytes may be unpacked. Raises Unreadable with the next step for any other file."""
    kind = file_kind(opened.head, name)
    if kind in ("pdf", "docx", "epub"):
        from lithify.context.parsing import read_document

        found = read_document(opened.fileno(), kind, opened.size)
        text = _PAGE_END.join(_record_text(record) for record in found.records)
        return FileText(text=text, size=len(text), notes=found.notes)
    if kind == "refused":
        raise Unreadable(f"is {refusal(opened.head)}")
    if kind in _EXPORT or kind == "xlsx":
        raise Unreadable(f"is {_EXPORT.get(kind, 'a workbook')}, not text; name it by itself")
    return packed_text(opened, left) if kind == "packed" else plain_text(opened, opened.blocks, opened.size)


def packed_text(opened: Opened, left: int) -> FileText:
    """The text of a compressed file."""
    blocks = unpacked(opened.blocks, packing_of(opened.head), left)
    head = beginning(blocks, HEAD)
    inner = file_kind(head, "")
    if inner != "text":
        what = refusal(head) or f"a {inner} file"
        raise Unreadable(f"is a compressed file that holds {what}; unpack it first")
    return plain_text(opened, blocks, 0)


def plain_text(opened: Opened, blocks: Blocks, size: int) -> FileText:
    """The text in these blocks of a file; size 0: as many bytes as its characters."""
    decoded = decode_blocks(blocks)
    if isinstance(decoded, NotText):
        raise Unreadable(decoded.reason, brief="no text")
    notes = tuple(note for note in (opened.note(), decoded.note) if note)
    return FileText(text=decoded.text, size=size or len(decoded.text), notes=notes)


def _record_text(record: Record) -> str:
    return "\n".join(str(record[key]) for key in ("title", "heading", "text") if record.get(key))
