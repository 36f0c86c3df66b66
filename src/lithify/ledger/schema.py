"""The schema of a ledger file: made when fresh, upgraded when older, refused when newer or foreign."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from lithify.errors import LedgerProblem
from lithify.ledger.engine import open_engine, problems, writing
from lithify.ledger.revisions import HEAD, REVISIONS
from lithify.ledger.tables import METADATA

PREPARE_SECONDS = 60.0
"""How long to wait for another process that is making or upgrading the file."""

VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def prepare(path: Path, busy_seconds: float) -> None:
    """Bring the file at path to HEAD. Several processes may try at once.

    Raises LedgerProblem for a file of a newer lithify or of another program, and when no lock can be had.
    """
    lock = path.with_name(f"{path.name}.lock")
    engine = open_engine(path, busy_seconds)
    try:
        with FileLock(lock, timeout=PREPARE_SECONDS), problems(path):
            with engine.connect() as connection:
                revision = _revision(connection, path)
            if revision != HEAD:
                _use_wal(engine)
                with writing(engine).begin() as connection:
                    _to_head(connection, revision)
    except Timeout as error:
        raise LedgerProblem(
            f"another process has been preparing the ledger {path} for {PREPARE_SECONDS:.0f} s: "
            f"see which (`fuser {lock}`), let it finish, and try again"
        ) from error
    except OSError as error:
        raise LedgerProblem(
            f"{lock} cannot be made ({error.strerror}): "
            f"make the folder {path.parent} writable, or choose another ledger"
        ) from error
    finally:
        engine.dispose()


def _revision(connection: Connection, path: Path) -> str | None:
    """The revision of the file; None for an empty one."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    revision: str | None = connection.scalar(select(VERSION.c.version_num)) if VERSION.name in tables else None
    if revision is None:
        raise LedgerProblem(f"{path} is a database of another program, not a ledger: choose another file")
    if revision not in REVISIONS:
        raise LedgerProblem(
            f"the ledger {path} was written by a newer lithify (schema {revision}, this one knows up to {HEAD}): "
            "upgrade lithify, or choose another ledger"
        )
    return revision


def _use_wal(engine: Engine) -> None:
    """Write-ahead logging, a lasting property of the file; it cannot be set inside a transaction."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _to_head(connection: Connection, revision: str | None) -> None:
    """Make or upgrade the schema, in the transaction of connection: all of it or nothing."""
    if revision is None:
        # the same as running every migration (tests/ledger/test_schema.py), without importing alembic
        METADATA.create_all(connection)
        VERSION.create(connection)
        connection.execute(VERSION.insert().values(version_num=HEAD))
    else:
        upgrade(connection, HEAD)


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, in the transaction of connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "lithify.ledger:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
