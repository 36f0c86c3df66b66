"""Gate: what the tool needs is there to be imported, and nothing comes in unseen."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from lithify.errors import SandboxLost
from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.running import FIRST_SEED

USUAL = frozenset({"numpy", "pandas"})
"""What lithify brings along; anything else is a new dependency, which a person must want."""

_MODULES = {
    "beautifulsoup4": "bs4",
    "pillow": "PIL",
    "python_dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit_learn": "sklearn",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class RequirementsGate:
    """Imports each requirement in the sandbox."""

    name = "requirements"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        modules = module_names(subject.candidate.requirements)
        if not modules:
            return Finding(outcome="pass", evidence="needs only the standard library")
        session = await (await bench.with_seed(FIRST_SEED)).open_session()
        missing = {}
        try:
            for module in modules:
                result = await session.run(f"import {module}", timeout=bench.bounds.seconds)
                if result.error is not None:
                    missing[module] = f"{result.error.kind}: {result.error.message}"
        except SandboxLost as lost:
            return Finding(outcome="fail", evidence=f"importing {', '.join(modules)}: {lost}", remedy="do without it")
        finally:
            await session.close()
        if missing:
            said = "; ".join(f"{module} ({why})" for module, why in missing.items())
            return Finding(
                outcome="fail",
                evidence=f"cannot be imported in the sandbox: {said}",
                remedy=f"pip install {' '.join(missing)} beside lithify, or do without",
            )
        new = sorted(set(modules) - USUAL)
        if new:
            return Finding(
                outcome="needs-person",
                evidence=f"needs {', '.join(new)}, which lithify does not bring along; it is installed here",
                remedy="approve it if the tool may depend on it wherever the library goes",
            )
        return Finding(outcome="pass", evidence=f"{', '.join(modules)} can be imported")


def module_names(requirements: Iterable[str]) -> tuple[str, ...]:
    """The modules that requirements ("pandas>=2", "python-dateutil") are imported as."""
    names = []
    for requirement in requirements:
        match = _NAME.match(requirement.strip())
        if match is not None:
            name = match[0].replace("-", "_")
            names.append(_MODULES.get(name.lower(), name))
    return tuple(name for name in dict.fromkeys(names) if name.isidentifier())


def preloaded(requirements: Iterable[str]) -> tuple[str, ...]:
    """Those of them that a sandbox may import before it confines anything: none that Python brings along itself."""
    return tuple(name for name in module_names(requirements) if name not in sys.stdlib_module_names)
