"""Suggestions: time that somebody may have spent, as others tell it"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("suggestions_pk")),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "external_id",
            name=op.f("suggestions_workspace_id_person_id_external_id_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("suggestions_workspace_id_person_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "endpoint_id"],
            ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
            name=op.f("suggestions_workspace_id_endpoint_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["projects.workspace_id", "projects.id"],
            name=op.f("suggestions_workspace_id_project_id_fk"),
            ondelete="SET NULL (project_id)",
        ),
        sa.CheckConstraint(
            "ended_at > started_at and ended_at <= started_at + interval '24 hours'",
            name=op.f("suggestions_lasts_a_day_at_most"),
        ),
    )
    op.create_index("suggestions_of_a_time", "suggestions", ["workspace_id", "person_id", "started_at"])
    op.execute("alter table suggestions enable row level security")
    op.execute("alter table suggestions force row level security")
    op.execute(f"create policy tenant on suggestions using (workspace_id = {_THIS_WORKSPACE})")
