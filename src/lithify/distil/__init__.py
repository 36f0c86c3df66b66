"""Distilling: from the trajectory of a solved run to a candidate tool, without a model."""

from __future__ import annotations

from lithify.distil.bench import Runnable
from lithify.distil.family import generalised_with
from lithify.distil.healing import Mended, Patient, Unhealed, healed
from lithify.distil.originals import replayed
from lithify.distil.pipeline import distil
from lithify.distil.protection import protected
from lithify.distil.writing import Written, written
from lithify.records.distil import NoCandidate

__all__ = [
    "Mended",
    "NoCandidate",
    "Patient",
    "Runnable",
    "Unhealed",
    "Written",
    "distil",
    "generalised_with",
    "healed",
    "protected",
    "replayed",
    "written",
]
