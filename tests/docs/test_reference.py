"""docs/reference/ says what the code says; every command and option has a help text; links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from lithify.cli import cli
from lithify.gates.pipeline import READING, RUNNING

REPO = Path(__file__).parents[2]
PAGES = sorted({*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")})


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = load(REPO / "docs" / "generate.py")
COMMANDS = dict(generate.walk(cli, click.Context(cli)))


@pytest.mark.parametrize(("name", "text"), generate.generated().items(), ids=generate.PAGES)
def test_the_committed_page_is_what_the_code_says(name: str, text: str) -> None:
    path = REPO / "docs" / "reference" / name
    assert path.is_file() and path.read_text(encoding="utf-8") == text, "run: python docs/generate.py"


def test_no_page_of_the_reference_is_left_over() -> None:
    assert {path.name for path in (REPO / "docs" / "reference").iterdir()} == set(generate.PAGES)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_and_option_has_help(command: click.Command) -> None:
    assert command.help, "the command has no docstring"
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert not [one.name for one in options if not one.help]


def test_every_setting_and_limit_is_described() -> None:
    for record in (generate.Settings, generate.Limits):
        _, said = generate.described(record)
        assert said.keys() >= {field.name for field in generate.fields(record)}, record


def test_the_import_table_is_the_one_that_is_checked() -> None:
    text = (REPO / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|([\w, ]*)\| [^|]+ \|$", text, re.MULTILINE)
    shown = {package: {name.strip() for name in allowed.split(",") if name.strip()} for package, allowed in rows}
    assert shown == load(REPO / "tests" / "architecture" / "test_import_direction.py").ALLOWED


def test_the_gates_are_those_that_judge() -> None:
    text = (REPO / "docs" / "concepts.md").read_text(encoding="utf-8").partition("## Gates")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [gate.name for gate in (*READING, *RUNNING)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith(("https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: the page has no such heading"
