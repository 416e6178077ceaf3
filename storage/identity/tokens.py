"""Personal API tokens, which are stored as hashes only."""

from uuid import UUID

import asyncpg
from sqlalchemy import and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.identity.callers import Caller, Scope
from domain.identity.tokens import Token, TokenParams
from storage.identity.people import person_from_row
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import api_tokens, people
from storage.tables.person_columns import CROSS_WORKSPACE_PERSON_COLUMNS

_t = api_tokens.c
_TOKEN_COLUMNS = [_t.id, _t.name, _t.scopes, _t.last4, _t.created_at, _t.last_used_at]
_live_token_of_person = and_(
    _t.workspace_id == bindparam("workspace_id"),
    _t.person_id == bindparam("of_person"),
    _t.revoked_at.is_(None),
)
_REVOKE = Query(
    update(api_tokens)
    .where(
        _live_token_of_person,
        or_(_t.name == bindparam("the_name"), _t.id == bindparam("the_id", type_=_t.id.type)),
    )
    .values(revoked_at=DATABASE_NOW)
    .returning(*_TOKEN_COLUMNS)
)
_REVOKE_ALL = Query(
    update(api_tokens).where(_live_token_of_person).values(revoked_at=DATABASE_NOW).returning(*_TOKEN_COLUMNS)
)
_FIND_LIVE = Query(select(*_TOKEN_COLUMNS).where(_live_token_of_person).order_by(_t.name))
_INSERT = Query(
    insert(api_tokens)
    .values(
        workspace_id=bindparam("workspace_id"),
        person_id=bindparam("person_id"),
        name=bindparam("name"),
        scopes=bindparam("scopes"),
        hash=bindparam("hash"),
        last4=bindparam("last4"),
        created_at=DATABASE_NOW,
    )
    .returning(*_TOKEN_COLUMNS)
)
_is_live_token = and_(_t.hash == bindparam("token_hash"), _t.revoked_at.is_(None))
# The last use is written at most once a minute for each token.
_use_not_recorded = or_(
    _t.last_used_at.is_(None), _t.last_used_at < func.now() - literal_column("interval '1 minute'")
)
_FIND_CALLER = Query(
    select(
        _t.workspace_id,
        _t.scopes,
        _use_not_recorded.label("use_not_recorded"),
        *CROSS_WORKSPACE_PERSON_COLUMNS,
    )
    .join_from(
        api_tokens, people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id)
    )
    .where(_is_live_token)
)
_RECORD_USE = Query(
    update(api_tokens).where(_is_live_token, _use_not_recorded).values(last_used_at=func.now())
)


async def insert_token(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    params: TokenParams,
    *,
    token_hash: bytes,
    last4: str,
) -> Token:
    """Insert a token. The caller has already revoked any live token of the same name."""
    row = await tx.fetch_one(
        _INSERT,
        workspace_id=workspace_id,
        person_id=person_id,
        name=params.name,
        scopes=sorted(params.scopes),
        hash=token_hash,
        last4=last4,
    )
    assert row is not None
    return _token(row)


async def find_live(tx: Transaction, workspace_id: UUID, person_id: UUID) -> list[Token]:
    """Find the person's tokens that are not revoked, by name."""
    return [
        _token(row) for row in await tx.fetch_all(_FIND_LIVE, workspace_id=workspace_id, of_person=person_id)
    ]


async def revoke(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    *,
    name: str | None = None,
    token_id: UUID | None = None,
) -> Token | None:
    """Revoke the person's live token of that name or id. None if there is none."""
    row = await tx.fetch_one(
        _REVOKE, workspace_id=workspace_id, of_person=person_id, the_name=name, the_id=token_id
    )
    return _token(row) if row else None


async def revoke_all(tx: Transaction, workspace_id: UUID, person_id: UUID) -> list[Token]:
    """Revoke all of the person's live tokens, and return them."""
    rows = await tx.fetch_all(_REVOKE_ALL, workspace_id=workspace_id, of_person=person_id)
    return [_token(row) for row in rows]


async def find_caller(tx: Transaction, token_hash: bytes) -> Caller | None:
    """Find the caller to whom a token belongs, in a transaction across workspaces. The caller's person has no
    e-mail."""
    row = await tx.fetch_one(_FIND_CALLER, token_hash=token_hash)
    if row is None:
        return None
    if row["use_not_recorded"]:
        await tx.enter_workspace(row["workspace_id"])
        await tx.execute(_RECORD_USE, token_hash=token_hash)
    return Caller(workspace_id=row["workspace_id"], person=person_from_row(row), scopes=_scopes(row))


def _token(row: asyncpg.Record) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        scopes=_scopes(row),
        last4=row["last4"],
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
    )


def _scopes(row: asyncpg.Record) -> frozenset[Scope]:
    return frozenset(Scope(scope) for scope in row["scopes"])
