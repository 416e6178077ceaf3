"""What leaves for Slack, and what stands there."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.tables.columns import identity, instant, metadata, of_person, workspace

# What is shown in Slack and rewritten when it changes: an entry's card, a day's digest, a week's card, a person's Home.
# A message that only its person sees is reached by the address that came with it, others by channel and timestamp.
surfaces = Table(
    "surfaces",
    metadata,
    workspace(),
    identity(),
    Column("slack_user_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entry_id", Uuid),
    Column("day", Date),
    Column("slack_channel", Text),
    Column("slack_ts", Text),
    Column("response_url", Text),
    Column("uses", Integer, nullable=False, server_default=text("0")),
    # A digest of what was written there last: what says the same is not sent again.
    Column("shown", LargeBinary),
    instant("expires_at", nullable=True),
    instant("due_at", nullable=True),
    Column("lease", Uuid),
    # Changed again while somebody holds the lease.
    Column("dirty", Boolean, nullable=False, server_default=text("false")),
    Column("timesheet_id", Uuid),
    # How often it was claimed since something came of it; and when it was given up.
    Column("unfinished", Integer, nullable=False, server_default=text("0")),
    instant("given_up_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    CheckConstraint(
        "case when kind in ('entry', 'question') then entry_id is not null when kind = 'day' then day is not null"
        " when kind = 'week' then timesheet_id is not null else kind = 'home' end",
        name="kind_is_known",
    ),
)
Index(
    "surfaces_timesheet_idx",
    surfaces.c.workspace_id,
    surfaces.c.timesheet_id,
    postgresql_where=text("timesheet_id is not null"),
)
Index("surfaces_of_day", surfaces.c.workspace_id, surfaces.c.slack_user_id, surfaces.c.day)
Index(
    "surfaces_of_entry",
    surfaces.c.workspace_id,
    surfaces.c.entry_id,
    postgresql_where=text("entry_id is not null"),
)
Index(
    "surfaces_one_home",
    surfaces.c.workspace_id,
    surfaces.c.slack_user_id,
    unique=True,
    postgresql_where=text("kind = 'home'"),
)
Index(
    "surfaces_due_idx",
    surfaces.c.workspace_id,
    surfaces.c.due_at,
    postgresql_where=text("due_at is not null"),
)
Index("surfaces_given_up_idx", surfaces.c.given_up_at, postgresql_where=text("given_up_at is not null"))
Index("surfaces_expires_idx", surfaces.c.expires_at, postgresql_where=text("expires_at is not null"))

messages = Table(
    "messages",
    metadata,
    workspace(),
    identity(),
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    instant("due_at"),
    Column("lease", Uuid),
    instant("leased_until", nullable=True),
    instant("tried_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("slack_channel", Text),
    Column("slack_ts", Text),
    Column("problem", Text),
    instant("created_at", now=True),
    instant("sent_at", nullable=True),
    # Somebody has just asked for it: it leaves before what falls due for a crowd.
    Column("asked", Boolean, nullable=False, server_default=text("false")),
    # What it is, for operators, who are to read no content.
    Column("kind", Text, nullable=False, server_default="unknown"),
    # How often it was claimed since something came of it: whoever dies in the middle has been counted.
    Column("unfinished", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "key"),
    of_person(),
    CheckConstraint("status in ('waiting', 'sent', 'failed', 'canceled')", name="status_is_known"),
    # Who is not in Slack is never written to (domain.identity.people.reachable).
    CheckConstraint("channel not like 'account:%'", name="channel_is_in_slack"),
)
_waiting = text("status = 'waiting'")
Index(
    "messages_due_idx",
    messages.c.workspace_id,
    messages.c.asked,
    messages.c.due_at,
    postgresql_where=_waiting,
)
Index("messages_channel_idx", messages.c.workspace_id, messages.c.channel, postgresql_where=_waiting)
Index("messages_sent_idx", messages.c.workspace_id, messages.c.channel, messages.c.sent_at)
Index("messages_failed_idx", messages.c.created_at, postgresql_where=text("status = 'failed'"))

# How fast a workspace may be called, method by method. `next_at` is our own pace, `closed_until` what Slack asked for
# with Retry-After; `stopped` is its word for why nothing is tried any more.
lanes = Table(
    "lanes",
    metadata,
    workspace(),
    Column("method", Text, nullable=False),
    Column("a_minute", Integer, nullable=False),
    instant("next_at"),
    instant("closed_until"),
    Column("stopped", Text),
    PrimaryKeyConstraint("workspace_id", "method"),
    CheckConstraint("a_minute > 0", name="a_minute_is_positive"),
    postgresql_with={"fillfactor": 50},
)

digests = Table(
    "digests",
    metadata,
    workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    instant("due_at"),
    Column("outcome", Text, nullable=False),
    Column("message_id", Uuid),
    instant("created_at", now=True),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    of_person(),
    ForeignKeyConstraint(["workspace_id", "message_id"], ["messages.workspace_id", "messages.id"]),
    CheckConstraint("outcome in ('queued', 'nothing_tracked', 'too_late')", name="outcome_is_known"),
)

# What the clock could not do for one person or timer: set back a few times, and then given up. `problem` is the error's
# type and its reference in the log.
job_failures = Table(
    "job_failures",
    metadata,
    workspace(),
    Column("job", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    instant("last_at"),
    instant("given_up_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "job", "subject"),
)
Index("job_failures_last_at_idx", job_failures.c.last_at)
