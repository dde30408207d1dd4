"""The ledger

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
        batch_op.create_index("ix_nudge_local_on", ["local_on"], unique=False)

    op.create_table(
        "folded_day",
        sa.Column("local_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("local_on", "kind", "place", name=op.f("pk_folded_day")),
    )
    op.create_table(
        "folded_past",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_folded_past_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parent.id"], name=op.f("fk_folded_past_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folded_past")),
        sa.UniqueConstraint(
            "account_id", "parent_id", "kind", "state", name=op.f("uq_folded_past_account_id_parent_id_kind_state")
        ),
    )
    op.create_table(
        "push_day",
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sent_on", "service", "answer", name=op.f("pk_push_day")),
    )
    with op.batch_alter_table("folded_past", schema=None) as batch_op:
        batch_op.create_index("ix_folded_past_parent_id", ["parent_id"], unique=False)
