"""Tables of days and weeks, and of watches over running timers."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from storage.tables.columns import identity, instant, metadata, of_person, workspace

# Watches over running timers: when to look next, when the person was asked, and when they answered "keep".
timer_watches = Table(
    "timer_watches",
    metadata,
    workspace(),
    Column("entry_id", Uuid, nullable=False),
    instant("due_at"),
    instant("asked_at", nullable=True),
    instant("kept_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "entry_id"),
    ForeignKeyConstraint(["workspace_id", "entry_id"], ["time_entries.workspace_id", "time_entries.id"]),
)
Index("timer_watches_due_at_idx", timer_watches.c.due_at)

# Submitted weeks. While a week is submitted or approved, the trigger time_entries_in_open_weeks refuses every change of
# an entry that shares time with it. `totals` is what was submitted.
timesheets = Table(
    "timesheets",
    metadata,
    workspace(),
    identity(),
    Column("person_id", Uuid, nullable=False),
    Column("week", Date, nullable=False),
    instant("starts_at"),
    instant("ends_at"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("totals", JSONB, nullable=False),
    instant("submitted_at"),
    Column("decided_by", Uuid),
    instant("decided_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "person_id", "week"),
    of_person(),
    of_person(name="decided_by"),
    CheckConstraint("state in ('open', 'submitted', 'approved', 'returned')", name="state_is_known"),
    CheckConstraint("extract(isodow from week) = 1", name="week_is_a_monday"),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    CheckConstraint(
        "(state in ('approved', 'returned')) = (decided_by is not null)"
        " and (decided_by is null) = (decided_at is null)",
        name="decisions_have_somebody",
    ),
    CheckConstraint("state <> 'returned' or reason <> ''", name="returned_for_a_reason"),
    # No instant is submitted twice, even if a person changes their zone.
    ExcludeConstraint(
        (text("workspace_id"), "="),
        (text("person_id"), "="),
        (text("tstzrange(starts_at, ends_at, '[)')"), "&&"),
        where=text("state in ('submitted', 'approved')"),
        using="gist",
        name="timesheets_never_overlap",
    ),
)
Index(
    "timesheets_locked",
    timesheets.c.workspace_id,
    timesheets.c.person_id,
    timesheets.c.ends_at,
    postgresql_where=text("state in ('submitted', 'approved')"),
)
Index(
    "timesheets_waiting",
    timesheets.c.workspace_id,
    timesheets.c.submitted_at,
    postgresql_where=text("state = 'submitted'"),
)

# Days that their person confirmed, with a digest of the entries that they saw. Reopening a day deletes the row; the
# history records both.
confirmed_days = Table(
    "confirmed_days",
    metadata,
    workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    instant("confirmed_at"),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    of_person(),
)

days_off = Table(
    "days_off",
    metadata,
    workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    of_person(),
)
