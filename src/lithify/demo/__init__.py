"""Real data and a recorded session for `lithify demo`."""

from __future__ import annotations

from pathlib import Path

QUESTION = "Which 3 packages changed status most often, and how often did each?"
SECOND_QUESTION = "Which 5 packages changed status most often, and how often did each?"


def data(name: str) -> Path:
    """The path of one file of the demo."""
    return Path(__file__).parent / name
