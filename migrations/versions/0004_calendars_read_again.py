"""Calendars that are read again

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("etag", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_busy_calendar_due_at"), ["due_at"], unique=False)
