"""How fast each workspace may be called, and who can not be reached"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "lanes",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("a_minute", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "method", name=op.f("lanes_pk")),
        sa.CheckConstraint("a_minute > 0", name=op.f("lanes_a_minute_is_positive")),
        postgresql_with={"fillfactor": 50},
    )
    op.execute("alter table lanes enable row level security")
    op.execute("alter table lanes force row level security")
    op.execute(f"create policy tenant on lanes using (workspace_id = {_THIS_WORKSPACE})")
    op.execute(f"create policy across on lanes using ({_ACROSS})")
    op.add_column(
        "messages", sa.Column("asked", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("people", sa.Column("unreachable", sa.Text(), nullable=True))
    waiting = sa.text("status = 'waiting'")
    op.drop_index("messages_due_idx", "messages")
    op.create_index(
        "messages_due_idx", "messages", ["workspace_id", "asked", "due_at"], postgresql_where=waiting
    )
    op.create_index("messages_channel_idx", "messages", ["workspace_id", "channel"], postgresql_where=waiting)
    op.create_index("messages_sent_idx", "messages", ["workspace_id", "channel", "sent_at"])
    op.create_index(
        "messages_failed_idx", "messages", ["created_at"], postgresql_where=sa.text("status = 'failed'")
    )
    op.drop_index("surfaces_due_idx", "surfaces")
    op.create_index(
        "surfaces_due_idx",
        "surfaces",
        ["workspace_id", "due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )
