"""How a request reaches a server: directly over plain HTTP, or through a general client for TLS and proxies."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from lithify.models.plain_http import BrokenConnection, PlainHttp

if TYPE_CHECKING:
    import httpx2


class Answer(Protocol):
    """A reply whose head is read. Header names are lower case. The body is read once, whole or in lines."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""
        ...

    async def read(self) -> bytes:
        """The whole body."""
        ...

    def lines(self) -> AsyncIterator[str]:
        """The body line by line, as it comes."""
        ...


class Transport(Protocol):
    """Connections to one URL inside one event loop."""

    def post(self, body: bytes) -> AbstractAsyncContextManager[Answer]:
        """Send body and give the answer. Raises OSError for whatever is wrong with the connection."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


def open_transport(url: str, headers: Mapping[str, str], connections: int) -> Transport:
    """Nothing is sent yet. Raises what the general client raises for certificates and proxies that it cannot use."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.username is None and not _is_proxied(parts.scheme, parts.hostname or ""):
        return PlainHttp(url, headers)
    return GeneralHttp(url, headers, connections)


def _is_proxied(scheme: str, host: str) -> bool:
    """Whether the environment, or the system where it has such settings, names a proxy for this host."""
    if sys.platform == "linux" and not any(name.lower().endswith("_proxy") for name in os.environ):
        return False  # urllib.request, which knows the rules, takes 10 ms to load
    from urllib.request import getproxies, proxy_bypass

    return scheme in getproxies() and not proxy_bypass(host)


class GeneralHttp:
    """httpx2: TLS, proxies, redirects, passwords in URLs."""

    def __init__(self, url: str, headers: Mapping[str, str], connections: int) -> None:
        import httpx2

        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._url = url
        self._client = httpx2.AsyncClient(headers=dict(headers), timeout=None, limits=limits, follow_redirects=True)

    @asynccontextmanager
    async def post(self, body: bytes) -> AsyncIterator[Answer]:
        """Send body and give the answer."""
        import httpx2

        try:
            async with self._client.stream("POST", self._url, content=body) as response:
                yield _GeneralAnswer(response)
        except httpx2.HTTPError as error:
            raise BrokenConnection(str(error) or type(error).__name__) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _GeneralAnswer:
    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self._response = response

    async def read(self) -> bytes:
        """The whole body."""
        return await self._response.aread()

    def lines(self) -> AsyncIterator[str]:
        """The body line by line."""
        return self._response.aiter_lines()
