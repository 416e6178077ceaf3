"""People of a workspace."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from domain.errors import PersonUnknown
from domain.identity.people import (
    DigestSettings,
    Person,
    Profile,
    Role,
    Standing,
    WeeklySettings,
    ZoneSource,
    zone_or_utc,
)
from domain.permissions import Needs, require_needs
from domain.time.workdays import WorkWeek
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import people, time_entries
from storage.tables.person_columns import CROSS_WORKSPACE_PERSON_COLUMNS, PERSON_COLUMNS

_of_workspace = people.c.workspace_id == bindparam("workspace_id")

_FIND_BY_SLACK_ID = Query(
    select(*PERSON_COLUMNS).where(_of_workspace, people.c.slack_user_id == bindparam("who"))
)
_FIND_BY_ID = Query(select(*PERSON_COLUMNS).where(_of_workspace, people.c.id == bindparam("person_id")))
_FIND_ACROSS_WORKSPACES = Query(
    select(*CROSS_WORKSPACE_PERSON_COLUMNS).where(_of_workspace, people.c.id == bindparam("person_id"))
)
_FIND_PAGE = Query(
    select(*PERSON_COLUMNS)
    .where(_of_workspace, people.c.slack_user_id > bindparam("after"))
    .order_by(people.c.slack_user_id)
    .limit(bindparam("most"))
)
HAS_ACCESS = and_(people.c.standing != Standing.GONE.value, people.c.standing != Standing.STRANGER.value)
_entries = time_entries.c
_FIND_ACTIVE = Query(
    select(*PERSON_COLUMNS).where(
        _of_workspace,
        exists(
            select(literal_column("1")).where(
                _entries.workspace_id == people.c.workspace_id,
                _entries.person_id == people.c.id,
                ~_entries.deleted,
                _entries.started_at >= bindparam("since", type_=DateTime(timezone=True)),
                _entries.started_at < bindparam("until", type_=DateTime(timezone=True)),
            )
        ),
    )
)
_FIND_BY_EMAIL = Query(
    select(*PERSON_COLUMNS).where(_of_workspace, people.c.email == bindparam("email"), HAS_ACCESS).limit(2)
)
_new_person = insert(people).values(
    workspace_id=bindparam("workspace_id"),
    slack_user_id=bindparam("slack_user_id"),
    name=bindparam("name"),
    zone=bindparam("zone"),
    locale=bindparam("locale"),
    email=bindparam("email"),
    slack_admin=bindparam("is_admin"),
    met_by=bindparam("act_key"),
    standing=bindparam("standing"),
    zone_from=bindparam("zone_from"),
)
_new = _new_person.excluded
# A zone that Slack names replaces the stored one. If Slack names none, a zone that the person set stays, and any
# zone replaces an unknown one.
_keeps_zone = and_(
    _new.zone_from != ZoneSource.SLACK.value,
    or_(people.c.zone_from == ZoneSource.PERSON.value, _new.zone_from == ZoneSource.UNKNOWN.value),
)
_UPSERT_PROFILE = Query(
    _new_person.on_conflict_do_update(
        index_elements=["workspace_id", "slack_user_id"],
        set_={
            "name": _new_person.excluded.name,
            "zone": case((_keeps_zone, people.c.zone), else_=_new.zone),
            "zone_from": case((_keeps_zone, people.c.zone_from), else_=_new.zone_from),
            # Slack omits these from some payloads: a missing value does not delete the stored one.
            "locale": func.coalesce(func.nullif(_new_person.excluded.locale, ""), people.c.locale),
            "email": func.coalesce(_new_person.excluded.email, people.c.email),
            "slack_admin": _new_person.excluded.slack_admin,
            # The standing is not updated here but only under the person's lock. Otherwise an outdated profile could
            # give access back to a person who has just left.
            "unreachable": case((HAS_ACCESS, None), else_=people.c.unreachable),
            "updated_at": func.clock_timestamp(),
        },
    ).returning(*PERSON_COLUMNS)
)
_INSERT_ADMIN = Query(
    insert(people)
    .values(
        workspace_id=bindparam("workspace_id"),
        slack_user_id=bindparam("who"),
        name=bindparam("name"),
        zone=bindparam("zone"),
        email=bindparam("email"),
        role=Role.ADMIN.value,
        zone_from=ZoneSource.PERSON.value,
    )
    .returning(people.c.id)
)
_FIND_FIRST_KEY = Query(
    select(people.c.met_by).where(_of_workspace, people.c.slack_user_id == bindparam("who"))
)
_FIND_NAMES = Query(
    select(people.c.slack_user_id, people.c.name).where(
        _of_workspace, people.c.slack_user_id == any_(bindparam("ids", type_=ARRAY(Text)))
    )
)
_FIND_LEADS_AND_ADMINS = Query(
    select(*PERSON_COLUMNS)
    .where(
        _of_workspace,
        people.c.standing == Standing.MEMBER.value,
        or_(people.c.slack_admin, people.c.role != Role.MEMBER.value),
    )
    .order_by(people.c.name, people.c.id)
)
_IS_SLACK_ADMIN = Query(
    select(people.c.slack_admin).where(_of_workspace, people.c.id == bindparam("person_id"))
)


async def insert_admin(
    tx: Transaction, workspace_id: UUID, *, who: str, name: str, zone: str, email: str
) -> UUID:
    """Insert the admin of a workspace that is not in Slack. Return their id. `who` takes the place of a Slack id."""
    row = await tx.fetch_one(
        _INSERT_ADMIN, workspace_id=workspace_id, who=who, name=name, zone=zone, email=email
    )
    assert row is not None
    person_id: UUID = row["id"]
    return person_id


async def find_by_slack_id(tx: Transaction, workspace_id: UUID, slack_user_id: str) -> Person | None:
    """Find a person by their Slack id."""
    row = await tx.fetch_one(_FIND_BY_SLACK_ID, workspace_id=workspace_id, who=slack_user_id)
    return person_from_row(row) if row else None


async def require_person(
    tx: Transaction, workspace_id: UUID, slack_user_id: str, *, needs: Needs = Needs.ZONE
) -> Person:
    """Find the person who wants to read something, and check that they may.

    Raises PersonUnknown, or what `domain.permissions.require_needs` raises.
    """
    found = await find_by_slack_id(tx, workspace_id, slack_user_id)
    if found is None:
        raise PersonUnknown(slack_user_id)
    require_needs(found, needs)
    return found


async def find_by_id(tx: Transaction, workspace_id: UUID, person_id: UUID) -> Person | None:
    """Find a person by their id."""
    row = await tx.fetch_one(_FIND_BY_ID, workspace_id=workspace_id, person_id=person_id)
    return person_from_row(row) if row else None


async def find_across_workspaces(tx: Transaction, workspace_id: UUID, person_id: UUID) -> Person | None:
    """Find a person in a transaction across workspaces, without their e-mail."""
    row = await tx.fetch_one(_FIND_ACROSS_WORKSPACES, workspace_id=workspace_id, person_id=person_id)
    return person_from_row(row) if row else None


async def find_page(tx: Transaction, workspace_id: UUID, *, after: str, most: int) -> list[Person]:
    """Find a page of people by Slack id. `after` is the last id of the page before."""
    rows = await tx.fetch_all(_FIND_PAGE, workspace_id=workspace_id, after=after, most=most)
    return [person_from_row(row) for row in rows]


async def find_active(
    tx: Transaction, workspace_id: UUID, *, since: datetime, until: datetime
) -> list[Person]:
    """Find everybody who has an entry that begins in [since, until)."""
    rows = await tx.fetch_all(_FIND_ACTIVE, workspace_id=workspace_id, since=since, until=until)
    return [person_from_row(row) for row in rows]


async def find_by_email(tx: Transaction, workspace_id: UUID, email: str) -> Person | None:
    """Find the person with that e-mail among the people with access. None also if two people share it."""
    rows = await tx.fetch_all(_FIND_BY_EMAIL, workspace_id=workspace_id, email=email.lower())
    return person_from_row(rows[0]) if len(rows) == 1 else None


async def upsert_profile(
    tx: Transaction, workspace_id: UUID, profile: Profile, *, met_by: str = ""
) -> Person:
    """Insert or update a person from their Slack profile.

    `met_by` (the key of the operation in which they first appeared) and the standing are only stored for a new
    person.
    """
    row = await tx.fetch_one(
        _UPSERT_PROFILE,
        workspace_id=workspace_id,
        slack_user_id=profile.slack_user_id,
        name=profile.name,
        zone=profile.zone.key,
        locale=profile.locale,
        email=profile.email.lower() if profile.email else None,
        is_admin=profile.admin,
        act_key=met_by,
        standing=profile.standing.value,
        zone_from=profile.zone_from.value,
    )
    assert row is not None
    return person_from_row(row)


async def find_first_key(tx: Transaction, workspace_id: UUID, slack_user_id: str) -> str | None:
    """Find the key of the operation in which the person first appeared. None if the person is not stored."""
    row = await tx.fetch_one(_FIND_FIRST_KEY, workspace_id=workspace_id, who=slack_user_id)
    return row["met_by"] if row else None


async def find_names(tx: Transaction, workspace_id: UUID, slack_user_ids: Sequence[str]) -> dict[str, str]:
    """Find the names of these people by Slack id, without people who are not stored."""
    rows = await tx.fetch_all(_FIND_NAMES, workspace_id=workspace_id, ids=list(slack_user_ids))
    return {row["slack_user_id"]: row["name"] for row in rows}


async def find_leads_and_admins(tx: Transaction, workspace_id: UUID) -> list[Person]:
    """Find leads and admins by name, Slack's own admins included."""
    return [
        person_from_row(row) for row in await tx.fetch_all(_FIND_LEADS_AND_ADMINS, workspace_id=workspace_id)
    ]


async def is_slack_admin(tx: Transaction, workspace_id: UUID, person_id: UUID) -> bool:
    """Return whether Slack says that the person is an admin or owner of the workspace."""
    row = await tx.fetch_one(_IS_SLACK_ADMIN, workspace_id=workspace_id, person_id=person_id)
    return bool(row and row["slack_admin"])


def person_from_row(row: asyncpg.Record) -> Person:
    """Map a row of PERSON_COLUMNS. A row that was read across workspaces has no e-mail."""
    standing = Standing(row["standing"])
    return Person(
        id=row["id"],
        slack_user_id=row["slack_user_id"],
        name=row["name"],
        zone=zone_or_utc(row["zone"]),
        locale=row["locale"],
        email=row.get("email"),
        digest=DigestSettings(on=row["digest_on"], at=row["digest_at"], daily=row["digest_daily"]),
        role=_role(row, standing),
        remind_at=row["remind_at"],
        week=WorkWeek(days=tuple(row["working_days"]), target=row["target"]),
        weekly=WeeklySettings(
            on=row["weekly_on"], team=row["team_weekly_on"], channel=row["team_weekly_channel"]
        ),
        standing=standing,
        zone_from=ZoneSource(row["zone_from"]),
    )


def _role(row: asyncpg.Record, standing: Standing) -> Role:
    """Return the effective role: Slack's admins are always admins, and only members have a role.

    The stored role has no effect while its person is a guest or deactivated in Slack.
    """
    if standing is not Standing.MEMBER:
        return Role.MEMBER
    return Role.ADMIN if row["slack_admin"] else Role(row["role"])
