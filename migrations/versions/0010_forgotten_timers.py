"""Forgotten timers: what the clock knows of them, and entries that were ended without an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"


def upgrade() -> None:
    op.add_column(
        "time_entries",
        sa.Column("unconfirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(
        op.f("time_entries_only_what_ended_is_unconfirmed"),
        "time_entries",
        "not unconfirmed or ended_at is not null",
    )
    op.create_index(
        "time_entries_unconfirmed",
        "time_entries",
        ["workspace_id", "person_id"],
        postgresql_where=sa.text("unconfirmed and not deleted"),
    )
    op.create_table(
        "timer_watches",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "entry_id", name=op.f("timer_watches_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "entry_id"],
            ["time_entries.workspace_id", "time_entries.id"],
            name=op.f("timer_watches_workspace_id_entry_id_fk"),
        ),
    )
    op.create_index("timer_watches_due_at_idx", "timer_watches", ["due_at"])
    # What runs already is looked at as well.
    op.execute("alter table time_entries no force row level security")
    op.execute(
        "insert into timer_watches (workspace_id, entry_id, due_at)"
        " select workspace_id, id, clock_timestamp() from time_entries where ended_at is null"
    )
    op.execute("alter table time_entries force row level security")
    op.execute("alter table timer_watches enable row level security")
    op.execute("alter table timer_watches force row level security")
    op.execute(f"create policy tenant on timer_watches using (workspace_id = {_THIS_WORKSPACE})")
    op.execute(f"create policy across_select on timer_watches for select using ({_ACROSS})")
    op.execute(f"create policy across_update on timer_watches for update using ({_ACROSS})")
    op.drop_constraint(op.f("surfaces_kind_is_known"), "surfaces")
    op.create_check_constraint(
        op.f("surfaces_kind_is_known"),
        "surfaces",
        "case when kind in ('entry', 'question') then entry_id is not null when kind = 'day' then day is not null"
        " when kind = 'week' then timesheet_id is not null else kind = 'home' end",
    )
