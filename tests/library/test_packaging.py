"""The library as a Python package: built, installed into an empty environment, used without lithify, no network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.library import GitLibrary, open_library
from lithify.library.packaging import package_files, package_name
from lithify.records.tool import Candidate, Verdict
from lithify.testing.candidates import LOG, SIGNATURE, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
CALLER = f"""\
from ..{NAME}.tool import {NAME}


def twice(log: str, top: int = 1) -> list[str]:
    return {NAME}(log, top) * 2
"""


@pytest.fixture
def library(tmp_path: Path, judged: Judge) -> GitLibrary:
    """A tool, one that imports it, and a retired one."""
    library = open_library(tmp_path / "library")

    def keep(one: Candidate) -> None:
        library.keep(one, judged(one), "provisional", "Ada")

    keep(make_candidate())
    caller = make_candidate(identity="c2", source=CALLER, template="twice {top}")
    keep(replace(caller, signature=replace(SIGNATURE, function="twice"), callees={NAME: library.load(NAME).source}))
    keep(make_candidate(identity="c3", source="X = 1\n" + make_candidate().source, template="other"))
    library.revisions.set_status(f"{NAME}_2", "retired", "Ada", "never needed")
    return library


def run(python: Path, program: str, folder: Path) -> str:
    done = subprocess.run([python, "-I", "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_is_installed_in_an_empty_environment_and_runs_without_lithify(library: GitLibrary, tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    build = ["wheel", "--no-build-isolation", "--no-index", "--no-deps", "-w", str(tmp_path / "out")]
    subprocess.run([*pip, *build, str(library.path)], check=True, capture_output=True)
    (wheel,) = (tmp_path / "out").iterdir()
    site = tmp_path / "site"
    install = ["install", "--no-index", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run([*pip, *install], check=True, capture_output=True)
    names = sorted(path.relative_to(site / "library").as_posix() for path in (site / "library").rglob("*.py"))
    assert names == ["__init__.py", f"tools/{NAME}/tool.py", f"tools/{NAME}_2/tool.py", "tools/twice/tool.py"]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "empty")], check=True)
    program = f"""
import sys
sys.path.insert(0, {str(site)!r})
import library
from library import {NAME}, twice
log = {LOG!r}
print({NAME}(log, top=2), twice(log), {NAME} is library.{NAME}, dir(library))
for name in ("{NAME}_2", "nothing"):
    try:
        getattr(library, name)
    except (ImportError, AttributeError) as error:
        print(type(error).__name__, error)
try:
    import lithify
except ImportError:
    print("no lithify")
"""
    said = run(tmp_path / "empty/bin/python", program, tmp_path).splitlines()
    assert said[0] == f"['web', 'db'] ['web', 'web'] True ['{NAME}', '{NAME}_2', 'twice']"
    assert said[1] == f"ImportError {NAME}_2 is retired and not to be used: never needed"
    assert said[2].startswith("AttributeError there is no tool 'nothing' in library; there are ")
    assert said[3] == "no lithify"


def test_code_that_the_lock_does_not_vouch_for_is_not_given(library: GitLibrary, tmp_path: Path) -> None:
    """As it would be after `pip install` of an edited work tree: the module checks by itself."""
    site = tmp_path / "site/library"
    for source, target in (("package/__init__.py", "__init__.py"), ("tools", "tools"), ("lock", "lock")):
        (site / target).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(library.path / source), str(site / target)], check=True)
    (site / f"tools/{NAME}/tool.py").write_text(f"def {NAME}(log, top=1):\n    return ['mallory']\n")
    program = f"""
import sys
sys.path.insert(0, {str(site.parent)!r})
import library
for name in ({NAME!r}, "twice"):
    try:
        getattr(library, name)
    except ImportError as error:
        print(error)
"""
    said = run(Path(sys.executable), program, tmp_path).splitlines()
    assert said == [f"the code of {NAME} is not what the lock of library vouches for"] * 2


def test_another_name_and_what_the_tools_need(library: GitLibrary, judged: Judge, git: Shell) -> None:
    needy = make_candidate(identity="c9", template="with pandas", requirements=("pandas",))
    library.keep(needy, judged(needy), "provisional", "Ada")
    project = library.path / "pyproject.toml"
    project.write_text(project.read_text().replace('version = "1.0.0"', 'version = "7.0.0"'))
    git(library.path, "commit", "-qam", "mine")
    assert library.lock.package("acme_tools") == "acme_tools"
    text = project.read_text()
    assert 'name = "acme-tools"' in text
    assert 'dependencies = ["pandas"]' in text
    assert 'version = "7.0.0"' in text
    assert "from acme_tools import NAME" in (library.path / "package/__init__.py").read_text()
    assert git(library.path, "log", "-1", "--format=%s").strip() == "make the library importable as acme_tools"
    head = git(library.path, "rev-parse", "HEAD")
    assert library.lock.package() == "acme_tools"
    assert git(library.path, "rev-parse", "HEAD") == head


@pytest.mark.parametrize("name", ["a-b", "1a", "", "class", "A", "a.b"])
def test_names_that_cannot_be_imported(name: str) -> None:
    with pytest.raises(LibraryProblem, match="cannot be imported"):
        package_files(name)


def test_a_pyproject_of_the_persons_own_is_left_alone(library: GitLibrary, git: Shell) -> None:
    (library.path / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    git(library.path, "commit", "-qam", "mine")
    assert package_name(library.path) == ""
    with pytest.raises(LibraryProblem, match="has no line for 'dependencies' as lithify writes it"):
        library.lock.package("other")
    assert (library.path / "pyproject.toml").read_text() == '[project]\nname = "mine"\n'
