"""What a model sees first: enough to compute, and never too much."""

from __future__ import annotations

import json

import pytest

from lithify.context import context_from_value
from lithify.context.bounds import bounded, shown
from lithify.context.preview import MAX_CHARS

LOG = "".join(
    f"Jun {n // 60 % 30 + 1:>2} 10:{n % 60:02}:00 gate sshd[{n}]: {'opened' if n % 3 else 'closed'} by {n}\n"
    for n in range(600)
)


def preview(value: str | dict[str, str]) -> str:
    return context_from_value(value).preview


def test_a_log_shows_size_edges_shapes_and_kinds() -> None:
    text = preview(LOG + "Jun 30 10:00:00 gate kernel: panic\n")
    assert text.startswith(f"str, {len(LOG) + 35:,} characters, 601 lines; line length: median ")
    assert "First lines:\n  Jun  1 10:00:00 gate sshd[0]: closed by 0\n" in text
    assert "Last lines:\n" in text
    assert "100.0% Mon 9 9:9:9 word tag:" in text
    assert "3 in all lines" in text
    assert "×400 Jun  1 10:01:00 gate sshd[1]: opened by 1" in text
    assert "×200 Jun  1 10:00:00 gate sshd[0]: closed by 0" in text
    assert "×1 Jun 30 10:00:00 gate kernel: panic" in text


def test_a_sampled_log_says_so() -> None:
    text = preview(LOG * 100)
    assert "60,000 lines; line length: median" in text
    assert "(in 10,000 sampled lines)" in text or "sampled lines)" in text
    assert "of 60,000 lines, sampled" in text


@pytest.mark.parametrize(("ends", "said"), [("\r\n", r'with "\r\n" line ends'), ("\r", r'with "\r" line ends')])
def test_unusual_line_ends_are_named(ends: str, said: str) -> None:
    assert said in preview(LOG.replace("\n", ends))
    assert "line ends" not in preview(LOG)


def test_a_table_shows_columns_with_kinds_ranges_and_values() -> None:
    rows = [f"2024-01-{n % 28 + 1:02},{n},{'north' if n % 4 else 'south'},{n / 4 if n % 5 else ''}" for n in range(100)]
    text = preview("day,count,shop,price\n" + "\n".join(rows) + "\n")
    assert "Delimited by ',': 4 columns, 100 rows:" in text
    assert (
        "'day': Y-9-9; 28 different, from '2024-01-01' to '2024-01-28', e.g. '2024-01-01', '2024-01-02', '2024-01-03'"
        in text
    )
    assert "'count': int; 100 different, from 0 to 99, e.g. '0'" in text
    assert "'shop': text; values 'north' ×75, 'south' ×25" in text
    assert "'price': float 80%, empty 20%; 80 different, from 0.25 to 24.75, e.g. '0.25'" in text


def test_what_is_no_number_in_a_column_of_numbers_is_shown() -> None:
    text = preview("a,b\n" + "".join(f"{n},{'n/a' if n % 25 == 0 else n / 2}\n" for n in range(100)))
    assert "97 different, from 0.5 to 49.5, e.g. '0.5', no numbers: 'n/a' ×4" in text


def test_a_big_table_says_that_rows_are_sampled() -> None:
    text = preview("a,b\n" + "".join(f"{n},x{n}\n" for n in range(50_000)))
    assert "2 columns, about 50,000 rows; kinds from" in text


def test_json_lines_show_keys_with_types() -> None:
    records = [{"at": "2024-01-01", "ms": n, "user": None if n % 2 else {"id": n}} for n in range(50)]
    text = preview("\n".join(json.dumps(record) for record in [*records, {"at": "2024-01-02"}]))
    assert "JSON lines, 51 records:" in text
    assert "'at': \"Y-9-9\"; values '2024-01-01' ×50, '2024-01-02' ×1" in text
    assert "'ms': number, missing in 2%; all different, 0 to 49, median 24, e.g. 0, 1, 2" in text
    assert "'user': object 50%, null 50%, missing in 2%; 1 key" in text
    assert "'user'.id: number; all different, 0 to 48" in text


def test_a_json_document_shows_its_structure() -> None:
    text = preview(json.dumps({"meta": {"v": 1.5}, "items": [{"id": n, "tags": []} for n in range(40)]}))
    for line in (
        "$: object; 2 keys",
        "$.meta.v: number; 1.5",
        "$.items: list; 40 elements",
        "$.items[].id: number; all different, 0 to 39, median 19, e.g. 0, 1, 2",
        "$.items[].tags: list; 0 elements",
    ):
        assert line in text
    assert "JSON: a list of 2 objects" in preview('[{"a": 1}, {"a": 2}]')


def test_a_big_json_document_says_that_its_beginning_was_looked_at() -> None:
    text = preview(json.dumps([{"id": n, "day": f"2024-01-{n % 28 + 1:02}", "text": "x" * 200} for n in range(90_000)]))
    assert "JSON, by its first 1,048,576 characters only: a list of 4," in text
    assert "28 different, '2024-01-01' to '2024-01-28'" in text


def test_files_show_the_tree_and_one_of_each_kind() -> None:
    text = preview({"a/app.log": LOG, "b.csv": "day,sold\n2024-01-01,3\n", "c.log": LOG})
    assert "dict of relative path → str: 3 files (2 .log, 1 .csv)" in text
    assert f"'a/app.log': {len(LOG):,} characters" in text
    assert "day,sold" in text
    assert "sshd[0]" in text


def test_many_files_are_not_all_listed() -> None:
    text = preview({f"d/{n:04}.txt": f"text {n}" for n in range(500)})
    assert "500 files (500 .txt)" in text
    assert "… and 470 more, the last 'd/0499.txt'" in text


def test_empty_texts_say_so() -> None:
    assert preview("") == "str, 0 characters: empty"
    assert preview(" \n ") == "str, 3 characters: empty (white space only)"


@pytest.mark.parametrize(
    "value",
    [
        "x" * 300_000,
        ("y" * 5_000 + "\n") * 50,
        "\n".join(",".join(f"column {n}" if row == 0 else f"{n}.5" for n in range(300)) for row in range(30)),
        json.dumps({f"key {n}": {"inner": [n]} for n in range(500)}),
        "\n".join(json.dumps({f"key {n}": n for n in range(300)}) for _ in range(20)),
        {f"{'long/' * 40}{n}.log": LOG for n in range(60)},
        "".join(f"{n % 7} {'abc'[n % 3]} {n}:{n} word {n % 5}= [x{n}] {'-' * (n % 9)}\n" for n in range(2_000)),
    ],
    ids=["one line", "long lines", "wide table", "wide object", "wide records", "long names", "odd lines"],
)
def test_previews_are_bounded(value: str | dict[str, str]) -> None:
    assert 0 < len(preview(value)) <= MAX_CHARS


def test_long_lines_are_cut_with_their_length_said() -> None:
    assert "… (line of 300,000 characters)" in preview("x" * 300_000)
    assert shown("abc") == "abc"
    assert shown("x" * 1_000, 10) == "x" * 10 + "… (line of 1,000 characters)"
    assert shown("x" * 12, 10) == "x" * 12


def test_control_characters_are_shown_not_sent() -> None:
    assert shown("a\x1b[31mred\x00\tb") == "a\\x1b[31mred\\x00\tb"


def test_what_is_cut_is_said() -> None:
    assert bounded("x" * 100, 100) == "x" * 100
    assert bounded("x" * 1_000, 100).endswith("(preview cut; 960 more characters)")
    assert len(bounded("x" * 1_000, 100)) <= 100
