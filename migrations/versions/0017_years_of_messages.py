"""Indexes for years of messages; keys of what was never done are given back"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("surfaces_of_day", "surfaces", ["workspace_id", "slack_user_id", "day"])
    op.create_index(
        "surfaces_of_entry",
        "surfaces",
        ["workspace_id", "entry_id"],
        postgresql_where=sa.text("entry_id is not null"),
    )
    op.drop_index("surfaces_person_idx", "surfaces")
    # Settled as not saved: their keys were kept, so that the same thing could never be asked for again.
    op.execute("alter table acts no force row level security")
    op.execute("delete from acts where result is null")
    op.execute("alter table acts force row level security")
