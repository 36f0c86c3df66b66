"""Which kept tools should have answered a question over a context and did not: what healing begins with. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lithify.records.context import Context
from lithify.records.healing import Failing
from lithify.records.run import RunId
from lithify.records.tool import LibraryView, Tool
from lithify.records.uses import ToolUse
from lithify.routing.decide import decide
from lithify.services.trust import is_its_own


def failing_run(run_id: RunId, tool: Tool, arguments: Mapping[str, int | float | str], error: str) -> list[Failing]:
    """The case of a tool that was run and gave no answer; none where its surroundings are to blame."""
    if not is_its_own(error):
        return []
    return [Failing(tool=tool.name, version=tool.version, by="run", why=error, run_id=run_id, arguments=arguments)]


def failing_uses(uses: Iterable[ToolUse], view: LibraryView) -> tuple[Failing, ...]:
    """The same from what is on record of a run, as far as the tool is still of that version."""
    tools = {(tool.name, tool.version): tool for tool in view.tools}
    found: list[Failing] = []
    for use in uses:
        tool = tools.get((use.tool, use.version))
        if tool is not None and use.error:
            found += failing_run(RunId(use.run_id), tool, arguments_of(use), use.error)
    return tuple(found)


def failing_shapes(run_id: RunId, question: str, context: Context, view: LibraryView) -> tuple[Failing, ...]:
    """The tools that answer the question, over inputs of other shapes than this one; none where one covers this one."""
    decision = decide(question, context, view)
    return tuple(
        Failing(
            tool=one.tool.name,
            version=one.tool.version,
            by="shape",
            why=one.why,
            run_id=run_id,
            arguments=one.arguments,
        )
        for one in ([] if decision.matches else decision.uncovered)
    )


def answers_by_asking(question: str, context: Context, view: LibraryView) -> str:
    """The name of the tool that answers the question over such data, and may ask a model for it; "" for none."""
    matches = decide(question, context, view).matches
    return next((match.tool.name for match in matches if match.tool.signature.needs_llm), "")


def arguments_of(use: ToolUse) -> dict[str, int | float | str]:
    """The arguments of a recorded use."""
    given = use.arguments if isinstance(use.arguments, Mapping) else {}
    return {
        str(name): value
        for name, value in given.items()
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    }
