"""Run by Alembic, on the connection that `models.migrations.upgrade` passes."""

from __future__ import annotations

from alembic import context

from models.schema import metadata

config = getattr(context, "config", None)  # absent when a tool merely imports this file
if config is not None:
    context.configure(connection=config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()
