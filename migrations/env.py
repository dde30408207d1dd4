"""How Alembic meets the app: the models' metadata, the app's engine, one transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from pwa.storage import database


def render_plainly(kind: str, item: Any, _autogen: object) -> str | bool:
    """Writes our own column types down as what the database sees, so that old migrations need none of our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_plainly,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
