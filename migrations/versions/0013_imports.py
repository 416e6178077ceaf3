"""Files that were dropped to be imported, until they are"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("imports_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("imports_workspace_id_person_id_fk"),
        ),
        sa.CheckConstraint("outcome in ('imported', 'canceled')", name=op.f("imports_outcome_is_known")),
        sa.CheckConstraint(
            "(content is null) = (outcome is not null)", name=op.f("imports_kept_until_it_is_settled")
        ),
    )
    op.create_index("imports_created_at_idx", "imports", ["created_at"])
    op.execute("alter table imports enable row level security")
    op.execute("alter table imports force row level security")
    op.execute(f"create policy tenant on imports using (workspace_id = {_THIS_WORKSPACE})")
    # What nobody pressed a button for is forgotten.
    for right in ("select", "delete"):
        op.execute(f"create policy across_{right} on imports for {right} using ({_ACROSS})")
