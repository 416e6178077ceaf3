"""Days that are confirmed, days off, and what a day is measured against"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"


def upgrade() -> None:
    op.add_column(
        "people",
        sa.Column(
            "working_days",
            postgresql.ARRAY(sa.Integer()),
            server_default=sa.text("'{1,2,3,4,5}'"),
            nullable=False,
        ),
    )
    op.add_column("people", sa.Column("target", sa.Interval(), server_default="8 hours", nullable=False))
    op.create_check_constraint(
        op.f("people_working_days_are_weekdays"), "people", "working_days <@ '{1,2,3,4,5,6,7}'"
    )
    op.create_check_constraint(
        op.f("people_target_fits_a_day"), "people", "target between '0 hours' and '24 hours'"
    )
    _days_of_people(
        "confirmed_days",
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    _days_of_people("days_off")


def _days_of_people(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "local_date", name=op.f(f"{table}_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f(f"{table}_workspace_id_person_id_fk"),
        ),
    )
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy tenant on {table} using (workspace_id = {_THIS_WORKSPACE})")
