"""Weeks that are submitted and approved, and locked meanwhile"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_LOCKED = "state in ('submitted', 'approved')"
# Entries of a person do not wait for each other here, only for a week of theirs that is being locked: of an entry and a
# submission at once, the later one sees the earlier one's commit, whatever else the two forgot to lock.
_ENTRIES = (
    """
create function time_entries_in_open_weeks() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(
        hashtextextended('weeks/' || coalesce(new.person_id, old.person_id)::text, 0)
    );
    if tg_op <> 'INSERT' and not old.deleted and exists (
        select from timesheets
        where workspace_id = old.workspace_id and person_id = old.person_id and state in ('submitted', 'approved')
          and ends_at > old.started_at and (old.ended_at is null or starts_at < old.ended_at)
    )
    or tg_op <> 'DELETE' and not new.deleted and exists (
        select from timesheets
        where workspace_id = new.workspace_id and person_id = new.person_id and state in ('submitted', 'approved')
          and ends_at > new.started_at and (new.ended_at is null or starts_at < new.ended_at)
    ) then
        raise exception 'the entry shares time with a week that is submitted or approved'
            using errcode = 'check_violation', table = 'time_entries', constraint = 'time_entries_in_open_weeks';
    end if;
    return coalesce(new, old);
end
$$
    """,
    """
create trigger time_entries_in_open_weeks before insert or update or delete on time_entries
    for each row execute function time_entries_in_open_weeks()
    """,
    """
create function timesheets_wait_for_entries() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('weeks/' || new.person_id::text, 0));
    return new;
end
$$
    """,
    """
create trigger timesheets_wait_for_entries before insert or update on timesheets
    for each row when (new.state in ('submitted', 'approved')) execute function timesheets_wait_for_entries()
    """,
)


def upgrade() -> None:
    op.create_table(
        "timesheets",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        _instant("starts_at"),
        _instant("ends_at"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("totals", postgresql.JSONB(), nullable=False),
        _instant("submitted_at"),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("timesheets_pk")),
        sa.UniqueConstraint(
            "workspace_id", "person_id", "week", name=op.f("timesheets_workspace_id_person_id_week_key")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("timesheets_workspace_id_person_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "decided_by"],
            ["people.workspace_id", "people.id"],
            name=op.f("timesheets_workspace_id_decided_by_fk"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'submitted', 'approved', 'returned')", name=op.f("timesheets_state_is_known")
        ),
        sa.CheckConstraint("extract(isodow from week) = 1", name=op.f("timesheets_week_is_a_monday")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("timesheets_ends_after_it_starts")),
        sa.CheckConstraint(
            "(state in ('approved', 'returned')) = (decided_by is not null)"
            " and (decided_by is null) = (decided_at is null)",
            name=op.f("timesheets_decisions_have_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' or reason <> ''", name=op.f("timesheets_returned_for_a_reason")
        ),
        postgresql.ExcludeConstraint(
            (sa.text("workspace_id"), "="),
            (sa.text("person_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at, '[)')"), "&&"),
            where=sa.text(_LOCKED),
            using="gist",
            name="timesheets_never_overlap",
        ),
    )
    op.create_index(
        "timesheets_locked",
        "timesheets",
        ["workspace_id", "person_id", "ends_at"],
        postgresql_where=sa.text(_LOCKED),
    )
    op.create_index(
        "timesheets_waiting",
        "timesheets",
        ["workspace_id", "submitted_at"],
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.execute("alter table timesheets enable row level security")
    op.execute("alter table timesheets force row level security")
    op.execute(f"create policy tenant on timesheets using (workspace_id = {_THIS_WORKSPACE})")
    for statement in _ENTRIES:
        op.execute(statement)

    op.add_column("surfaces", sa.Column("timesheet_id", sa.Uuid(), nullable=True))
    op.create_index(
        "surfaces_timesheet_idx",
        "surfaces",
        ["workspace_id", "timesheet_id"],
        postgresql_where=sa.text("timesheet_id is not null"),
    )
    op.drop_constraint(op.f("surfaces_kind_is_known"), "surfaces", type_="check")
    op.create_check_constraint(
        op.f("surfaces_kind_is_known"),
        "surfaces",
        "case kind when 'entry' then entry_id is not null when 'day' then day is not null"
        " when 'week' then timesheet_id is not null else kind = 'home' end",
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
