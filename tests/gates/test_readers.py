"""Gates that look and do not run: files, size, secrets, licence, ruff, types; and requirements, which only imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lithify.gates.belongings import BelongingsGate
from lithify.gates.gate import Finding
from lithify.gates.licence import LicenceGate
from lithify.gates.requirements import RequirementsGate, module_names
from lithify.gates.ruff import RuffGate
from lithify.gates.secrets import SecretsGate
from lithify.gates.size import SizeGate
from lithify.gates.types import TypesGate
from lithify.testing.candidates import SOURCE, example, make_candidate

PutTo = Callable[..., Finding]
AWS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"


class TestSize:
    def test_an_ordinary_tool_passes(self, put_to: PutTo) -> None:
        assert put_to(SizeGate(), make_candidate()).outcome == "pass"

    @pytest.mark.parametrize(
        ("source", "contexts", "said"),
        [
            (SOURCE + "#" * 70_000 + "\n", ["x"], "65536 bytes of source"),
            (SOURCE + "\n" * 601, ["x"], "600 lines of source"),
            (SOURCE, ["x" * 5_000_000], "bytes of fixtures"),
            (SOURCE, ["x"] * 51, "50 examples"),
            (SOURCE, [], "without an example"),
        ],
    )
    def test_beyond_a_limit(self, put_to: PutTo, source: str, contexts: list[str], said: str) -> None:
        examples = tuple(example(str(number), text) for number, text in enumerate(contexts))
        finding = put_to(SizeGate(), make_candidate(source=source, examples=examples))
        assert finding.outcome == "fail"
        assert said in finding.evidence
        assert finding.remedy


class TestFiles:
    def test_a_persons_tests_and_data_are_a_tools_files(self, put_to: PutTo) -> None:
        extra = {"tests/test_mine.py": b"", "tests/mine_test.py": b"", "tests/data/big log.txt": b""}
        assert put_to(BelongingsGate(), replace(make_candidate(), extra=extra)).outcome == "pass"

    @pytest.mark.parametrize(
        "path",
        [
            "tests/conftest.py",
            "tests/__init__.py",
            "tests/pytest.ini",
            "tests/pyproject.toml",
            "tests/helpers.py",
            "tests/json.py",
            "tests/x.pth",
            "tests/fast.so",
            "tests/test_x.pyc",
            "tests/.hidden",
            "tests/../../outside.py",
            "/etc/passwd",
            "tests/te\u0455t.txt",
            "tests/" + "x" * 300,
            "tests/a\nb",
        ],
    )
    def test_what_works_behind_the_tools_back(self, put_to: PutTo, path: str) -> None:
        finding = put_to(BelongingsGate(), replace(make_candidate(), extra={path: b""}))
        assert finding.outcome == "fail"
        assert finding.remedy


class TestLicence:
    def test_an_ordinary_tool_passes(self, put_to: PutTo) -> None:
        log = "09:00 Copyright (c) 2001 Acme, all rights reserved\n"
        assert put_to(LicenceGate(), make_candidate(examples=(example("it", log),))).outcome == "pass"

    @pytest.mark.parametrize(
        ("header", "said"),
        [
            ("SPDX-License-Identifier: GPL-3.0-only", "GNU"),
            ("Licensed under the Apache License, Version 2.0", "Apache"),
            ("Permission is hereby granted, free of charge, to any person", "MIT"),
            ("Copyright (c) 2019 Somebody", "no licence that is known"),
            ("SPDX-License-Identifier: Foo-1.0", "no licence that is known"),
            ("© 2020 Somebody. All rights reserved.", "no licence that is known"),
            ("taken from https://example.org/snippets/3", "no licence that is known"),
        ],
    )
    def test_what_says_it_is_somebodys_needs_a_person(self, put_to: PutTo, header: str, said: str) -> None:
        finding = put_to(LicenceGate(), make_candidate(source=f"# {header}\n{SOURCE}"))
        assert finding.outcome == "needs-person"
        assert said in finding.evidence
        assert "tool.py, line 1" in finding.evidence
        further = replace(make_candidate(), extra={"tests/test_mine.py": f"# {header}\n".encode()})
        assert "tests/test_mine.py" in put_to(LicenceGate(), further).evidence


class TestTypes:
    def test_an_ordinary_tool_passes(self, put_to: PutTo) -> None:
        assert put_to(TypesGate(), make_candidate()).outcome == "pass"

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ("-> list[str]", "-> int", "line 9"),
            ("-> list[str]", "-> list[int]", "list[int]"),
            ("top: int = 1", "top: int = 'one'", "line 6"),
            ("log.splitlines()", "log.split_lines()", "split_lines"),
        ],
    )
    def test_a_signature_that_says_something_else(self, put_to: PutTo, before: str, after: str, said: str) -> None:
        finding = put_to(TypesGate(), make_candidate(source=SOURCE.replace(before, after)))
        assert finding.outcome == "fail", finding.evidence
        assert said in finding.evidence
        assert "signature" in finding.remedy

    def test_idioms_that_a_checker_dislikes_are_no_contradiction(self, put_to: PutTo) -> None:
        source = (
            "import re\nfrom collections import Counter\n\n\n"
            "def most_restarted_service(log: str, top: int = 1) -> str:\n"
            "    counts = Counter(re.match(r'(\\S+)', line).group(1) for line in log.splitlines())\n"
            "    return max(counts, key=counts.get)\n"
        )
        finding = put_to(TypesGate(), make_candidate(source=source))
        assert finding.outcome == "pass", finding.evidence
        assert "line 6 raises when there is nothing to be found" in finding.evidence


class TestSecrets:
    def test_an_ordinary_tool_passes(self, put_to: PutTo) -> None:
        assert put_to(SecretsGate(), make_candidate()).outcome == "pass"

    @pytest.mark.parametrize(
        "secret",
        [
            AWS_KEY,
            "ghp_" + "a1B2" * 10,
            "sk-ant-" + "x9" * 20,
            "xoxb-" + "1234567890-abc",
            "-----BEGIN RSA " + "PRIVATE KEY-----",
            "AIza" + "a" * 35,
            "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
        ],
    )
    def test_a_secret_anywhere_is_refused_and_not_repeated(self, put_to: PutTo, secret: str) -> None:
        candidate = make_candidate()
        places = (
            replace(candidate, source=f'_KEY = "{secret}"\n' + SOURCE),
            replace(candidate, examples=(example("it", f"09:00 started\n09:01 with {secret}\n"),)),
            replace(candidate, recipe=replace(candidate.recipe, question=f"what used {secret}?")),
            replace(candidate, provenance=replace(candidate.provenance, question=f"what used {secret}?")),
        )
        for place in places:
            finding = put_to(SecretsGate(), place)
            assert finding.outcome == "fail"
            assert secret not in finding.evidence
            assert "line" in finding.evidence

    @pytest.mark.parametrize(
        "line", ["password=hunter22long", 'api_key: "0123456789abcdef"', "postgres://web:s3cretpw@db/prod"]
    )
    def test_what_may_be_one_is_for_a_person(self, put_to: PutTo, line: str) -> None:
        finding = put_to(SecretsGate(), make_candidate(examples=(example("it", line),)))
        assert finding.outcome == "needs-person"
        assert "01-it.txt, line 1" in finding.evidence

    @pytest.mark.parametrize(
        "line",
        [
            "Failed password for invalid user root from 10.0.0.1 port 22",
            "pam_unix(sshd:auth): authentication failure; password check failed for user (root)",
            "password=********",
            "GET /token?x=1 https://example.org:8080/path@2x.png",
            "risk-assessment-of-the-whole-company-in-detail",
        ],
    )
    def test_speaking_of_passwords_is_no_secret(self, put_to: PutTo, line: str) -> None:
        finding = put_to(SecretsGate(), make_candidate(examples=(example("it", line),)))
        assert finding.outcome == "pass", finding.evidence


class TestRuff:
    def test_an_ordinary_tool_passes(self, put_to: PutTo) -> None:
        assert put_to(RuffGate(), make_candidate()).outcome == "pass"

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("import json\n" + SOURCE, "F401"),
            (SOURCE + "\n\ndef _f() -> int:\n    return nowhere\n", "F821"),
            ("import json  # noqa\n" + SOURCE, "F401"),
            ("# ruff: noqa\nimport json\n" + SOURCE, "F401"),
            (SOURCE.replace("counts = ", "counts  =  "), "ruff format"),
            (SOURCE + "\n\ndef _f(:\n", "tool.py:"),
            (SOURCE + "\n\ndef _f() -> None:\n    assert (1, 'always')\n", "F631"),
        ],
    )
    def test_a_mistake_is_named(self, put_to: PutTo, source: str, said: str) -> None:
        finding = put_to(RuffGate(), make_candidate(source=source))
        assert finding.outcome == "fail"
        assert said in finding.evidence

    def test_a_variable_that_only_names_what_is_passed_over_is_no_mistake(self, put_to: PutTo) -> None:
        source = SOURCE + "\n\ndef _f(rows: list[str]) -> None:\n    header = rows.pop()\n"
        assert put_to(RuffGate(), make_candidate(source=source)).outcome == "pass"

    def test_many_mistakes_are_cut(self, put_to: PutTo) -> None:
        lines = "".join(f"    {name}\n" for name in (f"x{number}" for number in range(40)))
        finding = put_to(RuffGate(), make_candidate(source=SOURCE + f"\n\ndef _f() -> None:\n{lines}"))
        assert "more" in finding.evidence.splitlines()[-1]
        assert len(finding.evidence.splitlines()) == 13

    def test_settings_of_the_machine_do_not_count(
        self, put_to: PutTo, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("settings")
        (folder / "ruff.toml").write_text('[lint]\nignore = ["F401"]\n')
        monkeypatch.chdir(folder)
        monkeypatch.setenv("RUFF_CONFIG", str(folder / "ruff.toml"))
        assert put_to(RuffGate(), make_candidate(source="import json\n" + SOURCE)).outcome == "fail"


class TestRequirements:
    def test_the_standard_library_needs_nothing(self, put_to: PutTo) -> None:
        assert put_to(RequirementsGate(), make_candidate()).outcome == "pass"

    def test_what_lithify_brings_along(self, put_to: PutTo) -> None:
        assert put_to(RequirementsGate(), make_candidate(requirements=("numpy",))).outcome == "pass"

    def test_a_new_dependency_needs_a_person(self, put_to: PutTo) -> None:
        finding = put_to(RequirementsGate(), make_candidate(requirements=("msgpack>=1", "numpy")))
        assert finding.outcome == "needs-person"
        assert "msgpack" in finding.evidence

    def test_what_is_not_installed_is_named(self, put_to: PutTo) -> None:
        finding = put_to(RequirementsGate(), make_candidate(requirements=("no-such-package", "numpy")))
        assert finding.outcome == "fail"
        assert "no_such_package" in finding.evidence
        assert "pip install" in finding.remedy

    def test_modules_of_requirements(self) -> None:
        given = ("pandas>=2.1,<4", "python-dateutil", "PyYAML==6.*", "a;os.system('x')", "", "pandas")
        assert module_names(given) == ("pandas", "dateutil", "yaml", "a")
