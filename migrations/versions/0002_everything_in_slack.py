"""Everything in Slack: channels, surfaces, roles, reminders, links"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("role", sa.Text(), server_default="member", nullable=False))
    op.add_column(
        "people", sa.Column("slack_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("people", sa.Column("met_by", sa.Text(), server_default="", nullable=False))
    op.add_column("people", sa.Column("remind_at", sa.Time(), nullable=True))
    op.add_column("people", sa.Column("next_reminder_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("people_role_is_known"), "people", "role in ('member', 'lead', 'admin')")
    op.create_index(
        "people_next_reminder_at_idx",
        "people",
        ["next_reminder_at"],
        postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
    )
    op.add_column("time_entries", sa.Column("link", sa.Text(), nullable=True))
    op.add_column("history", sa.Column("undoes", sa.Uuid(), nullable=True))
    op.create_index(
        "history_undoes_idx",
        "history",
        ["workspace_id", "undoes"],
        postgresql_where=sa.text("undoes is not null"),
    )
    op.create_table(
        "channels",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("slack_channel_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("workspace_id", "slack_channel_id", name=op.f("channels_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["projects.workspace_id", "projects.id"],
            name=op.f("channels_workspace_id_project_id_fk"),
        ),
    )
    op.create_table(
        "surfaces",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slack_user_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("slack_channel", sa.Text(), nullable=True),
        sa.Column("slack_ts", sa.Text(), nullable=True),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("uses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("dirty", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "case kind when 'entry' then entry_id is not null when 'day' then day is not null"
            " else kind = 'home' end",
            name=op.f("surfaces_kind_is_known"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("surfaces_pk")),
    )
    op.create_index("surfaces_person_idx", "surfaces", ["workspace_id", "slack_user_id"])
    op.create_index(
        "surfaces_one_home",
        "surfaces",
        ["workspace_id", "slack_user_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'home'"),
    )
    op.create_index(
        "surfaces_due_idx", "surfaces", ["due_at"], postgresql_where=sa.text("due_at is not null")
    )
    op.create_index(
        "surfaces_expires_idx", "surfaces", ["expires_at"], postgresql_where=sa.text("expires_at is not null")
    )
