"""What goes on between the questions of a session: the REPL with its variables, and the conversation."""

from __future__ import annotations

from dataclasses import field

from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Turn
from lithify.rlm import step
from lithify.rlm.asking import Asking
from lithify.rlm.marking import as_data, in_a_line, mark_of
from lithify.rlm.observe import cut_middle
from lithify.rlm.prompt import fill
from lithify.rlm.repl import Repl
from lithify.rlm.subcalls import SubCalls
from lithify.rlm.task import Exploration, Means

_ANSWER_CHARS = 500


@dataclass(frozen=True, slots=True)
class Note:
    """What the model is told before the next question: words of ours, and perhaps an answer."""

    text: str
    answer: Plain = None


@dataclass(slots=True)
class Thread:
    """The thread of a session. Give it to `explore` with each question; close it at the end.

    turns: what the worker that is there now has executed, of all questions, in order.
    """

    repl: Repl | None = None
    state: step.State | None = None
    turns: tuple[Turn, ...] = ()
    notes: list[Note] = field(default_factory=list)
    under_way: bool = False

    async def open(self, task: Exploration, means: Means, asking: Asking, subcalls: SubCalls) -> Repl:
        """The REPL, ready for this question: the one of the questions before, where it is still there."""
        if self.repl is None:
            self.repl = Repl(task, means, asking, subcalls)
        else:
            await self.repl.turn_to(task, means, asking, subcalls)
        if self.under_way and self.state is not None:  # the question before was stopped; its cells ran all the same
            self.turns = (*self.turns, *self.state.turns)
        if not self.repl.is_open:
            if self.state is not None:
                lost = fill("lost", {"reason": "its work was stopped.", "names": task.context.name})
                self.notes.append(Note(lost))
            self.turns = ()
            await self.repl.open()
        return self.repl

    def begin(self, task: Exploration, abilities: str) -> tuple[step.State, step.Command]:
        """The first request for this question, with all that the model was told before."""
        if self.under_way:
            self.notes.insert(0, Note("The question before was stopped."))
        self.under_way = True
        if self.state is None or not self.state.history.exchanges:
            return step.start(task, self._told(mark_of(task.question, task.context.digest)), abilities)
        return step.follow(self.state, task, self._told(self.state.history.mark))

    def _told(self, mark: str) -> str:
        """The notes as text, once."""
        parts = [
            f"{in_a_line(note.text, mark)}\n{as_data(_shown(note.answer), mark)}"
            if note.answer is not None
            else note.text
            for note in self.notes
        ]
        self.notes.clear()
        return "\n".join(parts)

    def goes_on(self, state: step.State) -> None:
        """Keep where the question under way stands, so that what was said is there even when it is stopped."""
        self.state = state

    def ends(self, state: step.State, end: step.Finish) -> None:
        """The question has its answer."""
        self.state = state
        self.under_way = False
        self.notes.append(Note("The answer was taken." if end.complete else "It ended with this.", end.answer))
        self.turns = (*self.turns, *state.turns)
        for at, turn in enumerate(self.turns):
            if any(cell.lost for cell in turn.cells):
                self.turns = self.turns[at:]

    def tell(self, question: str, answer: Plain) -> None:
        """Note a question that was answered without the model, so that the next one may refer to it."""
        self.notes.append(Note(f"Meanwhile a kept tool answered: {question}", answer))

    async def close(self) -> None:
        """End the REPL. May be called more than once."""
        if self.repl is not None:
            await self.repl.close()


def _shown(answer: Plain) -> str:
    return cut_middle(answer if isinstance(answer, str) else repr(answer), _ANSWER_CHARS)
