"""One workload with lithify: see drivers.py."""

from __future__ import annotations

import tempfile
from pathlib import Path

from drivers import job, measure

from lithify.app import Lab
from lithify.records.context import Context
from lithify.records.run import Limits
from lithify.settings import Settings

LIMITS = Limits(turns=500, calls=10_000, subcalls=9_000, tokens=10**9, seconds=3_600.0, parallel=200)


def main() -> None:
    """Every run is one question in the same Lab; the data is read once, in the first."""
    asked = job()
    model = asked.model("repl")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(model=f"openai:{model}", base_url=asked.base_url, library=folder, limits=LIMITS)
        read: list[Context] = []
        with Lab(settings) as lab:

            def run() -> object:
                if not read:
                    read.append(lab.load(asked.file or "a b c"))
                return lab.inquire_and_learn("Do the work.", read[0], ephemeral=True).answer

            def log_bytes() -> int:
                return sum(file.stat().st_size for file in (folder / ".lithify").iterdir())

            measure(model, run, log_bytes)


if __name__ == "__main__":
    main()
