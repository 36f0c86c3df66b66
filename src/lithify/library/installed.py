"""What is installed here of what tools need, and whether it is what they ask for."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Mapping
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

from lithify.records.upkeep import Surroundings

PYTHON = "Python"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def surroundings(requirements: Iterable[str]) -> Surroundings:
    """What tools run with here: this Python, which the sandbox runs too, and what is installed of requirements."""
    packages: dict[str, str] = {}
    missing: list[str] = []
    unmet: list[tuple[str, str]] = []
    wanted = list(requirements)
    modules = metadata.packages_distributions() if wanted else {}
    for requirement in wanted:
        found = _NAME.match(requirement.strip())
        name = found[0] if found else requirement
        try:
            version = metadata.version(modules.get(name, [name])[0])
        except metadata.PackageNotFoundError:
            missing.append(requirement)
            continue
        packages[name] = version
        if not _meets(requirement, version):
            unmet.append((requirement, version))
    return Surroundings(
        python=platform.python_version(),
        packages=tuple(packages.items()),
        missing=tuple(missing),
        unmet=tuple(unmet),
    )


def told(name: str, requirements: Iterable[str]) -> str:
    """What a tool is let in with: "NAME with Python 3.11.2, pandas 2.2.3"."""
    here = surroundings(requirements)
    return f"{name} with {', '.join(' '.join(pair) for pair in [(PYTHON, here.python), *here.packages])}"


def read_told(text: str) -> tuple[str, Mapping[str, str]]:
    """The inverse of told: the tool, and version by name; ("", {}) of any other text."""
    name, with_, versions = text.strip().partition(" with ")
    pairs = [part.rpartition(" ") for part in versions.split(", ")]
    if not with_ or not all(package and version for package, _, version in pairs):
        return "", {}
    return name, {package: version for package, _, version in pairs}


def _meets(requirement: str, version: str) -> bool:
    """Whether a version is one of those that a requirement asks for; a bare name asks for any."""
    try:
        return Requirement(requirement).specifier.contains(version, prereleases=True)
    except InvalidRequirement:
        return True  # the gate for requirements says what it cannot read
