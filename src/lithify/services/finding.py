"""Finding kept tools: what of them is searched, and when the index is brought up to date."""

from __future__ import annotations

import hashlib

from lithify.records.search import SearchDocument
from lithify.records.tool import LibraryView, Tool
from lithify.search import SearchIndex


def find_tools(query: str, view: LibraryView, index: SearchIndex, limit: int) -> tuple[Tool, ...]:
    """The kept tools nearest to a query, best first."""
    tools = {tool.name: tool for tool in view.tools}
    index.update(state_of(view), lambda: [document_of(tool) for tool in view.tools])
    return tuple(tools[hit.name] for hit in index.find(query, limit) if hit.name in tools)


def document_of(tool: Tool) -> SearchDocument:
    """What is searched of a tool."""
    return SearchDocument(
        name=tool.name,
        description=tool.description,
        questions=tuple(dict.fromkeys(recipe.question for recipe in tool.recipes)),
        parameters=tuple(parameter.name for parameter in tool.signature.parameters),
    )


def state_of(view: LibraryView) -> str:
    """Identifies what an index shows: the tools and their exact contents."""
    listed = sorted(f"{tool.name}\0{tool.contents}" for tool in view.tools)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()
