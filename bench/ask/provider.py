"""What the scripted server answers: the same work for every system, in the words that each of them reads.

A model's name says what is asked of it: FENCE.WORKLOAD.NUMBER.RUN, for example "repl.turns.20.a1b2". Requests are
counted by that name. Every root request is noted in the file that BENCH_NOTES names: when, which, how long it was.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

from lithify.testing.model_server import ReceivedRequest
from lithify.testing.wire_replies import Answer

SUBMIT = 'answer["content"] = str({value})\nanswer["ready"] = True'
PART = "PART"
SUB_SECONDS = 0.05


class Provider:
    """One for each server process."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._notes = Path(os.environ["BENCH_NOTES"])

    def __call__(self, request: ReceivedRequest) -> Answer:
        """The next cell, or the answer to a sub-call after SUB_SECONDS."""
        if request.prompt.startswith(PART):
            return Answer(text="fine", delay=SUB_SECONDS)
        model = str(request.body["model"])
        self._asked[model] += 1
        fence, workload, number, _ = model.split(".")
        turn = (self._asked[model] - 1) % int(number) + 1 if workload in ("turns", "log") else 1
        self._note(request, model, turn)
        return Answer(text=f"```{fence}\n{cell(workload, int(number), turn)}\n```")

    def _note(self, request: ReceivedRequest, model: str, turn: int) -> None:
        size = sum(len(message["content"]) for message in request.body["messages"])
        note = {"at": time.time(), "model": model, "turn": turn, "characters": size}
        with self._notes.open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(note) + "\n")


def cell(workload: str, number: int, turn: int) -> str:
    """The code of a turn. What it prints is the same in every system."""
    if workload in ("turns", "log"):
        if turn >= number:
            return SUBMIT.format(value="'done'")
        return f"x = len(context) + {turn}\nprint('turn {turn}', x)"
    if workload == "batch":
        prompts = f'[f"{PART} {{n}}" for n in range({number})]'
        return f"replies = llm_query_batched({prompts})\n{SUBMIT.format(value='len(replies)')}"
    return SUBMIT.format(value="len(context)")


answer = Provider()
