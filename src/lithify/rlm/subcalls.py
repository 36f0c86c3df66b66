"""`llm_query` and `rlm_query` from inside a cell: answered once, budgeted, as parallel as it goes, recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from lithify.errors import BadAnswer, LithifyError, ModelFailed, ModelMustAct
from lithify.ports import Model
from lithify.records.events import SubCallsProgressed
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import RunId, SubCall
from lithify.rlm.asking import Asking
from lithify.rlm.children import Children, text_of
from lithify.rlm.lanes import Lanes
from lithify.rlm.memo import Memo
from lithify.rlm.prompt import fill
from lithify.rlm.queries import MAX_PROMPT_CHARS, Names, Query, Schemas, fitting, read
from lithify.rlm.typed import AnswerType

_SHOWN = 200
"""Characters of a reply in a message about it."""
_NOT_ANSWERED = "not answered: the cell ended before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a sub-call gave. cost: None when a part of it has no known price; run: of a child run."""

    value: Plain
    cost: Decimal | None
    run: RunId | None = None


class _TooMany(Exception):
    """The attempts were used up while others took all that the provider gives: there are fewer of them now."""


class SubCalls:
    """The sub-calls of one run. `take()` hands over those made since the last call, in the order they were made.

    children: None where only `llm_query` is to be had.
    """

    def __init__(self, asking: Asking, names: Names, lanes: Lanes, children: Children | None = None) -> None:
        self._asking = asking
        self._names = names
        self._lanes = lanes
        self._children = children
        self._schemas = Schemas()
        self._memo: Memo[Answered] = Memo()
        self._fresh: Counter[Hashable] = Counter()
        self._made: list[SubCall] = []
        self._done = 0

    async def llm_query(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of `llm_query`: the text that the model answers, or data of the schema. A failure raises."""
        return await self._answer(read("llm", args, kwargs))

    async def rlm_query(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of `rlm_query`: the answer of a child run. Where no child may be, `llm_query` takes its place."""
        query = read("rlm", args, kwargs)
        allowed = self._children is not None and self._children.allowed
        return await self._answer(query if allowed else _without_child(query))

    async def _answer(self, query: Query) -> Plain:
        wanted = self._schemas.of(query.schema)
        thinks = self._children.model if query.kind == "rlm" and self._children is not None else None
        model = self._names.of(query.model, thinks)
        key = self._key(query, model)
        made, at = self._made, len(self._made)
        call = SubCall(
            prompt=query.prompt,
            error=_NOT_ANSWERED,
            kind=query.kind,
            model=model.name,
            schema=json.loads(query.schema) if query.schema else None,
            memo=key in self._memo,
        )
        made.append(call)
        try:
            found = await self._memo.get(key, lambda: self._made_answer(query, model, wanted))
        except LithifyError as error:
            made[at] = replace(call, error=str(error))
            raise
        finally:
            self._progress(made)
        cost = Decimal(0) if call.memo else found.cost
        made[at] = replace(call, answer=found.value, error="", run=found.run, cost=cost)
        return found.value

    def _key(self, query: Query, model: Model) -> Hashable:
        """What makes two calls the same; one that is to be asked anew is the same as no other."""
        context = "" if query.context is None else json.dumps(query.context, sort_keys=True, default=repr)
        key = (query.kind, model.name, query.prompt, query.schema, context)
        if not query.fresh:
            return key
        self._fresh[key] += 1
        return (key, self._fresh[key])

    def _progress(self, made: list[SubCall]) -> None:
        if made is self._made:
            self._done += 1
            progress = SubCallsProgressed(run_id=self._asking.run_id, done=self._done, total=len(made))
            self._asking.observer.notify(progress)

    async def _made_answer(self, query: Query, model: Model, wanted: AnswerType | None) -> Answered:
        if query.kind == "rlm" and self._children is not None:
            child = await self._children.run(query, model, wanted)
            return Answered(value=child.answer, cost=child.cost, run=child.run_id)
        if wanted is None:
            reply = await self._reply(model, (Message(role="user", content=query.prompt),))
            return Answered(value=reply.text, cost=reply.cost)
        return await self._typed(query.prompt, model, wanted)

    async def _typed(self, prompt: str, model: Model, wanted: AnswerType) -> Answered:
        """Data that fits, after one round of repair at most."""
        asked = Message(role="user", content=fill("sub_schema", {"prompt": prompt, "notation": wanted.notation}))
        first = await self._reply(model, (asked,))
        try:
            return Answered(value=fitting(first.text, wanted).plain, cost=first.cost)
        except BadAnswer as error:
            said = Message(role="assistant", content=first.text or "(empty reply)")
            mend = Message(role="user", content=fill("sub_repair", {"reason": str(error)}))
        second = await self._reply(model, (asked, said, mend))
        cost = None if first.cost is None or second.cost is None else first.cost + second.cost
        try:
            return Answered(value=fitting(second.text, wanted).plain, cost=cost)
        except BadAnswer as error:
            raise BadAnswer(
                f"the answer does not fit the schema, after one repair: {error}; the reply was {second.text[:_SHOWN]!r}"
            ) from None

    async def _reply(self, model: Model, messages: tuple[Message, ...]) -> ModelReply:
        """The whole answer to a conversation. What failed because there were too many at once is asked once more."""
        request = ModelRequest(messages=messages)
        try:
            reply = await self._attempt(model, request, again=True)
        except _TooMany:
            reply = await self._attempt(model, request, again=False)
        if reply.finish == "length":
            raise BadAnswer(
                f"the answer was cut off after {reply.output_tokens:,} tokens; ask for less in one call. It begins: "
                f"{reply.text[:_SHOWN]!r}"
            )
        return reply

    async def _attempt(self, model: Model, request: ModelRequest, *, again: bool) -> ModelReply:
        async with self._lanes.of(model).one() as slot:
            try:
                return await self._asking.ask(model, request, "sub", slot.retried)
            except ModelFailed as failure:
                if again and slot.limited:
                    raise _TooMany from failure
                raise

    def take(self) -> tuple[SubCall, ...]:
        """The sub-calls of the cell that just ran."""
        made, self._made = self._made, []
        self._done = 0
        return tuple(made)

    async def close(self) -> None:
        """End what is under way, child runs included, and wait until it has ended."""
        await self._memo.close()


def _without_child(query: Query) -> Query:
    """The same as one call of a model. Raises ModelMustAct when its context is too long for one."""
    if query.context is None:
        return replace(query, kind="llm")
    text = text_of(query.context)
    if len(text) + len(query.prompt) > MAX_PROMPT_CHARS:
        raise ModelMustAct(
            f"rlm_query: no further level of child runs is allowed here, and the context of {len(text):,} characters "
            "is too long for one call of a model: work on it in Python, or use llm_query_batched on pieces of it"
        )
    return replace(query, kind="llm", context=None, prompt=f"{query.prompt}\n\n{text}")
