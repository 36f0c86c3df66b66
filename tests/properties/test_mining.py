"""Which relations hold for which tool: those that say something about it, and none that hold by chance."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lithify.layout import candidate_from, render_candidate
from lithify.ports import SandboxSpec
from lithify.properties import PATH, with_properties, without_properties
from lithify.records.context import Fingerprint
from lithify.records.tool import Candidate, Example, Parameter, Reply, Signature
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import make_candidate

LOG = """\
09:00 api ERROR disk full
09:01 db INFO ready
09:02 api ERROR disk full
09:05 web WARN slow
09:09 api INFO ready
"""
TABLE = "name;city;n\nada;oslo;3\nbob;rome;4\ncid;oslo;10\n"


class Miner:
    """Mines in one sandbox for all tests."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._sandbox = runner.run(start_sandbox(SandboxSpec()))

    def mined(self, candidate: Candidate, whole: Example | None = None) -> Candidate:
        return self._runner.run(with_properties(candidate, whole, self._sandbox, seconds=20.0))

    def close(self) -> None:
        self._runner.run(self._sandbox.close())


@pytest.fixture(scope="module")
def miner() -> Iterator[Miner]:
    with asyncio.Runner() as runner:
        made = Miner(runner)
        yield made
        made.close()


def tool(body: str, answer: Any, **options: Any) -> Candidate:
    """A candidate whose function, over one recorded use, has this body."""
    parameters: tuple[Parameter, ...] = options.get("parameters", ())
    kind, asks = options.get("kind", "text"), options.get("asks", False)
    head = "".join(f", {one.name}: {one.annotation} = {one.default!r}" for one in parameters)
    source = f"def find(text{head}{', *, llm' if asks else ''}):\n" + textwrap.indent(body, "    ")
    signature = Signature(
        function="find",
        context_parameter="text",
        context_kind=kind,
        parameters=parameters,
        returns="object",
        needs_llm=asks,
    )
    arguments = {one.name: one.default for one in parameters}
    use = Example(
        name="whole", context=options.get("context", LOG), arguments=arguments, expected=answer,
        replies=options.get("replies", ()),
    )  # fmt: skip
    made = make_candidate(source=source + "\n", signature=signature, examples=(use,))
    return replace(made, applicability=options.get("fingerprint", Fingerprint(format="lines")))


def names(candidate: Candidate) -> list[str]:
    return [one.name for one in candidate.properties]


COUNT = tool("return sum(' ERROR ' in line for line in text.splitlines())", 2)


def test_a_count(miner: Miner) -> None:
    found = miner.mined(COUNT)
    assert names(found) == [
        "parts_add_up", "line_order", "one_line_counts_once", "unreadable_lines", "an_empty_input",
        "windows_line_ends",
    ]  # fmt: skip
    said = {one.name: (one.says, one.example) for one in found.properties}
    assert said["parts_add_up"] == (
        "Cut the input in two anywhere: the two answers add up to the answer for the whole.",
        "1 + 1 give 2",
    )
    assert said["an_empty_input"] == ("An empty input gives 0.", "2 for the recorded input; for nothing: 0")


def test_a_mean_does_not_add_up(miner: Miner) -> None:
    found = names(miner.mined(tool("rows = text.splitlines()\nreturn sum(map(len, rows)) / len(rows)", 21.6)))
    assert {"line_order", "every_line_twice_is_the_same"} <= set(found)
    assert not {"parts_add_up", "unreadable_lines", "one_line_counts_once", "an_empty_input"} & set(found)


def test_a_maximum(miner: Miner) -> None:
    found = names(miner.mined(tool("return max(int(line[3:5]) for line in text.splitlines() if line[2:3] == ':')", 9)))
    assert {"the_larger_part_counts", "fewer_lines_never_count_more", "line_order"} <= set(found)
    assert "parts_add_up" not in found


def test_what_depends_on_the_order(miner: Miner) -> None:
    found = names(
        miner.mined(tool("return text.splitlines()[0].split()[1] + text.splitlines()[-1].split()[1]", "apiapi"))
    )
    assert "line_order" not in found


def test_what_only_holds_by_chance_is_found_out(miner: Miner) -> None:
    """Without one of these lines the distance is not larger; without one of others it is."""
    body = "values = sorted(map(int, text.split()))\nreturn values[-1] - values[-2] if len(values) > 1 else 0"
    made = tool(body, 27, context="3\n9\n13\n13\n40\n")
    assert "line_order" in names(miner.mined(made))
    assert "fewer_lines_never_count_more" not in names(miner.mined(made))


def test_the_whole_input_decides_too(miner: Miner) -> None:
    body = "return len(text.splitlines()) if 'z' not in text else len(text)"
    assert "parts_add_up" in names(miner.mined(tool(body, 5)))
    whole = Example(name="original", context=LOG + "10:00 zoo INFO ready\n", arguments={}, expected=len(LOG) + 21)
    assert "parts_add_up" not in names(miner.mined(tool(body, 5), whole))


def test_a_ranking_with_a_number_of_places(miner: Miner) -> None:
    body = (
        "from collections import Counter\n"
        "c = Counter(line.split()[1] for line in text.splitlines() if line[:1].isdigit())\n"
        "return [[k, n] for k, n in sorted(c.items(), key=lambda p: (-p[1], p[0]))][:top]"
    )
    top = Parameter(name="top", annotation="int", default=2)
    found = miner.mined(tool(body, [["api", 3], ["db", 1]], parameters=(top,)))
    assert {"line_order", "more_begin_with_fewer", "unreadable_lines"} <= set(names(found))
    assert "top=3" in next(one.example for one in found.properties if one.name == "more_begin_with_fewer")


def test_parameters(miner: Miner) -> None:
    body = "return sum(level in line and len(line) > threshold for line in text.splitlines())"
    parameters = (
        Parameter(name="level", annotation="str", default="INFO"),
        Parameter(name="threshold", annotation="int", default=5),
    )
    found = names(miner.mined(tool(body, 2, parameters=parameters)))
    assert {"an_unknown_level", "a_larger_threshold_never_gives_more"} <= set(found)
    assert "a_larger_threshold_never_gives_less" not in found


def test_a_table_with_a_header(miner: Miner) -> None:
    body = (
        "import csv\nrows = csv.DictReader(text.splitlines(), delimiter=';')\n"
        "return sum(int(r['n']) for r in rows if r['city'] == 'oslo')"
    )
    fingerprint = Fingerprint(format="delimited", header=("name", "city", "n"), delimiter=";")
    found = miner.mined(tool(body, 13, context=TABLE, fingerprint=fingerprint))
    assert {"parts_add_up", "line_order", "column_order", "further_column"} <= set(names(found))
    by_place = "return sum(int(l.split(';')[2]) for l in text.splitlines()[1:] if ';oslo;' in l)"
    assert "column_order" not in names(miner.mined(tool(by_place, 13, context=TABLE, fingerprint=fingerprint)))


def test_files(miner: Miner) -> None:
    files = {"a/x.log": "ERROR\n", "b/y.log": "ERROR\nERROR\n"}
    made = tool("return sum(body.count('ERROR') for body in text.values())", 3, kind="files", context=files)
    found = names(miner.mined(replace(made, applicability=Fingerprint(format="files"))))
    assert {"file_order", "file_names", "files_add_up", "empty_file", "an_empty_input"} <= set(found)


def test_a_document(miner: Miner) -> None:
    made = tool("import json\nreturn len(json.loads(text)['rows'])", 2, context='{"rows": [1, 2], "b": 0}')
    found = names(miner.mined(replace(made, applicability=Fingerprint(format="json"))))
    assert "document_layout" in found
    assert "line_order" not in found


def test_a_refusal_of_nothing(miner: Miner) -> None:
    found = miner.mined(tool("if not text.strip():\n    raise ValueError('nothing')\nreturn len(text.split())", 22))
    assert "is refused with ValueError" in next(one.says for one in found.properties if one.name == "an_empty_input")


def test_a_hybrid_tool_on_the_recorded_answers(miner: Miner) -> None:
    body = "return sum(reply == 'yes' for reply in llm([line[6:] for line in text.splitlines()]))"
    replies = tuple(Reply(prompt=line[6:], answer="yes" if "ERROR" in line else "no") for line in LOG.splitlines())
    found = names(miner.mined(tool(body, 2, asks=True, replies=replies)))
    assert {"parts_add_up", "line_order"} <= set(found)
    assert "unreadable_lines" not in found


@pytest.mark.parametrize(
    "body", ["while True:\n    pass", "raise SystemExit", "import os\nos._exit(0)", "return 1", "syntax error here"]
)
def test_a_tool_that_does_not_behave_has_no_properties(body: str, miner: Miner) -> None:
    made = tool(body, 2)
    found = asyncio.run(_quickly(made))
    assert found == made


async def _quickly(candidate: Candidate) -> Candidate:
    sandbox = await start_sandbox(SandboxSpec())
    try:
        return await with_properties(candidate, None, sandbox, seconds=1.0)
    finally:
        await sandbox.close()


def test_a_person_runs_them_with_plain_pytest(miner: Miner, tmp_path: Path) -> None:
    found = miner.mined(COUNT)
    for path, data in render_candidate(found).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert "7 passed" in run(tmp_path)
    (tmp_path / "tool.py").write_text(found.source.replace("ERROR", "WARN"))
    assert "failed" in run(tmp_path)


def run(folder: Path) -> str:
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder).stdout


def test_they_are_kept_in_the_folder_and_one_can_be_dropped(miner: Miner) -> None:
    found = miner.mined(COUNT)
    again = candidate_from(render_candidate(found), found.recipe, "tools/find")
    assert (again.properties, again.extra) == (found.properties, found.extra)
    less = without_properties(again, ["line_order"])
    assert [one.name for one in less.properties if one.dropped] == ["line_order"]
    text = less.extra[PATH].decode()
    assert "line_order" not in text
    assert "test_parts_add_up" in text
    compile(text, PATH, "exec")
    assert candidate_from(render_candidate(less), less.recipe, "tools/find").properties == less.properties
    assert without_properties(found, names(found)).extra == {}


DATABASE = (
    '{"lithify": "database 1", "tables": {"t": [["who", "n"], "CREATE TABLE t (who TEXT, n INTEGER)"]}, "then": []}\n'
    '["t", "ada", 3]\n["t", "bob", 4]\n["t", "cid", 10]\n'
)


@pytest.mark.parametrize(
    ("kind", "context", "body", "word"),
    [
        ("database", DATABASE, "return text.execute('SELECT sum(n) FROM t').fetchone()[0]", "row"),
        ("data", '[{"n": 3}, {"n": 4}, {"n": 10}]\n', "return sum(one['n'] for one in text)", "element"),
    ],
)
def test_rows_and_elements_take_the_place_of_lines(
    miner: Miner, kind: str, context: str, body: str, word: str, tmp_path: Path
) -> None:
    made = tool(body, 17, kind=kind, context=context)
    found = miner.mined(replace(made, applicability=Fingerprint(format=kind)))  # type: ignore[arg-type]
    names = {one.name for one in found.properties}
    assert f"{word}_order" in names
    assert not any("line" in name for name in names)
    for path, data in render_candidate(found).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / PATH)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_rows_of_a_workbook_are_like_those_of_a_table(miner: Miner, tmp_path: Path) -> None:
    rows = [["region", "n"], *([("north", "south")[n % 2], n] for n in range(8))]
    book = json.dumps([{"sheet": "Notes", "rows": [["x"]]}, {"sheet": "Sales", "rows": rows}])
    shape = Fingerprint(format="table", header=("region", "n"))
    made = tool(
        "rows = next(one['rows'] for one in text if one['sheet'] == 'Sales')\n"
        "return sum(row[1] for row in rows[1:] if row[0] == 'north')\n",
        12,
        context=book,
        kind="document",
        fingerprint=Fingerprint(
            format="document", members=(("Notes", Fingerprint(format="document")), ("Sales", shape))
        ),
    )
    found = miner.mined(made)
    assert {"parts_add_up", "row_order"} <= set(names(found))
    assert "rows below it" in found.extra[PATH].decode()
