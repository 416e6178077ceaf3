"""Accounts of the REST API join people in Slack: one-time codes, and who has"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"
# Whose code it is, whose bearer an account is; and what has ended so long ago that it can be forgotten.
_OPEN_ACROSS = (("link_codes", "select"), ("link_codes", "delete"), ("account_links", "select"))


def upgrade() -> None:
    op.create_table(
        "link_codes",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "hash", name=op.f("link_codes_pk")),
        sa.UniqueConstraint("hash", name=op.f("link_codes_hash_key")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("link_codes_workspace_id_person_id_fk"),
        ),
    )
    op.create_index("link_codes_person_idx", "link_codes", ["workspace_id", "person_id"])
    op.create_index("link_codes_expires_at_idx", "link_codes", ["expires_at"])
    op.create_table(
        "account_links",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name=op.f("account_links_pk")),
        sa.UniqueConstraint("account_id", name=op.f("account_links_account_id_key")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("account_links_workspace_id_person_id_fk"),
        ),
    )
    for table in ("link_codes", "account_links"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (workspace_id = {_THIS_WORKSPACE})")
    for table, right in _OPEN_ACROSS:
        op.execute(f"create policy across_{right} on {table} for {right} using ({_ACROSS})")
