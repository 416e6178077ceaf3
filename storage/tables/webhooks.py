"""Tables of webhook endpoints, their deliveries and suggestions."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from storage.tables.columns import identity, instant, metadata, of_person, workspace

# Webhook endpoints that people created. A delivery finds its workspace by the endpoint's id alone.
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    workspace(),
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("made_by", Uuid, nullable=False),
    instant("made_at"),
    instant("disconnected_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("id"),
    of_person(name="made_by"),
)
Index(
    "webhook_endpoints_one_of_a_name",
    webhook_endpoints.c.workspace_id,
    func.lower(webhook_endpoints.c.name),
    unique=True,
    postgresql_where=text("disconnected_at is null"),
)

# Encrypted secrets (services.webhooks.encryption). A secret that is replaced is still accepted until `ends_at`.
webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    workspace(),
    identity(),
    Column("endpoint_id", Uuid, nullable=False),
    Column("sealed", Text, nullable=False),
    instant("made_at"),
    instant("ends_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    ForeignKeyConstraint(
        ["workspace_id", "endpoint_id"], ["webhook_endpoints.workspace_id", "webhook_endpoints.id"]
    ),
)
Index(
    "webhook_secrets_one_stays",
    webhook_secrets.c.workspace_id,
    webhook_secrets.c.endpoint_id,
    unique=True,
    postgresql_where=text("ends_at is null"),
)
Index("webhook_secrets_endpoint_idx", webhook_secrets.c.workspace_id, webhook_secrets.c.endpoint_id)

# Signed deliveries and their outcomes. A refused delivery can be accepted later, but not the other way round.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    workspace(),
    Column("endpoint", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("act_id", Uuid),
    instant("received_at"),
    Column("outcome", Text, nullable=False, server_default="accepted"),
    Column("problem", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("workspace_id", "endpoint", "delivery_id"),
    CheckConstraint(
        "case outcome when 'accepted' then act_id is not null else outcome = 'refused' end",
        name="outcome_is_known",
    ),
)
Index(
    "webhook_deliveries_lately",
    webhook_deliveries.c.workspace_id,
    webhook_deliveries.c.endpoint,
    webhook_deliveries.c.received_at,
)

# Hourly counts of deliveries that were refused because of their signature.
unsigned_deliveries = Table(
    "unsigned_deliveries",
    metadata,
    workspace(),
    Column("endpoint_id", Uuid, nullable=False),
    instant("hour"),
    Column("deliveries", BigInteger, nullable=False),
    instant("last_at"),
    PrimaryKeyConstraint("workspace_id", "endpoint_id", "hour"),
    ForeignKeyConstraint(
        ["workspace_id", "endpoint_id"], ["webhook_endpoints.workspace_id", "webhook_endpoints.id"]
    ),
)

# Suggested time. It is open until the person ignores it or has an entry with its `external_id`.
suggestions = Table(
    "suggestions",
    metadata,
    workspace(),
    identity(),
    Column("person_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("project_id", Uuid),
    Column("note", Text, nullable=False),
    instant("started_at"),
    instant("ended_at"),
    Column("endpoint_id", Uuid),
    Column("link", Text),
    instant("told_at"),
    instant("ignored_at", nullable=True),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "person_id", "external_id"),
    of_person(),
    ForeignKeyConstraint(
        ["workspace_id", "endpoint_id"], ["webhook_endpoints.workspace_id", "webhook_endpoints.id"]
    ),
    # Deleting a project that only suggestions refer to clears their project.
    ForeignKeyConstraint(
        ["workspace_id", "project_id"],
        ["projects.workspace_id", "projects.id"],
        ondelete="SET NULL (project_id)",
    ),
    CheckConstraint(
        "ended_at > started_at and ended_at <= started_at + interval '24 hours'", name="lasts_a_day_at_most"
    ),
)
Index("suggestions_of_a_time", suggestions.c.workspace_id, suggestions.c.person_id, suggestions.c.started_at)
