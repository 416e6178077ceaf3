"""Reads a workspace's entries and history without the code under test, and records entries as a webhook does."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from domain.entries.entries import NewEntry, TimeEntry, Work
from domain.identity.people import Profile
from domain.projects.projects import ProjectMention
from domain.webhooks.events import NATIVE, Delivery, DeliveryHeader, EntryCreate, WebhookEvent
from services.entries.entries import EntryFilter
from tests.cast import ADA, Cast

Row = dict[str, Any]
EntryRows = dict[UUID, Row]

# Everything but the version and the instant of the last change, which only ever grow.
_ROWS = """
select id, person_id, project_id, note, tags, started_at, ended_at, zone, source, external_id, deleted, created_at, link
from time_entries where workspace_id = $1
"""
# Every change begins where the one before it ended, the first one from nothing, and the last one is the row itself.
_UNTRUE = """
select e.id from time_entries e left join lateral (
    select after from history h
    where h.workspace_id = e.workspace_id and h.subject = 'time_entry' and h.subject_id = e.id
    order by number desc limit 1
) last on true
where e.workspace_id = $1 and (
    last.after is null
    or last.after->>'note' is distinct from e.note
    or last.after->'tags' is distinct from to_jsonb(e.tags)
    or (last.after->>'project_id')::uuid is distinct from e.project_id
    or (last.after->>'started_at')::timestamptz is distinct from e.started_at
    or (last.after->>'ended_at')::timestamptz is distinct from e.ended_at
    or (last.after->>'deleted')::boolean is distinct from e.deleted
    or (last.after->>'version')::integer is distinct from e.version
)
union all
select subject_id from (
    select subject_id, before, lag(after) over (partition by subject_id order by number) as earlier
    from history where workspace_id = $1 and subject = 'time_entry'
) chain
where nullif(before, 'null') is distinct from earlier
"""
_CHANGES = """
select act_id, subject, subject_id, change, before, after, actor, source
from history where workspace_id = $1 order by number
"""


async def read_entries(cast: Cast) -> EntryRows:
    """Read all entries of everybody by id, deleted ones too."""
    async with cast.database.transaction(cast.workspace.id) as tx:
        return {row["id"]: dict(row) for row in await tx.connection.fetch(_ROWS, cast.workspace.id)}


async def find_untrue_history(cast: Cast) -> list[UUID]:
    """Return the entries whose recorded changes do not lead to what they are."""
    async with cast.database.transaction(cast.workspace.id) as tx:
        return [row["id"] for row in await tx.connection.fetch(_UNTRUE, cast.workspace.id)]


async def read_history(cast: Cast) -> list[Row]:
    """Read the whole history, oldest first."""
    async with cast.database.transaction(cast.workspace.id) as tx:
        return [dict(row) for row in await tx.connection.fetch(_CHANGES, cast.workspace.id)]


async def find_entry_id(cast: Cast, note: str) -> UUID:
    """Return the id of the one entry with that note."""
    (found,) = [row["id"] for row in (await read_entries(cast)).values() if row["note"] == note]
    assert isinstance(found, UUID)
    return found


def drop_deleted(rows: EntryRows) -> EntryRows:
    return {key: row for key, row in rows.items() if not row["deleted"]}


def berlin(at: str, day: str = "2026-11-18") -> datetime:
    """Return that local time of Berlin, in UTC."""
    local = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo("Europe/Berlin"))
    return local.astimezone(UTC)


async def find_person_id(cast: Cast, who: Profile = ADA) -> UUID:
    return (await cast.services.people.read_with_clock(cast.workspace.id, who.slack_user_id)).person.id


async def receive_event(
    cast: Cast, event: WebhookEvent, who: Profile = ADA, delivery_id: str | None = None
) -> None:
    """Receive that event as from a webhook."""
    header = DeliveryHeader(
        workspace_id=cast.workspace.id,
        endpoint=NATIVE,
        id=delivery_id or str(uuid4()),
        body_hash=hashlib.sha256(repr(event).encode()).digest(),
    )
    delivery = Delivery(header=header, event_type=type(event).__name__, event=event)
    await cast.services.incoming_webhooks.receive(delivery, who=who.slack_user_id)


async def record_entry(
    cast: Cast,
    start: datetime,
    end: datetime,
    note: str = "",
    *,
    project: str | None = None,
    tags: tuple[str, ...] = (),
    who: Profile = ADA,
) -> TimeEntry:
    """Record a finished entry, as from a webhook; return it."""
    words = None
    if project:
        await cast.services.projects.ensure(cast.workspace.id, project)
        words = ProjectMention(name=project, required=True)
    work = Work(project=words, note=note, tags=tags)
    entry = NewEntry(work=work, started_at=start, ended_at=end)
    await receive_event(cast, EntryCreate(user=who.slack_user_id, entry=entry), who)
    reader = (await cast.services.people.read_with_clock(cast.workspace.id, who.slack_user_id)).person
    page = await cast.services.entries.page(cast.workspace.id, reader, EntryFilter(start=start, end=end))
    (made,) = page.entries
    return made
