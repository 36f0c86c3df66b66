"""What a library keeps, refuses, and takes back in."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem, ProgrammerMustAct
from lithify.library import GitLibrary, open_library
from lithify.records.context import Fingerprint, LineShape
from lithify.records.healing import Healed
from lithify.records.nearness import Nearness, Relation
from lithify.records.tool import Candidate, Property, Slot, Status, Tool, Verdict
from lithify.testing.candidates import LOG, SIGNATURE, SOURCE, example, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
PERSON = "Ada <ada@example.org>"
BETTER = SOURCE.replace("line.endswith(", "line.rstrip().endswith(")
OTHER_SHAPE = Fingerprint(format="delimited", header=("time", "service"), delimiter=",")


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    return open_library(tmp_path / "library")


@pytest.fixture
def keep(library: GitLibrary, judged: Judge) -> Callable[[Candidate], Tool]:
    return lambda candidate: library.keep(candidate, judged(candidate), "provisional", PERSON)


class TestFirstWrite:
    def test_an_absent_library_is_empty_and_reading_it_makes_nothing(self, library: GitLibrary) -> None:
        assert library.view().tools == ()
        assert library.candidates() == ()
        assert not library.path.exists()

    def test_keeping_makes_a_repository_that_a_person_can_read(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        tool = keep(make_candidate())
        assert git(library.path, "log", "--format=%s", "--reverse").splitlines() == [
            "start a lithify library",
            f"keep {NAME} 1.0.0: Which 1 services restarted most ofte…",
        ]
        assert git(library.path, "branch", "--show-current").strip() == "main"
        assert git(library.path, "status", "--porcelain") == ""
        assert tool.commit == git(library.path, "rev-parse", "HEAD").strip()
        tracked = git(library.path, "ls-files").splitlines()
        assert {"README.md", ".gitignore", "tools.lock", f"recipes/{NAME}.toml", f"tools/{NAME}/tool.py"} <= set(
            tracked
        )
        assert not [path for path in tracked if ".lithify" in path]

    def test_the_tool_is_seen_as_it_was_kept(self, library: GitLibrary, keep: Callable[[Candidate], Tool]) -> None:
        candidate = make_candidate()
        tool = keep(candidate)
        view = open_library(library.path).view()
        assert view.tools == (tool,)
        assert view.refused == {}
        assert view.commit == tool.commit
        assert (tool.name, tool.version, tool.status, tool.approved_by) == (NAME, 1, "provisional", PERSON)
        assert (tool.source, tool.signature, tool.recipes) == (
            candidate.source,
            candidate.signature,
            (candidate.recipe,),
        )
        assert tool.applicability == (candidate.applicability,)
        assert tool.provenance == candidate.provenance

    def test_the_commit_tells_where_the_tool_came_from(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        question = "Which\nLithify-Approved-By: mallory\x1b[31m one?"
        candidate = make_candidate()
        keep(replace(candidate, provenance=replace(candidate.provenance, question=question, cost=None)))
        trailers = git(library.path, "log", "-1", "--format=%(trailers)").strip().splitlines()
        assert trailers == [
            "Lithify-Run: r1",
            "Lithify-Question: Which Lithify-Approved-By: mallory [31m one?",
            "Lithify-Model: scripted",
            "Lithify-Cost: unpriced",
            "Lithify-Calls: 2",
            "Lithify-Verdict: pass (static pass)",
            f"Lithify-Approved-By: {PERSON}",
            "Lithify-Candidate: c1",
            f"Lithify-Tried: most_restarted_service with Python {platform.python_version()}",
        ]

    def test_an_existing_empty_repository_is_used_and_its_files_stay(
        self, tmp_path: Path, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        folder = tmp_path / "library"
        folder.mkdir()
        git(folder, "init", "-q", "-b", "trunk")
        (folder / "README.md").write_text("mine")
        keep(make_candidate())
        assert git(folder, "branch", "--show-current").strip() == "trunk"
        assert (folder / "README.md").read_text() == "mine"
        assert git(folder, "status", "--porcelain").strip() == "?? README.md"


class TestWhatEnters:
    @pytest.mark.parametrize("outcome", ["fail", "not-run"])
    def test_a_no_of_the_gates_cannot_be_kept(self, library: GitLibrary, judged: Judge, outcome: str) -> None:
        candidate = make_candidate()
        with pytest.raises(ProgrammerMustAct, match="gates say no"):
            library.keep(candidate, judged(candidate, outcome), "provisional", PERSON)
        with pytest.raises(ProgrammerMustAct, match="gates say no"):
            library.keep(candidate, Verdict(results=()), "provisional", PERSON)
        assert not library.path.exists()

    @pytest.mark.parametrize(
        "other",
        [
            make_candidate(source=SOURCE + "\n"),
            make_candidate(template="what else"),
            make_candidate(requirements=("pandas",)),
            make_candidate(examples=(example(),)),
            make_candidate(applicability=OTHER_SHAPE),
        ],
        ids=["source", "template", "requirements", "examples", "applicability"],
    )
    def test_a_verdict_is_about_what_was_judged_and_nothing_else(
        self, library: GitLibrary, judged: Judge, other: Candidate
    ) -> None:
        with pytest.raises(ProgrammerMustAct, match="other contents"):
            library.keep(other, judged(make_candidate()), "provisional", PERSON)

    def test_what_needs_a_person_is_not_kept_by_a_policy(self, library: GitLibrary, judged: Judge) -> None:
        candidate = make_candidate()
        verdict = judged(candidate, "needs-person")
        with pytest.raises(ProgrammerMustAct, match="ask for a person"):
            library.keep(candidate, verdict, "provisional", "policy:keep-provisional")
        with pytest.raises(ProgrammerMustAct, match="nobody approved"):
            library.keep(candidate, verdict, "provisional", " ")
        assert library.keep(candidate, verdict, "provisional", PERSON).approved_by == PERSON

    @pytest.mark.parametrize("status", ["candidate", "deprecated", "retired"])
    def test_a_candidate_enters_provisional_or_trusted(
        self, library: GitLibrary, judged: Judge, status: Status
    ) -> None:
        candidate = make_candidate()
        with pytest.raises(ProgrammerMustAct, match=status):
            library.keep(candidate, judged(candidate), status, PERSON)


class TestVersions:
    def test_the_same_question_again_gives_the_next_version(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        keep(make_candidate())
        tool = keep(make_candidate(identity="c2", source=BETTER, examples=(example("new"),)))
        assert (tool.name, tool.version, tool.source) == (NAME, 2, BETTER)
        assert library.view().tools == (tool,)
        fixtures = sorted(path.name for path in (library.path / f"tools/{NAME}/tests/fixtures").iterdir())
        assert fixtures == ["01-new.txt", "cases.json"]
        assert git(library.path, "status", "--porcelain") == ""

    def test_what_was_tried_on_the_code_before_does_not_stay_with_other_code(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        order = Property(name="order", says="the order of lines does not matter")
        tests = {"tests/test_properties.py": b"def test_order():\n    pass\n"}
        sealed = (example("sealed", "09:00 db restarted\n"), example("more", "09:00 cron restarted\n"))
        keep(replace(make_candidate(), properties=(order,), extra=tests, holdout=sealed))
        folder = library.path / "tools" / NAME
        assert (folder / "holdout/02-more.txt").exists()
        keep(make_candidate(identity="c2", template="top {top} by restarts"))
        assert library.edited(NAME).properties == (order,)
        assert (folder / "tests/test_properties.py").exists()
        assert [one.name for one in library.edited(NAME).holdout] == ["sealed", "more"]
        tool = keep(make_candidate(identity="c3", source=BETTER))
        assert library.edited(NAME).properties == ()
        assert not (folder / "tests/test_properties.py").exists()
        assert not (folder / "holdout").exists()
        assert library.view().tools == (tool,)
        assert git(library.path, "status", "--porcelain") == ""

    def test_repeating_a_question_adds_nothing(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
    ) -> None:
        first = keep(make_candidate())
        assert keep(make_candidate(identity="c2")) == first
        assert git(library.path, "rev-list", "--count", "HEAD").strip() == "2"

    def test_another_question_with_the_same_code_becomes_a_second_recipe(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        tool = keep(
            make_candidate(identity="c2", template="top {top} by restarts", examples=(example("again", top=2),))
        )
        assert tool.version == 2
        assert [recipe.template for recipe in tool.recipes] == [
            "which {top} services restarted most often",
            "top {top} by restarts",
        ]
        assert [one.name for one in library.edited(NAME).examples] == ["recorded", "again"]
        assert library.view().tools == (tool,)

    def test_the_same_code_on_input_of_another_shape_applies_there_too(self, keep: Callable[[Candidate], Tool]) -> None:
        first = keep(make_candidate())
        tool = keep(make_candidate(identity="c2", applicability=OTHER_SHAPE))
        assert tool.applicability == (*first.applicability, OTHER_SHAPE)
        assert len(tool.recipes) == 1

    def test_the_same_question_on_another_shape_is_another_tool(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        first = keep(make_candidate())
        other = keep(make_candidate(identity="c2", source=BETTER, applicability=OTHER_SHAPE))
        assert (other.name, other.version) == (f"{NAME}_2", 1)
        assert other.signature.function == NAME  # the code is what was judged, to the byte
        assert other.recipes[0].tool == f"{NAME}_2"
        again = keep(make_candidate(identity="c3", source=SOURCE + "\n", applicability=OTHER_SHAPE))
        assert (again.name, again.version) == (f"{NAME}_2", 2)
        tools = {tool.name: tool for tool in library.view().tools}
        assert {name: tool.not_for for name, tool in tools.items()} == {
            NAME: (f"inputs of another shape: {NAME}_2 reads those",),
            f"{NAME}_2": (f"inputs of another shape: {NAME} reads those",),
        }
        assert (tools[NAME].version, tools[NAME].semver, tools[NAME].source) == (2, "1.0.1", first.source)

    def test_another_question_with_other_code_is_another_tool(self, keep: Callable[[Candidate], Tool]) -> None:
        keep(make_candidate())
        assert keep(make_candidate(identity="c2", source=BETTER, template="something else")).name == f"{NAME}_2"

    def test_tools_of_one_name_are_told_apart_by_a_word_of_the_question(
        self, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        other = make_candidate(identity="c2", source=BETTER, template="something else")
        asked = replace(other.recipe, question="Which 1 services restarted most often at night?")
        assert keep(replace(other, recipe=asked)).name == f"{NAME}_night"

    def test_code_that_cannot_serve_the_other_questions_of_the_tool_is_refused(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        keep(make_candidate(identity="c2", template="top {top} by restarts"))
        bare = make_candidate(identity="c3", source=BETTER, signature=replace(SIGNATURE, parameters=()))
        recipe = replace(bare.recipe, slots=(), template="which {top} services restarted most often")
        with pytest.raises(LibraryProblem, match="would be its next version, but it does not take top, which"):
            keep(replace(bare, recipe=recipe))
        assert [tool.name for tool in library.view().tools] == [NAME]

    def test_lines_that_look_alike_are_one_shape(self, keep: Callable[[Candidate], Tool]) -> None:
        shapes = (LineShape(pattern="00:00 aaa", share=0.4), LineShape(pattern="-- a", share=0.6))
        keep(make_candidate())
        tool = keep(make_candidate(source=BETTER, applicability=Fingerprint(format="lines", shapes=shapes)))
        assert (tool.name, tool.version) == (NAME, 2)

    def test_a_persons_own_files_stay_through_versions(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge
    ) -> None:
        keep(make_candidate())
        mine = library.path / f"tools/{NAME}/tests/test_mine.py"
        mine.write_text("def test_mine():\n    pass\n")
        library.accept_edit(NAME, judged(library.edited(NAME)), PERSON)
        tool = keep(make_candidate(identity="c2", source=BETTER))
        assert tool.version == 3
        assert mine.exists()
        assert library.view().tools == (tool,)


class TestNearest:
    """What the duplicates gate found decides where a candidate goes."""

    OTHER = make_candidate(identity="c9", source=BETTER, template="top {top} by restarts", examples=(example("third"),))

    def kept(self, library: GitLibrary, judged: Judge, relation: Relation, candidate: Candidate = OTHER) -> Tool:
        first = make_candidate()
        library.keep(first, judged(first), "trusted", PERSON)
        nearest = Nearness(relation=relation, evidence="tried", advice="see", tool=NAME, version=1)
        return library.keep(candidate, replace(judged(candidate), nearest=nearest), "provisional", PERSON)

    def test_what_answers_the_same_gives_the_kept_code_its_question(self, library: GitLibrary, judged: Judge) -> None:
        tool = self.kept(library, judged, "same")
        assert (tool.name, tool.version, tool.semver, tool.source) == (NAME, 2, "1.0.1", SOURCE)
        assert [recipe.template for recipe in tool.recipes] == [
            "which {top} services restarted most often",
            "top {top} by restarts",
        ]
        assert [one.name for one in library.edited(NAME).examples] == ["third", "both"]
        assert library.view().tools == (tool,)

    def test_what_answers_the_same_and_is_asked_otherwise_is_refused(self, library: GitLibrary, judged: Judge) -> None:
        recipe = replace(self.OTHER.recipe, slots=(Slot(name="limit", type="int", default=1),))
        with pytest.raises(LibraryProblem, match=f"the same answers as {NAME} v1, which does not take limit: ask"):
            self.kept(library, judged, "same", replace(self.OTHER, recipe=recipe))
        assert len(library.view().tools) == 1

    def test_what_answers_more_is_the_next_version(self, library: GitLibrary, judged: Judge) -> None:
        tool = self.kept(library, judged, "improves")
        assert (tool.name, tool.version, tool.source) == (NAME, 2, BETTER)
        assert len(tool.recipes) == 2

    def test_what_is_near_stands_beside_it_and_both_say_what_they_are_not_for(
        self, library: GitLibrary, judged: Judge, git: Shell
    ) -> None:
        tool = self.kept(library, judged, "near")
        first, second = library.view().tools
        assert (first.name, first.version, first.semver, first.status) == (NAME, 2, "1.0.1", "trusted")
        assert first.not_for == (f'questions like "top {{top}} by restarts": {NAME}_2 answers those',)
        assert second == tool
        assert tool.not_for == (f'questions like "which {{top}} services restarted most often": {NAME} answers those',)
        assert git(library.path, "rev-list", "--count", "HEAD").strip() == "3"
        assert f"Lithify-Boundary: {NAME}" in git(library.path, "log", "-1", "--format=%B")
        assert git(library.path, "status", "--porcelain") == ""

    def test_nothing_near_is_a_tool_of_its_own(self, library: GitLibrary, judged: Judge) -> None:
        tool = self.kept(library, judged, "none")
        assert (tool.name, tool.not_for) == (f"{NAME}_2", ())
        assert library.view().tools[0].version == 1


class TestHealed:
    """What heals a tool is its next version, whatever else is near."""

    CASE = example("failed in run r9", LOG + LOG)
    HEALED = Healed(tool=NAME, version=1, by="shape", run_id="r9", why="another shape", case=CASE.name)
    BOTH = make_candidate(
        identity="c9", source=BETTER, applicability=OTHER_SHAPE, examples=(example(), example("both", top=2), CASE)
    )

    def test_it_applies_to_the_shapes_of_both_and_has_the_uses_of_both(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        first = keep(make_candidate())
        tool = keep(replace(self.BOTH, healed=self.HEALED))
        assert (tool.name, tool.version, tool.source) == (NAME, 2, BETTER)
        assert tool.applicability == (*first.applicability, OTHER_SHAPE)
        assert [one.name for one in library.edited(NAME).examples] == ["recorded", "both", self.CASE.name]
        assert library.edited(NAME).healed == self.HEALED
        assert library.view().tools == (tool,)

    def test_a_case_of_a_known_shape_adds_none(self, keep: Callable[[Candidate], Tool]) -> None:
        first = keep(make_candidate())
        mended = replace(self.BOTH, applicability=first.applicability[0], healed=replace(self.HEALED, by="run"))
        assert keep(mended).applicability == first.applicability

    def test_a_tool_that_went_back_to_candidate_comes_back_by_it(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        library.revisions.set_status(NAME, "candidate", "policy:trust", "two failures of its own")
        assert library.view().tools == ()
        tool = keep(replace(self.BOTH, healed=self.HEALED))
        assert (tool.name, tool.version, tool.status) == (NAME, 2, "provisional")
        assert library.view().tools == (tool,)

    def test_what_was_made_for_an_earlier_version_is_refused(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        keep(make_candidate(identity="c2", source=SOURCE + "\n"))
        with pytest.raises(LibraryProblem, match=f"it heals {NAME} v1, which is v2 by now: `lithify distil r1 PATH"):
            keep(replace(self.BOTH, healed=self.HEALED))
        library.revisions.set_status(NAME, "retired", PERSON, "gone")
        with pytest.raises(LibraryProblem, match="which is not there as it was"):
            keep(replace(self.BOTH, healed=replace(self.HEALED, version=2)))

    def test_the_same_code_for_one_shape_after_the_other_waits_twice(self, library: GitLibrary, judged: Judge) -> None:
        one = replace(self.BOTH, healed=self.HEALED)
        other = replace(one, id="c10", applicability=make_candidate().applicability)
        assert [library.propose(each, judged(each)) for each in (one, other, replace(one, id="c11"))] == [
            "c9",
            "c10",
            "c9",
        ]


class TestRefused:
    """Any change stops the tool; the message names the file and two ways back, and both work."""

    FILES = (
        f"tools/{NAME}/tool.py",
        f"tools/{NAME}/tool.toml",
        f"tools/{NAME}/tests/test_examples.py",
        f"tools/{NAME}/tests/fixtures/cases.json",
        f"tools/{NAME}/tests/fixtures/01-recorded.txt",
        f"recipes/{NAME}.toml",
    )

    @pytest.mark.parametrize("path", FILES)
    @pytest.mark.parametrize("committed", [False, True])
    def test_an_edit_stops_the_tool(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell, path: str, committed: bool
    ) -> None:
        keep(make_candidate())
        file = library.path / path
        file.write_bytes(file.read_bytes() + b"\n")
        if committed:
            git(library.path, "commit", "-qam", "a quick fix")
        view = library.view()
        assert view.tools == ()
        assert f"{path} differs (expected " in view.refused[NAME]
        assert f"lithify review {NAME}" in view.refused[NAME]

    @pytest.mark.parametrize("path", FILES)
    def test_the_way_back_that_the_message_names_works(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell, path: str
    ) -> None:
        tool = keep(make_candidate())
        (library.path / path).unlink()
        said = library.view().refused[NAME]
        assert f"{path} is missing" in said
        command = said.split("`")[3].split()
        git(Path("/"), *command[1:])
        assert library.view().tools == (tool,)

    def test_a_file_added_beside_the_tool_stops_it(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        (library.path / f"tools/{NAME}/helper.py").write_text("")
        assert "helper.py is not in tools.lock" in library.view().refused[NAME]

    def test_what_running_pytest_leaves_does_not(self, library: GitLibrary, keep: Callable[[Candidate], Tool]) -> None:
        tool = keep(make_candidate())
        for cache in ("__pycache__", "tests/__pycache__", ".pytest_cache"):
            folder = library.path / f"tools/{NAME}" / cache
            folder.mkdir()
            (folder / "x").write_text("x")
        assert library.view().tools == (tool,)

    def test_a_link_stops_it_even_to_the_same_bytes(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], tmp_path: Path
    ) -> None:
        keep(make_candidate())
        file = library.path / f"tools/{NAME}/tool.py"
        elsewhere = tmp_path / "elsewhere.py"
        file.rename(elsewhere)
        file.symlink_to(elsewhere)
        assert "is a link" in library.view().refused[NAME]

    def test_a_folder_that_the_lock_does_not_know(self, library: GitLibrary, keep: Callable[[Candidate], Tool]) -> None:
        import shutil

        tool = keep(make_candidate())
        shutil.copytree(library.path / f"tools/{NAME}", library.path / "tools/smuggled")
        view = library.view()
        assert view.tools == (tool,)
        assert "tools/smuggled is not in tools.lock" in view.refused["smuggled"]

    def test_one_edited_tool_leaves_the_others(self, library: GitLibrary, keep: Callable[[Candidate], Tool]) -> None:
        keep(make_candidate())
        other = keep(make_candidate(identity="c2", source=BETTER, template="something else"))
        (library.path / f"tools/{NAME}/tool.py").write_text("import os\n")
        view = library.view()
        assert view.tools == (other,)
        assert set(view.refused) == {NAME}

    def test_an_edit_is_not_overwritten_by_a_new_version(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool]
    ) -> None:
        keep(make_candidate())
        file = library.path / f"tools/{NAME}/tool.py"
        file.write_text("# half of my work\n")
        with pytest.raises(LibraryProblem, match="edited"):
            keep(make_candidate(identity="c2", source=BETTER))
        assert file.read_text() == "# half of my work\n"

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('status = "provisional"', 'status = "trusted"'),
            (f'approved_by = "{PERSON}"', 'approved_by = "mallory"'),
            ("version = 1", "version = 2"),
            ("requirements = []", 'requirements = ["requests"]'),
            ('verdict = "pass', 'verdict = "better than pass'),
            ('sha256 = "', 'sha256 = "0'),
        ],
    )
    def test_an_entry_of_the_lock_that_was_edited_by_hand(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell, before: str, after: str
    ) -> None:
        tool = keep(make_candidate())
        lock = library.path / f"lock/{NAME}.toml"
        text = lock.read_text()
        assert before in text
        lock.write_text(text.replace(before, after))
        assert library.view().tools == ()
        assert "its seal does not fit" in library.view().refused[NAME]
        git(library.path, "checkout", "--", f"lock/{NAME}.toml")
        assert library.view().tools == (tool,)

    def test_a_file_too_large_to_be_a_tools(self, library: GitLibrary, keep: Callable[[Candidate], Tool]) -> None:
        keep(make_candidate())
        with (library.path / f"tools/{NAME}/tool.py").open("wb") as stream:
            stream.truncate(1 << 30)
        assert "longer than 16 MiB" in library.view().refused[NAME]


class TestAcceptEdit:
    def test_an_edit_enters_as_the_next_version(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        (library.path / f"tools/{NAME}/tool.py").write_text(BETTER)
        candidate = library.edited(NAME)
        assert candidate.source == BETTER
        tool = library.accept_edit(NAME, judged(candidate), PERSON)
        assert (tool.version, tool.source, tool.status, tool.approved_by) == (2, BETTER, "provisional", PERSON)
        assert library.view().tools == (tool,)
        assert git(library.path, "status", "--porcelain") == ""
        assert f"Lithify-Approved-By: {PERSON}" in git(library.path, "log", "-1", "--format=%B")

    def test_an_edit_that_was_committed_by_hand_enters_as_well(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        (library.path / f"tools/{NAME}/tool.py").write_text(BETTER)
        git(library.path, "commit", "-qam", "mine")
        assert library.accept_edit(NAME, judged(library.edited(NAME)), PERSON).version == 2

    def test_a_file_removed_or_added_by_the_person_goes_with_it(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        fixtures = library.path / f"tools/{NAME}/tests/fixtures"
        cases = (fixtures / "cases.json").read_text()
        (fixtures / "cases.json").write_text(cases.replace("02-both.txt", "mine.txt"))
        (fixtures / "02-both.txt").rename(fixtures / "mine.txt")
        tool = library.accept_edit(NAME, judged(library.edited(NAME)), PERSON)
        assert library.view().tools == (tool,)
        assert git(library.path, "status", "--porcelain") == ""

    def test_an_edit_made_after_the_gates_looked_does_not_enter(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge
    ) -> None:
        keep(make_candidate())
        file = library.path / f"tools/{NAME}/tool.py"
        file.write_text(BETTER)
        verdict = judged(library.edited(NAME))
        file.write_text(BETTER + "\nimport os\n")
        with pytest.raises(ProgrammerMustAct, match="other contents"):
            library.accept_edit(NAME, verdict, PERSON)
        assert NAME in library.view().refused

    def test_the_generated_test_file_is_not_the_persons(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge
    ) -> None:
        keep(make_candidate())
        suite = library.path / f"tools/{NAME}/tests/test_examples.py"
        suite.write_text("def test_nothing():\n    pass\n")
        with pytest.raises(LibraryProblem, match="into another file"):
            library.accept_edit(NAME, judged(library.edited(NAME)), PERSON)

    def test_a_tool_written_by_hand_can_enter(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge
    ) -> None:
        import shutil

        keep(make_candidate())
        shutil.copytree(library.path / f"tools/{NAME}", library.path / "tools/by_hand")
        recipes = (library.path / f"recipes/{NAME}.toml").read_text()
        (library.path / "recipes/by_hand.toml").write_text(recipes.replace(f'tool = "{NAME}"', 'tool = "by_hand"'))
        tool = library.accept_edit("by_hand", judged(library.edited("by_hand")), PERSON)
        assert (tool.name, tool.version) == ("by_hand", 1)
        assert len(library.view().tools) == 2

    def test_nothing_edited_is_nothing_to_commit(
        self, library: GitLibrary, keep: Callable[[Candidate], Tool], judged: Judge, git: Shell
    ) -> None:
        tool = keep(make_candidate())
        assert library.accept_edit(NAME, judged(library.edited(NAME)), PERSON) == tool
        assert git(library.path, "rev-list", "--count", "HEAD").strip() == "2"

    @pytest.mark.parametrize("name", ["..", "a/b", ""])
    def test_a_name_cannot_lead_outside(self, library: GitLibrary, name: str) -> None:
        with pytest.raises(ProgrammerMustAct, match="cannot name a tool"):
            library.edited(name)

    def test_a_tool_that_is_not_there(self, library: GitLibrary) -> None:
        with pytest.raises(LibraryProblem, match="tools/nothing is missing"):
            library.edited("nothing")


def test_files_of_every_length_are_read_whole(
    library: GitLibrary, keep: Callable[[Candidate], Tool], git: Shell
) -> None:
    lengths = (0, 1, 65_535, 65_536, 65_537, 3_000_000)
    examples = tuple(example(str(length), "x" * length) for length in lengths)
    tool = keep(make_candidate(examples=examples))
    assert library.view().tools == (tool,)
    assert [len(one.context) for one in library.edited(NAME).examples] == list(lengths)
