"""The learning curve: what a stream of questions cost and how right it was, by position. Pure."""

from lithify.curves.drawing import draw
from lithify.curves.interval import Share, share
from lithify.curves.summary import ArmSummary, Comparison, Part, compare, summarise

__all__ = ["ArmSummary", "Comparison", "Part", "Share", "compare", "draw", "share", "summarise"]
