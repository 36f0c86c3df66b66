"""The Recursive Language Model loop: a pure step and a thin driver."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithify.rlm.asking import Asking
    from lithify.rlm.budget import Budget
    from lithify.rlm.channel import Channel, ChannelMeans
    from lithify.rlm.driver import explore
    from lithify.rlm.past import Past
    from lithify.rlm.prompt import digest
    from lithify.rlm.seeds import seed_of
    from lithify.rlm.task import Exploration, Explored, Extras, Means
    from lithify.rlm.thread import Thread
    from lithify.rlm.typed import AnswerType, answer_type

__all__ = [
    "AnswerType",
    "Asking",
    "Budget",
    "Channel",
    "ChannelMeans",
    "Exploration",
    "Explored",
    "Extras",
    "Means",
    "Past",
    "Thread",
    "answer_type",
    "digest",
    "explore",
    "seed_of",
]

_HOMES = {
    "AnswerType": "typed",
    "Asking": "asking",
    "Budget": "budget",
    "Channel": "channel",
    "ChannelMeans": "channel",
    "Exploration": "task",
    "Explored": "task",
    "Extras": "task",
    "Means": "task",
    "Past": "past",
    "Thread": "thread",
    "answer_type": "typed",
    "digest": "prompt",
    "explore": "driver",
    "seed_of": "seeds",
}


def __getattr__(name: str) -> object:
    """Load a name at its first use: what a kept tool answers needs no loop."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lithify.rlm' has no attribute {name!r}")
    return getattr(import_module(f"lithify.rlm.{_HOMES[name]}"), name)
