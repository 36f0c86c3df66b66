"""Sealed uses never reach a model: no module that builds prompts names them, no request of a whole story holds one."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from lithify.app import Lab
from lithify.models import ScriptedModel
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.world import SERVICES, SOLUTION

SRC = Path(__file__).parents[2] / "src" / "lithify"
PROMPTS = ("rlm", "routing", "models", "prompting", "search", "conversation", "dropin")
"""What builds prompts, or gives them something to say, as a whole."""
ELSEWHERE = ("distil", "properties", "services")
"""Where a module counts when it can ask a model: it makes requests, fills prompts, or holds a model."""
ASKS = ("ModelRequest", "lithify.prompting", ".models()", ".ask(")
NAMES = ("holdout", "render_candidate", "read_tree")
"""The field and folder of sealed uses, and what would give all files of a tool."""


def modules() -> list[Path]:
    whole = [path for name in PROMPTS for path in [*SRC.glob(f"{name}.py"), *(SRC / name).rglob("*.py")]]
    others = [path for name in ELSEWHERE for path in (SRC / name).rglob("*.py")]
    asking = [path for path in others if any(sign in path.read_text(encoding="utf-8") for sign in ASKS)]
    return sorted([*whole, *asking])


def _at(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def test_the_modules_that_ask_are_found() -> None:
    assert {"rlm/prompt.py", "services/adapting.py"} <= {_at(path) for path in modules()}


@pytest.mark.parametrize("path", modules(), ids=_at)
def test_no_module_that_prompts_names_them(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        named = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "name", None)
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        assert named not in NAMES, f"line {getattr(node, 'lineno', '?')}: {named}"
        assert "holdout" not in text, f"line {getattr(node, 'lineno', '?')}: {text}"


def test_a_whole_story_sends_nothing_of_them(tmp_path: Path) -> None:
    """Explored, sealed, kept, adapted: what is sealed comes from the middle of the log, where no prompt looks."""
    rows = []
    for n in range(3_000):
        what = "restarted" if n % 3 == 0 else f"canary{n}zz" if 500 < n < 2_500 else "handled"
        rows.append(
            f"2026-06-{1 + n % 28:02d} 10:{n % 60:02d}:{n * 7 % 60:02d} host{n % 3} {SERVICES[n % 5]}[{n}]: {what}"
        )
    log = "\n".join(rows) + "\n"
    model = ScriptedModel([SOLUTION, '{"tool": "none"}', SOLUTION, SOLUTION])
    settings = load_settings(
        Overrides(library=tmp_path / "library", keep="provisional"), start=tmp_path, environment={}
    )
    with Lab(settings, models=Models(root=model, sub=model)) as lab:
        assert lab.ask("Which 2 services restarted most often?", log).candidate
        (kept,) = lab.tools()
        cases = (tmp_path / "library" / "tools" / kept.name / "holdout" / "cases.json").read_text(encoding="utf-8")
        sealed = [one["context"] for one in json.loads(cases)]
        texts = [(tmp_path / "library" / "tools" / kept.name / "holdout" / name).read_text() for name in sealed]
        lines = {line for text in texts for line in text.splitlines()[1:]}
        assert sum("canary" in line for line in lines) > 100
        lab.ask("Tell me the services with the most restarts, two of them", log[:40_000])
    said = "".join(str(request) for request in model.requests)
    assert len(model.requests) >= 2
    assert "handled" in said
    assert not [line for line in lines if line in said]
