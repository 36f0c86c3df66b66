"""Processes that nobody waits for, and never two of a kind."""

from __future__ import annotations

import os
from pathlib import Path

from lithify import background


def test_only_one_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "private" / "shadow.lock"
    with background.alone(lock) as first, background.alone(lock) as second:
        assert (first, second) == (True, False)
    with background.alone(lock) as again:
        assert again


def test_what_cannot_be_started_is_no_error(tmp_path: Path) -> None:
    assert not background.start(["--version"], tmp_path / "nowhere", {})


def test_nobody_is_left_to_wait_for(tmp_path: Path) -> None:
    assert background.start(["--version"], tmp_path, {"LITHIFY_RECORD": ""})
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    assert not [one for one in children if "--version" in Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8")]
