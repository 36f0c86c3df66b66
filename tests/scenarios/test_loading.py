"""What each way of answering must not load: a command is as quick as what it imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lithify.testing.model_server import ModelServer
from tests.scenarios.test_the_whole_way import kept
from tests.scenarios.world import QUESTION, SOLUTION, command, log, restarts

HEAVY = {
    "alembic",
    "anthropic",
    "genai_prices",
    "httpx2",
    "importlib.resources",
    "jsonschema",
    "numpy",
    "openai",
    "opentelemetry",
    "pandas",
    "platformdirs",
    "pydantic",
    "pydantic_ai",
    "pytest",
    "rich",
    "sqlalchemy",
}
"""Packages that none of these needs."""
MAKING = {"lithify.distil", "lithify.gates", "lithify.properties", "lithify.services.learning"}
"""What makes tools."""
KEPT = {"lithify.layout", "lithify.library.store", "lithify.routing", "lithify.services.running"}
"""What finds and runs them."""
LOOP = {"lithify.models.compatible", "lithify.rlm.driver", "lithify.rlm.step", "lithify.services.adapting"}
"""What asks models."""
WRITING = {"filelock", "lithify.library.entering", "lithify.library.shelf", "lithify.library.writing"}
"""What changes a library."""


def imported(folder: Path, arguments: Sequence[str], base_url: str = "") -> tuple[set[str], str]:
    """The modules that a command imports, and what it prints."""
    ended = command(folder, arguments, base_url, PYTHONPROFILEIMPORTTIME="1")
    assert ended.code == 0, ended.err
    lines = [line for line in ended.err.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}, ended.out


def test_help(tmp_path: Path) -> None:
    modules, _ = imported(tmp_path, ["--help"])
    unwanted = HEAVY | MAKING | KEPT | LOOP | WRITING | {"asyncio", "lithify.app", "sqlite3"}
    assert not modules & unwanted


def test_the_pure_rlm_loads_nothing_of_tools(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(log(1), encoding="utf-8")
    with ModelServer([SOLUTION, SOLUTION]) as server:
        ask = ["ask", QUESTION, "app.log", "--ephemeral", "--library", "library"]
        command(tmp_path, ask, server.base_url)  # makes the ledger, whose tables are SQLAlchemy's
        modules, said = imported(tmp_path, ask, server.base_url)
    assert said.split() == [name for name, _ in restarts(log(1))[:2]]
    assert not modules & (HEAVY | MAKING | KEPT | WRITING)


def test_a_replay_loads_no_loop_no_model_and_nothing_that_makes_tools(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "app.log").write_text(log(3), encoding="utf-8")
    modules, _ = imported(tmp_path, ["ask", QUESTION, "app.log", "--library", "library", "--only-reuse"])
    assert not modules & (HEAVY | MAKING | LOOP | WRITING)
