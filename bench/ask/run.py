"""What only lithify has: replay, and the loop without HTTP. See README.md."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from lithify.app import Lab
from lithify.models import ScriptedModel
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from lithify.testing.model_server import ModelServer

HERE = Path(__file__).parent
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An environment in which modules are compiled once, as they are when a package is installed."""
LINES = "".join(
    f"2026-05-{1 + n % 28:02d} 10:00:{n % 60:02d} {'ERROR' if n % 7 == 0 else 'INFO'} unit-{n % 5} said {n}\n"
    for n in range(500)
)
QUESTION = "How many ERROR lines are there?"
SOLUTION = """```repl
level = "ERROR"
FINAL(sum(1 for line in context.splitlines() if line.split()[2] == level))
```"""


def timed(command: list[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, env={**COMPILED, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - began


def shell(arguments: list[str], base_url: str = "") -> float:
    command = [sys.executable, "-m", "lithify", *arguments]
    return timed(command, {"LITHIFY_MODEL": "openai:scripted", "LITHIFY_BASE_URL": base_url} if base_url else {})


def loop_alone(turns: int, folder: Path) -> float:
    """Seconds of a run with a model inside the process: the loop, the sandbox and the ledger, without HTTP."""
    settings = load_settings(Overrides(library=folder / "turns"), start=folder, environment={})

    def model() -> ScriptedModel:
        cells = ["```repl\nx = 1\nprint(x)\n```"] * (turns - 1)
        return ScriptedModel([*cells, "```repl\nFINAL('done')\n```"] * 2)

    scripted = model()
    with Lab(settings, models=Models(root=scripted, sub=scripted)) as lab:
        lab.ask("warm up", "a b c", ephemeral=True)
        began = time.perf_counter()
        lab.ask("again", "a b c", ephemeral=True)
        return time.perf_counter() - began


def row(name: str, seconds: list[float], unit: str = "s", scale: float = 1.0) -> None:
    print(f"{name:34} {statistics.median(seconds) * scale:9.3f} {unit}", flush=True)


def per_turn(options: argparse.Namespace, folder: Path) -> None:
    for turns in (20, 100):
        settings = folder / "lithify.toml"
        settings.write_text("[limits]\nturns = 200\ncalls = 1000\n", encoding="utf-8")
        alone = [loop_alone(turns, folder) / turns for _ in range(options.runs)]
        row(f"per turn, {turns} turns, without HTTP", alone, "ms", 1e3)


def replay(options: argparse.Namespace, folder: Path, log: Path) -> None:
    library = folder / "library"
    with ModelServer([SOLUTION]) as server:
        shell(["ask", QUESTION, str(log), "--keep", "provisional", "--library", str(library)], server.base_url)
    second = folder / "second.log"
    second.write_text(LINES.replace("ERROR", "WARN", 1), encoding="utf-8")
    row(
        "replay from the shell",
        [shell(["ask", QUESTION, str(second), "--library", str(library)]) for _ in range(options.runs + 1)][1:],
    )
    with Lab(load_settings(Overrides(library=library), start=folder, environment={})) as lab:
        seconds = []
        for _ in range(options.runs * 4 + 1):
            began = time.perf_counter()
            result = lab.ask(QUESTION, second)
            seconds.append(time.perf_counter() - began)
            if result.route != "replay":
                raise SystemExit(f"not a replay: {result.why}")
    row("replay in process, first", seconds[:1], "ms", 1e3)
    row("replay in process, warm", seconds[1:], "ms", 1e3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "first.log"
        log.write_text(LINES, encoding="utf-8")
        per_turn(options, folder)
        replay(options, folder, log)


if __name__ == "__main__":
    main()
