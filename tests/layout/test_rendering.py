"""A tool as files: what is written can be read back, by lithify and by a person with pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem, ProgrammerMustAct
from lithify.layout import (
    candidate_contents,
    candidate_from,
    contents_of,
    differences,
    read_folder_sheet,
    read_recipes,
    render_candidate,
    render_recipes,
)
from lithify.records.context import Fingerprint
from lithify.records.healing import Healed
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Signature
from lithify.testing.candidates import LOG, example, make_candidate

ODD_TEXT = "a\r\nb\rc\x00\x1b[31m\ud800é\u2028end without newline"


HEALED = Healed(tool="one", version=2, by="shape", run_id="r9", why='the context is "new"', case="recorded")


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def returning(value: Plain) -> Candidate:
    """A candidate whose recorded answer is value and whose code gives just that."""
    source = f"def answer_it(log: str) -> object:\n    nan, inf = float('nan'), float('inf')\n    return {value!r}\n"
    signature = Signature(
        function="answer_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
    )
    return make_candidate(
        source=source,
        signature=signature,
        examples=(Example(name="it", context="x", arguments={}, expected=value),),
    )


class TestRoundTrip:
    @pytest.mark.parametrize(
        "candidate",
        [
            make_candidate(),
            make_candidate(examples=(example(context=ODD_TEXT),)),
            make_candidate(examples=(example(context={"a/b.log": LOG, "../c": ODD_TEXT}),)),
            make_candidate(examples=(example("../../etc/passwd"), example("../../etc/passwd"), example("…"))),
            make_candidate(
                applicability=Fingerprint(
                    format="files",
                    members=((".csv", Fingerprint(format="delimited", header=("a", "b"), delimiter="\t")),),
                )
            ),
            replace(make_candidate(), provenance=replace(make_candidate().provenance, cost=None)),
            replace(make_candidate(), healed=HEALED),
            replace(make_candidate(), healed=replace(HEALED, by="person", overrules=("recorded", "sealed 1"))),
        ],
        ids=["plain", "odd-text", "files", "names", "members", "unpriced", "healed", "corrected"],
    )
    def test_a_candidate_survives_being_written_and_read(self, candidate: Candidate) -> None:
        files = render_candidate(candidate)
        assert candidate_from(files, candidate.recipe, "here") == candidate

    @pytest.mark.parametrize(
        "value",
        [None, True, 3, 3.0, 10**30, "x", b"\x00\xff", [1, [2.5, None]], {"a": {"b": []}}, {1: "x", "1": "y", None: 2}],
        ids=repr,
    )
    def test_an_answer_of_any_plain_type_survives(self, value: Plain) -> None:
        candidate = returning(value)
        read = candidate_from(render_candidate(candidate), candidate.recipe, "here")
        assert read.examples[0].expected == value
        assert type(read.examples[0].expected) is type(value)

    def test_recipes_survive(self) -> None:
        recipe = make_candidate().recipe
        other = replace(recipe, template='how often did "{name}" restart', slots=(), question="\ud800?")
        written = render_recipes("most_restarted_service", [recipe, other])
        assert read_recipes("here", written) == (recipe, replace(other, question="??"))

    def test_fixture_files_stay_inside_their_folder_and_do_not_meet(self) -> None:
        files = render_candidate(make_candidate(examples=(example("../../x"), example("../../x"), example("CON.."))))
        fixtures = [path for path in files if path.startswith("tests/fixtures/")]
        assert len(fixtures) == 4
        assert all(".." not in path and path.count("/") == 2 for path in fixtures)


class TestSuite:
    def test_a_person_can_run_it_with_plain_pytest(self, tmp_path: Path) -> None:
        write(tmp_path, render_candidate(make_candidate(examples=(example(), example("two", top=2)))))
        done = run_pytest(tmp_path)
        assert done.returncode == 0, done.stdout
        assert "2 passed" in done.stdout

    def test_a_wrong_answer_fails_and_is_shown(self, tmp_path: Path) -> None:
        wrong = replace(example(), expected=["db"])
        write(tmp_path, render_candidate(make_candidate(examples=(example(), wrong))))
        done = run_pytest(tmp_path)
        assert done.returncode == 1
        assert "['web'] instead of ['db']" in done.stdout

    @pytest.mark.parametrize(
        "value",
        [float("nan"), [float("inf"), -1.5], b"\x00", {1: 2, "a": (3, 4)}, {"x": {2.5: None}}, "\r\n\x00é"],
        ids=repr,
    )
    def test_answers_that_json_cannot_hold(self, tmp_path: Path, value: Plain) -> None:
        write(tmp_path, render_candidate(returning(value)))
        done = run_pytest(tmp_path)
        assert done.returncode == 0, done.stdout

    @pytest.mark.parametrize(("found", "recorded"), [(3, 3.0), (True, 1), ("3", 3), ([1], [1, 1]), ({"a": 1}, {})])
    def test_another_type_is_another_answer(self, tmp_path: Path, found: Plain, recorded: Plain) -> None:
        honest = returning(found)
        forged = replace(honest, examples=(replace(honest.examples[0], expected=recorded),))
        write(tmp_path, render_candidate(forged))
        assert run_pytest(tmp_path).returncode == 1

    def test_contexts_arrive_unchanged(self, tmp_path: Path) -> None:
        text = ODD_TEXT.replace("\ud800", "")
        source = f"def answer_it(log: str) -> object:\n    return [log == {text!r}, len(log)]\n"
        candidate = replace(returning([True, len(text)]), source=source)
        examples = (Example(name="odd", context=text, arguments={}, expected=[True, len(text)]),)
        write(tmp_path, render_candidate(replace(candidate, examples=examples)))
        done = run_pytest(tmp_path)
        assert done.returncode == 0, done.stdout


class TestContents:
    def test_order_does_not_matter_and_every_byte_does(self) -> None:
        files = render_candidate(make_candidate())
        same = contents_of(dict(reversed(files.items())), ("b", "a"))
        assert same == contents_of(files, ("a", "b"))
        for path in files:
            assert contents_of({**files, path: files[path] + b" "}, ("a", "b")).sha256 != same.sha256
            assert contents_of({p: d for p, d in files.items() if p != path}, ("a", "b")).sha256 != same.sha256
        assert contents_of({**files, "extra": b""}, ("a", "b")).sha256 != same.sha256
        assert contents_of(files, ("a",)).sha256 != same.sha256

    def test_the_same_bytes_under_other_boundaries_are_other_contents(self) -> None:
        assert contents_of({"a": b"bc"}, ()).sha256 != contents_of({"ab": b"c"}, ()).sha256
        assert contents_of({"a": b""}, ("x", "y")).sha256 != contents_of({"a": b""}, ("x y",)).sha256

    def test_what_differs_is_named_with_both_hashes(self) -> None:
        files = render_candidate(make_candidate())
        before = contents_of(files, ())
        lines = "\n".join(differences(before, contents_of({**files, "tool.py": b"x", "new": b""}, ())))
        assert before.files["tool.py"] in lines
        assert "tool.py differs" in lines
        assert "new is not in tools.lock" in lines
        assert differences(before, before) == ()
        assert "requirements" in differences(before, contents_of(files, ("x",)))[0]

    def test_a_candidate_is_known_by_what_it_would_be_as_files(self) -> None:
        candidate = make_candidate()
        assert candidate_contents(candidate) == candidate_contents(make_candidate())
        assert candidate_contents(replace(candidate, source="x = 1\n")) != candidate_contents(candidate)


class TestBadFiles:
    @pytest.mark.parametrize("name", ["", "..", "a/b", "Upper", "class", "é", "x" * 81, "a\n", "_private", "1st"])
    def test_a_name_that_cannot_be_a_folder_is_refused(self, name: str) -> None:
        candidate = make_candidate()
        with pytest.raises(ProgrammerMustAct, match="cannot name a tool"):
            render_candidate(replace(candidate, signature=replace(candidate.signature, function=name)))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"format = 1", b"format = 99", "upgrade lithify"),
            (b"format = 1\n", b"", "'format' is missing"),
            (b"version = 1", b'version = "1"', "'version' must be a whole number"),
            (b'name = "most', b'name = "../most', "cannot name a tool"),
            (b'cost = "0.0123"', b'cost = "cheap"', "'cost' must be a number"),
            (b'context_kind = "text"', b'context_kind = "video"', "one of text, files"),
            (b'"0.5 00:00 aaa"', b'"00:00 aaa"', "does not begin with its share"),
            (b"[signature]", b"[signature", "is not TOML"),
            (b"description", b"<<<<<<< HEAD\ndescription", "conflict markers"),
            (b"[[applicability]]", b"[[elsewhere]]", "fits no context"),
        ],
    )
    def test_a_broken_sheet_says_file_key_and_remedy(self, old: bytes, new: bytes, said: str) -> None:
        files = render_candidate(make_candidate())
        assert old in files["tool.toml"]
        with pytest.raises(LibraryProblem, match=said) as caught:
            read_folder_sheet({**files, "tool.toml": files["tool.toml"].replace(old, new)}, "tools/x")
        assert "tools/x/tool.toml" in str(caught.value)

    @pytest.mark.parametrize("cases", [b"", b"{}x", b"[1]", b'[{"name": "a"}]', b"\xff", b'{"name": 1}'])
    def test_broken_cases_are_said(self, cases: bytes) -> None:
        candidate = make_candidate()
        files = {**render_candidate(candidate), "tests/fixtures/cases.json": cases}
        with pytest.raises(LibraryProblem, match="cases"):
            candidate_from(files, candidate.recipe, "tools/x")

    def test_a_missing_file_is_named(self) -> None:
        candidate = make_candidate()
        for path in render_candidate(candidate):
            if path == "tests/test_examples.py":
                continue
            files = {p: d for p, d in render_candidate(candidate).items() if p != path}
            with pytest.raises(LibraryProblem, match=path):
                candidate_from(files, candidate.recipe, "tools/x")
