"""The options that limit what one question may spend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS: Mapping[str, tuple[str, str, click.ParamType[Any], str]] = {
    "cost": ("--max-cost", "USD", click.STRING, "US dollars at most; every model must then have a known price."),
    "tokens": ("--max-tokens", "N", click.INT, "Tokens at most, input and output of all calls together."),
    "calls": ("--max-calls", "N", click.INT, "Model calls at most, those of cells and child runs included."),
    "turns": ("--max-turns", "N", click.INT, "Replies of the model at most, in the root loop and in each child run."),
    "seconds": ("--max-seconds", "S", click.FLOAT, "Wall time at most."),
    "depth": ("--depth", "N", click.INT, "Levels of child runs (rlm_query) at most; 0: none."),
}


def limit_options(command: Command) -> Command:
    """Adds the options; the command gets those that were given as `limits`, name of the limit → value."""

    @wraps(command)
    def with_limits(*args: Any, **given: Any) -> Any:
        values = {name: given.pop(f"limit_{name}") for name in _OPTIONS}
        return command(*args, limits={name: value for name, value in values.items() if value is not None}, **given)

    for name, (flag, metavar, kind, about) in reversed(list(_OPTIONS.items())):
        option = click.option(flag, f"limit_{name}", metavar=metavar, type=kind, help=about)
        with_limits = option(with_limits)
    return with_limits  # type: ignore[return-value]
