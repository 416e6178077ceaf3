"""Tables of operations with their idempotency keys, and of the history of changes."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.tables.columns import identity, instant, metadata, workspace

acts = Table(
    "acts",
    metadata,
    workspace(),
    Column("key", Text, nullable=False),
    identity(),
    Column("source", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("result", JSONB),
    # A digest of the request, if the caller chose the key.
    Column("request", LargeBinary),
    instant("at", now=True),
    PrimaryKeyConstraint("workspace_id", "key"),
)
Index("acts_at_idx", acts.c.at)

history = Table(
    "history",
    metadata,
    workspace(),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("change", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("act_id", Uuid, nullable=False),
    Column("actor", Text, nullable=False),
    Column("source", Text, nullable=False),
    instant("at"),
    # The operation that this change undoes, so that none is undone twice.
    Column("undoes", Uuid),
    PrimaryKeyConstraint("workspace_id", "number"),
)
Index("history_subject_idx", history.c.workspace_id, history.c.subject_id)
Index("history_act_idx", history.c.workspace_id, history.c.act_id)
Index("history_actor_idx", history.c.workspace_id, history.c.actor, history.c.number)
Index(
    "history_undoes_idx",
    history.c.workspace_id,
    history.c.undoes,
    postgresql_where=text("undoes is not null"),
)
