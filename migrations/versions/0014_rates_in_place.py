"""Rates are updated in place: no index by instant"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("rates_full_at_idx", "rates")
