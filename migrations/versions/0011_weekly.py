"""The weekly digests"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("weekly_on", "true"), ("team_weekly_on", "false")):
        op.add_column(
            "people", sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)
        )
    op.add_column("people", sa.Column("team_weekly_channel", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("next_week_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("next_week_at", sa.DateTime(timezone=True), nullable=True))
    # So long ago that nothing is sent for it: each person's next one is computed from there, by the code that knows
    # zones.
    op.execute("alter table people no force row level security")
    op.execute(
        "update people set next_week_on = current_date - 7, next_week_at = clock_timestamp() - interval '49 hours'"
        " where slack_user_id not like 'account:%'"
    )
    op.execute("alter table people force row level security")
    op.create_index(
        "people_next_week_at_idx",
        "people",
        ["next_week_at"],
        postgresql_where=sa.text("next_week_at IS NOT NULL"),
    )
