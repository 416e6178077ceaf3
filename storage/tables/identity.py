"""Tables of accounts, sessions, tokens, links and quotas."""

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
    # Tokens from before scopes existed can only read.
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

# An account logs in with an e-mail and a password. It always stays in the workspace that was created when it signed up.
accounts = Table(
    "accounts",
    metadata,
    workspace(checked=True),
    identity(),
    Column("person_id", Uuid, nullable=False),
    # In lower case, and unique in all workspaces together.
    Column("email", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    instant("password_changed_at"),
    instant("created_at"),
    # When its last link to a person in Slack ended. Entries from before then have moved already.
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
    # A keyed hash of the network address from which it was opened. It only serves to recognize the address again.
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

# Refresh tokens as hashes. Each is used once, to get the next one. A token that is used again ends its session.
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

# One-time codes, as hashes, that link an account to a person in Slack. They are valid until `expires_at`.
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

# Links of accounts to people in Slack. The row belongs to the person's workspace, the account to another one.
account_links = Table(
    "account_links",
    metadata,
    workspace(),
    Column("account_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    instant("created_at"),
    # The workspace that the account belongs to.
    Column("home_id", Uuid, nullable=False),
    PrimaryKeyConstraint("workspace_id", "account_id"),
    UniqueConstraint("account_id"),
    of_person(),
)

# Quotas, by a hash of the limit and the caller. They are counted before the workspace is known, so they belong to
# no workspace. A crash only resets them, so the table is unlogged.
rates = Table(
    "rates",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    instant("full_at"),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": 50},
)
