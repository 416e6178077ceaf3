"""What a transaction across workspaces may do: the columns it needs to find out whose something is, and what is due.
from storage.tables.person import (PERSON_ACROSS)

PostgreSQL holds to it: such a transaction takes on a role of its own, which has these rights and no others. Rows are
opened to it by the policies named `across`.
"""

from storage.tables.person import PERSON_ACROSS

# By table and right. What can be deleted is deleted whole: `delete` names no columns.
ACROSS: dict[str, dict[str, tuple[str, ...]]] = {
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
    # Who a credential's bearer is, and for whom something falls due: everything of them but their address.
    "people": {
        "select": (
            *(column.name for column in PERSON_ACROSS),
            "next_digest_at",
            "next_digest_on",
            "next_reminder_at",
            "next_reminder_on",
            "next_week_at",
            "next_week_on",
            "workspace_id",
        ),
        # To lock who is due asks for the right to change something; a policy lets nothing be changed.
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


def grants(role: str) -> list[str]:
    """The statements that give `role`, an SQL identifier, these rights and take all others."""
    found = []
    for table, rights in ACROSS.items():
        found.append(f"revoke all on {table} from {role}")
        for right, columns in rights.items():
            which = f" ({', '.join(columns)})" if columns else ""
            found.append(f"grant {right}{which} on {table} to {role}")
    return found
