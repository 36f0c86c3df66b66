"""Trajectories out, for training; other programs' logs in. Pure: what reads and writes is in services and cli."""

from __future__ import annotations

from lithify.export.rlms import RlmsBlock, RlmsCall, RlmsRun, RlmsTurn, read_rlms
from lithify.export.training import FORMAT, VERSION, KeptTool, trajectory_object

__all__ = [
    "FORMAT",
    "VERSION",
    "KeptTool",
    "RlmsBlock",
    "RlmsCall",
    "RlmsRun",
    "RlmsTurn",
    "read_rlms",
    "trajectory_object",
]
