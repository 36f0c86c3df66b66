"""The Recursive Language Model loop: a pure step and a thin driver."""

from lithify.rlm.asking import Asking
from lithify.rlm.budget import Budget
from lithify.rlm.children import seed_of
from lithify.rlm.driver import explore
from lithify.rlm.past import Past
from lithify.rlm.prompt import digest
from lithify.rlm.task import Exploration, Explored, Extras, Means
from lithify.rlm.thread import Thread
from lithify.rlm.typed import AnswerType, answer_type

__all__ = [
    "AnswerType",
    "Asking",
    "Budget",
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
