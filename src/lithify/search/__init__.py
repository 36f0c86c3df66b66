"""Finding kept tools: by words (SQLite FTS5), and with the `semantic` extra by meaning."""

from lithify.search.crowding import crowds
from lithify.search.index import SearchIndex, open_index

__all__ = ["SearchIndex", "crowds", "open_index"]
