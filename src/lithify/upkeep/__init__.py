"""Deciding what a library needs: what its tools' tests, uses and checks say, and what to propose. Pure."""

from lithify.upkeep.checkup import Checkup, Health, checkup
from lithify.upkeep.drift import RECENT, Drift, Meeting, drift, refused_shape
from lithify.upkeep.facts import Facts
from lithify.upkeep.findings import findings, lock_findings
from lithify.upkeep.open_cases import for_softening, softens, told, ways_out
from lithify.upkeep.page import Finding, Page, Proposed, ShadowChecks, ToolLine, line_of
from lithify.upkeep.proposals import proposals
from lithify.upkeep.twins import likely_pairs
from lithify.upkeep.versions import version_findings

__all__ = [
    "RECENT",
    "Checkup",
    "Drift",
    "Facts",
    "Finding",
    "Health",
    "Meeting",
    "Page",
    "Proposed",
    "ShadowChecks",
    "ToolLine",
    "checkup",
    "drift",
    "findings",
    "for_softening",
    "likely_pairs",
    "line_of",
    "lock_findings",
    "proposals",
    "refused_shape",
    "softens",
    "told",
    "version_findings",
    "ways_out",
]
