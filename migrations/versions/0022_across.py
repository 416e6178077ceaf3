"""Attempts that came to nothing are counted, kinds are known without content, and jobs may fail for one row"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"
_NAME_KINDS = """
    update messages set kind =
    case when content ? 'kind' then content->>'kind' when content ? 'import_id' then 'import'
         when content ? 'entry_id' then 'card' when content ? 'text' then 'text' else 'unknown' end
    where status in ('waiting', 'failed')
"""


def upgrade() -> None:
    for table in ("messages", "surfaces"):
        op.add_column(
            table, sa.Column("unfinished", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    op.add_column("messages", sa.Column("kind", sa.Text(), nullable=False, server_default="unknown"))
    op.add_column("surfaces", sa.Column("given_up_at", sa.DateTime(timezone=True)))
    op.create_index(
        "surfaces_given_up_idx",
        "surfaces",
        ["given_up_at"],
        postgresql_where=sa.text("given_up_at is not null"),
    )
    # Only of what operators may still ask about: a table of years is not written anew.
    op.execute("alter table messages no force row level security")
    op.execute(_NAME_KINDS)
    op.execute("alter table messages force row level security")
    op.create_table(
        "job_failures",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace_id", "job", "subject", name=op.f("job_failures_pk")),
    )
    op.create_index("job_failures_last_at_idx", "job_failures", ["last_at"])
    op.execute("alter table job_failures enable row level security")
    op.execute("alter table job_failures force row level security")
    op.execute(f"create policy tenant on job_failures using (workspace_id = {_THIS_WORKSPACE})")
    for right in ("select", "delete"):
        op.execute(f"create policy across_{right} on job_failures for {right} using ({_ACROSS})")
