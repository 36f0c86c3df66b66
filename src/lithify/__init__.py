"""lithify: ask with a Recursive Language Model, keep the code that worked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithify.app import Lab
    from lithify.app import open_lab as open  # noqa: A004 - lithify.open, as one opens a file
    from lithify.conversation import Conversation
    from lithify.dropin import RLM
    from lithify.records.run import RunResult

__version__ = "0.1.0"
__all__ = ["RLM", "Conversation", "Lab", "RunResult", "__version__", "open"]

_HOMES = {
    "Conversation": ("lithify.conversation", "Conversation"),
    "Lab": ("lithify.app", "Lab"),
    "open": ("lithify.app", "open_lab"),
    "RLM": ("lithify.dropin", "RLM"),
    "RunResult": ("lithify.records.run", "RunResult"),
}


def __getattr__(name: str) -> object:
    """Load a public name at its first use: `import lithify` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lithify' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
