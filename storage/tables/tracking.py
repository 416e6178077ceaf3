"""Tables of workspaces, people, projects and time entries."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Interval,
    LargeBinary,
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

from storage.tables.columns import identity, instant, metadata, of_person, workspace

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("enterprise_id", Text, nullable=False, server_default=""),
    Column("team_id", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    instant("created_at", now=True),
    UniqueConstraint("enterprise_id", "team_id"),
)

people = Table(
    "people",
    metadata,
    workspace(checked=True),
    identity(),
    Column("slack_user_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("locale", Text, nullable=False, server_default=""),
    Column("email", Text),
    Column("digest_on", Boolean, nullable=False, server_default=text("true")),
    Column("digest_at", Time, nullable=False, server_default="18:00"),
    Column("digest_daily", Boolean, nullable=False, server_default=text("false")),
    # When the next digest is due, as computed by the domain, and its date. Null while digests are off.
    Column("next_digest_on", Date),
    instant("next_digest_at", nullable=True),
    instant("created_at", now=True),
    instant("updated_at", now=True),
    Column("role", Text, nullable=False, server_default="member"),
    # Whether Slack says that they are an owner or admin of its workspace.
    Column("slack_admin", Boolean, nullable=False, server_default=text("false")),
    # The key of the operation in which they first appeared. Its answer is a greeting, even if it is repeated. Empty
    # if the operation was another person's.
    Column("met_by", Text, nullable=False, server_default=""),
    Column("remind_at", Time),
    Column("next_reminder_on", Date),
    instant("next_reminder_at", nullable=True),
    # ISO weekdays (Monday is 1), and the target for each of them.
    Column("working_days", ARRAY(Integer), nullable=False, server_default=text("'{1,2,3,4,5}'")),
    Column("target", Interval, nullable=False, server_default="8 hours"),
    Column("weekly_on", Boolean, nullable=False, server_default=text("true")),
    Column("team_weekly_on", Boolean, nullable=False, server_default=text("false")),
    # The channel for the team's weekly summary. Null sends it to the person alone.
    Column("team_weekly_channel", Text),
    # When the next weekly summary is due, and the Monday of its week.
    Column("next_week_on", Date),
    instant("next_week_at", nullable=True),
    # Slack's error code for why messages no longer reach them.
    Column("unreachable", Text),
    # Their standing in the workspace (Standing), and the source of the zone (ZoneSource), both of
    # domain.identity.people.
    Column("standing", Text, nullable=False, server_default="member"),
    Column("zone_from", Text, nullable=False, server_default="slack"),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "slack_user_id"),
    CheckConstraint("role in ('member', 'lead', 'admin')", name="role_is_known"),
    CheckConstraint("working_days <@ '{1,2,3,4,5,6,7}'", name="working_days_are_weekdays"),
    CheckConstraint("target between '0 hours' and '24 hours'", name="target_fits_a_day"),
    CheckConstraint(
        "standing in ('member', 'guest', 'unverified', 'stranger', 'gone')", name="standing_is_known"
    ),
    CheckConstraint("zone_from in ('slack', 'offset', 'person', 'unknown')", name="zone_from_is_known"),
)
Index("people_unverified_idx", people.c.workspace_id, postgresql_where=text("standing = 'unverified'"))
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
    workspace(checked=True),
    identity(),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    # The folded title (domain.projects.project_names.fold_title), by which titles are compared. It is stored
    # because row-level security prevents the use of an index on a function of a column.
    Column("folded_title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("owner_id", Uuid),
    instant("archived_at", nullable=True),
    instant("created_at", now=True),
    instant("updated_at", now=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "slug"),
    UniqueConstraint("workspace_id", "folded_title"),
    of_person(name="owner_id"),
)

# Former titles and slugs of projects, folded, because people still type them. A name that is in use again is
# deleted here.
former_names = Table(
    "former_names",
    metadata,
    workspace(),
    Column("name", Text, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    instant("ended_at"),
    PrimaryKeyConstraint("workspace_id", "name"),
    ForeignKeyConstraint(
        ["workspace_id", "project_id"], ["projects.workspace_id", "projects.id"], ondelete="CASCADE"
    ),
)
Index("former_names_project_idx", former_names.c.workspace_id, former_names.c.project_id)

time_entries = Table(
    "time_entries",
    metadata,
    workspace(),
    identity(),
    Column("person_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("note", Text, nullable=False, server_default=""),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    instant("started_at"),
    instant("ended_at", nullable=True),
    Column("zone", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    instant("created_at", now=True),
    instant("updated_at", now=True),
    # A link to its source: the permalink of a message, or the address of a suggestion.
    Column("link", Text),
    # The entry was ended automatically because its person did not answer, and they have not confirmed the end yet.
    Column("unconfirmed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("workspace_id", "id"),
    of_person(),
    ForeignKeyConstraint(["workspace_id", "project_id"], ["projects.workspace_id", "projects.id"]),
    CheckConstraint("ended_at > started_at", name="ends_after_it_starts"),
    # A deleted entry has an end, so that "ended_at is null" alone finds running entries, by the partial index
    # below.
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

# Projects of channels. They apply if a command in the channel names no project.
channels = Table(
    "channels",
    metadata,
    workspace(),
    Column("slack_channel_id", Text, nullable=False),
    identity(),
    Column("project_id", Uuid, nullable=False),
    instant("updated_at", now=True),
    PrimaryKeyConstraint("workspace_id", "slack_channel_id"),
    ForeignKeyConstraint(["workspace_id", "project_id"], ["projects.workspace_id", "projects.id"]),
)

# Files to import. Their content is stored until their person has decided.
imports = Table(
    "imports",
    metadata,
    workspace(),
    Column("id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary),
    # The person's choices for reading the file: zone, order of dates, person, columns.
    Column("options", JSONB),
    Column("outcome", Text),
    instant("created_at"),
    PrimaryKeyConstraint("workspace_id", "id"),
    of_person(),
    CheckConstraint("outcome in ('imported', 'canceled')", name="outcome_is_known"),
    CheckConstraint("(content is null) = (outcome is not null)", name="kept_until_it_is_settled"),
)
Index("imports_created_at_idx", imports.c.created_at)
