"""Who somebody is to the workspace, where their time zone comes from, and links that can end"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_FORCED = ("people", "accounts", "account_links")


def upgrade() -> None:
    op.add_column("people", sa.Column("standing", sa.Text(), server_default="member", nullable=False))
    op.create_check_constraint(
        op.f("people_standing_is_known"),
        "people",
        "standing in ('member', 'guest', 'unverified', 'stranger', 'gone')",
    )
    op.add_column("people", sa.Column("zone_from", sa.Text(), server_default="slack", nullable=False))
    op.create_check_constraint(
        op.f("people_zone_from_is_known"),
        "people",
        "zone_from in ('slack', 'offset', 'person', 'unknown')",
    )
    op.create_index(
        "people_unverified_idx",
        "people",
        ["workspace_id"],
        postgresql_where=sa.text("standing = 'unverified'"),
    )
    op.add_column("accounts", sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account_links", sa.Column("home_id", sa.Uuid(), nullable=True))
    # Both belong to different tenants: for this one statement the owner is held to none.
    for table in _FORCED:
        op.execute(f"alter table {table} no force row level security")
    op.execute(
        "update account_links set home_id = accounts.workspace_id from accounts"
        " where accounts.id = account_links.account_id"
    )
    # Where an account signs up, its person's zone is what they chose, or UTC: Slack has no part in it.
    op.execute("update people set zone_from = 'person' where slack_user_id like 'account:%'")
    for table in _FORCED:
        op.execute(f"alter table {table} force row level security")
    op.alter_column("account_links", "home_id", nullable=False)
