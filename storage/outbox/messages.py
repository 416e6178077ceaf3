"""Messages in the outbox, written with the change that causes them. storage.outbox.leases claims them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Boolean, Interval, Text, Uuid, any_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.identity.people import is_slack_id
from domain.outbox.messages import Content
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query, inline_word
from storage.tables import messages, people

CONTENT: TypeAdapter[Content] = TypeAdapter(Content)

_m = messages.c
# People who can not be reached only get messages that they ask for. When such a message arrives, they can be
# reached again.
_unreachable = (
    select(people.c.id)
    .where(
        people.c.workspace_id == bindparam("workspace_id", type_=Uuid),
        people.c.slack_user_id == bindparam("channel", type_=Text),
        people.c.unreachable.is_not(None),
    )
    .exists()
)
_QUEUE = Query(
    insert(messages)
    .from_select(
        ["workspace_id", "key", "person_id", "channel", "content", "kind", "asked", "due_at", "created_at"],
        select(
            bindparam("workspace_id", type_=Uuid),
            bindparam("key", type_=Text),
            bindparam("person_id", type_=Uuid),
            bindparam("channel", type_=Text),
            bindparam("body", type_=JSONB),
            bindparam("content_kind", type_=Text),
            bindparam("asked", type_=Boolean),
            DATABASE_NOW,
            DATABASE_NOW.label("made_at"),
        ).where(or_(bindparam("asked", type_=Boolean), ~_unreachable)),
    )
    .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
    .returning(_m.id)
)
_UNREACHABLE = Query(
    update(people)
    .where(people.c.workspace_id == bindparam("workspace_id"), people.c.slack_user_id == bindparam("channel"))
    .values(unreachable=bindparam("why"))
)
_EXPIRE = Query(
    update(messages)
    .where(
        _m.workspace_id == bindparam("workspace_id"),
        _m.status == inline_word("waiting"),
        ~_m.asked,
        _m.content["kind"].astext == any_(bindparam("kinds", type_=ARRAY(Text))),
        _m.tried_at.is_(None),
        _m.created_at < DATABASE_NOW - bindparam("older", type_=Interval),
    )
    .values(status="failed", problem="too late")
)
_FAILED = Query(
    select(_m.kind, func.count().label("failed"))
    .where(
        _m.status == inline_word("failed"), _m.created_at > DATABASE_NOW - bindparam("within", type_=Interval)
    )
    .group_by(_m.kind)
)

_CANCEL = Query(
    update(messages)
    .where(
        _m.workspace_id == bindparam("workspace_id"),
        _m.person_id == bindparam("of_person"),
        _m.key.like(bindparam("key_like")),
        _m.status == inline_word("waiting"),
        _m.tried_at.is_(None),
    )
    .values(status="canceled")
)
_OLDEST = Query(
    select(func.extract("epoch", DATABASE_NOW - func.min(_m.due_at)).label("age")).where(
        _m.status == inline_word("waiting")
    )
)


async def queue(
    tx: Transaction,
    workspace_id: UUID,
    *,
    key: str,
    channel: str,
    content: Content,
    person_id: UUID | None,
    asked: bool = False,
) -> UUID | None:
    """Queue a message and return its id. Return None if a message with that key was queued before, or if it has no
    recipient in Slack. `channel` may be a person's Slack id. `asked` is true if a person waits for the message:
    then it is sent first."""
    if not is_slack_id(channel):
        return None
    row = await tx.fetch_one(
        _QUEUE,
        workspace_id=workspace_id,
        key=key,
        person_id=person_id,
        channel=channel,
        body=CONTENT.dump_json(content).decode(),
        content_kind=content.kind,
        asked=asked,
    )
    return row["id"] if row else None


async def cancel(tx: Transaction, workspace_id: UUID, person_id: UUID, *, beginning: str) -> None:
    """Cancel the person's messages whose key begins with `beginning` and that no process has tried to send yet."""
    await tx.execute(_CANCEL, workspace_id=workspace_id, of_person=person_id, key_like=f"{beginning}%")


async def set_unreachable(tx: Transaction, workspace_id: UUID, channel: str, *, why: str | None) -> None:
    """Mark the person with that Slack id as unreachable: only messages that they ask for are queued from now on.
    `why` is Slack's error code; None makes them reachable again."""
    await tx.execute(_UNREACHABLE, workspace_id=workspace_id, channel=channel, why=why)


async def expire(tx: Transaction, workspace_id: UUID, *, kinds: Sequence[str], older: timedelta) -> int:
    """Give up messages of these kinds that no person asked for and that have waited for longer than `older`. Return
    their number."""
    return await tx.execute(_EXPIRE, workspace_id=workspace_id, kinds=list(kinds), older=older)


async def count_failed(tx: Transaction, *, within: timedelta) -> Mapping[str, int]:
    """Count, by kind, the messages that were created within that time and given up."""
    return {row["kind"]: row["failed"] for row in await tx.fetch_all(_FAILED, within=within)}


async def read_longest_wait(tx: Transaction) -> float:
    """Return how many seconds the most overdue message has waited; 0 if none is due."""
    row = await tx.fetch_one(_OLDEST)
    return max(float(row["age"] or 0), 0.0) if row else 0.0
