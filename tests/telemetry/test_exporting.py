"""When spans are sent, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from lithify.telemetry import open_telemetry
from lithify.telemetry.exporting import configured
from tests.telemetry.test_spans import SECRET, finished, started

HERE = "http://127.0.0.1:4318"


@pytest.mark.parametrize(
    ("endpoint", "environment", "on"),
    [
        ("", {}, False),
        (HERE, {}, True),
        ("", {"OTEL_EXPORTER_OTLP_ENDPOINT": HERE}, True),
        ("", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": HERE}, True),
        (HERE, {"OTEL_SDK_DISABLED": "true"}, False),
        (HERE, {"OTEL_TRACES_EXPORTER": "none"}, False),
        ("", {"OTEL_SERVICE_NAME": "x"}, False),
    ],
)
def test_only_where_it_is_configured(endpoint: str, environment: dict[str, str], on: bool) -> None:
    assert configured(endpoint, environment) is on


@contextmanager
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """The base URL of an HTTP server, and what was posted to it: path and body."""
    posted: list[tuple[str, bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", posted
        finally:
            server.shutdown()
            thread.join()


def test_spans_reach_the_collector_before_closing_is_over() -> None:
    with collector() as (url, posted):
        telemetry = open_telemetry(url, content=False, service="my-service")
        telemetry.observer.notify(started())
        telemetry.observer.notify(finished())
        telemetry.close()
    (path, body) = posted[0]
    assert path == "/v1/traces"
    assert (b"invoke_agent lithify" in body, b"my-service" in body, SECRET.encode() in body) == (True, True, False)
