"""The small deciding parts: names, types of answers, values to try, extracts, source text."""

from __future__ import annotations

import ast
import json
import keyword
import sys

import pytest

from lithify.distil.extracts import empty, halves, size, smaller, windows
from lithify.distil.format import formatted
from lithify.distil.hits import read_hits
from lithify.distil.naming import LONGEST, function_name, identifier, says_something
from lithify.distil.patterns import words_in_pattern, words_in_text
from lithify.distil.program import Step, parse_expression
from lithify.distil.requirements import requirements
from lithify.distil.returns import annotation, converted, is_plain
from lithify.distil.shown import sites
from lithify.distil.source import code_of
from lithify.distil.values import field_values, other_numbers, other_texts, other_values
from lithify.distil.wording import answer_said, input_said, refusals
from lithify.records.context import Fingerprint, LineShape


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How many ERROR lines are there?", "count_error_lines"),
        ("Which service restarted most often?", "most_restarted_service"),
        ("Which user appears most often?", "most_frequent_user"),
        ("Which 3 hosts (rhost) had the most failures, and how many each?", "hosts_with_most_failures"),
        ("Which packages changed status most often?", "packages_changed_status_most_often"),
        ("How many lines of each level are there?", "count_lines_per_level"),
        ("How many errors did each worker have?", "count_errors_per_worker"),
        ("What is the number of rows per city?", "count_rows_per_city"),
        ("How many days lie between the first and the last date?", "count_days_between_first_and_last_date"),
        ("What is the mean time in seconds, rounded to 3 digits?", "mean_time_in_seconds"),
        ("What is the sum?", "find_sum"),
        ("What is the average response time?", "average_response_time"),
        ("Wie viele Fehler für Müller?", "wie_viele_fehler_fur_muller"),
        ("何行ありますか", "answer_question"),
        ("Statistics?", "find_statistics"),
        ("What?", "answer_question"),
        ("3 lines?", "find_lines"),
        ("How many random numbers in the list?", "count_random_numbers"),
        ("Which processes logged at least lines, and how many each?", "processes_logged_at_least_lines"),
        ("Which 2 cities have the largest sum of state orders?", "cities_with_largest_sum_of_state_orders"),
        ("How many people have a bmi above?", "count_people_with_bmi"),
        ("On how many different nodes did ntpd log?", "count_different_nodes_ntpd_log"),
        ("For each hour of the day, what is the number of lines?", "count_lines_per_hour_of_day"),
        ("On which date was the trading volume highest, and how high?", "date_with_highest_trading_volume"),
    ],
)
def test_a_tool_is_named_by_its_question(question: str, name: str) -> None:
    assert function_name(question, frozenset()) == name


def test_a_name_says_more_than_those_of_many_tools() -> None:
    assert says_something("mean_poiduration_of_rows")
    assert not says_something("mean_of_rows")


def test_names_are_free_and_short() -> None:
    for question in ("sorted", "class", "json", "What is the maximum length of all these very long questions about x?"):
        name = function_name(question, frozenset({"find_sorted"}))
        assert name.isidentifier()
        assert len(name) <= LONGEST
        assert not keyword.iskeyword(name)
        assert name not in sys.stdlib_module_names
        assert name != "find_sorted"
    assert identifier("user", frozenset({"user"})) == "user_value"
    assert identifier("list", frozenset()) != "list"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (1, "int"),
        (True, "bool"),
        ("a", "str"),
        (None, "None"),
        ([1, 2.5], "list[float]"),
        (["a", 1], "list[int | str]"),
        (["a", None], "list[str | None]"),
        ([], "list[object]"),
        ({"a": [1]}, "dict[str, list[int]]"),
        ([["a", 1]], "list[list[int | str]]"),
        ({}, "dict[object, object]"),
    ],
)
def test_annotations(answer: object, expected: str) -> None:
    assert annotation(answer) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (["int"], "x"),
        (["int64"], "int(x)"),
        (["float64"], "float(x)"),
        (["bool_"], "bool(x)"),
        (["tuple", ["scalar"]], "list(x)"),
        (["set", ["str"]], "sorted(x)"),
        (["Counter", ["str"], ["int"]], "dict(x)"),
        (["dict", ["str"], ["int64"]], "{key: int(value) for key, value in x.items()}"),
        (["list", ["tuple", ["scalar"]]], "[list(item) for item in x]"),
        (["Series"], "x.to_dict()"),
        (["Timestamp"], "x.isoformat()"),
        (["timedelta"], "str(x)"),
        (["mixed"], "_plain(x)"),
        (["list", ["Odd"]], "_plain(x)"),
    ],
)
def test_the_way_to_plain_data(kind: list[object], expected: str) -> None:
    expression, helper = converted(parse_expression("x"), kind)  # type: ignore[arg-type]
    assert ast.unparse(expression) == expected
    assert helper == ("_plain" in expected)
    assert is_plain(kind) == (expected == "x")  # type: ignore[arg-type]


def test_words_in_text_and_in_patterns() -> None:
    assert words_in_text("a root, root2 root", "root") == [(2, 6), (14, 18)]
    assert words_in_pattern(r"\broot\b|[root] (?P<root>x) root*", "root") == [(2, 6)]
    assert words_in_pattern(r"10\.0\.0\.1", "10.0.0.1") == [(0, 11)]
    assert words_in_pattern(r"a{3} 3", "3") == [(5, 6)]
    assert words_in_pattern("", "x") == words_in_text("x", "") == []


LINES = "\n".join(f"2024-01-0{d} host{d} app[{d}]: {level} for user {user}" for d, level, user in
                  [(1, "ERROR", "root"), (2, "INFO", "guest"), (3, "WARN", "root"), (4, "INFO", "news")])  # fmt: skip


def test_values_of_the_same_field() -> None:
    assert field_values(LINES, "ERROR") == ["INFO", "WARN"]
    assert set(field_values(LINES, "root")) == {"guest", "news"}
    assert field_values(LINES, "user") == []
    assert field_values(LINES, "absent") == []
    assert set(field_values("name,city\nAda,Paris\nBob,Rome\n", "Paris")) == {"Rome"}


def test_other_texts_keep_the_outline() -> None:
    assert "2024-01-02" in other_texts(LINES, "2024-01-01")
    assert "Jun 09" in other_texts("nothing alike", "Jun 08")
    assert "ERROR" not in other_texts(LINES, "ERROR")


def test_other_numbers_keep_the_type() -> None:
    assert set(other_numbers(3)) >= {4, 2, 6, 30}
    assert all(isinstance(number, float) for number in other_numbers(0.5))
    assert all(number >= 0 for number in other_numbers(0))


def test_other_values_are_numbers_that_stand_where_the_default_does() -> None:
    text = "".join(f'"GET /x{n}" status: {(200, 200, 404, 204)[n % 4]} len: {n} time: 0.5\n' for n in range(40))
    assert set(other_values(text, 200)) == {404, 204}
    assert all(type(number) is int for number in other_values(text, 200))
    assert other_values("level=3 level=high level=5\n", 3) == [5]
    assert other_values(text, 999) == []


def test_halves_keep_the_first_line_and_whole_lines() -> None:
    text = "head\n" + "".join(f"line {n}\n" for n in range(10))
    first, second = halves(text)
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert first.startswith("head\n")
    assert second.startswith("head\n")
    assert first.splitlines()[1:] + second.splitlines()[1:] == [f"line {n}" for n in range(10)]


def test_extracts_get_smaller_and_end() -> None:
    contexts = ["one line", "", "a\nb", {"x": "1\n2\n3\n", "y": ""}, {"x": "1\n2\n3\n4\n"}, {}]
    for context in contexts:
        assert all(size(less) < size(context) for less in smaller(context, "lines"))
    assert empty("a") == ""
    assert empty({"a": "b"}) == {}


def test_documents_stay_documents() -> None:
    document = json.dumps({"meta": [1], "rows": list(range(10))})
    for less in smaller(document, "json"):
        assert isinstance(less, str)
        assert len(json.loads(less)["rows"]) == 5
    assert list(smaller("{not json", "json")) == []


def test_windows_are_whole_lines_after_the_header() -> None:
    text = "head\n" + "".join(f"line {n:04d}\n" for n in range(1000))
    found = list(windows(text, 500))
    assert found
    assert all(part.startswith("head\nline ") and part.endswith("\n") and len(part) <= 520 for part in found)
    assert found[1].endswith("line 0999\n")


def test_strings_with_backslashes_read_raw() -> None:
    source = "x = '\\\\d+'\ny = f'\\\\s{a}'\nz = 'a\\nb'\nw = '\\\\'\nv = 'it\\'s \"\\\\d\"'"
    text = code_of(ast.parse(source).body)
    assert 'x = r"\\d+"' in text
    assert 'y = rf"\\s{a}"' in text
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))


def test_formatting_sorts_imports_and_drops_unused_ones() -> None:
    text = formatted("import re, os\nfrom collections import Counter\ndef f(x):\n  return re.sub('a','b',x)\n")
    assert text == 'import re\n\n\ndef f(x):\n    return re.sub("a", "b", x)\n'
    assert formatted(text) == text
    assert formatted("def broken(:\n") == "def broken(:\n"


def test_requirements_are_what_is_not_in_the_standard_library() -> None:
    source = (
        "import os.path, numpy as np\nfrom pandas.api import types\ndef f():\n    import yaml\n    from . import x\n"
    )
    assert requirements(source) == ("numpy", "pandas", "yaml")


def test_a_report_of_the_wrong_shape_gives_no_hits() -> None:
    """The report comes out of the worker: whatever it holds, it is a hint or nothing."""
    found = sites([Step(ast.parse("print(a, b)").body[0], 0)])
    good = [0, 1, 0, [["place", 0]], False, 0, "same"]
    assert len(read_hits([[good], {"0": 1}], found)) == 1
    spoilt: list[object] = [None, 3, "x", [], [[]], [[], 3], [{}, []], [[good], {}], [[good], {"0": "many"}]]
    for place, bad in [(0, 7), (0, -1), (0, "0"), (1, 9), (1, -2), (2, -9), (2, 5), (3, [["run", 1]]), (3, [["key"]]),
                       (3, 5), (4, 1), (5, "0"), (6, "exec:1"), (6, "round:x"), (6, "head:99999999")]:  # fmt: skip
        record = list(good)
        record[place] = bad
        spoilt.append([[record], {"0": 1}])
    for report in spoilt:
        assert read_hits(report, found) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        ("int", "A whole number."),
        ("list[str]", "A list of texts."),
        ("list[list[int | str]]", "A list of rows."),
        ("dict[str, int]", "A table: a whole number for each text."),
        ("dict[str, list[float]]", "A table: a list of numbers for each text."),
        ("float | None", "A number or nothing."),
        ("object", "The answer, as object."),
        ("bytes", "The answer, as bytes."),
    ],
)
def test_what_an_answer_is_in_words(annotation: str, said: str) -> None:
    assert answer_said(annotation) == said


def test_what_an_input_is_in_words() -> None:
    table = Fingerprint(format="delimited", header=("name", "city"), delimiter=",")
    assert input_said("text", table) == "The input, whole: a table with the columns name, city."
    shapes = (LineShape(pattern="Mon D 9:9:9", share=0.9), LineShape(pattern="rare", share=0.05))
    said = input_said("text", Fingerprint(format="lines", shapes=shapes))
    assert said == "The input, whole: lines that begin like `Mon D 9:9:9`."
    assert input_said("text", Fingerprint(format="prose")) == "The input, whole."
    assert input_said("files", Fingerprint(format="files")) == "The input: relative path to contents."


def test_what_a_tool_refuses_in_words() -> None:
    code = "if not rows:\n    raise ValueError('no rows')\nif bad:\n    raise KeyError(f'no {name} there')\nraise other"
    assert refusals(ast.parse(code).body) == ["ValueError: no rows", "KeyError: no … there"]
