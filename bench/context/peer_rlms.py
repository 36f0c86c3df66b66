"""One completion of rlms over a file's text; run by the Python that has it. Prints seconds and its peak memory."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rlm import RLM


def main() -> None:
    base_url, path = sys.argv[1:3]
    began = time.perf_counter()
    text = Path(path).read_text()
    settings = {"model_name": "scripted", "api_key": "none", "base_url": base_url}
    RLM(backend="openai", backend_kwargs=settings, environment="local", max_iterations=5).completion(text)
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1_000
    seconds = {"seconds": round(time.perf_counter() - began, 2), "cpu": round(time.process_time(), 2)}
    print(json.dumps({**seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
