"""Plain HTTP is spoken directly; TLS, proxies and passwords go through the general client."""

from __future__ import annotations

import asyncio

import pytest

from lithify.models.plain_http import BrokenConnection, PlainHttp
from lithify.models.transport import GeneralHttp, open_transport
from lithify.testing.model_server import ModelServer
from lithify.testing.wire_replies import Answer


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:8000/v1", PlainHttp),
        ("http://gpu-box/v1", PlainHttp),
        ("https://api.example/v1", GeneralHttp),
        ("http://me:pa55word@gpu-box/v1", GeneralHttp),
    ],
)
def test_by_the_url(url: str, kind: type) -> None:
    assert type(open_transport(url, {}, 10)) is kind


def test_by_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "gpu-box")
    assert type(open_transport("http://elsewhere/v1", {}, 10)) is GeneralHttp
    assert type(open_transport("http://gpu-box/v1", {}, 10)) is PlainHttp


def test_both_give_the_same_answers() -> None:
    async def exchange(url: str, kind: type[PlainHttp] | type[GeneralHttp]) -> list[object]:
        client = PlainHttp(url, {"X": "1"}) if kind is PlainHttp else GeneralHttp(url, {"X": "1"}, 5)
        got: list[object] = []
        try:
            for read in (True, False):
                async with client.post(b'{"messages": [{"content": "q"}]}') as answer:
                    body = await answer.read() if read else [line async for line in answer.lines()]
                    got += [answer.status, answer.headers.get("retry-after"), body]
            with pytest.raises(BrokenConnection):
                async with client.post(b"{}") as answer:
                    await answer.read()
        finally:
            await client.aclose()
        return got

    script = [Answer(status=429, headers={"Retry-After": "3"}, body="slow"), Answer(body="a\n\nb"), Answer(drop=True)]
    seen = []
    for kind in (PlainHttp, GeneralHttp):
        with ModelServer(script) as server:
            seen.append(asyncio.run(exchange(f"{server.base_url}/chat/completions", kind)))
            assert server.requests[0].headers["x"] == "1"
            assert server.requests[0].prompt == "q"
    assert seen[0] == seen[1] == [429, "3", b"slow", 200, None, ["a", "", "b"]]
