"""Several API tokens for a person, by name, with scopes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("name", sa.Text(), server_default="slack", nullable=False))
    op.add_column(
        "api_tokens",
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{read}'"), nullable=False),
    )
    op.drop_index("api_tokens_one_live", "api_tokens")
    op.create_index(
        "api_tokens_one_live",
        "api_tokens",
        ["workspace_id", "person_id", "name"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
