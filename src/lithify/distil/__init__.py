"""Distilling: from the trajectory of a solved run to a candidate tool, without a model."""

from __future__ import annotations

from lithify.distil.bench import Runnable
from lithify.distil.family import generalised_with
from lithify.distil.originals import replayed
from lithify.distil.pipeline import distil
from lithify.distil.protection import protected
from lithify.distil.writing import Written, written
from lithify.records.distil import NoCandidate

__all__ = [
    "NoCandidate",
    "Runnable",
    "Written",
    "distil",
    "generalised_with",
    "protected",
    "replayed",
    "written",
]
