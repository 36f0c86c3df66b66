"""policy.toml: what may enter a library by itself, and what keeps or loses trust. Explicit, and explained. Pure.

A policy never lets in what needs a person: effects, asking a model, modules and requirements that nobody approved
before, a gate that asks for one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Set

from lithify.errors import LibraryProblem
from lithify.layout.table import dump, parse
from lithify.records.policy import Policy, Ruling
from lithify.records.tool import Candidate, GateResult, Tool, Verdict

POLICY_FILE = "policy.toml"
_AFTER = ("trust_after", "withdraw_after", "soften_after")

_HEADING = """\
What may enter this library by itself, as provisional, when the setting `keep` is "provisional"; a person reviews the
rest. Whatever stands here, effects, asking a model, new modules and new requirements always need a person.

enter          false: a person reviews everything
imports        modules that a tool may import; the tools that a person approved add theirs
strength       the least share of faults in the code that its examples must notice (0 to 1); 0: what the gate asks for
holdout        true: only with sealed uses that the gate has tried
lines          the most lines of source
trust_after    distinct uses after which a provisional tool is trusted; 0: never by itself
withdraw_after failures of its own after which a tool goes back to candidate; 0: never by itself
soften_after   inputs that a tool does not cover and no program does, after which upkeep proposes one that asks a model\
"""


def policy_to_bytes(policy: Policy) -> bytes:
    """policy.toml."""
    return dump(
        _HEADING,
        {
            "enter": policy.enter,
            "imports": list(policy.imports),
            "strength": policy.strength,
            "holdout": policy.holdout,
            "lines": policy.lines,
            "trust_after": policy.trust_after,
            "withdraw_after": policy.withdraw_after,
            "soften_after": policy.soften_after,
        },
    )


def read_policy(data: bytes) -> Policy:
    """The inverse of policy_to_bytes; a missing key has its default. Raises LibraryProblem for an unknown one."""
    table = parse(POLICY_FILE, data)
    default = Policy()
    known = {"format", "enter", "imports", "strength", "holdout", "lines", *_AFTER}
    unknown = sorted(table.data.keys() - known)
    if unknown:
        raise LibraryProblem(f"{POLICY_FILE}: there is no {unknown[0]!r}; known are {', '.join(sorted(known))}")
    strength = table.number("strength") if "strength" in table.data else default.strength
    if not 0 <= strength <= 1:
        raise LibraryProblem(f"{POLICY_FILE}: 'strength' is a share between 0 and 1, not {strength:g}")
    return Policy(
        enter=table.flag("enter", default.enter),
        imports=table.texts("imports") if "imports" in table.data else default.imports,
        strength=strength,
        holdout=table.flag("holdout", default.holdout),
        lines=table.integer("lines", default.lines),
        trust_after=table.integer("trust_after", default.trust_after),
        withdraw_after=table.integer("withdraw_after", default.withdraw_after),
        soften_after=table.integer("soften_after", default.soften_after),
    )


def rule(policy: Policy, candidate: Candidate, verdict: Verdict, kept: Iterable[Tool]) -> Ruling:
    """Whether a candidate may enter by itself. kept: the tools that are there; what people approved is known."""
    approved = [tool for tool in kept if not tool.approved_by.startswith("policy:")]
    known = set(policy.imports).union(*(modules_of(tool.source) for tool in approved))
    requirements = {one for tool in approved for one in tool.requirements}
    against = [
        *_not_passed(policy, verdict),
        *_beyond("imports", modules_of(candidate.source) - known),
        *_beyond("requires", set(candidate.requirements) - requirements),
        *(["it asks a language model, which spends"] if candidate.signature.needs_llm else []),
        *_too_weak(policy, verdict),
        *_too_long(policy, candidate),
    ]
    if against:
        return Ruling(enters=False, reasons=tuple(against))
    modules = ", ".join(sorted(modules_of(candidate.source))) or "nothing"
    return Ruling(enters=True, reasons=("every gate passed", f"it imports {modules}, which is known", *_for(verdict)))


def modules_of(source: str) -> Set[str]:
    """The first names of the modules that a source imports; kept tools are none. {} for what does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _not_passed(policy: Policy, verdict: Verdict) -> list[str]:
    if not policy.enter:
        return [f"{POLICY_FILE} says that a person reviews everything"]
    if verdict.outcome == "pass":
        return []
    asking = [one.gate for one in verdict.results if one.outcome != "pass"]
    return [f"{', '.join(asking) or 'no gate'} did not pass"]


def _beyond(verb: str, names: Set[str]) -> list[str]:
    return [f"it {verb} {', '.join(sorted(names))}, which nobody approved before"] if names else []


def _too_weak(policy: Policy, verdict: Verdict) -> list[str]:
    found = []
    strength = _result(verdict, "strength")
    if policy.strength > 0 and (strength is None or (strength.score or 0.0) < policy.strength):
        score = "nothing" if strength is None or strength.score is None else f"{strength.score:.0%}"
        found.append(f"its examples notice {score} of the faults put into it; {policy.strength:.0%} is asked for")
    holdout = _result(verdict, "holdout")
    if policy.holdout and (holdout is None or holdout.outcome != "pass"):
        found.append("no sealed use was tried")
    return found


def _too_long(policy: Policy, candidate: Candidate) -> list[str]:
    lines = len(candidate.source.splitlines())
    return [f"its source has {lines} lines; {policy.lines} is the most"] if lines > policy.lines else []


def _for(verdict: Verdict) -> list[str]:
    strength = _result(verdict, "strength")
    if strength is None or strength.score is None:
        return []
    return [f"its examples notice {strength.score:.0%} of the faults put into it"]


def _result(verdict: Verdict, gate: str) -> GateResult | None:
    return next((one for one in verdict.results if one.gate == gate), None)
