"""What a run draws by chance is decided by its id, so that it can be gone on with."""

from __future__ import annotations

import hashlib

from lithify.records.run import RunId


def seed_of(run_id: RunId) -> int:
    """The seed of a run's random numbers, 63 bits that its id decides."""
    return int.from_bytes(hashlib.sha256(f"seed of {run_id}".encode()).digest()[:8]) >> 1
