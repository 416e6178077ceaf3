"""Accounts of the REST API: sessions, refresh tokens, rates"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"
# Whose address, session or refresh token it is; and what has ended so long ago that it can be forgotten.
_OPEN_ACROSS = (
    ("accounts", "select"),
    ("sessions", "select"),
    ("sessions", "delete"),
    ("refresh_tokens", "select"),
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        _instant("password_changed_at"),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("accounts_pk")),
        sa.UniqueConstraint("email", name=op.f("accounts_email_key")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("accounts_workspace_id_fk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("accounts_workspace_id_person_id_fk"),
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("sessions_pk")),
        sa.UniqueConstraint("id", name=op.f("sessions_id_key")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["accounts.workspace_id", "accounts.id"],
            name=op.f("sessions_workspace_id_account_id_fk"),
        ),
    )
    op.create_index("sessions_account_idx", "sessions", ["workspace_id", "account_id"])
    op.create_index("sessions_expires_at_idx", "sessions", ["expires_at"])
    op.create_table(
        "refresh_tokens",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.LargeBinary(), nullable=True),
        _instant("created_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "hash", name=op.f("refresh_tokens_pk")),
        sa.UniqueConstraint("hash", name=op.f("refresh_tokens_hash_key")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "session_id"],
            ["sessions.workspace_id", "sessions.id"],
            name=op.f("refresh_tokens_workspace_id_session_id_fk"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("refresh_tokens_session_idx", "refresh_tokens", ["workspace_id", "session_id"])
    op.create_table(
        "rates",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        _instant("full_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("rates_pk")),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 50},
    )
    op.create_index("rates_full_at_idx", "rates", ["full_at"])
    op.create_check_constraint(
        op.f("messages_channel_is_in_slack"), "messages", "channel not like 'account:%'"
    )
    for table in ("accounts", "sessions", "refresh_tokens"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (workspace_id = {_THIS_WORKSPACE})")
    for table, right in _OPEN_ACROSS:
        op.execute(f"create policy across_{right} on {table} for {right} using ({_ACROSS})")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
