"""Sub-calls in a slice: the model that cells asked becomes a parameter of the tool, `llm`."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Sequence

from lithify.distil.knowledge import LLM_FUNCTIONS
from lithify.distil.names import uses_of
from lithify.records.run import Trajectory
from lithify.records.tool import Reply

PARAMETER = "llm"
ANNOTATION = "Callable[..., Any]"
IMPORTS = ("from collections.abc import Callable", "from typing import Any")
MEANING = "Asks a language model: one prompt gives its answer, several give a list of answers, in order."


def asks_model(nodes: Iterable[ast.AST]) -> bool:
    """Whether code asks a model by a function of the REPL."""
    uses = uses_of(*nodes)
    loads = uses.loads.union(*(summary.uses.loads for _, summary in uses.defines))
    return bool(loads & LLM_FUNCTIONS)


def recorded_replies(trajectory: Trajectory) -> tuple[Reply, ...]:
    """What the model answered to each prompt of a run's cells; to one that was asked again, what it answered last.

    Child runs and calls that failed are none.
    """
    found = {
        call.prompt: Reply(prompt=call.prompt, answer=call.answer)
        for cell in trajectory.cells
        for call in cell.subcalls
        if call.kind == "llm" and not call.error
    }
    return tuple(found.values())


def with_parameter(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """Copies of the nodes whose calls of the REPL's functions keep only what a tool may say: not which model is asked.

    The functions keep their names; both are to be renamed to the parameter.
    """

    class Rewriter(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.func, ast.Name) and node.func.id in LLM_FUNCTIONS:
                if not node.args:  # llm_query(prompt=...)
                    node.args = [word.value for word in node.keywords if word.arg in ("prompt", "prompts")]
                node.args = node.args[:1]
                node.keywords = [word for word in node.keywords if word.arg not in ("prompt", "prompts", "model")]
            return node

    return [Rewriter().visit(copy.deepcopy(node)) for node in nodes]
