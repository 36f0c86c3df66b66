"""OpenTelemetry: runs, model calls, cells, tool uses and child runs as spans. Off unless it is configured.

Needs the extra: pip install 'lithify[otel]'.
"""

from __future__ import annotations

from lithify.telemetry.exporting import Telemetry, configured, open_telemetry
from lithify.telemetry.spans import Spans

__all__ = ["Spans", "Telemetry", "configured", "open_telemetry"]
