"""Finds accounts by e-mail in any workspace, and changes them within their own workspace."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import accounts, people, sessions

NIL_UUID = UUID(int=0)  # the id of a workspace and of an account that do not exist

_a = accounts.c
_this_account = and_(_a.workspace_id == bindparam("workspace_id"), _a.id == bindparam("account_id"))
_INSERT = Query(
    insert(accounts).values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("account_id"),
        person_id=bindparam("person_id"),
        email=bindparam("email"),
        password_hash=bindparam("password_hash"),
        password_changed_at=bindparam("at"),
        created_at=bindparam("at"),
    )
)
_CREDENTIAL_COLUMNS = [_a.workspace_id, _a.id, _a.email, _a.password_hash, _a.password_changed_at]
_FIND_BY_EMAIL = Query(select(_a.workspace_id, _a.id).where(_a.email == bindparam("email")))
_FIND_WITH_HOME = Query(
    select(
        *_CREDENTIAL_COLUMNS,
        exists()
        .where(
            sessions.c.workspace_id == _a.workspace_id,
            sessions.c.account_id == _a.id,
            sessions.c.address == bindparam("address", type_=sessions.c.address.type),
        )
        .label("at_home"),
    ).where(_this_account)
)
_FIND = Query(select(*_CREDENTIAL_COLUMNS).where(_this_account))
_FIND_NAME = Query(
    select(people.c.name)
    .join_from(accounts, people, and_(people.c.workspace_id == _a.workspace_id, people.c.id == _a.person_id))
    .where(_this_account)
)
_UPDATE_HASH = Query(
    update(accounts)
    .where(_this_account, _a.password_changed_at == bindparam("seen"))
    .values(password_hash=bindparam("new_hash"))
)
_CHANGE_PASSWORD = Query(
    update(accounts)
    .where(_this_account, _a.password_changed_at == bindparam("seen"))
    .values(password_hash=bindparam("new_hash"), password_changed_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The stored values against which a log-in is checked. `at_home` is true if the account logged in from this IP
    address before."""

    workspace_id: UUID
    account_id: UUID
    email: str
    password_hash: str
    password_changed_at: datetime
    at_home: bool = False


async def insert_account(
    tx: Transaction,
    workspace_id: UUID,
    account_id: UUID,
    *,
    person_id: UUID,
    email: str,
    password_hash: str,
    at: datetime,
) -> None:
    """Insert an account. Raises asyncpg's UniqueViolationError if another account has the e-mail."""
    await tx.execute(
        _INSERT,
        workspace_id=workspace_id,
        account_id=account_id,
        person_id=person_id,
        email=email,
        password_hash=password_hash,
        at=at,
    )


async def find_by_email(tx: Transaction, email: str, *, address: bytes) -> Credentials | None:
    """Find an account by e-mail, in a transaction across workspaces, and enter its workspace.

    An unknown e-mail takes the same round trips, so that timing reveals nothing.
    """
    found = await tx.fetch_one(_FIND_BY_EMAIL, email=email)
    workspace_id, account_id = (found["workspace_id"], found["id"]) if found else (NIL_UUID, NIL_UUID)
    await tx.enter_workspace(workspace_id)
    row = await tx.fetch_one(
        _FIND_WITH_HOME, workspace_id=workspace_id, account_id=account_id, address=address
    )
    if row is None:
        return None
    return Credentials(
        workspace_id=row["workspace_id"],
        account_id=row["id"],
        email=row["email"],
        password_hash=row["password_hash"],
        password_changed_at=row["password_changed_at"],
        at_home=row["at_home"],
    )


async def find_credentials(tx: Transaction, workspace_id: UUID, account_id: UUID) -> Credentials:
    """Find the credentials of an account that exists."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, account_id=account_id)
    assert row is not None
    return Credentials(
        workspace_id=row["workspace_id"],
        account_id=row["id"],
        email=row["email"],
        password_hash=row["password_hash"],
        password_changed_at=row["password_changed_at"],
    )


async def find_name(tx: Transaction, workspace_id: UUID, account_id: UUID) -> str:
    """Find the name that was given when the account signed up."""
    row = await tx.fetch_one(_FIND_NAME, workspace_id=workspace_id, account_id=account_id)
    assert row is not None
    return str(row["name"])


async def update_hash(tx: Transaction, seen: Credentials, *, password_hash: str) -> None:
    """Store a new hash of the same password, unless the password was changed after `seen` was read."""
    await tx.execute(
        _UPDATE_HASH,
        workspace_id=seen.workspace_id,
        account_id=seen.account_id,
        seen=seen.password_changed_at,
        new_hash=password_hash,
    )


async def change_password(tx: Transaction, seen: Credentials, *, password_hash: str, at: datetime) -> bool:
    """Store a new password. Return False if it was changed after `seen` was read."""
    return bool(
        await tx.execute(
            _CHANGE_PASSWORD,
            workspace_id=seen.workspace_id,
            account_id=seen.account_id,
            seen=seen.password_changed_at,
            new_hash=password_hash,
            at=at,
        )
    )
