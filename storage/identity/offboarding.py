"""Ends the credentials, links and waiting messages of a person who leaves a workspace."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Text, Uuid, and_, bindparam, delete, exists, func, or_, select, update

from domain.identity.people import Person, Role, Standing
from storage.identity.people import HAS_ACCESS, person_from_row
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query, inline_word
from storage.tables import (
    account_links,
    accounts,
    api_tokens,
    link_codes,
    messages,
    people,
    sessions,
    surfaces,
    webhook_endpoints,
)
from storage.tables.person_columns import PERSON_COLUMNS

_p, _t, _l, _c, _m, _s = (
    people.c,
    api_tokens.c,
    account_links.c,
    link_codes.c,
    messages.c,
    surfaces.c,
)
_workspace = bindparam("workspace_id", type_=Uuid)
_person = bindparam("of_person", type_=Uuid)
_this_person = and_(_p.workspace_id == _workspace, _p.id == _person)

# The real clock, even if a test replaces the database's clock: no two of these instants of a person are equal.
_SET_STANDING = Query(
    update(people)
    .where(_this_person)
    .values(
        standing=bindparam("to_standing"), unreachable=bindparam("why"), updated_at=func.clock_timestamp()
    )
)
_CLEAR_DUE_DATES = Query(
    update(people)
    .where(_this_person)
    .values(
        next_digest_on=None,
        next_digest_at=None,
        next_reminder_on=None,
        next_reminder_at=None,
        next_week_on=None,
        next_week_at=None,
    )
)
_END_CODES = Query(
    update(link_codes)
    .where(
        _c.workspace_id == _workspace,
        _c.person_id == _person,
        _c.used_by.is_(None),
        _c.expires_at > bindparam("at"),
    )
    .values(expires_at=bindparam("at"))
)
_END_LINKS = Query(
    delete(account_links)
    .where(_l.workspace_id == _workspace, _l.person_id == _person)
    .returning(_l.account_id, _l.home_id)
)
_FIND_LINKS = Query(
    select(_l.account_id, _l.created_at)
    .where(_l.workspace_id == _workspace, _l.person_id == _person)
    .order_by(_l.created_at)
)
_END_SESSIONS = Query(
    update(sessions)
    .where(
        sessions.c.workspace_id == _workspace,
        sessions.c.account_id == bindparam("account_id"),
        sessions.c.ended_at.is_(None),
    )
    .values(ended_at=DATABASE_NOW)
)
_MARK_UNLINKED = Query(
    update(accounts)
    .where(accounts.c.workspace_id == _workspace, accounts.c.id == bindparam("account_id"))
    .values(unlinked_at=bindparam("at"))
    .returning(accounts.c.person_id)
)
_RESTORE_PERSON = Query(update(people).where(_this_person).values(slack_user_id=bindparam("who")))
# A message that is being sent at this moment is left to its sender.
_CANCEL_MESSAGES = Query(
    update(messages)
    .where(
        _m.workspace_id == _workspace,
        or_(_m.channel == bindparam("who", type_=Text), _m.person_id == _person),
        _m.status == inline_word("waiting"),
        or_(_m.lease.is_(None), _m.leased_until <= DATABASE_NOW),
    )
    .values(status="canceled", lease=None)
)
# Live messages in channels are for everybody, so they stay live.
_DELETE_LIVE_MESSAGES = Query(
    delete(surfaces).where(
        _s.workspace_id == _workspace,
        _s.slack_user_id == bindparam("who"),
        or_(_s.slack_channel.is_(None), _s.slack_channel.like("D%")),
    )
)
_e = webhook_endpoints.c
_FIND_ENDPOINTS_MADE_BY = Query(
    select(_e.name)
    .where(_e.workspace_id == _workspace, _e.made_by == _person, _e.disconnected_at.is_(None))
    .order_by(_e.name)
)
_has_token = exists().where(
    _t.workspace_id == _p.workspace_id, _t.person_id == _p.id, _t.revoked_at.is_(None)
)
_has_link = exists().where(_l.workspace_id == _p.workspace_id, _l.person_id == _p.id)
_has_code = exists().where(
    _c.workspace_id == _p.workspace_id,
    _c.person_id == _p.id,
    _c.used_by.is_(None),
    _c.expires_at > DATABASE_NOW,
)
_in_slack = and_(_p.workspace_id == _workspace, ~_p.slack_user_id.like("account:%"))
_FIND_PEOPLE_IN_SLACK = Query(
    select(*PERSON_COLUMNS, _p.updated_at)
    .where(_in_slack, _p.slack_user_id > bindparam("after"))
    .order_by(_p.slack_user_id)
    .limit(bindparam("most"))
)
_select_person = select(*PERSON_COLUMNS, _p.updated_at).where(
    _p.workspace_id == _workspace, _p.slack_user_id == bindparam("who")
)
_FIND_PERSON_IN_SLACK = Query(_select_person)
_LOCK_PERSON = Query(_select_person.with_for_update(key_share=True))
_FIND_WITH_CREDENTIALS = Query(
    select(*PERSON_COLUMNS)
    .where(
        _in_slack,
        HAS_ACCESS,
        or_(_has_token, _has_link, _has_code, _p.slack_admin, _p.role != Role.MEMBER.value),
    )
    .order_by(_p.slack_user_id)
)
_FIND_WITH_KEYS = Query(select(*PERSON_COLUMNS).where(_in_slack, or_(_has_token, _has_link, _has_code)))
_FIND_UNVERIFIED = Query(
    select(*PERSON_COLUMNS)
    .where(_p.workspace_id == _workspace, _p.standing == inline_word("unverified"))
    .order_by(_p.created_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAccount:
    """An account that is linked to a person in Slack. `home_id` is the workspace that it was signed up in."""

    account_id: UUID
    home_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInSlack:
    """A person, whether Slack last said that they are an admin, and when their row was written.

    `written_at` is a new instant each time that data from Slack about them is written.
    """

    person: Person
    slack_admin: bool
    written_at: datetime


async def set_standing(
    tx: Transaction, workspace_id: UUID, person_id: UUID, standing: Standing, *, unreachable: str | None
) -> None:
    """Set the person's standing. `unreachable` is the reason why no messages are sent to them any more, or None."""
    await tx.execute(
        _SET_STANDING,
        workspace_id=workspace_id,
        of_person=person_id,
        to_standing=standing.value,
        why=unreachable,
    )


async def stop_sending(tx: Transaction, workspace_id: UUID, person_id: UUID, *, who: str) -> None:
    """Cancel the waiting messages and the due dates of the person, whose Slack id is `who`."""
    await tx.execute(_CLEAR_DUE_DATES, workspace_id=workspace_id, of_person=person_id)
    await tx.execute(_CANCEL_MESSAGES, workspace_id=workspace_id, of_person=person_id, who=who)
    await tx.execute(_DELETE_LIVE_MESSAGES, workspace_id=workspace_id, who=who)


async def end_codes(tx: Transaction, workspace_id: UUID, person_id: UUID, *, at: datetime) -> None:
    """Invalidate the person's unused link codes."""
    await tx.execute(_END_CODES, workspace_id=workspace_id, of_person=person_id, at=at)


async def find_linked_since(tx: Transaction, workspace_id: UUID, person_id: UUID) -> datetime | None:
    """Find when an account was linked to the person. None if no account is linked."""
    row = await tx.fetch_one(_FIND_LINKS, workspace_id=workspace_id, of_person=person_id)
    return row["created_at"] if row else None


async def end_links(tx: Transaction, workspace_id: UUID, person_id: UUID) -> list[LinkedAccount]:
    """Delete the person's links. The caller releases the accounts that it returns."""
    rows = await tx.fetch_all(_END_LINKS, workspace_id=workspace_id, of_person=person_id)
    return [LinkedAccount(account_id=row["account_id"], home_id=row["home_id"]) for row in rows]


async def find_endpoints_made_by(tx: Transaction, workspace_id: UUID, person_id: UUID) -> list[str]:
    """Find the names of the connected endpoints whose secret was shown to the person."""
    rows = await tx.fetch_all(_FIND_ENDPOINTS_MADE_BY, workspace_id=workspace_id, of_person=person_id)
    return [row["name"] for row in rows]


async def release_account(tx: Transaction, account: LinkedAccount, *, who: str, at: datetime) -> None:
    """Give an account back its own person, under the id `who`, and end the account's sessions.

    The transaction must have entered the account's own workspace.
    """
    home = account.home_id
    row = await tx.fetch_one(_MARK_UNLINKED, workspace_id=home, account_id=account.account_id, at=at)
    if row:
        await tx.execute(_RESTORE_PERSON, workspace_id=home, of_person=row["person_id"], who=who)
    await tx.execute(_END_SESSIONS, workspace_id=home, account_id=account.account_id)


async def find_people_in_slack(
    tx: Transaction, workspace_id: UUID, *, after: str, most: int
) -> list[PersonInSlack]:
    """Find a page of the people who are in Slack, by Slack id. `after` is the last id of the page before."""
    rows = await tx.fetch_all(_FIND_PEOPLE_IN_SLACK, workspace_id=workspace_id, after=after, most=most)
    return [_person_in_slack_from_row(row) for row in rows]


async def find_person_in_slack(tx: Transaction, workspace_id: UUID, who: str) -> PersonInSlack | None:
    """Find the person with that Slack id."""
    row = await tx.fetch_one(_FIND_PERSON_IN_SLACK, workspace_id=workspace_id, who=who)
    return _person_in_slack_from_row(row) if row else None


async def lock_person(tx: Transaction, workspace_id: UUID, who: str) -> PersonInSlack | None:
    """Find the person with that Slack id, and lock their row until this transaction ends."""
    row = await tx.fetch_one(_LOCK_PERSON, workspace_id=workspace_id, who=who)
    return _person_in_slack_from_row(row) if row else None


async def find_with_credentials(tx: Transaction, workspace_id: UUID) -> list[Person]:
    """Find everybody who could still act after leaving Slack unnoticed: people with a token, a link, an open code
    or a role."""
    return [
        person_from_row(row) for row in await tx.fetch_all(_FIND_WITH_CREDENTIALS, workspace_id=workspace_id)
    ]


async def find_with_keys(tx: Transaction, workspace_id: UUID) -> list[Person]:
    """Find everybody who has a token, a link or an open code."""
    return [person_from_row(row) for row in await tx.fetch_all(_FIND_WITH_KEYS, workspace_id=workspace_id)]


async def find_unverified(tx: Transaction, workspace_id: UUID, *, most: int) -> list[Person]:
    """Find the people whose standing Slack has not confirmed yet, because it did not answer. The longest waiting
    come first."""
    return [
        person_from_row(row)
        for row in await tx.fetch_all(_FIND_UNVERIFIED, workspace_id=workspace_id, most=most)
    ]


def _person_in_slack_from_row(row: asyncpg.Record) -> PersonInSlack:
    return PersonInSlack(
        person=person_from_row(row), slack_admin=row["slack_admin"], written_at=row["updated_at"]
    )
