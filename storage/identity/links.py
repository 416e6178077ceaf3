"""Links between accounts and people in Slack, and the one-time codes that create them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.entries.entries import EntryData
from domain.entries.moved_entries import MovedEntry
from domain.identity.callers import Session
from storage.entries.entries import ENTRIES_WITH_PROJECT, LIVE_ENTRY_OF_PERSON
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import (
    account_links,
    accounts,
    api_tokens,
    link_codes,
    people,
    projects,
    time_entries,
    workspaces,
)

_c, _l, _e = link_codes.c, account_links.c, time_entries.c
_hash = bindparam("code_hash", type_=_c.hash.type)
_FIND_CODE = Query(
    select(
        _c.workspace_id,
        people.c.slack_user_id,
        _c.used_by,
        workspaces.c.name,
    )
    .join_from(
        link_codes, people, and_(people.c.workspace_id == _c.workspace_id, people.c.id == _c.person_id)
    )
    .join(workspaces, workspaces.c.id == _c.workspace_id)
    .where(_c.hash == _hash)
)
_END_OTHER_CODES = Query(
    update(link_codes)
    .where(
        _c.workspace_id == bindparam("workspace_id"),
        _c.person_id == bindparam("of_person"),
        _c.used_by.is_(None),
        _c.expires_at > bindparam("at"),
    )
    .values(expires_at=bindparam("at"))
)
_INSERT_CODE = Query(
    insert(link_codes).values(
        workspace_id=bindparam("workspace_id"),
        hash=_hash,
        person_id=bindparam("person_id"),
        expires_at=bindparam("until"),
    )
)
_USE_CODE = Query(
    update(link_codes)
    .where(
        _c.workspace_id == bindparam("workspace_id"),
        _c.hash == _hash,
        _c.used_by.is_(None),
        _c.expires_at > bindparam("at"),
    )
    .values(used_by=bindparam("account_id"))
    .returning(_c.person_id)
)
_LINK_ACCOUNT = Query(
    insert(account_links).values(
        workspace_id=bindparam("workspace_id"),
        account_id=bindparam("account_id"),
        person_id=bindparam("person_id"),
        created_at=bindparam("at"),
        home_id=bindparam("home"),
    )
)
_FIND_LINK = Query(select(_l.account_id).where(_l.account_id == bindparam("account_id")))
_RETIRE_PERSON = Query(
    update(people)
    .where(people.c.workspace_id == bindparam("workspace_id"), people.c.slack_user_id == bindparam("who"))
    .values(slack_user_id=bindparam("sealed"))
    .returning(people.c.id)
)
_END_TOKENS = Query(
    update(api_tokens)
    .where(
        api_tokens.c.workspace_id == bindparam("workspace_id"),
        api_tokens.c.person_id == bindparam("of_person"),
        api_tokens.c.revoked_at.is_(None),
    )
    .values(revoked_at=DATABASE_NOW)
)
_DELETE_CODES_BEFORE = Query(delete(link_codes).where(_c.expires_at < bindparam("before")))
_FIND_ENTRIES_TO_MOVE = Query(
    select(
        projects.c.title,
        _e.note,
        _e.tags,
        _e.started_at,
        _e.ended_at,
        _e.zone,
        _e.source,
        _e.external_id,
        _e.link,
    )
    .select_from(ENTRIES_WITH_PROJECT)
    .where(
        LIVE_ENTRY_OF_PERSON,
        _e.ended_at.is_not(None),
        # An earlier link has already moved the entries from before it.
        _e.created_at
        > func.coalesce(
            select(accounts.c.unlinked_at)
            .where(
                accounts.c.workspace_id == bindparam("workspace_id"),
                accounts.c.id == bindparam("account_id"),
            )
            .scalar_subquery(),
            text("'-infinity'::timestamptz"),
        ),
    )
    .order_by(_e.started_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A code, and the workspace and Slack id of its person. `used_by` is the account that used it."""

    workspace_id: UUID
    workspace: str
    who: str
    used_by: UUID | None


async def find_code(tx: Transaction, code_hash: bytes) -> LinkCode | None:
    """Find a code by its hash, in a transaction across workspaces."""
    row = await tx.fetch_one(_FIND_CODE, code_hash=code_hash)
    if row is None:
        return None
    return LinkCode(
        workspace_id=row["workspace_id"],
        workspace=row["name"],
        who=row["slack_user_id"],
        used_by=row["used_by"],
    )


async def insert_code(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, code_hash: bytes, at: datetime, until: datetime
) -> None:
    """Insert a code that is valid until `until`. The person's other codes become invalid."""
    await tx.execute(_END_OTHER_CODES, workspace_id=workspace_id, of_person=person_id, at=at)
    await tx.execute(
        _INSERT_CODE, workspace_id=workspace_id, code_hash=code_hash, person_id=person_id, until=until
    )


async def use_code(
    tx: Transaction, workspace_id: UUID, *, code_hash: bytes, account_id: UUID, at: datetime
) -> UUID | None:
    """Use up a code. Return the id of its person, or None if it was used before or has expired."""
    row = await tx.fetch_one(
        _USE_CODE, workspace_id=workspace_id, code_hash=code_hash, account_id=account_id, at=at
    )
    return row["person_id"] if row else None


async def link_account(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, session: Session, at: datetime
) -> None:
    """Link the session's account to the person.

    Raises asyncpg's UniqueViolationError if it is linked already.
    """
    await tx.execute(
        _LINK_ACCOUNT,
        workspace_id=workspace_id,
        account_id=session.account_id,
        home=session.workspace_id,
        person_id=person_id,
        at=at,
    )


async def is_linked(tx: Transaction, account_id: UUID) -> bool:
    """Return whether the account is linked to a person in Slack. Runs in a transaction across workspaces."""
    return await tx.fetch_one(_FIND_LINK, account_id=account_id) is not None


async def retire_person(tx: Transaction, workspace_id: UUID, *, who: str) -> None:
    """Retire the account's own person: no credential acts as this person any more, and their tokens are revoked."""
    row = await tx.fetch_one(_RETIRE_PERSON, workspace_id=workspace_id, who=who, sealed=f"{who}/joined")
    if row:
        await tx.execute(_END_TOKENS, workspace_id=workspace_id, of_person=row["id"])


async def delete_codes_before(tx: Transaction, *, before: datetime) -> int:
    """Delete codes that expired before that instant. Return their number."""
    return await tx.execute(_DELETE_CODES_BEFORE, before=before)


async def find_entries_to_move(
    tx: Transaction, session: Session, person_id: UUID, *, most: int
) -> list[MovedEntry]:
    """Find the finished entries of the account's own person that no earlier link has moved, the earliest first."""
    rows = await tx.fetch_all(
        _FIND_ENTRIES_TO_MOVE,
        workspace_id=session.workspace_id,
        account_id=session.account_id,
        person_id=person_id,
        most=most,
    )
    return [
        MovedEntry(
            project_title=row["title"],
            data=EntryData(
                project=None,
                note=row["note"],
                tags=tuple(row["tags"]),
                started_at=row["started_at"],
                ended_at=row["ended_at"],
                zone=row["zone"],
                source=row["source"],
                external_id=row["external_id"],
                link=row["link"],
            ),
        )
        for row in rows
    ]
