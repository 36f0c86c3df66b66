"""Gate: the source parses, is one typed public function, and reads as pure."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from lithify.gates.characters import check_characters
from lithify.gates.complaint import Complaint
from lithify.gates.detours import check_detours
from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.imports import check_imports, read_imports
from lithify.gates.purity import check_purity
from lithify.gates.requirements import module_names
from lithify.gates.shape import check_shape
from lithify.gates.state import check_state
from lithify.records.tool import Candidate

_SHOWN = 10


class StaticGate:
    """Reads the syntax tree; runs nothing."""

    name = "static"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        try:
            complaints = complaints_about(subject.candidate)
        except (SyntaxError, ValueError) as error:
            where = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            return Finding(
                outcome="fail", evidence=f"{where}not Python: {reason}", remedy="a source that Python can parse"
            )
        except (RecursionError, MemoryError):
            return Finding(outcome="fail", evidence="nested too deeply to be read", remedy="move data out of the code")
        if not complaints:
            return Finding(outcome="pass", evidence="one typed public function, pure as far as reading can tell")
        lines = [str(complaint) for complaint in complaints]
        more = [f"… and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        remedies = dict.fromkeys(complaint.remedy for complaint in complaints)
        return Finding(outcome="fail", evidence="\n".join(lines[:_SHOWN] + more), remedy="; ".join(remedies))


def complaints_about(candidate: Candidate) -> list[Complaint]:
    """Everything that speaks against the source, by line. Raises SyntaxError, ValueError or RecursionError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is ruff's to name
        tree = ast.parse(candidate.source)
    imports = read_imports(tree)
    third_party = frozenset(name.split(".")[0] for name in module_names(candidate.requirements))
    found: Iterable[Complaint] = (
        *check_shape(tree, candidate.signature, imports),
        *check_characters(candidate.source),
        *check_imports(tree, third_party, frozenset(candidate.callees)),
        *check_purity(tree, imports),
        *check_detours(tree, imports),
        *check_state(tree),
    )
    return sorted(dict.fromkeys(found), key=lambda complaint: complaint.line)
