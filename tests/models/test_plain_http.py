"""Replies as servers word them on the wire, and connections that are kept, left or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lithify.models.plain_http import MAX_HEAD, BrokenConnection, PlainHttp

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Last(bytes):
    """A reply after which the server closes the connection."""


class Wire:
    """A server that answers requests with bytes from a list, in the order of arrival. Counts connections."""

    def __init__(self, replies: list[bytes]) -> None:
        self.replies = iter(replies)
        self.requests: list[bytes] = []
        self.connections = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        reply = b""
        try:
            while not isinstance(reply, Last):
                head = await reader.readuntil(b"\r\n\r\n")
                (length,) = [int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")]
                self.requests.append(head + await reader.readexactly(length))
                reply = next(self.replies)
                writer.write(reply)
        except asyncio.IncompleteReadError:
            pass  # the client is done
        finally:
            writer.close()
            await writer.wait_closed()


def talk(replies: list[bytes], use: Callable[[PlainHttp], Awaitable[None]], host: str = "127.0.0.1") -> Wire:
    wire = Wire(replies)

    async def main() -> None:
        server = await asyncio.start_server(wire.connected, host, 0)
        shown = f"[{host}]" if ":" in host else host
        client = PlainHttp(f"http://{shown}:{server.sockets[0].getsockname()[1]}/v1/x?y=1", {"X-Key": "k"})
        try:
            await use(client)
        finally:
            await client.aclose()
            server.close()
            await server.wait_closed()

    asyncio.run(main())
    return wire


async def body_of(client: PlainHttp, body: bytes = b"{}") -> bytes:
    async with client.post(body) as answer:
        return await answer.read()


def read(reply: bytes) -> bytes:
    got: list[bytes] = []

    async def use(client: PlainHttp) -> None:
        got.append(await body_of(client))

    talk([reply], use)
    return got[0]


def test_a_request_as_it_is_sent() -> None:
    async def use(client: PlainHttp) -> None:
        await body_of(client, b"123")

    wire = talk([OK], use)
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    first, host, key, length = head.split(b"\r\n")
    assert (first, key, length, body) == (b"POST /v1/x?y=1 HTTP/1.1", b"X-Key: k", b"Content-Length: 3", b"123")
    assert host.startswith(b"Host: 127.0.0.1:")


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (OK, b"ok"),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", b""),
        (Last(b"HTTP/1.0 200 OK\r\n\r\nuntil the end"), b"until the end"),
        (CHUNKED + b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n", b"abc0123456789"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH:  2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000, b"x" * 100_000),
    ],
)
def test_bodies_of_every_form(reply: bytes, body: bytes) -> None:
    assert read(reply) == body


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Last(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "ended 5 bytes before"),
        (Last(CHUNKED + b"9\r\nhalf"), "in the middle of its reply"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "'many' where a number"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "'-1' where a number"),
        (CHUNKED + b"zz\r\n", "'zz' where a number"),
        (b"HTTP/1.1 OK\r\n\r\n", "'OK' where a number"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "does not speak HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * MAX_HEAD + b"\r\n\r\n", "head of the reply is longer"),
        (Last(b"HTTP/1.1 200 O"), "in the middle of its reply"),
        (Last(b""), "hung up"),
    ],
)
def test_what_is_no_reply_breaks_the_connection_and_the_next_request_has_another(reply: bytes, says: str) -> None:
    async def use(client: PlainHttp) -> None:
        with pytest.raises(BrokenConnection, match=says):
            await body_of(client)
        assert await body_of(client) == b"ok"

    assert talk([reply, OK], use).connections == 2


def test_lines_come_as_they_arrive_and_whatever_the_chunks() -> None:
    chunks = ["da", "ta: ü", "1\r\n\nda", "ta: 2"]
    encoded = [chunk.encode() for chunk in chunks]
    reply = CHUNKED + b"".join(f"{len(data):x}\r\n".encode() + data + b"\r\n" for data in encoded)
    got: list[str] = []

    async def use(client: PlainHttp) -> None:
        async with client.post(b"") as answer:
            got.extend([line async for line in answer.lines()])
        assert await body_of(client) == b"ok"

    wire = talk([reply + b"0\r\n\r\n", OK], use)
    assert (got, wire.connections) == (["data: ü1", "", "data: 2"], 1)


def test_a_connection_is_kept_only_when_all_was_read_and_the_server_keeps_it() -> None:
    async def use(client: PlainHttp) -> None:
        await body_of(client)
        await body_of(client)
        async with client.post(b"") as answer:
            assert answer.status == 200  # and its body is left unread
        await body_of(client)
        await body_of(client)

    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: Close\r\n\r\n")
    wire = talk([OK, OK, OK, closing, OK], use)
    assert (len(wire.requests), wire.connections) == (5, 3)


def test_a_connection_that_the_server_closed_meanwhile_is_left() -> None:
    async def use(client: PlainHttp) -> None:
        assert await body_of(client) == b"ok"
        reader, _ = client._idle[0]
        assert await reader.read() == b""  # the server's end has arrived
        assert await body_of(client) == b"ok"

    assert talk([Last(OK), OK], use).connections == 2


def test_many_at_once_have_connections_of_their_own() -> None:
    async def use(client: PlainHttp) -> None:
        assert await asyncio.gather(*(body_of(client) for _ in range(20))) == [b"ok"] * 20

    assert talk([OK] * 20, use).connections == 20


def test_an_address_in_brackets() -> None:
    async def use(client: PlainHttp) -> None:
        assert await body_of(client) == b"ok"

    try:
        talk([OK], use, "::1")
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
