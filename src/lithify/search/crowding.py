"""The crowding alarm: pairs of tools whose texts are hard to tell apart. Pure.

Wrong selection, not the length of the list, is what a big library costs; so near twins are worth a person's look.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from lithify.records.search import Crowd, SearchDocument
from lithify.search.words import telling

NEAR = 0.75


def crowds(documents: Sequence[SearchDocument], near: float = NEAR) -> tuple[Crowd, ...]:
    """Pairs with a likeness of at least `near`, nearest first.

    Likeness is the cosine of the texts' words, each weighted by how rare it is among all tools (tf-idf), so that
    the words that every tool has do not make two alike.
    """
    bags = [Counter(telling(f"{one.name} {one.description} {' '.join(one.questions)}")) for one in documents]
    spread = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log((1 + len(bags)) / (1 + count)) + 0.1 for word, count in spread.items()}
    vectors = [{word: count * rarity[word] for word, count in bag.items()} for bag in bags]
    lengths = [math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0 for vector in vectors]
    found: list[Crowd] = []
    holders: dict[str, list[int]] = {}
    for at, vector in enumerate(vectors):
        shared: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for other in holders.get(word, ()):
                shared[other] += weight * vectors[other][word]
            holders.setdefault(word, []).append(at)
        for other, product in shared.items():
            likeness = product / (lengths[at] * lengths[other])
            if likeness >= near:
                found.append(Crowd(name=documents[other].name, other=documents[at].name, likeness=round(likeness, 3)))
    return tuple(sorted(found, key=lambda crowd: (-crowd.likeness, crowd.name, crowd.other)))
