"""The corpus in every mode, as whoever runs the tests and, when that is root, as an ordinary user too."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lithify.ports import SandboxSpec
from tests.sandbox.arena import MEMORY_MB, Arena, free_port, run_attacks
from tests.sandbox.attacks import ATTACKS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")

CATEGORIES = sorted({attack.category for attack in ATTACKS})
PRELOAD = ("json", "re", "numpy", "pandas")
MODES = {
    "full": (),
    "no-namespaces": ("namespaces",),
    "no-open": ("namespaces", "landlock", "broker"),
}
NOBODY = 65534


def escaped(category: str, without: tuple[str, ...], folder: Path) -> dict[str, list[str]]:
    attacks = [attack for attack in ATTACKS if attack.category == category]
    spec = SandboxSpec(preload=PRELOAD, memory_mb=MEMORY_MB, without=without, grace=0.1)
    with Arena(folder / "canary", free_port()) as arena:
        return asyncio.run(run_attacks(attacks, arena, spec))


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("mode", MODES)
def test_contained(mode: str, category: str, tmp_path: Path) -> None:
    assert escaped(category, MODES[mode], tmp_path) == {}


def test_the_corpus_is_large_and_named_once() -> None:
    assert len(ATTACKS) >= 200
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS)


def test_the_arena_notices_what_works(tmp_path: Path) -> None:
    """An attack that does what it says is found out: the corpus can fail."""
    from tests.sandbox.arena import Attack

    harmless = Attack(id="x", category="x", code="print('PW' + 'NED')", contained_means="")
    with Arena(tmp_path / "canary", free_port()) as arena:
        found = asyncio.run(run_attacks([harmless], arena, SandboxSpec()))
    assert "PWNED" in str(found)


@pytest.mark.skipif(os.getuid() != 0, reason="the other tests already run as an ordinary user")
@pytest.mark.parametrize("mode", MODES)
def test_contained_as_an_ordinary_user(mode: str, tmp_path: Path) -> None:
    """In a process of its own, which drops to nobody."""
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    script = "import lithify.sandbox, tests.sandbox.attacks, numpy"
    try:
        subprocess.run([sys.executable, "-B", "-c", script], **as_nobody, check=True, capture_output=True)
    except (subprocess.CalledProcessError, PermissionError):
        pytest.skip("nobody cannot read this interpreter or this checkout")
    tmp_path.chmod(0o777)
    code = (
        "import json, sys, pathlib\nfrom tests.sandbox import test_attacks as t\n"
        "print(json.dumps({c: t.escaped(c, t.MODES[sys.argv[1]], pathlib.Path(sys.argv[2])) for c in t.CATEGORIES}))"
    )
    command = [sys.executable, "-B", "-c", code, mode, str(tmp_path)]
    run = subprocess.run(command, **as_nobody, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert not any(json.loads(run.stdout).values()), run.stdout
