"""The ledger

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recovered", sa.Integer(), nullable=False, server_default="0"))
        for state, column in (("scheduled", "due_at"), ("leased", "lease_until")):
            condition = sa.text(f"state = '{state}'")
            batch_op.create_index(
                f"ix_nudge_{state}_{column}",
                [column],
                unique=False,
                sqlite_where=condition,
                postgresql_where=condition,
            )
        batch_op.drop_index("ix_nudge_open_due_at")
