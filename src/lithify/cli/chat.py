"""`lithify chat`: questions over the same data, one after the other."""

from __future__ import annotations

import shlex
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import partial
from math import inf
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from lithify.cli.ask import INCOMPLETE, as_object, print_answer
from lithify.cli.data import read_data
from lithify.cli.options import Given, as_json, json_error, json_option, library_option, printable
from lithify.cli.screen import Screen, spent
from lithify.cli.wanted import cite_option
from lithify.errors import BadInput, LithifyError
from lithify.records.run import LEAST, Limits

if TYPE_CHECKING:
    from lithify.conversation import Conversation
    from lithify.records.events import Event
    from lithify.services.wanted import Wanted

PROMPT = "> "
HELP = """\
Ask anything about the data; what was computed before is still there.
  /vars             the variables that the cells so far have left
  /budget           what a question may spend, and what all have spent
  /budget turns=5   change a limit for the questions that follow
  /reset            forget variables and conversation, keep the data
  /quit             leave (so does Ctrl-D); Ctrl-C stops the question under way"""
_HISTORY_LINES = 1_000


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--model", metavar="M", help='The model, for example "anthropic:claude-haiku-4-5" or "ollama:qwen3".')
@click.option("--base-url", metavar="URL", help="An OpenAI-compatible server.")
@click.option("--ephemeral", is_flag=True, help="The pure RLM: reuse nothing, keep nothing.")
@cite_option
@library_option
@json_option
@click.pass_obj
def chat(  # noqa: PLR0913 - one parameter an option is how click hands them over
    given: Given,
    paths: tuple[str, ...],
    model: str | None,
    base_url: str | None,
    ephemeral: bool,
    cite: bool,
    library: str | None,
    json_: bool,
) -> int:
    """Ask one question after the other over the data in PATH (files, folders).

    Variables and conversation go on from question to question; each has a budget of its own. Kept tools answer where
    they fit. Questions may be piped in, one a line; with --json one object comes out for each.
    """
    if not paths:
        raise BadInput("no data is given; name files or folders: lithify chat app.log")
    if "-" in paths:
        raise BadInput("the questions come from stdin, so the data cannot; give it as a file")
    given = replace(given.with_library(library), model=model, base_url=base_url)
    relay = _Relay(Screen(live=sys.stderr.isatty()))
    with given.lab([relay], makes=True) as lab:
        context = read_data(lab, paths)
        with lab.session(context) as talk:
            return _Chat(talk, relay, json_, {"ephemeral": ephemeral, "cite": cite}, lab.settings.limits).go_on()


@dataclass(slots=True)
class _Relay:
    """An Observer that hands on to the screen of the question under way."""

    screen: Screen

    def notify(self, event: Event) -> None:
        self.screen.notify(event)


class _Chat:
    """Reads lines until they end, and answers them."""

    def __init__(self, talk: Conversation, relay: _Relay, json_: bool, wanted: Wanted, limits: Limits) -> None:
        self._talk = talk
        self._relay = relay
        self._json = json_
        self._wanted = wanted
        self._limits = limits
        self._interactive = sys.stdin.isatty()
        self._code = 0

    def go_on(self) -> int:
        """The exit code: that of the first question that had no complete answer. At a terminal always 0."""
        if self._interactive:
            click.echo(f"{_what(self._talk)}. Ask away; /help says more.", err=True)
        with _ended_by_sigterm(), _history(self._interactive):
            for line in self._lines():
                if line in ("/quit", "/exit", "/q"):
                    break
                try:
                    self._take(line)
                except KeyboardInterrupt:
                    self._relay.screen.end()
                    click.echo("stopped; the conversation goes on", err=True)
                    if not self._interactive:
                        raise
        return 0 if self._interactive else self._code

    def _lines(self) -> Iterator[str]:
        """What is typed or piped in, without empty lines."""
        while True:
            try:
                line = input(PROMPT) if self._interactive else sys.stdin.readline()
            except EOFError:
                click.echo(err=True)
                return
            except KeyboardInterrupt:
                click.echo("\n(Ctrl-D or /quit leaves)", err=True)
                continue
            if not line and not self._interactive:
                return
            if line.strip():
                yield line.strip()

    def _take(self, line: str) -> None:
        """Answer one line. What goes wrong with one question is told, and the next one is taken."""
        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._ask(line)
        except LithifyError as error:
            self._relay.screen.end()
            self._code = self._code or error.exit_code
            if self._json:
                click.echo(json_error(error))
            click.echo(f"lithify: {printable(str(error))}", err=True)

    def _ask(self, question: str) -> None:
        screen = Screen(live=self._relay.screen.live)
        self._relay.screen = screen
        if not self._json:
            screen.on_result = partial(
                print_answer, sources=self._talk.context.sources, cite=self._wanted.get("cite", False)
            )
        result = self._talk.ask(question, **self._wanted)
        screen.end()
        if self._json:
            click.echo(as_json({"question": question, **as_object(result)}))
        sys.stdout.flush()
        if not result.complete:
            self._code = self._code or INCOMPLETE

    def _command(self, line: str) -> None:
        name, *words = shlex.split(line) if line.count('"') % 2 == 0 and line.count("'") % 2 == 0 else line.split()
        match name:
            case "/vars":
                held = self._talk.variables()
                for variable, kind in held.items():
                    click.echo(printable(f"{variable}: {kind}"))
                if not held:
                    click.echo("no variables yet", err=True)
            case "/budget":
                self._budget(words)
            case "/reset":
                self._talk.reset()
                click.echo("forgotten; the data is still loaded", err=True)
            case "/help" | "/?":
                click.echo(HELP, err=True)
            case _:
                raise BadInput(f"there is no command {name!r}; /help lists them, a question begins with another sign")

    def _budget(self, words: list[str]) -> None:
        limits = self._talk.limits or self._limits
        for word in words:
            limits = _changed(limits, word)
        if words:
            self._talk.limits = limits
        for item in fields(limits):
            click.echo(f"{item.name} = {getattr(limits, item.name)}")
        click.echo(f"spent so far: {spent(self._talk.usage)}", err=True)


def _changed(limits: Limits, word: str) -> Limits:
    """The limits with one of them set by "name=value"."""
    name, sign, text = word.partition("=")
    known = {item.name: getattr(limits, item.name) for item in fields(limits)}
    if name not in known or not sign:
        raise BadInput(f"{word!r}: give a limit as name=value; there are {', '.join(known)}")
    kind = {int: int, float: float}.get(type(known[name]), Decimal)
    value: int | float | Decimal = -1
    with suppress(ValueError, ArithmeticError):
        value = kind(text)
    least = LEAST.get(name)
    if not (value > 0 if least is None else least <= value) or not value < inf:
        what = "whole number" if kind is int else "number"
        raise BadInput(
            f"{word!r}: {name} takes a {f'positive {what}' if least is None else f'{what}, {least} or more'}"
        )
    changed: dict[str, Any] = {name: value}
    return replace(limits, **changed)


def _what(talk: Conversation) -> str:
    context = talk.context
    count = f"{len(context.sources)} sources" if len(context.sources) > 1 else Path(context.sources[0]).name
    return f"{count}, {context.size:,} characters"


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the whole chat; the interrupt that other commands make of it would end one question.

    Where it arrives after the prompt was printed and before the terminal is waited for, that wait does not notice it:
    so a thread hears of it as well, and sends it again until it was taken.
    """
    taken = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        if not taken.is_set():  # the second one must not disturb the end
            taken.set()
            raise SystemExit(128 + number)

    heard, hears = socket.socketpair()
    hears.setblocking(False)
    main = threading.get_ident()

    def again() -> None:
        while number := heard.recv(1):
            while number[0] == signal.SIGTERM and not taken.wait(0.1):
                signal.pthread_kill(main, signal.SIGTERM)

    thread = threading.Thread(target=again, daemon=True)
    with heard, hears:
        woken = signal.set_wakeup_fd(hears.fileno(), warn_on_full_buffer=False)
        before = signal.signal(signal.SIGTERM, end)
        thread.start()
        try:
            yield
        finally:
            taken.set()
            signal.set_wakeup_fd(woken)
            hears.shutdown(socket.SHUT_RDWR)
            thread.join()  # before the handler of others is back, which a signal sent again would reach
            signal.signal(signal.SIGTERM, before)


@contextmanager
def _history(interactive: bool) -> Iterator[None]:
    """What was asked before, on the arrow keys, where this Python has readline."""
    try:
        import readline
    except ImportError:
        interactive = False
    if not interactive:
        yield
        return
    import platformdirs

    file = platformdirs.user_state_path("lithify", appauthor=False) / "chat_history"
    with suppress(OSError):
        readline.read_history_file(file)
    try:
        yield
    finally:
        readline.set_history_length(_HISTORY_LINES)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(file)
            file.chmod(0o600)
