"""What a person chose about how a file is read is kept with the file"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("options", postgresql.JSONB(), nullable=True))
