"""The gates that a candidate must pass: one file per gate, one pipeline."""

from lithify.gates.gate import Expected, Kept, Use
from lithify.gates.handwritten import candidate_in, strangers_in
from lithify.gates.harvest import harvest
from lithify.gates.nearness import Shared, nearness
from lithify.gates.pipeline import judge
from lithify.gates.sealing import join, seal
from lithify.records.gating import Bounds

__all__ = [
    "Bounds",
    "Expected",
    "Kept",
    "Shared",
    "Use",
    "candidate_in",
    "harvest",
    "join",
    "judge",
    "nearness",
    "seal",
    "strangers_in",
]
