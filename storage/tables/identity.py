"""Who may come in through the REST API, and how often."""

from sqlalchemy import (
    ARRAY,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from storage.tables.columns import identity, instant, metadata, of_person, workspace

api_tokens = Table(
    "api_tokens",
    metadata,
    workspace(),
    identity(),
    Column("person_id", Uuid, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("last4", Text, nullable=False),
    instant("created_at", now=True),
    instant("last_used_at", nullable=True),
    instant("revoked_at", nullable=True),
    Column("name", Text, nullable=False, server_default="slack"),
    # Those from before there were scopes were given out for reading.
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{read}'")),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("hash"),
    of_person(),
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
    workspace(checked=True),
    identity(),
    Column("person_id", Uuid, nullable=False),
    # In lower case, and one account's only: the one thing that is unique in all workspaces together.
    Column("email", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    instant("password_changed_at"),
    instant("created_at"),
    # When it last stopped being a person in Slack: what it tracked before has come along already.
    instant("unlinked_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("email"),
    of_person(),
)

sessions = Table(
    "sessions",
    metadata,
    workspace(),
    identity(),
    Column("account_id", Uuid, nullable=False),
    # Where it was opened from, as a keyed hash: only good for recognizing the same address again.
    Column("address", LargeBinary, nullable=False),
    instant("created_at"),
    instant("expires_at"),
    instant("ended_at", nullable=True),
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
    workspace(),
    Column("hash", LargeBinary, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("parent", LargeBinary),
    instant("created_at"),
    instant("used_at", nullable=True),
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
    workspace(),
    Column("hash", LargeBinary, nullable=False),
    Column("person_id", Uuid, nullable=False),
    instant("expires_at"),
    Column("used_by", Uuid),
    PrimaryKeyConstraint("workspace_id", "hash"),
    UniqueConstraint("hash"),
    of_person(),
)
Index("link_codes_person_idx", link_codes.c.workspace_id, link_codes.c.person_id)
Index("link_codes_expires_at_idx", link_codes.c.expires_at)

# Whose bearer an account of another workspace is: this row alone moves it, and it is this workspace's.
account_links = Table(
    "account_links",
    metadata,
    workspace(),
    Column("account_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    instant("created_at"),
    # The workspace in which the account is kept.
    Column("home_id", Uuid, nullable=False),
    PrimaryKeyConstraint("workspace_id", "account_id"),
    UniqueConstraint("account_id"),
    of_person(),
)

# How often something was asked for, by a hash of what: nobody's data, and before anybody's workspace is known. Losing
# it in a crash only forgives, so it is not logged.
rates = Table(
    "rates",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    instant("full_at"),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": 50},
)
