"""A person's environment of our own making: their home, their git settings, nothing of this machine's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lithify.layout import candidate_contents
from lithify.records.tool import Candidate, GateResult, Outcome, Verdict

Shell = Callable[..., str]
Judge = Callable[..., Verdict]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    import os

    folder = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("GIT_")] + ["EMAIL", "XDG_CONFIG_HOME"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (folder / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.org\n")
    return folder


@pytest.fixture
def git() -> Shell:
    """Run git as the person would: git(folder, "status")."""

    def run(folder: Path, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout

    return run


@pytest.fixture
def judged() -> Judge:
    """A verdict about a candidate, bound to it as the gates bind it."""

    def judge(candidate: Candidate, outcome: Outcome = "pass") -> Verdict:
        result = GateResult(gate="static", outcome=outcome, evidence="looked at", remedy="", seconds=0.5)
        return Verdict(results=(result,), contents=candidate_contents(candidate).sha256)

    return judge
