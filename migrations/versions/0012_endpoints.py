"""Webhook endpoints that people make, their secrets, and what became of deliveries"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disconnected_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("webhook_endpoints_pk")),
        sa.UniqueConstraint("id", name=op.f("webhook_endpoints_id_key")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "made_by"],
            ["people.workspace_id", "people.id"],
            name=op.f("webhook_endpoints_workspace_id_made_by_fk"),
        ),
    )
    op.create_index(
        "webhook_endpoints_one_of_a_name",
        "webhook_endpoints",
        ["workspace_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("disconnected_at is null"),
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("webhook_secrets_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "endpoint_id"],
            ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
            name=op.f("webhook_secrets_workspace_id_endpoint_id_fk"),
        ),
    )
    op.create_index(
        "webhook_secrets_one_stays",
        "webhook_secrets",
        ["workspace_id", "endpoint_id"],
        unique=True,
        postgresql_where=sa.text("ends_at is null"),
    )
    op.create_index("webhook_secrets_endpoint_idx", "webhook_secrets", ["workspace_id", "endpoint_id"])
    op.add_column(
        "webhook_deliveries", sa.Column("outcome", sa.Text(), server_default="accepted", nullable=False)
    )
    op.add_column("webhook_deliveries", sa.Column("problem", sa.Text(), server_default="", nullable=False))
    op.alter_column("webhook_deliveries", "act_id", nullable=True)
    op.create_check_constraint(
        op.f("webhook_deliveries_outcome_is_known"),
        "webhook_deliveries",
        "case outcome when 'accepted' then act_id is not null else outcome = 'refused' end",
    )
    op.create_index(
        "webhook_deliveries_lately", "webhook_deliveries", ["workspace_id", "endpoint", "received_at"]
    )
    for table in ("webhook_endpoints", "webhook_secrets"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (workspace_id = {_THIS_WORKSPACE})")
    # A delivery knows the id of its endpoint and nothing else; the secrets are looked up within its workspace.
    op.execute(f"create policy across_select on webhook_endpoints for select using ({_ACROSS})")
