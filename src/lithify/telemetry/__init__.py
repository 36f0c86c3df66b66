"""OpenTelemetry: runs, model calls, cells, tool uses and child runs as spans. Off unless it is configured.

Needs the extra: pip install 'lithify[otel]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithify.telemetry.exporting import Telemetry, configured, open_telemetry

if TYPE_CHECKING:
    from lithify.telemetry.spans import Spans

__all__ = ["Spans", "Telemetry", "configured", "open_telemetry"]


def __getattr__(name: str) -> object:
    """Load Spans at its first use: most runs only ask whether anything is configured."""
    if name != "Spans":
        raise AttributeError(f"module 'lithify.telemetry' has no attribute {name!r}")
    from lithify.telemetry.spans import Spans

    return Spans
