"""The tables. Every key starts with the workspace; what must hold is a constraint, not a habit of the code."""

from storage.tables.access import (
    account_links,
    accounts,
    api_tokens,
    link_codes,
    rates,
    refresh_tokens,
    sessions,
)
from storage.tables.columns import metadata
from storage.tables.days import confirmed_days, days_off, timer_watches, timesheets
from storage.tables.record import acts, history
from storage.tables.slack import digests, job_failures, lanes, messages, surfaces
from storage.tables.tracked import channels, former_names, imports, people, projects, time_entries, workspaces
from storage.tables.webhooks import (
    suggestions,
    unsigned_deliveries,
    webhook_deliveries,
    webhook_endpoints,
    webhook_secrets,
)

# What the service may do to each table. It owns none of them, and history can only grow.
PRIVILEGES = {
    "workspaces": "select, insert, update",
    "people": "select, insert, update",
    "projects": "select, insert, update, delete",
    "former_names": "select, insert, update, delete",
    "time_entries": "select, insert, update",
    "timesheets": "select, insert, update",
    "timer_watches": "select, insert, update, delete",
    "channels": "select, insert, update, delete",
    "surfaces": "select, insert, update, delete",
    "acts": "select, insert, update, delete",
    "history": "select, insert",
    "messages": "select, insert, update",
    "lanes": "select, insert, update",
    "digests": "select, insert, update",
    "confirmed_days": "select, insert, update, delete",
    "days_off": "select, insert, delete",
    "webhook_endpoints": "select, insert, update",
    "webhook_secrets": "select, insert, update, delete",
    "webhook_deliveries": "select, insert, update",
    "unsigned_deliveries": "select, insert, update, delete",
    "suggestions": "select, insert, update",
    "api_tokens": "select, insert, update",
    "accounts": "select, insert, update",
    "sessions": "select, insert, update, delete",
    "refresh_tokens": "select, insert, update",
    "link_codes": "select, insert, update, delete",
    "account_links": "select, insert, delete",
    "rates": "select, insert, update, delete",
    "imports": "select, insert, update, delete",
    "job_failures": "select, insert, update, delete",
    "alembic_version": "select",
}

__all__ = [
    "PRIVILEGES",
    "account_links",
    "accounts",
    "acts",
    "api_tokens",
    "channels",
    "confirmed_days",
    "days_off",
    "digests",
    "former_names",
    "history",
    "imports",
    "job_failures",
    "lanes",
    "link_codes",
    "messages",
    "metadata",
    "people",
    "projects",
    "rates",
    "refresh_tokens",
    "sessions",
    "suggestions",
    "surfaces",
    "time_entries",
    "timer_watches",
    "timesheets",
    "unsigned_deliveries",
    "webhook_deliveries",
    "webhook_endpoints",
    "webhook_secrets",
    "workspaces",
]
