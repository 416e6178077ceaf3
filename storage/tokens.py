"""Personal API tokens; only their hashes are here."""

from uuid import UUID

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.bearers import Bearer, Scope
from storage.database import DATABASE_NOW, Query, Transaction
from storage.people import PERSON, person
from storage.tables import api_tokens, people

_t = api_tokens.c
_REVOKE = Query(
    update(api_tokens)
    .where(
        _t.workspace_id == bindparam("workspace_id"),
        _t.person_id == bindparam("of_person"),
        _t.revoked_at.is_(None),
    )
    .values(revoked_at=DATABASE_NOW)
)
_INSERT = Query(
    insert(api_tokens).values(
        workspace_id=bindparam("workspace_id"),
        person_id=bindparam("person_id"),
        hash=bindparam("hash"),
        last4=bindparam("last4"),
    )
)
_live = and_(_t.hash == bindparam("token_hash"), _t.revoked_at.is_(None))
_BEARER = Query(
    select(_t.workspace_id, *PERSON)
    .join_from(
        api_tokens, people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id)
    )
    .where(_live)
)
# At most one write a minute and token, however busy its owner is.
_SEEN = Query(
    update(api_tokens)
    .where(
        _live,
        or_(_t.last_used_at.is_(None), _t.last_used_at < func.now() - literal_column("interval '1 minute'")),
    )
    .values(last_used_at=func.now())
)


async def replace(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, token_hash: bytes, last4: str
) -> bool:
    """Makes this the person's only live token. True when another one was revoked by it."""
    revoked = await tx.run(_REVOKE, workspace_id=workspace_id, of_person=person_id)
    await tx.run(_INSERT, workspace_id=workspace_id, person_id=person_id, hash=token_hash, last4=last4)
    return bool(revoked)


async def bearer(tx: Transaction, token_hash: bytes) -> Bearer | None:
    """Whose token it is. The only query that finds its workspace instead of being told."""
    row = await tx.one(_BEARER, token_hash=token_hash)
    if row is None:
        return None
    await tx.enter(row["workspace_id"])
    await tx.run(_SEEN, token_hash=token_hash)
    return Bearer(
        workspace_id=row["workspace_id"], person=person(row), scopes=frozenset({Scope.READ, Scope.WRITE})
    )
