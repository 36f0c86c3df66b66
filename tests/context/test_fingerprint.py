"""Formats, headers and shapes. What fingerprints recognise is tested with routing."""

from __future__ import annotations

import json

import pytest

from lithify.context.fingerprint import MAX_SHAPES, fingerprint, fingerprint_files

LOG = "".join(f"2024-01-01 10:00:{n:02} INFO app: did {n}\n" for n in range(60))


@pytest.mark.parametrize(
    ("text", "kind", "header", "delimiter"),
    [
        ("", "empty", (), ""),
        (" \n\t\n", "empty", (), ""),
        (LOG, "lines", (), ""),
        ("It was a dark and stormy night in the old town.\n" * 9, "prose", (), ""),
        ("Ann\nBob\nCarl\n", "prose", (), ""),
        ("day,sold\n2024-01-01,3\n", "delimited", ("day", "sold"), ","),
        ("day;sold\r\n2024-01-01;3,5\r\n", "delimited", ("day", "sold"), ";"),
        ("day\tsold\n2024-01-01\t3\n", "delimited", ("day", "sold"), "\t"),
        ("day|sold\r2024-01-01|3\r", "delimited", ("day", "sold"), "|"),
        ('"a, b",c\n"x, ""y""",2\n"two\nlines",3\n', "delimited", ("a, b", "c"), ","),
        (",name,age\n0,Ann,30\n1,Bob,40\n", "delimited", ("", "name", "age"), ","),
        ("name,city\nAnn,Rome\nBob,Oslo\n", "delimited", ("name", "city"), ","),
        ("land,2010,2011\nItaly,1,2\n", "delimited", ("land", "2010", "2011"), ","),
        ("1,2\n3,4\n", "lines", (), ""),
        ("a,a\n1,2\n", "lines", (), ""),
        ("day,sold\n", "prose", (), ""),
        ("Dear all, hello\nbest wishes, Ann\nyours, too\n", "prose", (), ""),
        ("2024-01-01,INFO,x\n2024-01-02,INFO,y\n", "lines", (), ""),
        ('{"a": 1}\n{"a": 2, "b": 3}\n', "jsonl", ("a",), ""),
        ('{"a": 1}\nnot json\n{"a": 2}\n', "lines", (), ""),
        ('{"a": 1, "b": [2]}', "json", ("a", "b"), ""),
        ('{\n "a": 1\n}\n', "json", ("a",), ""),
        ('[{"a": 1, "b": 2}, {"a": 3}]', "json", ("a",), ""),
        ("[1, 2, 3]", "json", (), ""),
        ("[broken", "prose", (), ""),
        ("3", "lines", (), ""),
    ],
)
def test_formats(text: str, kind: str, header: tuple[str, ...], delimiter: str) -> None:
    found = fingerprint(text)
    assert (found.format, found.header, found.delimiter) == (kind, header, delimiter)


def test_shapes_of_lines_have_shares_most_frequent_first() -> None:
    found = fingerprint(LOG + "\n" + "\tat app.Main\n" * 20)
    assert [(shape.pattern, shape.share) for shape in found.shapes] == [
        ("Y-9-9 9:9:9 LEVEL text", 0.75),
        ("> text", 0.25),
    ]


def test_shapes_of_tables_are_by_column() -> None:
    found = fingerprint("day,sold\n2024-01-01,3\n2024-01-02,\n2024-01-03,4.5\n2024-01-04,5\n")
    assert {shape.pattern: shape.share for shape in found.shapes} == {
        "day = Y-9-9": 1.0,
        "sold = int": 0.5,
        "sold = empty": 0.25,
        "sold = float": 0.25,
    }


def test_shapes_of_json_are_by_key_or_path() -> None:
    records = fingerprint('{"at": "2024-01-01", "n": 1}\n{"at": "2024-01-02", "n": null}\n')
    assert {shape.pattern for shape in records.shapes} == {'at = "Y-9-9"', "n = number", "n = null"}
    document = fingerprint('{"a": {"b": [1, "x"]}}')
    assert {shape.pattern for shape in document.shapes} == {
        "$ = object",
        "$.a = object",
        "$.a.b = list",
        "$.a.b[] = number",
        "$.a.b[] = text",
    }


def test_the_order_of_days_is_settled_by_the_days_that_prove_it() -> None:
    found = fingerprint("".join(f"{day:02}/03/2024 10:00:00 started\n" for day in range(1, 29)))
    assert [shape.pattern for shape in found.shapes] == ["D/M/Y 9:9:9 text"]


def test_the_number_of_shapes_is_bounded() -> None:
    text = "".join(f"{'x-1 ' * (n % 6)}{'y=' * (n // 6)}1 2 3:4\n" for n in range(3_000))
    assert len(fingerprint(text).shapes) <= MAX_SHAPES


def test_files_are_grouped_by_suffix_and_kind() -> None:
    table = "day,sold\n2024-01-01,3\n"
    found = fingerprint_files(
        {"a.log": LOG, "b/c.log": LOG, "x.csv": table, "y.CSV": table, "z.csv": table + ",\n", "e": ""}
    )
    kinds = [(suffix, member.format) for suffix, member in found.members]
    assert found.format == "files"
    assert kinds == [("", "empty"), (".csv", "delimited"), (".log", "lines")]
    csv = dict(found.members)[".csv"]
    assert sum(shape.share for shape in csv.shapes if shape.pattern.startswith("day = ")) == pytest.approx(
        1.0, abs=1e-5
    )


def test_no_files_are_an_empty_context() -> None:
    assert fingerprint_files({}).format == "empty"


def test_a_big_text_has_the_fingerprint_of_its_parts() -> None:
    big = fingerprint(LOG * 1_000)
    assert [shape.pattern for shape in big.shapes] == [shape.pattern for shape in fingerprint(LOG).shapes]


def test_a_big_json_document_is_judged_by_its_beginning() -> None:
    records = [{"id": n, "text": "x" * 200} for n in range(90_000)]
    found = fingerprint(json.dumps(records))
    assert (found.format, found.header) == ("json", ("id", "text"))
    named = fingerprint(json.dumps({"meta": {"v": 1}, "items": records}))
    assert (named.format, named.header) == ("json", ("meta", "items"))


def test_a_big_table_is_judged_by_spread_rows() -> None:
    text = "day,sold\n" + "".join(f"2024-01-{n % 28 + 1:02},{n}\n" for n in range(50_000))
    assert {shape.pattern for shape in fingerprint(text).shapes} == {"day = Y-9-9", "sold = int"}


@pytest.mark.parametrize("text", ["{" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000])
def test_deep_nesting_breaks_nothing(text: str) -> None:
    assert fingerprint(text).format in ("json", "prose", "lines")


def test_a_huge_quoted_cell_breaks_nothing() -> None:
    assert fingerprint('a,b\n1,2\n3,"' + "x" * 200_000 + '"\n').format in ("delimited", "lines")
