"""Sending spans to a collector by OTLP over HTTP, when settings or the environment say where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lithify.errors import BadSettings
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from lithify.telemetry.spans import Spans

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
TRACES_PATH = "/v1/traces"
EXPORT_SECONDS = 3.0
"""How long a command waits for a collector at its end, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """An observer whose spans are exported, and what sends them."""

    observer: Spans
    provider: TracerProvider

    def close(self) -> None:
        """Send what is left. A collector that cannot be reached is not waited for longer than EXPORT_SECONDS."""
        self.observer.close()
        self.provider.force_flush(int(EXPORT_SECONDS * 1_000))
        self.provider.shutdown()


def configured(endpoint: str, environment: Mapping[str, str]) -> bool:
    """Whether spans are to be exported: an endpoint is set, and nothing switches traces off."""
    off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    )
    return not off and bool(endpoint or any(environment.get(name) for name in ENDPOINTS))


def open_telemetry(endpoint: str, *, content: bool, service: str) -> Telemetry:
    """Spans to the collector at endpoint, or when it is "" to where the OTEL_* variables say.

    endpoint: base URL of a collector that takes OTLP over HTTP, for example "http://127.0.0.1:4318"
    Headers, certificates and sampling come from the OTEL_* variables, as every OpenTelemetry program reads them.
    Raises BadSettings when the extra is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        where = f"telemetry.endpoint is {endpoint!r}" if endpoint else f"{' or '.join(ENDPOINTS)} is set"
        raise BadSettings(
            f"{where}, and OpenTelemetry is not installed ({error}): pip install 'lithify[otel]', "
            "or set OTEL_SDK_DISABLED=true"
        ) from error
    url = endpoint.rstrip("/") + TRACES_PATH if endpoint else None
    provider = TracerProvider(resource=Resource.create({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=EXPORT_SECONDS)))
    from lithify import __version__
    from lithify.telemetry.spans import Spans

    return Telemetry(observer=Spans(provider.get_tracer("lithify", __version__), content=content), provider=provider)
