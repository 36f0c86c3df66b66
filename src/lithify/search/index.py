"""The index over a library's tools: kept up to date by what differs, asked by words or by meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lithify.errors import ProgrammerMustAct
from lithify.records.search import SearchDocument, SearchHit
from lithify.search.store import Store
from lithify.search.words import expression, telling, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BY_WORDS = 0.03
"""The share of words in a score by meaning: enough to decide between near ties. A larger share, or ranks added up as in
reciprocal rank fusion, made a person's requests worse: they seldom use the tool's own words."""
_CANDIDATES = 50


class Encodes(Protocol):
    """Texts to vectors of length 1."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """One row per text."""
        ...


class SearchIndex:
    """Tools by the words of their names, descriptions, questions and parameters; with an encoder, by meaning too."""

    def __init__(self, store: Store, encoder: Callable[[], Encodes] | None = None) -> None:
        self._store = store
        self._make_encoder = encoder
        self._encoder: Encodes | None = None
        self._matrix: tuple[str, list[str], NDArray[np.float32]] | None = None

    @property
    def by_meaning(self) -> bool:
        """Whether queries are also compared by meaning."""
        return self._make_encoder is not None

    def update(self, state: str, documents: Callable[[], Iterable[SearchDocument]]) -> None:
        """Bring the index to a state of the library; documents are read only when it shows another."""
        if self._store.state == state:
            return
        found = list(documents())
        self._store.replace(found, state)
        if self._make_encoder is not None:
            self._encode(found)

    def find(self, query: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """The tools nearest to a query, best first. None when it has no word, or no tool has one of them."""
        if not telling(query):
            return ()
        by_words = self._store.find(expression(query), max(limit, _CANDIDATES))
        if self._make_encoder is None:
            return tuple(SearchHit(name=name, score=score) for name, score in by_words[:limit])
        return self._by_meaning(query, dict(by_words), limit)

    def close(self) -> None:
        """Release the file."""
        self._store.close()

    def _by_meaning(self, query: str, by_words: dict[str, float], limit: int) -> tuple[SearchHit, ...]:
        names, matrix = self._vectors()
        if not names:
            return ()
        near = matrix @ self._encoded([query])[0]
        best = max(by_words.values(), default=0.0) or 1.0
        scores = {
            name: (1 - _BY_WORDS) * float(likeness) + _BY_WORDS * by_words.get(name, 0.0) / best
            for name, likeness in zip(names, near, strict=True)
        }
        ranked = sorted(scores, key=lambda name: (-scores[name], name))[:limit]
        return tuple(SearchHit(name=name, score=scores[name]) for name in ranked)

    def _vectors(self) -> tuple[list[str], NDArray[np.float32]]:
        import numpy as np

        state = self._store.state
        if self._matrix is None or self._matrix[0] != state:
            digests, vectors = self._store.digests(), self._store.vectors()
            names = [name for name, key in digests.items() if key in vectors]
            rows = [np.frombuffer(vectors[digests[name]], np.float32) for name in names]
            self._matrix = (state, names, np.stack(rows) if rows else np.empty((0, 0), np.float32))
        return self._matrix[1], self._matrix[2]

    def _encode(self, documents: list[SearchDocument]) -> None:
        digests, known = self._store.digests(), self._store.vectors()
        fresh = [one for one in documents if digests[one.name] not in known]
        rows = self._encoded([_said(one) for one in fresh])
        self._store.keep_vectors({digests[one.name]: row.tobytes() for one, row in zip(fresh, rows, strict=True)})

    def _encoded(self, texts: list[str]) -> NDArray[np.float32]:
        if self._encoder is None:
            if self._make_encoder is None:
                raise ProgrammerMustAct("this index was opened without an encoder")
            self._encoder = self._make_encoder()
        return self._encoder.encode(texts)


def open_index(path: Path, *, semantic: bool = False) -> SearchIndex:
    """The index in a file, made when it is not there. semantic: needs the `semantic` extra (BadSettings)."""
    if not semantic:
        return SearchIndex(Store(path))
    from lithify.search.semantic import Encoder

    return SearchIndex(Store(path), Encoder)


def _said(document: SearchDocument) -> str:
    """What is embedded: the name in words, then what the tool says it does and answers."""
    return " ".join((*words(document.name), document.description, *document.questions))
