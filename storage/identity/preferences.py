"""A person's settings: digests and weekly summaries, working week, role and zone."""

from uuid import UUID

from sqlalchemy import bindparam, update

from domain.identity.people import DigestSettings, Profile, Role, WeeklySettings
from domain.time.workdays import WorkWeek
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import people, time_entries

_of_workspace = people.c.workspace_id == bindparam("workspace_id")
_SET_DIGEST = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(digest_on=bindparam("on"), digest_at=bindparam("at"), digest_daily=bindparam("daily"))
)
_SET_WEEK = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(working_days=bindparam("days"), target=bindparam("wanted"))
)
_SET_WEEKLY = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(
        weekly_on=bindparam("on"), team_weekly_on=bindparam("team"), team_weekly_channel=bindparam("channel")
    )
)
_SET_ROLE = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(role=bindparam("new_role"), updated_at=DATABASE_NOW)
)
_SET_ZONE = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(zone=bindparam("to_zone"), zone_from=bindparam("said_by"), updated_at=DATABASE_NOW)
)
# Entries store the zone of their person at that time. Entries from before the zone was known have UTC.
_SET_ENTRIES_ZONE = Query(
    update(time_entries)
    .where(
        time_entries.c.workspace_id == bindparam("workspace_id"),
        time_entries.c.person_id == bindparam("of_person"),
        time_entries.c.zone == "UTC",
    )
    .values(zone=bindparam("to_zone"))
)


async def set_digest(tx: Transaction, workspace_id: UUID, person_id: UUID, params: DigestSettings) -> None:
    """Set when the person wants their daily digest."""
    await tx.execute(
        _SET_DIGEST,
        workspace_id=workspace_id,
        person_id=person_id,
        on=params.on,
        at=params.at,
        daily=params.daily,
    )


async def set_week(tx: Transaction, workspace_id: UUID, person_id: UUID, week: WorkWeek) -> None:
    """Set the person's working days and their target for each of them."""
    await tx.execute(
        _SET_WEEK, workspace_id=workspace_id, person_id=person_id, days=list(week.days), wanted=week.target
    )


async def set_weekly(tx: Transaction, workspace_id: UUID, person_id: UUID, params: WeeklySettings) -> None:
    """Set which weekly summaries the person wants, and in which channel the team's is posted."""
    await tx.execute(
        _SET_WEEKLY,
        workspace_id=workspace_id,
        person_id=person_id,
        on=params.on,
        team=params.team,
        channel=params.channel,
    )


async def set_zone(tx: Transaction, workspace_id: UUID, person_id: UUID, profile: Profile) -> None:
    """Set the person's zone, and its source."""
    await tx.execute(
        _SET_ZONE,
        workspace_id=workspace_id,
        person_id=person_id,
        to_zone=profile.zone.key,
        said_by=profile.zone_from.value,
    )


async def set_entries_zone(tx: Transaction, workspace_id: UUID, person_id: UUID, *, zone: str) -> None:
    """Set the zone of the person's entries that were tracked before their zone was known."""
    await tx.execute(_SET_ENTRIES_ZONE, workspace_id=workspace_id, of_person=person_id, to_zone=zone)


async def set_role(tx: Transaction, workspace_id: UUID, person_id: UUID, role: Role) -> None:
    """Set the person's role."""
    await tx.execute(_SET_ROLE, workspace_id=workspace_id, person_id=person_id, new_role=role.value)
