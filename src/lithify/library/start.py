"""The first files of a library, for the person who finds the folder."""

from __future__ import annotations

from lithify.layout import POLICY_FILE, policy_to_bytes
from lithify.library.lock import marker
from lithify.library.packaging import DEFAULT_NAME, package_files
from lithify.library.place import LOCK_FILE
from lithify.records.policy import Policy

_README = """\
# A library of kept tools

lithify answers questions over logs, tables and documents with code that a language model writes, and keeps here what
worked: each tool tested, reviewed and committed. This is an ordinary git repository. It can be read, cloned, pushed and
reverted like any other, and the tools run without lithify.

    tools/NAME/tool.py      one typed function that computes and returns, nothing else
    tools/NAME/tool.toml    what it is for, what it applies to, which run it came from
    tools/NAME/tests/       recorded examples: run `pytest` in tools/NAME
    recipes/NAME.toml       the questions it answers, with slots for their values
    policy.toml             what may enter by itself, and what a person must see
    evidence/               how the tools did for each who shares the library, by digests
    pyproject.toml          makes it a Python package: `pip install .`, then `from library import NAME`
    lock/NAME.toml          the sha256 of what may run, and who approved it
    .lithify/               candidates, run records and caches of this machine; not in git

A tool that was edited by hand does not run until `lithify review NAME` has put it through its gates again.
`git checkout -- tools/NAME recipes/NAME.toml` takes an edit back.
"""

ATTRIBUTES = """\
# The lock holds hashes of bytes: git must not change line ends.
tools/** -text
recipes/** -text
lock/** -text
tools.lock -text
"""

_PYTEST = """\
[pytest]
addopts = --import-mode=importlib
"""


def first_files(private: str) -> dict[str, bytes]:
    """Path → bytes of the first commit. private is the folder that git must not see."""
    ignored = f"/{private}/\n__pycache__/\n.pytest_cache/\n"
    return {
        **package_files(DEFAULT_NAME),
        POLICY_FILE: policy_to_bytes(Policy()),
        ".gitattributes": ATTRIBUTES.encode(),
        ".gitignore": ignored.encode(),
        "README.md": _README.encode(),
        "pytest.ini": _PYTEST.encode(),
        LOCK_FILE: marker(),
    }
