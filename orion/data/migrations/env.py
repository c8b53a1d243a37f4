"""Alembic's environment for every history: the engine's and each module's, told apart by `attributes`."""

from alembic import context

from orion.data.tables import metadata

options = context.config.attributes["orion"]

context.configure(target_metadata=metadata, transactional_ddl=True, render_as_batch=True, **options)
with context.begin_transaction():
    context.run_migrations()
