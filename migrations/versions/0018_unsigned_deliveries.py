"""Count webhook deliveries that were refused for their signature"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "unsigned_deliveries",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deliveries", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "endpoint_id", "hour", name=op.f("unsigned_deliveries_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "endpoint_id"],
            ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
            name=op.f("unsigned_deliveries_workspace_id_endpoint_id_fk"),
        ),
    )
    op.execute("alter table unsigned_deliveries enable row level security")
    op.execute("alter table unsigned_deliveries force row level security")
    op.execute(f"create policy tenant on unsigned_deliveries using (workspace_id = {_THIS_WORKSPACE})")
