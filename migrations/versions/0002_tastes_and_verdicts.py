"""Tastes and verdicts

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taste",
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_right", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name=op.f("fk_taste_parent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("parent_id", name=op.f("pk_taste")),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("idea", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name=op.f("fk_verdict_parent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("parent_id", "idea", name=op.f("uq_verdict_parent_id_idea")),
    )
