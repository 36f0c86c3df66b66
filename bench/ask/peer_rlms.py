"""One workload with rlms, run by the Python that has it: see drivers.py."""

from __future__ import annotations

import tempfile
from pathlib import Path

from drivers import job, measure
from rlm.logger import RLMLogger

from rlm import RLM


def main() -> None:
    """Every run is a completion of its own RLM, as its documentation shows it; logs are written for workload "log"."""
    asked = job()
    model = asked.model("repl")
    text = asked.text() if asked.workload != "context" else ""
    with tempfile.TemporaryDirectory() as name:

        def run() -> object:
            rlm = RLM(
                backend="openai",
                backend_kwargs={"model_name": model, "api_key": "none", "base_url": asked.base_url},
                environment="local",
                max_iterations=500,
                logger=RLMLogger(log_dir=name) if asked.workload == "log" else None,
            )
            return rlm.completion(text or asked.text(), root_prompt="Do the work.").response

        def log_bytes() -> int:
            return sum(file.stat().st_size for file in Path(name).iterdir())

        measure(model, run, log_bytes)


if __name__ == "__main__":
    main()
