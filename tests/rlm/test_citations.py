from __future__ import annotations

from collections.abc import Mapping

import pytest

from lithify.records.citation import Citation, Claim
from lithify.records.context import Context, Fingerprint
from lithify.rlm.citations import MAX_CLAIMS, MAX_QUOTE_CHARS, claims, verify

LOG = "first line\nsshd: failed\ncron: ok\nsshd: failed\nlast line"
CSV = 'name,note\na,"two\nlines"\nb,plain\nc,plain\n'


def text(value: str, form: str = "lines", delimiter: str = "") -> Context:
    return context("text", value, Fingerprint(format=form, delimiter=delimiter))  # type: ignore[arg-type]


def context(kind: str, value: object, found: Fingerprint | None = None, name: str = "context") -> Context:
    return Context(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        value=value,  # type: ignore[arg-type]
        sources=(),
        size=1,
        digest="0" * 64,
        preview="",
        fingerprint=found or Fingerprint(format="lines"),
    )


def files(value: Mapping[str, str]) -> Context:
    return context("files", value)


@pytest.mark.parametrize(
    ("claim", "line", "note"),
    [
        (Claim(quote="cron: ok"), 3, ""),
        (Claim(quote="cron: ok", unit="line", number=3), 3, ""),
        (Claim(quote="cron: ok", unit="line", number=1), 3, "cited as line 1"),
        (Claim(quote="cron: ok", unit="line", number=9_999), 3, "cited as line 9999"),
        (Claim(quote="sshd: failed", unit="line", number=4), 4, ""),
        (Claim(quote="sshd: failed", unit="line", number=1), 2, "cited as line 1"),
        (Claim(quote="sshd: failed", unit="line", number=5), 4, "cited as line 5"),
        (Claim(quote="failed\ncron"), 2, ""),
        (Claim(quote="failed\ncron", unit="line", number=2), 2, ""),
        (Claim(quote="first"), 1, ""),
        (Claim(quote="last line"), 5, ""),
    ],
)
def test_a_quote_of_a_text_gets_its_real_line(claim: Claim, line: int, note: str) -> None:
    found = verify(claim, text(LOG))
    assert found == Citation(quote=claim.quote, unit="line", number=line, verified=True, note=note)


@pytest.mark.parametrize("quote", ["sshd:  failed", "SSHD: failed", "cron: ok\nlast", "not there"])
def test_what_does_not_stand_there_is_not_verified(quote: str) -> None:
    found = verify(Claim(quote=quote), text(LOG))
    assert (found.verified, found.note) == (False, "it does not stand in the data")


def test_line_ends_of_windows() -> None:
    assert verify(Claim(quote="b\nc"), text("a\r\nb\r\nc\r\n")).number == 2


def test_a_place_far_into_a_long_text() -> None:
    long = "".join(f"line {n}\n" for n in range(1, 400_001))
    assert verify(Claim(quote="line 3", unit="line", number=300_000), text(long)).number == 300_000
    assert verify(Claim(quote="line 399999", unit="line", number=2), text(long)).number == 399_999


@pytest.mark.parametrize(("row", "line"), [(1, 2), (2, 4), (3, 5)])
def test_rows_of_a_delimited_text_may_span_lines(row: int, line: int) -> None:
    quote = "plain" if row > 1 else "two\nlines"
    assert verify(Claim(quote=quote, unit="row", number=row), text(CSV, "delimited", ",")).number == line


def test_pages_of_a_text_end_in_form_feeds() -> None:
    paged = "one\nx\n\ftwo\nx\n\fthree\n"
    assert verify(Claim(quote="x", unit="page", number=2), text(paged)).number == 4


def test_a_quote_is_looked_for_in_the_named_file_first() -> None:
    both = files({"a.log": "x\nsame", "logs/b.log": "same"})
    assert verify(Claim(quote="same", source="logs/b.log"), both).source == "logs/b.log"
    assert verify(Claim(quote="same", source="b.log"), both).source == "logs/b.log"
    assert verify(Claim(quote="same"), both).source == "a.log"


def test_a_quote_from_another_file_than_said_is_corrected() -> None:
    found = verify(Claim(quote="x", source="b.log", unit="line", number=1), files({"a.log": "x", "b.log": "y"}))
    assert (found.source, found.verified, found.note) == ("a.log", True, "cited as b.log line 1")


def test_pages_of_a_document() -> None:
    document = context("document", [{"page": 1, "text": "intro"}, {"page": 2, "text": "the rain in spain"}])
    assert verify(Claim(quote="rain in", unit="page", number=1), document) == Citation(
        quote="rain in", unit="page", number=2, verified=True, note="cited as page 1"
    )


def test_rows_of_plain_data() -> None:
    rows = context("data", [{"a": 1, "b": ["deep", 7]}, {"a": 17}, None])
    assert verify(Claim(quote="deep"), rows).number == 1
    assert verify(Claim(quote="17"), rows).number == 2
    assert not verify(Claim(quote="7 7"), rows).verified


def test_rows_of_a_table() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = context("table", pyarrow.table({"name": ["a", "b", "a"], "count": [10, 20, 30]}))
    assert verify(Claim(quote="20"), table).number == 2
    assert verify(Claim(quote="a", unit="row", number=3), table).number == 3
    assert not verify(Claim(quote="z"), table).verified


def test_several_inputs_by_their_names() -> None:
    several = Context(
        kind="inputs",
        value={},
        sources=(),
        size=1,
        digest="0" * 64,
        preview="",
        fingerprint=Fingerprint(format="inputs"),
        inputs=(
            context("text", "same", name="old"),
            context("text", "x\nsame", name="new"),
            context("files", {"a.log": "only here"}, name="logs"),
        ),
    )
    assert verify(Claim(quote="same", source="new"), several).number == 2
    assert verify(Claim(quote="only here"), several).source == "logs/a.log"


def test_a_kind_that_cannot_be_looked_into_is_said() -> None:
    found = verify(Claim(quote="x"), context("database", b"x"))
    assert (found.verified, found.note) == (False, "quotes are not looked up in a database")


def test_overlong_quotes_are_not_looked_up() -> None:
    quote = "x" * (MAX_QUOTE_CHARS + 1)
    assert "quote less" in verify(Claim(quote=quote), text(quote)).note


def test_what_a_session_says_is_read_with_distrust() -> None:
    said = [
        ["a", "", "line", 1],
        ["a", "", "line", 1],
        ["", "", "", 0],
        ["b", "", "verse", 1],
        [1],
        "x",
        ["c", "", "", -4],
    ]
    assert claims(said) == (Claim(quote="a", unit="line", number=1), Claim(quote="c"))
    assert claims(None) == ()
    assert len(claims([[f"{n}", "", "", 0] for n in range(100)])) == MAX_CLAIMS
