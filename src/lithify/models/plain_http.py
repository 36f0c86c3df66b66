"""POST over plain HTTP/1.1 with kept connections: what a model server on this machine or network speaks.

A general client takes 1 to 2 ms of CPU for each request, and more the more connections there are; two thousand
sub-calls of 50 ms then take longer in the client than at the server. This takes a tenth of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

MAX_HEAD = 64 * 1024
MAX_BODY = 256 * 1024 * 1024


class BrokenConnection(OSError):
    """The other side went away, or does not speak HTTP. The message says which."""


class Answer:
    """A reply whose head is read. Header names are lower case. The body is read once, whole or in lines."""

    def __init__(self, status: int, headers: Mapping[str, str], reader: asyncio.StreamReader) -> None:
        self.status = status
        self.headers = headers
        self._reader = reader
        self._kept = headers.get("connection", "").lower() != "close"
        self._whole = False

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another request: all was read, and the server keeps it open."""
        return self._whole and self._kept

    async def read(self) -> bytes:
        """The whole body. Raises BrokenConnection."""
        parts, size = [], 0
        async for part in self._parts():
            parts.append(part)
            size += len(part)
            if size > MAX_BODY:
                raise BrokenConnection(f"a reply of more than {MAX_BODY:,} bytes")
        return b"".join(parts)

    async def lines(self) -> AsyncIterator[str]:
        """The body line by line, as it comes. Raises BrokenConnection."""
        rest = b""
        async for part in self._parts():
            *lines, rest = (rest + part).split(b"\n")
            if len(rest) > MAX_BODY:
                raise BrokenConnection(f"a line of more than {MAX_BODY:,} bytes")
            for line in lines:
                yield line.decode("utf-8", "replace").rstrip("\r")
        if rest:
            yield rest.decode("utf-8", "replace")

    async def _parts(self) -> AsyncIterator[bytes]:
        """Body by Content-Length, by chunks, or up to the end of the connection (RFC 9112, 6)."""
        length = self.headers.get("content-length")
        if self.headers.get("transfer-encoding", "").lower().endswith("chunked"):
            async for chunk in self._chunks():
                yield chunk
        elif length is not None:
            left = _number(length, 10)
            while left:
                part = await self._reader.read(min(left, 2**20))
                if not part:
                    raise BrokenConnection(f"the connection ended {left:,} bytes before the reply did")
                left -= len(part)
                yield part
        elif self.status not in (204, 304):
            self._kept = False
            while part := await self._reader.read(2**20):
                yield part
        self._whole = True

    async def _chunks(self) -> AsyncIterator[bytes]:
        reader = self._reader
        while True:
            size = _number((await reader.readuntil(b"\r\n")).partition(b";")[0].decode("latin-1").strip(), 16)
            if size == 0:
                while (await reader.readuntil(b"\r\n")) != b"\r\n":
                    pass  # trailers say nothing to us
                return
            yield await reader.readexactly(size)
            await reader.readexactly(2)


class PlainHttp:
    """Connections to one http:// URL inside one event loop."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        host = f"[{self._host}]" if ":" in self._host else self._host
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"POST {path} HTTP/1.1", f"Host: {host}:{self._port}", *(f"{k}: {v}" for k, v in headers.items())]
        self._head = "\r\n".join(lines).encode("latin-1")
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    @asynccontextmanager
    async def post(self, body: bytes) -> AsyncIterator[Answer]:
        """Send body and give the answer. The connection is kept when the answer was read to its end, else closed.

        Raises OSError (BrokenConnection among them) for whatever is wrong with the connection.
        """
        reader, writer = await self._connection()
        kept = False
        try:
            writer.write(self._head + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            answer = await _answer(reader)
            yield answer
            kept = answer.reusable
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise BrokenConnection(_broken(error)) from error
        finally:
            if kept:
                self._idle.append((reader, writer))
            else:
                writer.close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port, limit=MAX_HEAD)

    async def aclose(self) -> None:
        """Close the connections that wait for another request."""
        idle, self._idle = self._idle, []
        for _, writer in idle:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in idle), return_exceptions=True)


async def _answer(reader: asyncio.StreamReader) -> Answer:
    """The head of the answer; interim ones (1xx) are passed over."""
    status = 100
    while 100 <= status < 200:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head[:-4].split("\r\n")
        version, _, rest = first.partition(" ")
        if not version.startswith("HTTP/1."):
            raise BrokenConnection(f"it does not speak HTTP/1.1 (it began with {first[:40]!r})")
        status = _number(rest[:3], 10)
    pairs = (line.partition(":") for line in lines)
    return Answer(status, {name.strip().lower(): value.strip() for name, _, value in pairs}, reader)


def _number(text: str, base: int) -> int:
    try:
        number = int(text, base)
    except ValueError:
        number = -1
    if number < 0:
        raise BrokenConnection(f"{text[:40]!r} where a number was expected")
    return number


def _broken(error: asyncio.IncompleteReadError | asyncio.LimitOverrunError) -> str:
    if isinstance(error, asyncio.LimitOverrunError):
        return f"the head of the reply is longer than {MAX_HEAD:,} bytes"
    return "the server closed the connection in the middle of its reply" if error.partial else "the server hung up"
