"""Gate: the folder holds a tool and nothing that would work behind its back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lithify.gates.gate import Finding, Subject, Workers
from lithify.layout import SUITE_PATH

_PLAIN_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*(/[A-Za-z0-9][A-Za-z0-9._ -]*)*\Z")
_TEST_MODULE = re.compile(r"(test_\w+|\w+_test)\.py\Z", re.ASCII)
_MAX_PATH = 200
_SHOWN = 10
_RUN_UNASKED = {
    "conftest.py": "changes what tests say",
    "__init__.py": "runs when the folder is imported",
    "__main__.py": "runs when the folder is started",
    "sitecustomize.py": "runs at the start of Python",
    "usercustomize.py": "runs at the start of Python",
    "setup.py": "runs when the folder is installed",
    "pytest.ini": "changes what tests say",
    "pyproject.toml": "changes what tests say",
    "setup.cfg": "changes what tests say",
    "tox.ini": "changes what tests say",
}
_RUN_UNASKED_BY_SUFFIX = {
    ".pth": "runs at the start of Python",
    ".so": "is a program that nobody can read",
    ".pyd": "is a program that nobody can read",
    ".pyc": "is a program that nobody can read",
    ".pyo": "is a program that nobody can read",
}


class BelongingsGate:
    """Looks at the names of the files, and at files that lithify writes itself."""

    name = "files"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        found = list(_complaints(subject))
        if not found:
            return Finding(outcome="pass", evidence=f"{len(subject.files)} files, all of them a tool's")
        more = [f"… and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        return Finding(
            outcome="fail",
            evidence="\n".join(found[:_SHOWN] + more),
            remedy="keep tool.py, tool.toml, tests/test_*.py with their data, and holdout/; remove the rest",
        )


def _complaints(subject: Subject) -> Iterator[str]:
    for path in sorted({*subject.files, *subject.strangers}):
        if not _PLAIN_PATH.match(path) or len(path) > _MAX_PATH:
            yield f"{path!r} is no plain path of letters, digits, '.', '_', '-' and '/'"
    for path in sorted({*subject.candidate.extra, *subject.strangers}):
        name = path.rpartition("/")[2]
        suffix = f".{name.rpartition('.')[2]}"
        why = _RUN_UNASKED.get(name) or _RUN_UNASKED_BY_SUFFIX.get(suffix)
        if why:
            yield f"{path} {why}"
        elif name.endswith(".py") and not (path.startswith("tests/") and _TEST_MODULE.match(name)):
            yield f"{path} is a module beside the tool: nothing imports it; tests are called tests/test_*.py"
        elif path in subject.strangers and path != SUITE_PATH:
            yield f"{path} is no file of a tool"
    if SUITE_PATH in subject.strangers:
        yield f"{SUITE_PATH} is not as lithify writes it: put tests of your own into another file beside it"
