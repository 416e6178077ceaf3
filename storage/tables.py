"""The tables. Every key starts with the workspace; what must hold is a constraint, not a habit of the code."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)


def _instant(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    default = func.clock_timestamp() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def _id() -> Column[object]:
    return Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid())


def _workspace(*, checked: bool = False) -> Column[object]:
    """`checked` is for people and projects, which everything else refers to. A check on each entry and act would
    make every transaction of a workspace lock its one row."""
    return Column("workspace_id", Uuid, *([ForeignKey("workspaces.id")] if checked else []), nullable=False)


def _of_person(*, name: str = "person_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace_id", name], ["people.workspace_id", "people.id"])


workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("enterprise_id", Text, nullable=False, server_default=""),
    Column("team_id", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    _instant("created_at", now=True),
    UniqueConstraint("enterprise_id", "team_id"),
)

people = Table(
    "people",
    metadata,
    _workspace(checked=True),
    _id(),
    Column("slack_user_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("locale", Text, nullable=False, server_default=""),
    Column("email", Text),
    Column("digest_on", Boolean, nullable=False, server_default=text("true")),
    Column("digest_at", Time, nullable=False, server_default="18:00"),
    Column("digest_daily", Boolean, nullable=False, server_default=text("false")),
    # The next digest as the domain computed it; null while digests are off. Ticks read nothing else.
    Column("next_digest_on", Date),
    _instant("next_digest_at", nullable=True),
    _instant("created_at", now=True),
    _instant("updated_at", now=True),
    Column("role", Text, nullable=False, server_default="member"),
    # An owner or admin of the Slack workspace, as Slack says it.
    Column("slack_admin", Boolean, nullable=False, server_default=text("false")),
    # The key of the act by which they came to be known, empty where it was none of theirs: it is answered with a
    # greeting, however often it is delivered.
    Column("met_by", Text, nullable=False, server_default=""),
    Column("remind_at", Time),
    Column("next_reminder_on", Date),
    _instant("next_reminder_at", nullable=True),
    # ISO weekdays, Monday is 1; and what is wanted on each of them.
    Column("working_days", ARRAY(Integer), nullable=False, server_default=text("'{1,2,3,4,5}'")),
    Column("target", Interval, nullable=False, server_default="8 hours"),
    Column("weekly_on", Boolean, nullable=False, server_default=text("true")),
    Column("team_weekly_on", Boolean, nullable=False, server_default=text("false")),
    # Where the team's week is said; to its lead alone where it is null.
    Column("team_weekly_channel", Text),
    # The Monday of the week that is looked back on next, and when.
    Column("next_week_on", Date),
    _instant("next_week_at", nullable=True),
    # Slack's word for why nothing reaches them any more.
    Column("unreachable", Text),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "slack_user_id"),
    CheckConstraint("role in ('member', 'lead', 'admin')", name="role_is_known"),
    CheckConstraint("working_days <@ '{1,2,3,4,5,6,7}'", name="working_days_are_weekdays"),
    CheckConstraint("target between '0 hours' and '24 hours'", name="target_fits_a_day"),
)
Index("people_email_idx", people.c.workspace_id, people.c.email)  # stored in lower case
Index(
    "people_next_digest_at_idx",
    people.c.next_digest_at,
    postgresql_where=people.c.next_digest_at.is_not(None),
)

Index(
    "people_next_reminder_at_idx",
    people.c.next_reminder_at,
    postgresql_where=people.c.next_reminder_at.is_not(None),
)

Index("people_next_week_at_idx", people.c.next_week_at, postgresql_where=people.c.next_week_at.is_not(None))

projects = Table(
    "projects",
    metadata,
    _workspace(checked=True),
    _id(),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("owner_id", Uuid),
    _instant("archived_at", nullable=True),
    _instant("created_at", now=True),
    _instant("updated_at", now=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "slug"),
    _of_person(name="owner_id"),
)

time_entries = Table(
    "time_entries",
    metadata,
    _workspace(),
    _id(),
    Column("person_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("note", Text, nullable=False, server_default=""),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    _instant("started_at"),
    _instant("ended_at", nullable=True),
    Column("zone", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    _instant("created_at", now=True),
    _instant("updated_at", now=True),
    # Where it came from, for a person to go back to: the permalink of a message.
    Column("link", Text),
    # Ended because nobody answered, until its person says what is true.
    Column("unconfirmed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("workspace_id", "id"),
    _of_person(),
    ForeignKeyConstraint(["workspace_id", "project_id"], ["projects.workspace_id", "projects.id"]),
    CheckConstraint("ended_at > started_at", name="ends_after_it_starts"),
    # So "ended_at is null" alone means that it runs, and the small index below answers it.
    CheckConstraint("ended_at is not null or not deleted", name="nothing_deleted_runs"),
    CheckConstraint("not unconfirmed or ended_at is not null", name="only_what_ended_is_unconfirmed"),
    ExcludeConstraint(
        (text("workspace_id"), "="),
        (text("person_id"), "="),
        (text("tstzrange(started_at, ended_at, '[)')"), "&&"),
        where=text("not deleted"),
        using="gist",
        name="time_entries_never_overlap",
    ),
)
Index(
    "time_entries_one_running",
    time_entries.c.workspace_id,
    time_entries.c.person_id,
    unique=True,
    postgresql_where=text("ended_at is null"),
)
Index(
    "time_entries_by_start",
    time_entries.c.workspace_id,
    time_entries.c.person_id,
    time_entries.c.started_at,
    postgresql_include=["ended_at", "project_id"],
)
Index(
    "time_entries_external",
    time_entries.c.workspace_id,
    time_entries.c.person_id,
    time_entries.c.external_id,
    unique=True,
    postgresql_where=text("external_id is not null and not deleted"),
)

Index(
    "time_entries_unconfirmed",
    time_entries.c.workspace_id,
    time_entries.c.person_id,
    postgresql_where=text("unconfirmed and not deleted"),
)

# What the clock knows of a running timer: when it looks next, what it asked, when the person said "keep".
timer_watches = Table(
    "timer_watches",
    metadata,
    _workspace(),
    Column("entry_id", Uuid, nullable=False),
    _instant("due_at"),
    _instant("asked_at", nullable=True),
    _instant("kept_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "entry_id"),
    ForeignKeyConstraint(["workspace_id", "entry_id"], ["time_entries.workspace_id", "time_entries.id"]),
)
Index("timer_watches_due_at_idx", timer_watches.c.due_at)

# A week of a person that was submitted. While it is submitted or approved, the trigger time_entries_in_open_weeks
# refuses every change of an entry that shares time with it; `totals` are what was submitted.
timesheets = Table(
    "timesheets",
    metadata,
    _workspace(),
    _id(),
    Column("person_id", Uuid, nullable=False),
    Column("week", Date, nullable=False),
    _instant("starts_at"),
    _instant("ends_at"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("totals", JSONB, nullable=False),
    _instant("submitted_at"),
    Column("decided_by", Uuid),
    _instant("decided_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "person_id", "week"),
    _of_person(),
    _of_person(name="decided_by"),
    CheckConstraint("state in ('open', 'submitted', 'approved', 'returned')", name="state_is_known"),
    CheckConstraint("extract(isodow from week) = 1", name="week_is_a_monday"),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    CheckConstraint(
        "(state in ('approved', 'returned')) = (decided_by is not null)"
        " and (decided_by is null) = (decided_at is null)",
        name="decisions_have_somebody",
    ),
    CheckConstraint("state <> 'returned' or reason <> ''", name="returned_for_a_reason"),
    # Nobody's second is approved twice, whatever zones they moved between.
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

# The project that is meant in a channel when none is named.
channels = Table(
    "channels",
    metadata,
    _workspace(),
    Column("slack_channel_id", Text, nullable=False),
    _id(),
    Column("project_id", Uuid, nullable=False),
    _instant("updated_at", now=True),
    PrimaryKeyConstraint("workspace_id", "slack_channel_id"),
    ForeignKeyConstraint(["workspace_id", "project_id"], ["projects.workspace_id", "projects.id"]),
)

# What is shown in Slack and rewritten when it changes: an entry's card, a day's digest, a week's card, a person's Home.
# A message that only its person sees is reached by the address that came with it, others by channel and timestamp.
surfaces = Table(
    "surfaces",
    metadata,
    _workspace(),
    _id(),
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
    _instant("expires_at", nullable=True),
    _instant("due_at", nullable=True),
    Column("lease", Uuid),
    # Changed again while somebody holds the lease.
    Column("dirty", Boolean, nullable=False, server_default=text("false")),
    Column("timesheet_id", Uuid),
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
Index("surfaces_person_idx", surfaces.c.workspace_id, surfaces.c.slack_user_id)
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
Index("surfaces_expires_idx", surfaces.c.expires_at, postgresql_where=text("expires_at is not null"))

acts = Table(
    "acts",
    metadata,
    _workspace(),
    Column("key", Text, nullable=False),
    _id(),
    Column("source", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("result", JSONB),
    # A digest of what was asked for, where whoever asks makes up the key.
    Column("request", LargeBinary),
    _instant("at", now=True),
    PrimaryKeyConstraint("workspace_id", "key"),
)
Index("acts_at_idx", acts.c.at)

history = Table(
    "history",
    metadata,
    _workspace(),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("change", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("act_id", Uuid, nullable=False),
    Column("actor", Text, nullable=False),
    Column("source", Text, nullable=False),
    _instant("at"),
    # The act that this one took back: so that nothing is taken back twice, whatever the entry looks like by then.
    Column("undoes", Uuid),
    PrimaryKeyConstraint("workspace_id", "number"),
)
Index("history_subject_idx", history.c.workspace_id, history.c.subject_id)
Index("history_act_idx", history.c.workspace_id, history.c.act_id)
Index("history_actor_idx", history.c.workspace_id, history.c.actor, history.c.number)
Index(
    "history_undoes_idx",
    history.c.workspace_id,
    history.c.undoes,
    postgresql_where=text("undoes is not null"),
)

messages = Table(
    "messages",
    metadata,
    _workspace(),
    _id(),
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    _instant("due_at"),
    Column("lease", Uuid),
    _instant("leased_until", nullable=True),
    _instant("tried_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("slack_channel", Text),
    Column("slack_ts", Text),
    Column("problem", Text),
    _instant("created_at", now=True),
    _instant("sent_at", nullable=True),
    # Somebody has just asked for it: it leaves before what falls due for a crowd.
    Column("asked", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "key"),
    _of_person(),
    CheckConstraint("status in ('waiting', 'sent', 'failed', 'canceled')", name="status_is_known"),
    # Who is not in Slack is never written to (domain.people.reachable).
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
    _workspace(),
    Column("method", Text, nullable=False),
    Column("a_minute", Integer, nullable=False),
    _instant("next_at"),
    _instant("closed_until"),
    Column("stopped", Text),
    PrimaryKeyConstraint("workspace_id", "method"),
    CheckConstraint("a_minute > 0", name="a_minute_is_positive"),
    postgresql_with={"fillfactor": 50},
)

digests = Table(
    "digests",
    metadata,
    _workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    _instant("due_at"),
    Column("outcome", Text, nullable=False),
    Column("message_id", Uuid),
    _instant("created_at", now=True),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    _of_person(),
    ForeignKeyConstraint(["workspace_id", "message_id"], ["messages.workspace_id", "messages.id"]),
    CheckConstraint("outcome in ('queued', 'nothing_tracked', 'too_late')", name="outcome_is_known"),
)

# A day of which its person said that it is true, in the state that it was in. Who takes that back has no row; history
# has both.
confirmed_days = Table(
    "confirmed_days",
    metadata,
    _workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    _instant("confirmed_at"),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    _of_person(),
)

days_off = Table(
    "days_off",
    metadata,
    _workspace(),
    Column("person_id", Uuid, nullable=False),
    Column("local_date", Date, nullable=False),
    PrimaryKeyConstraint("workspace_id", "person_id", "local_date"),
    _of_person(),
)

# Addresses for webhooks that people made. A delivery finds its workspace by the id alone.
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    _workspace(),
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("made_by", Uuid, nullable=False),
    _instant("made_at"),
    _instant("disconnected_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("id"),
    _of_person(name="made_by"),
)
Index(
    "webhook_endpoints_one_of_a_name",
    webhook_endpoints.c.workspace_id,
    func.lower(webhook_endpoints.c.name),
    unique=True,
    postgresql_where=text("disconnected_at is null"),
)

# Sealed (tracking.sealing). One stays until it is replaced, and is accepted until `ends_at` then.
webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    _workspace(),
    _id(),
    Column("endpoint_id", Uuid, nullable=False),
    Column("sealed", Text, nullable=False),
    _instant("made_at"),
    _instant("ends_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    ForeignKeyConstraint(
        ["workspace_id", "endpoint_id"], ["webhook_endpoints.workspace_id", "webhook_endpoints.id"]
    ),
)
Index(
    "webhook_secrets_one_stays",
    webhook_secrets.c.workspace_id,
    webhook_secrets.c.endpoint_id,
    unique=True,
    postgresql_where=text("ends_at is null"),
)
Index("webhook_secrets_endpoint_idx", webhook_secrets.c.workspace_id, webhook_secrets.c.endpoint_id)

# Each signed delivery once, with what became of it: one that was refused may be accepted later, never the reverse.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    _workspace(),
    Column("endpoint", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("act_id", Uuid),
    _instant("received_at"),
    Column("outcome", Text, nullable=False, server_default="accepted"),
    Column("problem", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("workspace_id", "endpoint", "delivery_id"),
    CheckConstraint(
        "case outcome when 'accepted' then act_id is not null else outcome = 'refused' end",
        name="outcome_is_known",
    ),
)
Index(
    "webhook_deliveries_lately",
    webhook_deliveries.c.workspace_id,
    webhook_deliveries.c.endpoint,
    webhook_deliveries.c.received_at,
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _workspace(),
    _id(),
    Column("person_id", Uuid, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("last4", Text, nullable=False),
    _instant("created_at", now=True),
    _instant("last_used_at", nullable=True),
    _instant("revoked_at", nullable=True),
    Column("name", Text, nullable=False, server_default="slack"),
    # Those from before there were scopes were given out for reading.
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{read}'")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("hash"),
    _of_person(),
)
Index(
    "api_tokens_one_live",
    api_tokens.c.workspace_id,
    api_tokens.c.person_id,
    api_tokens.c.name,
    unique=True,
    postgresql_where=text("revoked_at is null"),
)

# Who logs in with an address and a password. It stays where it was signed up for, in a workspace of its own.
accounts = Table(
    "accounts",
    metadata,
    _workspace(checked=True),
    _id(),
    Column("person_id", Uuid, nullable=False),
    # In lower case, and one account's only: the one thing that is unique in all workspaces together.
    Column("email", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    _instant("password_changed_at"),
    _instant("created_at"),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("email"),
    _of_person(),
)

sessions = Table(
    "sessions",
    metadata,
    _workspace(),
    _id(),
    Column("account_id", Uuid, nullable=False),
    # Where it was opened from, as a keyed hash: only good for recognizing the same address again.
    Column("address", LargeBinary, nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("ended_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("id"),
    ForeignKeyConstraint(["workspace_id", "account_id"], ["accounts.workspace_id", "accounts.id"]),
)
Index("sessions_account_idx", sessions.c.workspace_id, sessions.c.account_id)
Index("sessions_expires_at_idx", sessions.c.expires_at)

# Each is used once, and gives the next; only hashes are here. One that comes back ends its session.
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    _workspace(),
    Column("hash", LargeBinary, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("parent", LargeBinary),
    _instant("created_at"),
    _instant("used_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "hash"),
    UniqueConstraint("hash"),
    ForeignKeyConstraint(
        ["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"], ondelete="CASCADE"
    ),
)
Index("refresh_tokens_session_idx", refresh_tokens.c.workspace_id, refresh_tokens.c.session_id)

# A code that joins an account to a person in Slack; only its hash is here. It works until `expires_at`, for one
# account.
link_codes = Table(
    "link_codes",
    metadata,
    _workspace(),
    Column("hash", LargeBinary, nullable=False),
    Column("person_id", Uuid, nullable=False),
    _instant("expires_at"),
    Column("used_by", Uuid),
    PrimaryKeyConstraint("workspace_id", "hash"),
    UniqueConstraint("hash"),
    _of_person(),
)
Index("link_codes_person_idx", link_codes.c.workspace_id, link_codes.c.person_id)
Index("link_codes_expires_at_idx", link_codes.c.expires_at)

# Whose bearer an account of another workspace is: this row alone moves it, and it is this workspace's.
account_links = Table(
    "account_links",
    metadata,
    _workspace(),
    Column("account_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    _instant("created_at"),
    PrimaryKeyConstraint("workspace_id", "account_id"),
    UniqueConstraint("account_id"),
    _of_person(),
)

# How often something was asked for, by a hash of what: nobody's data, and before anybody's workspace is known. Losing
# it in a crash only forgives, so it is not logged.
rates = Table(
    "rates",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    _instant("full_at"),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": 50},
)

# Files that were dropped to be imported: the bytes are kept until their person has decided.
imports = Table(
    "imports",
    metadata,
    _workspace(),
    Column("id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary),
    Column("outcome", Text),
    _instant("created_at"),
    PrimaryKeyConstraint("workspace_id", "id"),
    _of_person(),
    CheckConstraint("outcome in ('imported', 'canceled')", name="outcome_is_known"),
    CheckConstraint("(content is null) = (outcome is not null)", name="kept_until_it_is_settled"),
)
Index("imports_created_at_idx", imports.c.created_at)

# What the service may do to each table. It owns none of them, and history can only grow.
PRIVILEGES = {
    "workspaces": "select, insert, update",
    "people": "select, insert, update",
    "projects": "select, insert, update, delete",
    "time_entries": "select, insert, update",
    "timesheets": "select, insert, update",
    "timer_watches": "select, insert, update, delete",
    "channels": "select, insert, update, delete",
    "surfaces": "select, insert, update, delete",
    "acts": "select, insert, update, delete",
    "history": "select, insert",
    "messages": "select, insert, update",
    "lanes": "select, insert, update",
    "digests": "select, insert, update",
    "confirmed_days": "select, insert, update, delete",
    "days_off": "select, insert, delete",
    "webhook_endpoints": "select, insert, update",
    "webhook_secrets": "select, insert, update, delete",
    "webhook_deliveries": "select, insert, update",
    "api_tokens": "select, insert, update",
    "accounts": "select, insert, update",
    "sessions": "select, insert, update, delete",
    "refresh_tokens": "select, insert, update",
    "link_codes": "select, insert, update, delete",
    "account_links": "select, insert",
    "rates": "select, insert, update, delete",
    "imports": "select, insert, update, delete",
    "alembic_version": "select",
}
