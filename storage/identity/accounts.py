"""Accounts: found by their address across workspaces, changed within their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import Query, Transaction
from storage.tables import accounts, people, sessions

NIL_UUID = UUID(int=0)  # a workspace and an account that there are not

_a = accounts.c
_this = and_(_a.workspace_id == bindparam("workspace_id"), _a.id == bindparam("account_id"))
_ADD = Query(
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
_CREDENTIALS = [_a.workspace_id, _a.id, _a.email, _a.password_hash, _a.password_changed_at]
_WHOSE = Query(select(_a.workspace_id, _a.id).where(_a.email == bindparam("email")))
_WITH_HOME = Query(
    select(
        *_CREDENTIALS,
        exists()
        .where(
            sessions.c.workspace_id == _a.workspace_id,
            sessions.c.account_id == _a.id,
            sessions.c.address == bindparam("address", type_=sessions.c.address.type),
        )
        .label("at_home"),
    ).where(_this)
)
_BY_ID = Query(select(*_CREDENTIALS).where(_this))
_NAME = Query(
    select(people.c.name)
    .join_from(accounts, people, and_(people.c.workspace_id == _a.workspace_id, people.c.id == _a.person_id))
    .where(_this)
)
_REHASH = Query(
    update(accounts)
    .where(_this, _a.password_changed_at == bindparam("seen"))
    .values(password_hash=bindparam("new_hash"))
)
_CHANGE = Query(
    update(accounts)
    .where(_this, _a.password_changed_at == bindparam("seen"))
    .values(password_hash=bindparam("new_hash"), password_changed_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a log-in is checked against. `at_home`: this address has been logged in from before."""

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
    """Raises asyncpg's UniqueViolationError where the address is another account's."""
    await tx.execute(
        _ADD,
        workspace_id=workspace_id,
        account_id=account_id,
        person_id=person_id,
        email=email,
        password_hash=password_hash,
        at=at,
    )


async def find_by_email(tx: Transaction, email: str, *, address: bytes) -> Credentials | None:
    """Finds its workspace instead of being told, and enters it: to be asked across them. The same round trips whether
    there is such an account or not."""
    whose = await tx.fetch_one(_WHOSE, email=email)
    workspace_id, account_id = (whose["workspace_id"], whose["id"]) if whose else (NIL_UUID, NIL_UUID)
    await tx.enter_workspace(workspace_id)
    row = await tx.fetch_one(_WITH_HOME, workspace_id=workspace_id, account_id=account_id, address=address)
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
    row = await tx.fetch_one(_BY_ID, workspace_id=workspace_id, account_id=account_id)
    assert row is not None
    return Credentials(
        workspace_id=row["workspace_id"],
        account_id=row["id"],
        email=row["email"],
        password_hash=row["password_hash"],
        password_changed_at=row["password_changed_at"],
    )


async def find_name(tx: Transaction, workspace_id: UUID, account_id: UUID) -> str:
    """Return the name that it was signed up with."""
    row = await tx.fetch_one(_NAME, workspace_id=workspace_id, account_id=account_id)
    assert row is not None
    return str(row["name"])


async def update_hash(tx: Transaction, seen: Credentials, *, password_hash: str) -> None:
    """The same password, hashed as it is hashed today."""
    await tx.execute(
        _REHASH,
        workspace_id=seen.workspace_id,
        account_id=seen.account_id,
        seen=seen.password_changed_at,
        new_hash=password_hash,
    )


async def change_password(tx: Transaction, seen: Credentials, *, password_hash: str, at: datetime) -> bool:
    """False when it was changed since it was seen."""
    return bool(
        await tx.execute(
            _CHANGE,
            workspace_id=seen.workspace_id,
            account_id=seen.account_id,
            seen=seen.password_changed_at,
            new_hash=password_hash,
            at=at,
        )
    )
