"""Each transaction sees one workspace: row-level security"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Set with each transaction (storage.database), never by a session: a pooled connection carries nobody's over.
_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_ACROSS = "current_setting('tracker.across', true) = 'on'"

_TENANTS = (
    "people",
    "projects",
    "time_entries",
    "channels",
    "surfaces",
    "acts",
    "history",
    "messages",
    "digests",
    "webhook_deliveries",
    "api_tokens",
)
# What finds out which workspace is meant, and what the clock asks of all of them: who is due (locked, not changed),
# what is to be sent or rewritten, what is to be forgotten.
_OPEN_ACROSS = (
    ("workspaces", "select"),
    ("workspaces", "insert"),
    ("workspaces", "update"),
    ("people", "select"),
    ("people", "lock"),
    ("messages", "select"),
    ("messages", "update"),
    ("surfaces", "select"),
    ("surfaces", "update"),
    ("surfaces", "delete"),
    ("acts", "select"),
    ("acts", "delete"),
    ("api_tokens", "select"),
)


def upgrade() -> None:
    for table in ("workspaces", *_TENANTS):
        op.execute(f"alter table {table} enable row level security")
        # Forced: a service that had to log in as the owner of its tables is held to it as well.
        op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy tenant on workspaces using (id = {_THIS_WORKSPACE})")
    for table in _TENANTS:
        op.execute(f"create policy tenant on {table} using (workspace_id = {_THIS_WORKSPACE})")
    for table, right in _OPEN_ACROSS:
        op.execute(f"create policy across_{right} on {table} {_rule(right)}")
    # An index is only used for what can not leak rows that a policy hides: lower() might, "=" can not. So addresses are
    # stored in lower case.
    op.execute("alter table people no force row level security")
    op.execute("update people set email = lower(email) where email <> lower(email)")
    op.execute("alter table people force row level security")
    op.drop_index("people_email_idx", "people")
    op.create_index("people_email_idx", "people", ["workspace_id", "email"])


def _rule(right: str) -> str:
    match right:
        case "insert":
            return f"for insert with check ({_ACROSS})"
        case "lock":  # "for update" in a query asks for the right to update, and gets it without any use
            return f"for update using ({_ACROSS}) with check (false)"
        case _:
            return f"for {right} using ({_ACROSS})"
