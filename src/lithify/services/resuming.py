"""Resume: going on with a run that was interrupted, from what the ledger recorded of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

from lithify import rlm
from lithify.errors import BadInput
from lithify.records.context import Context
from lithify.records.ledger import RunDetail
from lithify.records.quick import dataclass
from lithify.records.run import RunId
from lithify.records.setup import NamedModel, RunSetup, without_password
from lithify.rlm.typed import AnswerType
from lithify.services.asking import GoesOn, Inquiry, Reuse
from lithify.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """A run that can be gone on with, and what it was started with."""

    run: RunDetail
    setup: RunSetup


def interrupted(run: RunDetail) -> Interrupted:
    """The run as one to go on with. Raises BadInput, saying what to do instead, when it is none."""
    summary = run.summary
    name = f"run {summary.run_id}"
    if summary.parent is not None:
        raise BadInput(f"{name} is a child run, and goes on with its parent: `lithify resume {summary.parent}`")
    if summary.state == "finished":
        raise BadInput(f"{name} is finished; `lithify show {summary.run_id}` shows its answer")
    if summary.state == "running":
        raise BadInput(f"{name} is still running, in another process; wait for it, or stop that one first")
    if run.setup is None:
        raise BadInput(
            f"{name} cannot be gone on with: what it was started with is not on record (a question of a conversation, "
            "a run of an older lithify, an imported one); ask again"
        )
    if run.prompt_digest != rlm.digest():
        raise BadInput(
            f"{name} was started with other prompts (prompts {run.prompt_digest:.12}, now {rlm.digest():.12}; lithify "
            "was upgraded since): nothing that the model said would be found again; ask again"
        )
    return Interrupted(run=run, setup=run.setup)


def paths_to_read(found: Interrupted) -> tuple[Path, ...]:
    """The data of the run. Raises BadInput when it was given as a value, or came through a pipe."""
    setup = found.setup
    if not setup.paths or "-" in setup.paths:
        how = "standard input" if setup.paths else "a value"
        raise BadInput(
            f"the data of run {found.run.summary.run_id} was given as {how}: give it again, "
            f"`lithify resume {found.run.summary.run_id} PATH...`"
        )
    return tuple(_from(setup.folder, path) for path in setup.paths)


def _from(folder: str, path: str) -> Path:
    """A path as it was given, from the folder that it was given in. NAME=PATH keeps its name."""
    name, equals, rest = path.partition("=")
    if equals and name.isidentifier() and not (Path(folder) / path).exists():
        return Path(f"{name}={Path(folder) / rest}")
    return Path(folder) / path


def wants_quotes(found: Interrupted) -> bool:
    """Whether the answer is to be supported by quotes."""
    return dict(found.setup.options).get("cite") is True


def inquiry_of(found: Interrupted, context: Context, answer: AnswerType | None = None) -> Inquiry:
    """The question as it was asked, over the same data.

    answer: the type of the answer as the caller gave it at first; needed where a JSON schema does not say it all.
    Raises BadInput when the data, or the type, is another than it was.
    """
    run, setup = found.run, found.setup
    if context.digest != run.context_digest:
        raise BadInput(
            f"the data has changed since run {run.summary.run_id} was started: its digest was "
            f"{run.context_digest:.12} ({run.context_size:,} in size), and is {context.digest:.12} "
            f"({context.size:,}) now, for {', '.join(context.sources) or 'what was given'}. Restore the data, "
            "or ask again"
        )
    options = dict(setup.options)
    explored = [route.why for route in run.routes if route.route == "explore"]
    return Inquiry(
        question=run.summary.question,
        context=context,
        ephemeral=run.ephemeral,
        reuse=next((one for one in get_args(Reuse) if one == options.get("reuse")), "auto"),
        answer=_answer(found, answer),
        cite=wants_quotes(found),
        goes_on=GoesOn(
            run_id=RunId(run.summary.run_id),
            attempt=run.summary.resumed + 1,
            explored=explored[-1] if explored else None,
        ),
    )


def settings_for(found: Interrupted, settings: Settings) -> Settings:
    """The settings with what the run was started with in their place: models, their URL, and limits."""
    setup = found.setup
    models = {named.role: named.model for named in setup.models}
    root = models.pop("root", settings.model)
    sub = models.pop("sub", "")
    same_server = without_password(settings.base_url) == setup.base_url
    return replace(
        settings,
        model=root,
        sub_model="" if sub == root else sub,
        sub_models=models,
        base_url=settings.base_url if same_server else setup.base_url,
        limits=setup.limits,
    )


def check_models(found: Interrupted, models: tuple[NamedModel, ...]) -> None:
    """Raise BadInput unless these are the models that the run was started with: others would find nothing again."""
    if models != found.setup.models:
        recorded, given = (
            ", ".join(f"{one.role} {one.model}" for one in ones) for ones in (found.setup.models, models)
        )
        raise BadInput(
            f"run {found.run.summary.run_id} was started with other models ({recorded}; here {given}): "
            "resume it with the same"
        )


def _answer(found: Interrupted, given: AnswerType | None) -> AnswerType | None:
    schema = found.setup.schema
    if not isinstance(schema, str):
        if given is not None:
            raise BadInput(f"run {found.run.summary.run_id} was asked without a type of its answer; resume it so")
        return None
    if given is None:
        return rlm.answer_type(json.loads(schema))
    if given.schema != schema:
        raise BadInput(
            f"run {found.run.summary.run_id} was asked for an answer of another type: its schema was {schema:.200}, "
            f"and is {given.schema:.200} now; resume it with the same"
        )
    return given
