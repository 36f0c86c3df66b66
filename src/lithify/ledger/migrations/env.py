"""How alembic runs the migrations: on the connection, and in the transaction, that lithify.ledger.schema gives it."""

from __future__ import annotations

from alembic import context

from lithify.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
