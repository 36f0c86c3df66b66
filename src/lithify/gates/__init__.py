"""The gates that a candidate must pass: one file per gate, one pipeline."""

from lithify.gates.again import Again
from lithify.gates.gate import Expected, Kept, Use
from lithify.gates.handwritten import candidate_in, strangers_in
from lithify.gates.harvest import harvest
from lithify.gates.nearness import ALIKE, Shared, code_digest, likeness_of, nearness
from lithify.gates.pipeline import judge
from lithify.gates.sealing import join, seal
from lithify.records.gating import Bounds

__all__ = [
    "ALIKE",
    "Again",
    "Bounds",
    "Expected",
    "Kept",
    "Shared",
    "Use",
    "candidate_in",
    "code_digest",
    "harvest",
    "join",
    "judge",
    "likeness_of",
    "nearness",
    "seal",
    "strangers_in",
]
