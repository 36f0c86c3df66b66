"""Learn the words in which a question was asked, once the answer that a picked tool gave to it was found right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lithify.errors import LibraryProblem
from lithify.ports import Library
from lithify.records.ledger import RunDetail
from lithify.records.tool import Tool
from lithify.routing.wordings import learned_wording


def learn_wording(run: RunDetail, library: Library, approved_by: str) -> Tool | str:
    """Make the question of a run one more recipe of the tool that a model picked for it; or say why not.

    approved_by: on whose word the answer is right. From then on the same wording, with other values too, is a replay.
    """
    picked = run.summary.tool
    if picked is None or run.summary.route != "adapt":
        return "no model picked a tool for it"
    view = library.view()
    tool = next((one for one in view.tools if one.name == picked.name), None)
    if tool is None or tool.version != picked.version:
        return f"{picked.name} v{picked.version} is not what would be run now"
    use = next((one for one in run.tool_uses if one.tool == tool.name and not one.error), None)
    if use is None or not isinstance(use.arguments, Mapping):
        return "its arguments are not on record"
    question = run.summary.question
    found = learned_wording(question, tool, cast("Mapping[str, int | float | str]", use.arguments), view)
    if isinstance(found, str):
        return found
    try:
        return library.revisions.add_wording(tool.name, found, approved_by, run.summary.run_id)
    except LibraryProblem as problem:
        return str(problem)
