"""What a run was started with, beyond its question: what `resume` starts it with again."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Limits

HASH_SEED = 0
"""Of the cells' Python: sets have the same order again when a run is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A model by the name that cells use for it ("root", "sub", or one of the person's) and its own."""

    role: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSetup:
    """What a run was started with.

    paths:    where its data came from, as they were given; () for data that was given as a value
    folder:   what relative paths start from
    models:   the models it may ask
    base_url: of the models, without user and password; "" for the provider's own
    schema:   JSON schema of the answer; None for any
    library:  folder of the kept tools
    options:  further options by name, as plain data
    """

    limits: Limits
    paths: tuple[str, ...] = ()
    folder: str = ""
    models: tuple[NamedModel, ...] = ()
    base_url: str = ""
    schema: Plain = None
    library: str = ""
    options: tuple[tuple[str, Plain], ...] = ()


def without_password(url: str) -> str:
    """A URL without user and password: what may be recorded."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts.netloc else url
