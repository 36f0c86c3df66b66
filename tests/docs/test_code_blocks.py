"""Every fenced code block of README.md, CONTRIBUTING.md and docs/ is executed or checked, page by page, in order.

    ```console    lines that begin with "$ " run in one shell per page ("> " continues a command); the lines after
                  them are what it prints. "..." and "…" match anything. A command that fails fails the page.
    ```python     runs in one interpreter per page; ```pycon (>>>) as well, with its output compared
    ```toml       a lithify.toml: written to the page's folder and loaded. "```toml NAME": another file, parsed only
    ```json       parsed
    ```text       free

A console or python block that begins with the comment "# needs a model" or "# not run: WHY" is parsed and not run:
commands, options and make targets must exist. Hidden comments set a page up: <!-- run COMMANDS --> runs a script in
the page's shell, where $DEMO is the folder of the demo's data and $REPO the checkout; <!-- type ANSWER --> types an
answer to the next block's command.

A page runs in a folder of its own, with a home of its own, and no setting or key of the machine reaches it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from lithify import demo
from lithify.cli import cli
from lithify.errors import LithifyError
from lithify.settings import Overrides, load_settings

REPO = Path(__file__).parents[2]
PAGES = sorted({REPO / "README.md", REPO / "CONTRIBUTING.md", *(REPO / "docs").rglob("*.md")})
NOT_RUN = re.compile(r"# (needs a model|not run: \S.*)$")
FENCE = re.compile(r"^(```+)[ \t]*([^\n`]*)\n(.*?)^\1[ \t]*$|^<!-- (run|type)\s(.*?)-->", re.MULTILINE | re.DOTALL)
STRAY = re.compile(r"^[\s>*+-]*(```|~~~).*$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block, or a hidden comment (language "run" or "type")."""

    language: str
    title: str
    text: str
    line: int

    @property
    def not_run(self) -> bool:
        return bool(NOT_RUN.match(self.text.partition("\n")[0]))

    @property
    def commands(self) -> list[tuple[str, str]]:
        """The commands of a console block, each with what it is to print."""
        found: list[tuple[str, str]] = []
        for line in self.text.splitlines():
            command, expected = found[-1] if found else ("", "")
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif line.startswith("> ") and found and not expected:
                found[-1] = (f"{command}\n{line[2:]}", "")
            elif found:
                found[-1] = (command, f"{expected}{line}\n")
            elif not NOT_RUN.match(line):
                raise AssertionError(f"line {self.line}: a console block begins with a command ('$ '), not {line!r}")
        return found


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks of a page in order. A fence that is indented, quoted, made of tildes or never closed is an error."""
    stray = STRAY.search(FENCE.sub("", page))
    assert stray is None, f"this fence is not checked; begin it at the left margin with ``` and close it: {stray[0]!r}"
    for match in FENCE.finditer(page):
        language, _, title = (match[2] or "").strip().partition(" ")
        line = page.count("\n", 0, match.start()) + 1
        if match[4]:
            yield Block(match[4], "", match[5].strip(), line)
        else:
            yield Block(language, title.strip(), match[3], line)


def matches(expected: str, printed: str) -> bool:
    """Whether printed is what was expected, "..." and "…" standing for anything; white space at line ends is none."""
    wanted, got = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n") for text in (expected, printed))
    pattern = ".*".join(re.escape(part) for part in re.split(r"\.\.\.|…", wanted))
    return re.fullmatch(pattern, got, re.DOTALL) is not None


class Process:
    """A shell or an interpreter that takes one piece of work after another and says when each is done."""

    MARK = "<<<done "

    def __init__(self, arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            arguments,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, work: str) -> tuple[str, int]:
        """What the work printed, and its exit code (1 when the process ended)."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(work + "\n")
        self._process.stdin.flush()
        printed = ""
        for line in self._process.stdout:
            before, mark, code = line.partition(self.MARK)
            printed += before
            if mark:
                return printed, int(code)
        return printed, 1

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


INTERPRETER = f"""
import doctest, json, sys, traceback
space = {{"__name__": "__main__"}}
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
for line in sys.stdin:
    code, failed = json.loads(line), 0
    try:
        if code.lstrip().startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(code, space, "block", None, 0)
            failed = runner.run(test, clear_globs=False).failed
            space |= test.globs
        else:
            exec(compile(code, "<block>", "exec"), space)
    except BaseException:
        traceback.print_exc()
        failed = 1
    sys.stderr.flush()
    print("{Process.MARK}" + str(int(failed > 0)), flush=True)
"""


class Page:
    """Runs the blocks of one page in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "page"
        self._environment = environment(folder)
        self._processes = ExitStack()
        self._shell: Process | None = None
        self._interpreter: Process | None = None
        self._typed = ""

    def __enter__(self) -> Page:
        self.folder.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.close()

    def check(self, block: Block) -> None:
        match block.language:
            case "console" if block.not_run:
                for command, _ in block.commands:
                    parse_command(command)
            case "python" if block.not_run:
                ast.parse(block.text)
            case "console":
                assert block.commands, f"line {block.line}: this console block runs nothing"
                for command, expected in block.commands:
                    self._run(command, expected)
            case "python" | "pycon":
                printed, code = self.interpreter.run(json.dumps(block.text))
                assert code == 0, f"the {block.language} block in line {block.line} failed:\n{block.text}\n{printed}"
            case "toml":
                tomllib.loads(block.text)
                if not block.title:
                    (self.folder / "lithify.toml").write_text(block.text, encoding="utf-8")
                    load_settings(Overrides(), start=self.folder, environment={})
            case "json":
                json.loads(block.text)
            case "run":
                self._run(block.text, "...")
            case "type":
                self._typed = block.text
            case "text":
                pass
            case other:
                raise AssertionError(f"line {block.line}: nothing checks blocks of the language {other!r}")

    def _run(self, command: str, expected: str) -> None:
        typed, self._typed = self._typed, ""
        source = f"<<<{shlex.quote(typed)}" if typed else "</dev/null"
        printed, code = self.shell.run(f"{{ {command}\n}} {source}; echo '{Process.MARK}'$?")
        assert code == 0, f"$ {command}\nended with exit code {code} and printed:\n{printed}"
        if typed:  # a terminal echoes what is typed, a pipe does not
            for answer in typed.splitlines():
                expected = expected.replace(f": {answer}\n", ": ", 1)
        assert matches(expected, printed), f"$ {command}\nprinted:\n{printed}\nthe page says:\n{expected}"

    @property
    def shell(self) -> Process:
        if self._shell is None:
            self._shell = self._processes.enter_context(Process(["bash"], self.folder, self._environment))
        return self._shell

    @property
    def interpreter(self) -> Process:
        if self._interpreter is None:
            python = [sys.executable, "-c", INTERPRETER]
            self._interpreter = self._processes.enter_context(Process(python, self.folder, self._environment))
        return self._interpreter


def environment(folder: Path) -> dict[str, str]:
    """The whole environment of a page: a home of its own, this interpreter's programs, and a set-up for make."""
    home, venv, programs = folder / "home", folder / "venv", Path(sys.executable).parent
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n", encoding="utf-8")
    venv.mkdir()
    (venv / "bin").symlink_to(programs)
    for stamp in (".lithify", ".lithify-dev"):
        (venv / stamp).touch()
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "VENV": str(venv),
        "DEMO": str(demo.data("session.cassette").parent),
        "REPO": str(REPO),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }


def parse_command(command: str) -> None:
    """Check a command that is not run: lithify's commands and options and make's targets must exist."""
    words = shlex.split(command)
    while words and re.fullmatch(r"\w+=.*", words[0]):
        del words[0]
    words = words[: next((at for at, word in enumerate(words) if word in ("|", ">", "&&", ";")), len(words))]
    if words[0] == "lithify":
        context = cli.make_context("lithify", words[1:], resilient_parsing=False)
        with context:
            name, found, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
            assert found is not None, f"there is no command {name!r}: {command}"
            found.make_context(name, rest, parent=context)
    elif words[0] == "make":
        subprocess.run(["make", "-n", *words[1:]], cwd=REPO, check=True, capture_output=True)
    elif words[0] == "python" and words[1].endswith(".py"):
        assert (REPO / words[1]).is_file(), f"there is no {words[1]}"
    else:
        known = {"git", "pip", "pipx", "uv", "cd", "export", "ollama", "docker"}
        assert words[0] in known, f"{words[0]!r} cannot be checked without running it: {command}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(REPO)))
def test_code_blocks(path: Path, tmp_path: Path) -> None:
    with Page(tmp_path) as page:
        for block in blocks_of(path.read_text(encoding="utf-8")):
            page.check(block)


# The checks themselves can fail.

BROKEN = {
    "unknown language": "```ruby\nputs 1\n```",
    "indented": "- so:\n  ```console\n  $ true\n  ```",
    "never closed": "```python\n1",
    "no language": "```\nfree\n```",
    "other output": "```console\n$ echo one\ntwo\n```",
    "missing output": "```console\n$ echo one\n```",
    "failing command": "```console\n$ false\n```",
    "output without a command": "```console\none\n```",
    "exception": "```python\n1 / 0\n```",
    "other value": "```pycon\n>>> 1 + 1\n3\n```",
    "no such setting": "```toml\nmodell = 'x'\n```",
    "no such limit": "```toml\n[limits]\nturns = 0\n```",
    "not JSON": "```json\n{,}\n```",
    "no such command": "```console\n# needs a model\n$ lithify aks 'q' a.log\n```",
    "no such option": "```console\n# needs a model\n$ lithify ask 'q' a.log --modell x\n```",
    "no such target": "```console\n# not run: it sets up\n$ make demoo\n```",
    "no such syntax": "```python\n# needs a model\nlithify.open(\n```",
}


FAILURES = (AssertionError, ValueError, SyntaxError, click.ClickException, LithifyError, subprocess.CalledProcessError)


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_block_is_found(text: str, tmp_path: Path) -> None:
    with Page(tmp_path) as page, pytest.raises(FAILURES):
        for block in blocks_of(text):
            page.check(block)


def test_blocks_of_a_page_share_their_state(tmp_path: Path) -> None:
    text = (
        "<!-- run\nmkdir there\n-->\n```console\n$ cd there\n$ export WORD=hello\n```\n"
        "```console\n$ echo $WORD > file &&\n>  cat file\nhel...\n```\n"
        "<!-- type yes -->\n```console\n$ printf 'sure?: '; read -r answer; echo so $answer\nsure?: yes\nso yes\n```\n"
        "```python\nfrom pathlib import Path\nword = Path('there/file').read_text().strip()\n```\n"
        "```pycon\n>>> word\n'hel...'\n```\n"
    )
    with Page(tmp_path) as page:
        for block in blocks_of(text):
            page.check(block)
