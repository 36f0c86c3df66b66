"""What the commands share: how a Lab is opened from the options, and how values are printed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.errors import LithifyError
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.visible import visible

# What JSON leaves as it is and a terminal may obey, a person not see, or a stream refuse: C1 controls, direction marks,
# zero-width characters, tags, selectors, lone surrogates.
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithify.app import Lab
    from lithify.ports import Ledger, Observer


@dataclass(frozen=True, slots=True)
class Given:
    """The options that choose library and model, wherever on the command line they stand."""

    library: str | None = None
    model: str | None = None
    sub_model: str | None = None
    base_url: str | None = None
    keep: str | None = None
    record: str | None = None
    limits: Mapping[str, object] = field(default_factory=dict)

    def with_library(self, library: str | None) -> Given:
        """The library given to the command wins over the one given to `lithify`."""
        return replace(self, library=library) if library else self

    @contextmanager
    def lab(self, observers: Sequence[Observer] = (), *, makes: bool = False) -> Iterator[Lab]:
        """A Lab by these options, closed at the end. makes: a library that is named and not there yet is made.

        Raises LibraryProblem when it is not there, and nothing would make it.
        """
        from lithify.app import Lab
        from lithify.settings import Overrides, load_settings

        overrides = Overrides(
            model=self.model,
            sub_model=self.sub_model,
            base_url=self.base_url,
            library=Path(self.library) if self.library else None,
            keep="provisional" if self.keep == "provisional" else "ask" if self.keep else None,
            record=Path(self.record) if self.record else None,
            limits=self.limits,
        )
        with Lab(load_settings(overrides), observers) as lab:
            if not makes:
                lab.expect_library()
            yield lab

    def open_ledger(self) -> Ledger:
        """The ledger of the library that these options choose. Raises LibraryProblem when that is not there."""
        from lithify.app import Lab
        from lithify.settings import Overrides, load_settings

        lab = Lab(load_settings(Overrides(library=Path(self.library) if self.library else None)))
        lab.expect_library()
        return lab.ledger


def as_json(value: Mapping[str, object]) -> str:
    """One JSON object on one line; bytes as text, keys as text, and nothing that a terminal would obey."""
    text = json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=True)
    return _UNSAFE.sub(_json_escape, text)


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)


def json_error(error: LithifyError) -> str:
    """The error as `--json` prints it."""
    said = {"kind": type(error).__name__, "message": str(error), "exit_code": error.exit_code}
    return as_json({"error": said})


def for_people(answer: Plain) -> str:
    """An answer as a person reads it: text as it is, one element or key a line, what is nested in them as JSON."""
    if isinstance(answer, str):
        return printable(answer)
    if isinstance(answer, Mapping):
        return printable("\n".join(f"{key}: {_inline(value)}" for key, value in answer.items()) or "{}")
    if isinstance(answer, list | tuple):
        return printable("\n".join(_inline(one, pair=True) for one in answer) or "[]")
    return printable(str(answer))


def _inline(value: Plain, *, pair: bool = False) -> str:
    """A value on one line. pair: a short row of texts and numbers reads better with two spaces between them."""
    if isinstance(value, str):
        return value.replace("\n", "\\n")
    if pair and isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
        return "  ".join(_inline(one) for one in value)
    return json.dumps(value, ensure_ascii=False, default=_plain)


def printable(text: str) -> str:
    """Text from files and models without what could steer a terminal or hide from a reader."""
    return visible(text)


library_option = click.option("--library", metavar="DIR", help="The library folder.")
json_option = click.option("--json", "json_", is_flag=True, help="Print one JSON object on stdout.")
