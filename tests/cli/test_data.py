"""What the command line says of the data before and after it reads it."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.world import command


def test_how_much_is_read_is_said_before(tmp_path: Path) -> None:
    with (tmp_path / "big.log").open("wb") as file:
        file.truncate(300_000_000)
    ended = command(tmp_path, ["ask", "How many?", "big.log", "--library", "lib"])
    assert ended.code == 5
    assert ended.err.splitlines()[0] == "reading 0.3 GB in 1 file"
    assert "big.log: it is binary (a NUL byte at 0)" in ended.err


def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "lithify.toml").write_text("[limits]\ncontext_mb = 1\n")
    (tmp_path / "app.log").write_text("x" * 1_000_001)
    ended = command(tmp_path, ["ask", "How many?", "app.log", "--library", "lib"])
    assert ended.code == 5
    assert "app.log: has 1,000,001 bytes or more, 1,000,000 may be read" in ended.err
    assert "limits.context_mb" in ended.err


def test_names_and_patterns(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("text")
    for paths, said in (
        (["class=app.log"], "'class' is no name for a variable"),
        (["*.csv"], "*.csv: no file matches this pattern"),
        (["log=app.log", "log=app.log*"], "the name 'log' was given twice"),
    ):
        ended = command(tmp_path, ["ask", "How many?", *paths, "--library", "lib"])
        assert ended.code == 5
        assert said in ended.err
