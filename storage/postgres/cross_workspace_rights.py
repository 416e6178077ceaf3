"""The rights of transactions across workspaces: the columns that show to which workspace something belongs, and
what is due.

PostgreSQL enforces them: such a transaction takes on a role that has exactly these rights. The policies named
`across` define which rows it sees.
"""

from storage.tables.person_columns import CROSS_WORKSPACE_PERSON_COLUMNS

# Columns by table and right. `delete` names no columns, because rows are deleted as a whole.
CROSS_WORKSPACE_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "account_links": {"select": ("account_id", "person_id", "workspace_id")},
    "accounts": {"select": ("email", "id", "person_id", "workspace_id")},
    "acts": {"select": ("at",), "delete": ()},
    "alembic_version": {"select": ("version_num",)},
    "api_tokens": {
        "select": ("hash", "last_used_at", "person_id", "revoked_at", "scopes", "workspace_id"),
    },
    "imports": {"select": ("created_at",), "delete": ()},
    "job_failures": {"select": ("given_up_at", "job", "last_at"), "delete": ()},
    "lanes": {
        "select": ("a_minute", "closed_until", "method", "next_at", "stopped", "workspace_id"),
        "update": ("next_at",),
    },
    "link_codes": {
        "select": ("expires_at", "hash", "person_id", "used_by", "workspace_id"),
        "delete": (),
    },
    "messages": {
        "select": (
            "asked",
            "attempts",
            "channel",
            "created_at",
            "due_at",
            "id",
            "kind",
            "lease",
            "leased_until",
            "sent_at",
            "status",
            "tried_at",
            "unfinished",
            "workspace_id",
        ),
        "update": ("attempts", "due_at", "lease", "leased_until", "unfinished"),
    },
    # To find the person behind a credential, and people for whom something is due: all columns of a person except
    # the e-mail address.
    "people": {
        "select": (
            *(column.name for column in CROSS_WORKSPACE_PERSON_COLUMNS),
            "next_digest_at",
            "next_digest_on",
            "next_reminder_at",
            "next_reminder_on",
            "next_week_at",
            "next_week_on",
            "workspace_id",
        ),
        # Locking rows needs the right to update a column. A policy still refuses every update.
        "update": ("next_digest_at",),
    },
    "refresh_tokens": {"select": ("hash", "session_id", "workspace_id")},
    "sessions": {"select": ("account_id", "ended_at", "expires_at", "id", "workspace_id"), "delete": ()},
    "surfaces": {
        "select": (
            "due_at",
            "expires_at",
            "given_up_at",
            "id",
            "kind",
            "lease",
            "shown",
            "slack_channel",
            "unfinished",
            "workspace_id",
        ),
        "update": ("dirty", "due_at", "lease", "unfinished"),
        "delete": (),
    },
    "timer_watches": {"select": ("due_at", "entry_id", "workspace_id"), "update": ("due_at",)},
    "webhook_endpoints": {"select": ("disconnected_at", "id", "workspace_id")},
    "workspaces": {
        "select": ("enterprise_id", "id", "name", "team_id"),
        "insert": ("enterprise_id", "name", "team_id"),
        "update": ("name",),
    },
}


def grant_statements(role: str) -> list[str]:
    """Return the statements that give `role`, an SQL identifier, exactly these rights."""
    statements = []
    for table, rights in CROSS_WORKSPACE_RIGHTS.items():
        statements.append(f"revoke all on {table} from {role}")
        for right, columns in rights.items():
            column_list = f" ({', '.join(columns)})" if columns else ""
            statements.append(f"grant {right}{column_list} on {table} to {role}")
    return statements
