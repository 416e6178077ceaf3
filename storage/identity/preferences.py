"""What is set for a person: when they hear from us, their week, their role, their zone."""

from uuid import UUID

from sqlalchemy import bindparam, update

from domain.identity.people import DigestWish, Profile, Role, WeeklyWish
from domain.time.workdays import WorkWeek
from storage.postgres.database import DATABASE_NOW, Query, Transaction
from storage.tables import people, time_entries

_of_workspace = people.c.workspace_id == bindparam("workspace_id")
_WISH = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(digest_on=bindparam("on"), digest_at=bindparam("at"), digest_daily=bindparam("daily"))
)
_WEEK = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(working_days=bindparam("days"), target=bindparam("wanted"))
)
_WEEKLY = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(
        weekly_on=bindparam("on"), team_weekly_on=bindparam("team"), team_weekly_channel=bindparam("channel")
    )
)
_ROLE = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(role=bindparam("new_role"), updated_at=DATABASE_NOW)
)
_SET_ZONE = Query(
    update(people)
    .where(_of_workspace, people.c.id == bindparam("person_id"))
    .values(zone=bindparam("to_zone"), zone_from=bindparam("said_by"), updated_at=DATABASE_NOW)
)
# Entries carry the zone their person was in: what was tracked before anybody knew it gets the one that is known now.
_MOVE_ENTRIES = Query(
    update(time_entries)
    .where(
        time_entries.c.workspace_id == bindparam("workspace_id"),
        time_entries.c.person_id == bindparam("of_person"),
        time_entries.c.zone == "UTC",
    )
    .values(zone=bindparam("to_zone"))
)


async def set_digest_wish(tx: Transaction, workspace_id: UUID, person_id: UUID, wish: DigestWish) -> None:
    await tx.execute(
        _WISH, workspace_id=workspace_id, person_id=person_id, on=wish.on, at=wish.at, daily=wish.daily
    )


async def set_week(tx: Transaction, workspace_id: UUID, person_id: UUID, week: WorkWeek) -> None:
    await tx.execute(
        _WEEK, workspace_id=workspace_id, person_id=person_id, days=list(week.days), wanted=week.target
    )


async def set_weekly_wish(tx: Transaction, workspace_id: UUID, person_id: UUID, wish: WeeklyWish) -> None:
    await tx.execute(
        _WEEKLY,
        workspace_id=workspace_id,
        person_id=person_id,
        on=wish.on,
        team=wish.team,
        channel=wish.channel,
    )


async def set_zone(tx: Transaction, workspace_id: UUID, person_id: UUID, profile: Profile) -> None:
    await tx.execute(
        _SET_ZONE,
        workspace_id=workspace_id,
        person_id=person_id,
        to_zone=profile.zone.key,
        said_by=profile.zone_from.value,
    )


async def set_entries_zone(tx: Transaction, workspace_id: UUID, person_id: UUID, *, zone: str) -> None:
    """Gives the person's entries that zone, which nobody knew when they were tracked."""
    await tx.execute(_MOVE_ENTRIES, workspace_id=workspace_id, of_person=person_id, to_zone=zone)


async def set_role(tx: Transaction, workspace_id: UUID, person_id: UUID, role: Role) -> None:
    await tx.execute(_ROLE, workspace_id=workspace_id, person_id=person_id, new_role=role.value)
