"""A seeded session: what Python, numpy and the libraries above them draw by chance is the same in every such session.

Only what draws through Python is reached: `random`, `secrets`, `uuid`, `os.urandom`, and numpy, which takes its first
entropy from `secrets`. Native code that asks the kernel itself (polars, say), the clock, the addresses of objects and
the order of threads differ all the same. How texts hash is the zygote's to say: PYTHONHASHSEED.
"""

from __future__ import annotations

import os
import random
import sys
from typing import Any

_ENTROPY_BYTES = 32
_NUMPY_SEEDS = 1 << 32
_seed_from: Any = random.Random.seed


def seed(number: int) -> None:
    """Have this process draw what every process with this number does."""
    entropy = random.Random(number).randbytes  # noqa: S311 - it shall be foreseeable

    def reseed(self: random.Random, a: Any = None, version: int = 2) -> None:
        """Without a number, the interpreter would ask the kernel."""
        _seed_from(self, int.from_bytes(entropy(_ENTROPY_BYTES), "little") if a is None else a, version)

    module: Any = random
    module.Random.seed = reseed
    module.seed = module._inst.seed
    module._urandom = os.urandom = entropy
    module.seed(number)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(number % _NUMPY_SEEDS)
