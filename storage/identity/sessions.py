"""Sessions of accounts and their refresh tokens, which are stored as hashes only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.identity.callers import Session
from domain.identity.people import Person
from storage.identity import people
from storage.identity.accounts import Credentials
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import account_links, accounts, refresh_tokens, sessions

_s, _r, _a = sessions.c, refresh_tokens.c, accounts.c
_this_session = and_(_s.workspace_id == bindparam("workspace_id"), _s.id == bindparam("session_id"))
# Locks the account. A simultaneous change of the password either waits for this transaction or is visible to it, so
# an old password never opens a session.
_LOCK_UNCHANGED_ACCOUNT = Query(
    select(_a.id)
    .where(
        _a.workspace_id == bindparam("workspace_id"),
        _a.id == bindparam("account_id"),
        _a.password_changed_at == bindparam("seen"),
    )
    .with_for_update(read=True)
)
_INSERT = Query(
    insert(sessions).values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("session_id"),
        account_id=bindparam("account_id"),
        address=bindparam("address"),
        created_at=bindparam("at"),
        expires_at=bindparam("until"),
    )
)
_INSERT_TOKEN = Query(
    insert(refresh_tokens).values(
        workspace_id=bindparam("workspace_id"),
        hash=bindparam("token_hash"),
        session_id=bindparam("session_id"),
        parent=bindparam("parent_hash"),
        created_at=bindparam("at"),
    )
)
# An account that is linked to a person in Slack acts as that person, whatever its own workspace is.
_FIND_LIVE = Query(
    select(
        _s.account_id,
        _s.workspace_id.label("home"),
        DATABASE_NOW.label("now"),
        func.coalesce(account_links.c.workspace_id, _a.workspace_id).label("workspace_id"),
        func.coalesce(account_links.c.person_id, _a.person_id).label("person_id"),
    )
    .join_from(sessions, accounts, and_(_a.workspace_id == _s.workspace_id, _a.id == _s.account_id))
    .outerjoin(account_links, account_links.c.account_id == _a.id)
    .where(_s.id == bindparam("session_id"), _s.ended_at.is_(None))
)
_FIND_HOME_OF_TOKEN = Query(
    select(_r.workspace_id, _r.session_id).where(_r.hash == bindparam("token_hash", type_=_r.hash.type))
)
_LOCK = Query(
    select(_s.account_id, _s.expires_at, _s.ended_at, DATABASE_NOW.label("now"))
    .where(_this_session)
    .with_for_update()
)
_FIND_TOKEN = Query(
    select(_r.used_at).where(_r.workspace_id == bindparam("workspace_id"), _r.hash == bindparam("token_hash"))
)
_FIND_SUCCESSOR = Query(
    select(_r.hash, _r.used_at).where(
        _r.workspace_id == bindparam("workspace_id"),
        _r.session_id == bindparam("session_id"),
        _r.parent == bindparam("token_hash"),
    )
)
_MARK_USED = Query(
    update(refresh_tokens)
    .where(_r.workspace_id == bindparam("workspace_id"), _r.hash == bindparam("token_hash"))
    .values(used_at=bindparam("at"))
)
_EXTEND = Query(update(sessions).where(_this_session).values(expires_at=bindparam("until")))
_END = Query(update(sessions).where(_this_session, _s.ended_at.is_(None)).values(ended_at=DATABASE_NOW))
_END_OTHERS = Query(
    update(sessions)
    .where(
        _s.workspace_id == bindparam("workspace_id"),
        _s.account_id == bindparam("account_id"),
        _s.id != bindparam("session_id"),
        _s.ended_at.is_(None),
    )
    .values(ended_at=DATABASE_NOW)
)
_DELETE_BEFORE = Query(delete(sessions).where(_s.expires_at < bindparam("before")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A session that has not ended, and its person without their e-mail. `now` is the database's clock."""

    session: Session
    workspace_id: UUID
    person: Person
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedToken:
    """A refresh token that a caller presented, with its session locked.

    `successor` is the hash of the token that replaced it, and `successor_used` says whether that token was used
    too. `now` is the database's clock.
    """

    session: Session
    expires_at: datetime
    ended_at: datetime | None
    used_at: datetime | None
    successor: bytes | None
    successor_used: bool
    now: datetime


async def open_session(
    tx: Transaction, seen: Credentials, *, session_id: UUID, address: bytes, at: datetime, until: datetime
) -> bool:
    """Open a session. Return False if the password was changed after `seen` was read."""
    if not await tx.fetch_one(
        _LOCK_UNCHANGED_ACCOUNT,
        workspace_id=seen.workspace_id,
        account_id=seen.account_id,
        seen=seen.password_changed_at,
    ):
        return False
    await tx.execute(
        _INSERT,
        workspace_id=seen.workspace_id,
        session_id=session_id,
        account_id=seen.account_id,
        address=address,
        at=at,
        until=until,
    )
    return True


async def insert_refresh_token(
    tx: Transaction,
    workspace_id: UUID,
    session_id: UUID,
    *,
    token_hash: bytes,
    parent: bytes | None,
    at: datetime,
) -> None:
    """Insert a refresh token of the session. `parent` is the hash of the token that it replaces, None for the
    first."""
    await tx.execute(
        _INSERT_TOKEN,
        workspace_id=workspace_id,
        session_id=session_id,
        token_hash=token_hash,
        parent_hash=parent,
        at=at,
    )


async def find_live(tx: Transaction, session_id: UUID) -> LiveSession | None:
    """Find a session and its person, in a transaction across workspaces. None if it does not exist or has ended."""
    row = await tx.fetch_one(_FIND_LIVE, session_id=session_id)
    found = await people.find_across_workspaces(tx, row["workspace_id"], row["person_id"]) if row else None
    if row is None or found is None:
        return None
    return LiveSession(
        session=Session(id=session_id, account_id=row["account_id"], workspace_id=row["home"]),
        workspace_id=row["workspace_id"],
        person=found,
        now=row["now"],
    )


async def lock_by_refresh_token(tx: Transaction, token_hash: bytes) -> PresentedToken | None:
    """Find a refresh token by its hash, enter its workspace and lock its session.

    Two requests with the same token run one after the other. None if there is no such token.
    """
    home = await tx.fetch_one(_FIND_HOME_OF_TOKEN, token_hash=token_hash)
    if home is None:
        return None
    workspace_id, session_id = home["workspace_id"], home["session_id"]
    await tx.enter_workspace(workspace_id)
    session = await tx.fetch_one(_LOCK, workspace_id=workspace_id, session_id=session_id)
    token = await tx.fetch_one(_FIND_TOKEN, workspace_id=workspace_id, token_hash=token_hash)
    if session is None or token is None:
        return None
    successor = await tx.fetch_one(
        _FIND_SUCCESSOR, workspace_id=workspace_id, session_id=session_id, token_hash=token_hash
    )
    return PresentedToken(
        session=Session(id=session_id, account_id=session["account_id"], workspace_id=workspace_id),
        expires_at=session["expires_at"],
        ended_at=session["ended_at"],
        used_at=token["used_at"],
        successor=successor["hash"] if successor else None,
        successor_used=bool(successor and successor["used_at"]),
        now=session["now"],
    )


async def rotate_refresh_token(
    tx: Transaction, presented: PresentedToken, *, token_hash: bytes, next_hash: bytes, until: datetime
) -> None:
    """Mark the refresh token as used, insert the next one, and extend the session until `until`."""
    workspace_id, session_id, at = presented.session.workspace_id, presented.session.id, presented.now
    await tx.execute(_MARK_USED, workspace_id=workspace_id, token_hash=token_hash, at=at)
    await insert_refresh_token(tx, workspace_id, session_id, token_hash=next_hash, parent=token_hash, at=at)
    await tx.execute(_EXTEND, workspace_id=workspace_id, session_id=session_id, until=until)


async def end_session(tx: Transaction, session: Session) -> None:
    """End a session."""
    await tx.execute(_END, workspace_id=session.workspace_id, session_id=session.id)


async def end_others(tx: Transaction, session: Session) -> int:
    """End every other session of the same account. Return their number."""
    return await tx.execute(
        _END_OTHERS,
        workspace_id=session.workspace_id,
        account_id=session.account_id,
        session_id=session.id,
    )


async def delete_before(tx: Transaction, *, before: datetime) -> int:
    """Delete sessions that expired before that instant, with their tokens. Return their number."""
    return await tx.execute(_DELETE_BEFORE, before=before)
