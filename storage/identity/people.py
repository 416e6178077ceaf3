"""Workspaces and people."""

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
    DigestWish,
    Person,
    Profile,
    Role,
    Standing,
    WeeklyWish,
    Workspace,
    ZoneFrom,
    zone_named,
)
from domain.permissions import Needs, require
from domain.time.workdays import WorkWeek
from storage.postgres.database import Query, Transaction
from storage.tables import people, time_entries, workspaces
from storage.tables.person_columns import CROSS_WORKSPACE_PERSON_COLUMNS, PERSON_COLUMNS

_of_workspace = people.c.workspace_id == bindparam("workspace_id")

_new_workspace = insert(workspaces).values(
    enterprise_id=bindparam("enterprise_id"), team_id=bindparam("team_id"), name=bindparam("name")
)
_REMEMBER_WORKSPACE = Query(
    _new_workspace.on_conflict_do_update(
        index_elements=["enterprise_id", "team_id"], set_={"name": _new_workspace.excluded.name}
    ).returning(workspaces.c.id, workspaces.c.enterprise_id, workspaces.c.team_id, workspaces.c.name)
)
_NEW_WORKSPACE = Query(
    insert(workspaces).values(
        id=bindparam("workspace_id"), team_id=bindparam("team_id"), name=bindparam("name")
    )
)
_BY_SLACK_ID = Query(select(*PERSON_COLUMNS).where(_of_workspace, people.c.slack_user_id == bindparam("who")))
_BY_ID = Query(select(*PERSON_COLUMNS).where(_of_workspace, people.c.id == bindparam("person_id")))
_BY_ID_ACROSS = Query(
    select(*CROSS_WORKSPACE_PERSON_COLUMNS).where(_of_workspace, people.c.id == bindparam("person_id"))
)
_PAGE = Query(
    select(*PERSON_COLUMNS)
    .where(_of_workspace, people.c.slack_user_id > bindparam("after"))
    .order_by(people.c.slack_user_id)
    .limit(bindparam("most"))
)
HAS_ACCESS = and_(people.c.standing != Standing.GONE.value, people.c.standing != Standing.STRANGER.value)
_entries = time_entries.c
_ACTIVE = Query(
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
_BY_EMAIL = Query(
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
# What Slack names is taken. Where it names none, what the person said themselves stays, and what is known stays too
# where Slack knows nothing.
_zone_stays = and_(
    _new.zone_from != ZoneFrom.SLACK.value,
    or_(people.c.zone_from == ZoneFrom.PERSON.value, _new.zone_from == ZoneFrom.UNKNOWN.value),
)
_REMEMBER = Query(
    _new_person.on_conflict_do_update(
        index_elements=["workspace_id", "slack_user_id"],
        set_={
            "name": _new_person.excluded.name,
            "zone": case((_zone_stays, people.c.zone), else_=_new.zone),
            "zone_from": case((_zone_stays, people.c.zone_from), else_=_new.zone_from),
            # Slack leaves these out of some payloads; that is not the news that they are gone.
            "locale": func.coalesce(func.nullif(_new_person.excluded.locale, ""), people.c.locale),
            "email": func.coalesce(_new_person.excluded.email, people.c.email),
            "slack_admin": _new_person.excluded.slack_admin,
            # Standing is changed under the person's lock alone: what Slack said a moment before somebody left, and is
            # written a moment after, does not bring them back.
            "unreachable": case((HAS_ACCESS, None), else_=people.c.unreachable),
            "updated_at": func.clock_timestamp(),
        },
    ).returning(*PERSON_COLUMNS)
)
_ADD = Query(
    insert(people)
    .values(
        workspace_id=bindparam("workspace_id"),
        slack_user_id=bindparam("who"),
        name=bindparam("name"),
        zone=bindparam("zone"),
        email=bindparam("email"),
        role=Role.ADMIN.value,
        zone_from=ZoneFrom.PERSON.value,
    )
    .returning(people.c.id)
)
_MET_BY = Query(select(people.c.met_by).where(_of_workspace, people.c.slack_user_id == bindparam("who")))
_NAMES = Query(
    select(people.c.slack_user_id, people.c.name).where(
        _of_workspace, people.c.slack_user_id == any_(bindparam("ids", type_=ARRAY(Text)))
    )
)
_DECIDERS = Query(
    select(*PERSON_COLUMNS)
    .where(
        _of_workspace,
        people.c.standing == Standing.MEMBER.value,
        or_(people.c.slack_admin, people.c.role != Role.MEMBER.value),
    )
    .order_by(people.c.name, people.c.id)
)
_SLACK_ADMIN = Query(select(people.c.slack_admin).where(_of_workspace, people.c.id == bindparam("person_id")))


async def upsert_workspace(tx: Transaction, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
    row = await tx.fetch_one(_REMEMBER_WORKSPACE, enterprise_id=enterprise_id, team_id=team_id, name=name)
    assert row is not None
    return Workspace(
        id=row["id"], enterprise_id=row["enterprise_id"], team_id=row["team_id"], name=row["name"]
    )


async def insert_workspace(tx: Transaction, workspace_id: UUID, *, team_id: str, name: str) -> None:
    """A workspace that is not in Slack."""
    await tx.execute(_NEW_WORKSPACE, workspace_id=workspace_id, team_id=team_id, name=name)


async def insert_admin(
    tx: Transaction, workspace_id: UUID, *, who: str, name: str, zone: str, email: str
) -> UUID:
    """Somebody who is not in Slack, and has nobody above them; returns their id. `who` stands for a Slack id."""
    row = await tx.fetch_one(_ADD, workspace_id=workspace_id, who=who, name=name, zone=zone, email=email)
    assert row is not None
    person_id: UUID = row["id"]
    return person_id


async def find_by_slack_id(tx: Transaction, workspace_id: UUID, slack_user_id: str) -> Person | None:
    row = await tx.fetch_one(_BY_SLACK_ID, workspace_id=workspace_id, who=slack_user_id)
    return person_from_row(row) if row else None


async def require_person(
    tx: Transaction, workspace_id: UUID, slack_user_id: str, *, needs: Needs = Needs.ZONE
) -> Person:
    """Whoever asks to read something. Raises PersonUnknown, or what `domain.permissions.require` raises."""
    found = await find_by_slack_id(tx, workspace_id, slack_user_id)
    if found is None:
        raise PersonUnknown(slack_user_id)
    require(found, needs)
    return found


async def find_by_id(tx: Transaction, workspace_id: UUID, person_id: UUID) -> Person | None:
    row = await tx.fetch_one(_BY_ID, workspace_id=workspace_id, person_id=person_id)
    return person_from_row(row) if row else None


async def find_across_workspaces(tx: Transaction, workspace_id: UUID, person_id: UUID) -> Person | None:
    """Without their address."""
    row = await tx.fetch_one(_BY_ID_ACROSS, workspace_id=workspace_id, person_id=person_id)
    return person_from_row(row) if row else None


async def find_page(tx: Transaction, workspace_id: UUID, *, after: str, most: int) -> list[Person]:
    """By Slack id, behind that one."""
    rows = await tx.fetch_all(_PAGE, workspace_id=workspace_id, after=after, most=most)
    return [person_from_row(row) for row in rows]


async def find_active(
    tx: Transaction, workspace_id: UUID, *, since: datetime, until: datetime
) -> list[Person]:
    """Everybody for whom an entry begins in [since, until)."""
    rows = await tx.fetch_all(_ACTIVE, workspace_id=workspace_id, since=since, until=until)
    return [person_from_row(row) for row in rows]


async def find_by_email(tx: Transaction, workspace_id: UUID, email: str) -> Person | None:
    """None also where two people share the address: then it names nobody. Who has left has none any more."""
    rows = await tx.fetch_all(_BY_EMAIL, workspace_id=workspace_id, email=email.lower())
    return person_from_row(rows[0]) if len(rows) == 1 else None


async def upsert_profile(
    tx: Transaction, workspace_id: UUID, profile: Profile, *, met_by: str = ""
) -> Person:
    """Writes what Slack says about a member, new or known; `met_by` and the standing are kept of who is new."""
    row = await tx.fetch_one(
        _REMEMBER,
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
    """The key of the act by which that person came to be known; None for a stranger."""
    row = await tx.fetch_one(_MET_BY, workspace_id=workspace_id, who=slack_user_id)
    return row["met_by"] if row else None


async def find_names(tx: Transaction, workspace_id: UUID, slack_user_ids: Sequence[str]) -> dict[str, str]:
    """By Slack id; strangers are left out."""
    rows = await tx.fetch_all(_NAMES, workspace_id=workspace_id, ids=list(slack_user_ids))
    return {row["slack_user_id"]: row["name"] for row in rows}


async def find_leads_and_admins(tx: Transaction, workspace_id: UUID) -> list[Person]:
    """By name; Slack's own admins among them."""
    return [person_from_row(row) for row in await tx.fetch_all(_DECIDERS, workspace_id=workspace_id)]


async def is_slack_admin(tx: Transaction, workspace_id: UUID, person_id: UUID) -> bool:
    """Whether Slack itself says that they are an admin or owner of the workspace."""
    row = await tx.fetch_one(_SLACK_ADMIN, workspace_id=workspace_id, person_id=person_id)
    return bool(row and row["slack_admin"])


def person_from_row(row: asyncpg.Record) -> Person:
    """Without an address where the row was read across workspaces."""
    standing = Standing(row["standing"])
    return Person(
        id=row["id"],
        slack_user_id=row["slack_user_id"],
        name=row["name"],
        zone=zone_named(row["zone"]),
        locale=row["locale"],
        email=row.get("email"),
        digest=DigestWish(on=row["digest_on"], at=row["digest_at"], daily=row["digest_daily"]),
        role=_role(row, standing),
        remind_at=row["remind_at"],
        week=WorkWeek(days=tuple(row["working_days"]), target=row["target"]),
        weekly=WeeklyWish(
            on=row["weekly_on"], team=row["team_weekly_on"], channel=row["team_weekly_channel"]
        ),
        standing=standing,
        zone_from=ZoneFrom(row["zone_from"]),
    )


def _role(row: asyncpg.Record, standing: Standing) -> Role:
    """Slack's own admins are admins here whatever they were made. A role has no effect while Slack calls its person
    a guest, or has deactivated them; it is theirs again when that ends."""
    if standing is not Standing.MEMBER:
        return Role.MEMBER
    return Role.ADMIN if row["slack_admin"] else Role(row["role"])
