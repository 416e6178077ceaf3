"""What the REST API asks for: versions of projects, and what was asked under a key"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projects", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("acts", sa.Column("request", sa.LargeBinary(), nullable=True))
