"""The command line: parse, hand over, print. Commands are imported when they are used."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

import click

from lithify import __version__
from lithify.cli.options import Given, json_error
from lithify.errors import LithifyError

FEWER_COLLECTIONS = 50_000
"""Objects made before garbage is looked for: what loading modules makes is none, and a tenth of a short command's time
went into looking."""

SANDBOXED = {"ask", "chat", "call"}
"""Commands that always need the sandbox: its process starts while they are being loaded."""

COMMANDS = {
    "ask": ("lithify.cli.ask", "ask"),
    "chat": ("lithify.cli.chat", "chat"),
    "route": ("lithify.cli.route", "route"),
    "gate": ("lithify.cli.gate", "gate"),
    "review": ("lithify.cli.review", "review"),
    "tools": ("lithify.cli.tools", "tools"),
    "search": ("lithify.cli.search", "search"),
    "tool": ("lithify.cli.tools", "tool"),
    "call": ("lithify.cli.tools", "call"),
    "test": ("lithify.cli.history", "test"),
    "history": ("lithify.cli.history", "history"),
    "diff": ("lithify.cli.history", "diff"),
    "rollback": ("lithify.cli.history", "rollback"),
    "rename": ("lithify.cli.history", "rename"),
    "retire": ("lithify.cli.history", "retire"),
    "soften": ("lithify.cli.soften", "soften"),
    "lock": ("lithify.cli.lock", "lock"),
    "package": ("lithify.cli.lock", "package"),
    "policy": ("lithify.cli.lock", "policy"),
    "runs": ("lithify.cli.runs", "runs"),
    "show": ("lithify.cli.runs", "show"),
    "resume": ("lithify.cli.run_resume", "resume"),
    "costs": ("lithify.cli.runs", "costs"),
    "export": ("lithify.cli.exchange", "export"),
    "import": ("lithify.cli.exchange", "import_"),
    "distil": ("lithify.cli.exchange", "distil"),
    "doctor": ("lithify.cli.doctor", "doctor"),
    "demo": ("lithify.cli.demo", "demo"),
    "right": ("lithify.cli.wrong", "right"),
    "wrong": ("lithify.cli.wrong", "wrong"),
    "shadow": ("lithify.cli.wrong", "shadow"),
    "upkeep": ("lithify.cli.upkeep", "upkeep"),
    "bench": ("lithify.cli.bench", "bench"),
    "sandbox": ("lithify.cli.sandbox", "sandbox"),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: `lithify --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lithify")
@click.option(
    "--library", metavar="DIR", help="The library folder (else lithify.toml, LITHIFY_LIBRARY, your data folder)."
)
@click.pass_context
def cli(ctx: click.Context, library: str | None) -> None:
    """Ask questions over big logs, tables, documents and code; keep the code that worked."""
    ctx.obj = Given(library=library)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point. Exit codes are those of lithify.errors; 130 when the person stopped it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    gc.set_threshold(FEWER_COLLECTIONS)
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 still gets every answer
    code = 1
    try:
        if given and given[0] in SANDBOXED and not {"-h", "--help"} & set(given):
            _start_sandbox()
        code = cli.main(given, prog_name="lithify", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except LithifyError as error:
        code = error.exit_code
        if "--json" in given:
            click.echo(json_error(error))
        click.echo(f"lithify: {error}", err=True)
    except (KeyboardInterrupt, click.Abort):
        click.echo("lithify: stopped", err=True)
        code = 130
    except BrokenPipeError:
        # Whoever read our output went away: not an error, and nothing more can be said.
        sys.stderr.close()
        code = 141
    finally:
        if given and given[0] in SANDBOXED:
            _discard_sandbox()
    sys.exit(code)


def _start_sandbox() -> None:
    from lithify.records.setup import HASH_SEED
    from lithify.sandbox import boot

    boot.early(HASH_SEED)


def _discard_sandbox() -> None:
    """Of a command that ended before it needed one."""
    from lithify.sandbox import boot

    boot.discard()


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    """SIGTERM ends a run as Ctrl-C does: cleanly, recorded, no worker left."""
    raise KeyboardInterrupt
