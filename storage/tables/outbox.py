"""Tables of the outbox: messages for Slack, live messages, Slack's rate limits, digests and failures of jobs."""

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

# Live messages, which are rewritten when what they show changes: the card of an entry, the digest of a day, the card of
# a week, a person's Home tab. Ephemeral ones are rewritten by their response URL, others by channel and timestamp.
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
    # A digest of the content that was sent last, so that the same content is not sent again.
    Column("shown", LargeBinary),
    instant("expires_at", nullable=True),
    instant("due_at", nullable=True),
    Column("lease", Uuid),
    # Whether its content changed again while it was leased.
    Column("dirty", Boolean, nullable=False, server_default=text("false")),
    Column("timesheet_id", Uuid),
    # The number of claims since the last attempt that had an outcome, and the instant at which it was given up.
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
    # Whether a person waits for it. Such messages are sent before scheduled ones.
    Column("asked", Boolean, nullable=False, server_default=text("false")),
    # The kind of message, for operators, who should not read its content.
    Column("kind", Text, nullable=False, server_default="unknown"),
    # The number of claims since the last attempt that had an outcome. It also counts claims of processes that died.
    Column("unfinished", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "key"),
    of_person(),
    CheckConstraint("status in ('waiting', 'sent', 'failed', 'canceled')", name="status_is_known"),
    # People who are not in Slack get no messages (domain.identity.people.is_slack_id).
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

# Slack's rate limits per workspace and method. `next_at` comes from our own limit, `closed_until` from Slack's
# Retry-After. `stopped` is Slack's error code that forbids all calls in the workspace.
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

# Failures of scheduled jobs, per person or timer. The work is postponed a few times and then given up. `problem` is the
# error's type and its reference in the log.
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
