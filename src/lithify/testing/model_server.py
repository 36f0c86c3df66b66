"""A real HTTP server on loopback that answers as a model provider would, from a script: for tests and measurements.

    with ModelServer(["first reply", Answer(status=429, headers={"Retry-After": "1"}), "second"]) as server:
        model = open_model("openai:any", ModelOptions(base_url=server.base_url))

From a shell: `python -m lithify.testing.model_server --port 8123 --script FILE`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import runpy
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from http import HTTPStatus
from itertools import cycle as endlessly
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from lithify.errors import BadInput, ProgrammerMustAct
from lithify.records.quick import dataclass
from lithify.testing.wire_replies import DIALECTS, Answer, Payload, wire_reply

MAX_HEAD = 64 * 1024
MAX_BODY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it arrived. number counts from 1; header names are lower case; body is the decoded JSON."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Payload

    @property
    def prompt(self) -> str:
        """The text of the last message, whatever the dialect."""
        messages = self.body.get("messages") or self.body.get("input") or [{"content": ""}]
        if isinstance(messages, str):
            return messages
        content = messages[-1].get("content", "")
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


Script: TypeAlias = "Sequence[str | Answer] | Callable[[ReceivedRequest], str | Answer]"
"""A list of answers in the order of arrival, or a function of the request. A str is a plain successful reply."""

USED_UP = Answer(status=400, text="the script of this test server is used up")


def _answering(script: Script, repeat: bool) -> Callable[[ReceivedRequest], Answer]:
    """The script as a function. A list that is used up answers 400 from then on, unless it repeats."""
    if callable(script):
        function = script
    else:
        replies: Iterator[str | Answer] = endlessly(script) if repeat else iter(script)

        def function(_request: ReceivedRequest) -> str | Answer:
            return next(replies, USED_UP)

    def answer(request: ReceivedRequest) -> Answer:
        reply = function(request)
        return reply if isinstance(reply, Answer) else Answer(text=reply)

    return answer


class ScriptedService:
    """The server inside an event loop: HTTP/1.1 with kept connections, one task per connection.

    requests holds what arrived, in order; peak is how many were being answered at once at most.
    """

    def __init__(self, script: Script, *, repeat: bool = False) -> None:
        self._answer = _answering(script, repeat)
        self._connections: set[asyncio.Task[None]] = set()
        self._open = 0
        self._server: asyncio.Server | None = None
        self.requests: list[ReceivedRequest] = []
        self.peak = 0

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; 0 takes a free port. Returns the port."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", port, limit=MAX_HEAD, backlog=4096, reuse_address=True
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise ProgrammerMustAct("a connection is handled outside a task")
        self._connections.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass  # the client went away or does not speak HTTP: there is nobody to tell
        except asyncio.CancelledError:
            pass  # the server stops; a task of asyncio.start_server that ends cancelled would be logged as an error
        finally:
            self._connections.discard(task)
            writer.close()
            with suppress(OSError):  # the client broke off first
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. False: the connection is to be closed."""
        request = await self._read(reader)
        self._open += 1
        self.peak = max(self.peak, self._open)
        try:
            answer = self._answer(request)
            if answer.hang:
                await reader.read()  # until the client gives up
                return False
            if answer.delay:
                await asyncio.sleep(answer.delay)
        finally:
            self._open -= 1
        if answer.drop:
            return False
        content_type, body = wire_reply(answer, request.path, request.body, request.number)
        writer.write(_head(answer, content_type, len(body)) + body)
        await writer.drain()
        return True

    async def _read(self, reader: asyncio.StreamReader) -> ReceivedRequest:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        _method, path, _version = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= MAX_BODY:
            raise ValueError(f"a body of {length} bytes; the limit is {MAX_BODY}")
        body = await reader.readexactly(length)
        request = ReceivedRequest(
            number=len(self.requests) + 1, path=path, headers=headers, body=json.loads(body) if body else {}
        )
        self.requests.append(request)
        return request


def _head(answer: Answer, content_type: str, length: int) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Scripted"
    headers = {"Content-Type": content_type, "Content-Length": str(length), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class ModelServer:
    """The service in a thread of its own, as a context manager: what a test talks to over real sockets.

    repeat starts the list of replies again when it is used up. base_url is what clients are given.
    """

    def __init__(self, script: Script, *, port: int = 0, repeat: bool = False) -> None:
        self._service = ScriptedService(script, repeat=repeat)
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-server")

    @property
    def base_url(self) -> str:
        """http://127.0.0.1:PORT/v1"""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def requests(self) -> Sequence[ReceivedRequest]:
        """What arrived, in order."""
        return tuple(self._service.requests)

    @property
    def peak(self) -> int:
        """How many requests were being answered at once at most."""
        return self._service.peak

    def __enter__(self) -> Self:
        self._thread.start()
        self._port = asyncio.run_coroutine_threadsafe(self._service.start(self._port), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        await self._service.stop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:  # connections that came in the moment of stopping
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


def load_script(path: Path) -> Script:
    """A script file: JSON, a list of strings and of objects with the fields of Answer; or Python (.py) that defines
    `answer(request)`, which gets a ReceivedRequest and returns a str or an Answer.

    Raises BadInput when the file is neither.
    """
    if path.suffix == ".py":
        function = runpy.run_path(str(path)).get("answer")
        if not callable(function):
            raise BadInput(f"{path} defines no function `answer(request)`")
        return function  # type: ignore[no-any-return] # a script written by hand: its type is its author's word
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as a script of replies: {error}") from error
    if not isinstance(entries, list):
        raise BadInput(f"{path} holds {type(entries).__name__}, not a list of replies")
    return [_entry(path, number, entry) for number, entry in enumerate(entries, start=1)]


def _entry(path: Path, number: int, entry: object) -> str | Answer:
    if isinstance(entry, str):
        return entry
    known = {field.name for field in fields(Answer)}
    if not isinstance(entry, dict) or not known >= set(entry):
        raise BadInput(f"{path}: reply {number} is {entry!r}; it must be a string or an object with {sorted(known)}")
    return Answer(**entry)


async def _serve(script: Script, port: int, repeat: bool) -> None:
    service = ScriptedService(script, repeat=repeat)
    port = await service.start(port)
    sys.stdout.write(f"http://127.0.0.1:{port}/v1\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await service.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; the first line on standard output is the base URL."""
    parser = argparse.ArgumentParser(
        prog="python -m lithify.testing.model_server",
        description=f"A scripted model provider on 127.0.0.1. It answers requests to …{', …'.join(DIALECTS)}.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--script", type=Path, required=True, help="a .json list of replies, or a .py with answer()")
    parser.add_argument("--repeat", action="store_true", help="start the list again when it is used up")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(_serve(load_script(options.script), options.port, options.repeat))
    except KeyboardInterrupt:
        return 0
    except (BadInput, OSError) as error:
        sys.stderr.write(f"model_server: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
