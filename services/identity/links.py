"""Links an account of the REST API to a person in Slack. All entries of the account come along, or the link is
refused."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg

from domain.entries.entries import TimeEntry
from domain.entries.moved_entries import MovedEntry
from domain.errors import AccessEnded, FieldErrors, Overlap, Refusal, WeekLocked
from domain.history.changes import BROUGHT, EntryRecord, SettingRecord, Snapshot
from domain.history.operations import OperationRequest, Source
from domain.identity.callers import Session
from domain.identity.keys import derive_key, hash_secret
from domain.identity.links import LinkResult, derive_link_code, parse_link_code
from domain.identity.people import Person, account_actor_id
from domain.outbox.messages import TextContent
from domain.projects.project_names import fold_title
from domain.projects.projects import Project
from domain.time.durations import format_time_and_day
from services.identity.quotas import LINKS_PER_ACCOUNT, Quotas
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.outages import not_saved_on_outage
from services.projects.project_writes import make_project
from storage.entries import bulk_entries
from storage.entries.entries import LOCKED_WEEKS_TRIGGER
from storage.history.operation_state import read_state
from storage.history.operations import begin
from storage.identity import links
from storage.identity.links import LinkCode
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.projects import project_names

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=30)
MOST_ENTRIES = 5_000
NO_CODE = (
    "This code does not work: it was used, has expired, or does not exist. `/track link` shows a new one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """The stored form of a link code: its digest, in hexadecimal."""

    mark: str
    expires_at: datetime


@operation
async def issue_code(context: OperationContext, digest: bytes) -> IssuedCode:
    """Store the digest of a new code for the person. Their earlier unused code stops working."""
    until = context.at + LIFE
    await links.insert_code(
        context.tx,
        context.workspace_id,
        context.person.id,
        code_hash=digest,
        at=context.at,
        until=until,
    )
    return IssuedCode(mark=digest.hex(), expires_at=until)


@operation
async def join_account(
    context: OperationContext, code: LinkCode, digest: bytes, session: Session, moved: Sequence[MovedEntry]
) -> LinkResult:
    """Link the session's account to the person whose code it is, and write the account's entries there."""
    person_id = await links.use_code(
        context.tx, context.workspace_id, code_hash=digest, account_id=session.account_id, at=context.at
    )
    if person_id != context.person.id:
        raise FieldErrors({"code": NO_CODE})
    made = await _write_entries(context, moved)
    await _write_link(context, session)
    await _notify_person(context, len(moved))
    return LinkResult(name=context.person.name, workspace=code.workspace, entries=len(moved), projects=made)


async def _read_entries_to_move(
    tx: Transaction, session: Session, key: str, *, most: int
) -> list[MovedEntry]:
    """Return everything that the account has tracked since its link last ended, and lock its own person, so that
    nothing is added until the transaction ends. Empty if the account is linked already."""
    who = account_actor_id(session.account_id)
    await begin(tx, OperationRequest(workspace_id=session.workspace_id, source=Source.REST, key=key, who=who))
    found = await read_state(tx, session.workspace_id, who)
    if found is None:
        return []
    if found.running:
        raise Refusal("A timer is running in this account. Stop it first, and then join.")
    moved = await links.find_entries_to_move(tx, session, found.person.id, most=most + 1)
    if len(moved) > most:
        raise Refusal(
            f"This account has more than {most:,} entries, and no more than that can come along. Nothing was "
            "changed: it stays usable on its own."
        )
    return moved


async def _write_entries(context: OperationContext, moved: Sequence[MovedEntry]) -> int:
    """Write the account's entries for the person. Returns how many projects were made for them. Raises Overlap or
    WeekLocked."""
    under, made = await _ensure_projects(context, {one.project_title for one in moved if one.project_title})
    brought = {uuid4(): replace(one.data, project=under.get(one.project_title or "")) for one in moved}
    person = context.person
    taken = await bulk_entries.find_conflicting(context.tx, context.workspace_id, person.id, brought)
    if taken:
        raise Overlap(_describe_conflict(taken, person, context.at))
    try:
        await bulk_entries.insert_entries(context.tx, context.workspace_id, person.id, brought, at=context.at)
    except asyncpg.UniqueViolationError:
        raise Refusal(
            "An entry of this account came from the same source as one that you have in Slack. Nothing was changed."
        ) from None
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != LOCKED_WEEKS_TRIGGER:
            raise
        raise WeekLocked(
            "An entry of this account lies in a week that you have handed in. Take it back, or have it reopened, and "
            "join then. Nothing was changed."
        ) from None
    context.changes += [
        EntryRecord(entry_id=entry_id, change=BROUGHT, before=None, after=Snapshot.from_data(data))
        for entry_id, data in brought.items()
    ]
    return made


async def _ensure_projects(context: OperationContext, titles: set[str]) -> tuple[dict[str, Project], int]:
    """Return the projects by title, and how many of them were made."""
    there = await project_names.find_by_titles(context.tx, context.workspace_id, titles)
    found, made = {}, 0
    for title in sorted(titles):
        project = there.get(fold_title(title))
        if project is None:
            project = there[fold_title(title)] = await make_project(context, title)
            made += 1
        found[title] = project
    return found, made


async def _write_link(context: OperationContext, session: Session) -> None:
    """Write the link, and retire the account's own person in the account's own workspace."""
    try:
        await links.link_account(
            context.tx, context.workspace_id, context.person.id, session=session, at=context.at
        )
    except asyncpg.UniqueViolationError:
        raise Refusal("This account has joined a person in Slack already. Nothing was changed.") from None
    await context.tx.enter_workspace(session.workspace_id)
    await links.retire_person(context.tx, session.workspace_id, who=account_actor_id(session.account_id))
    await context.tx.enter_workspace(context.workspace_id)
    context.changes.append(
        SettingRecord(
            subject="person",
            subject_id=context.person.id,
            change="joined",
            before={},
            after={"account": str(session.account_id)},
        )
    )


async def _notify_person(context: OperationContext, count: int) -> None:
    """Tell the person in Slack: somebody whose code was used by another learns it at once."""
    came = {0: "It had tracked nothing yet.", 1: "Its one entry came along."}
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=f"joined:{context.request.key}",
        channel=context.person.slack_user_id,
        content=TextContent(
            text="An account of the REST API was linked to you with your code: whoever is logged in there acts as you. "
            + came.get(count, f"Its {count:,} entries came along.")
        ),
        person_id=None,
    )


def _describe_conflict(taken: TimeEntry, person: Person, at: datetime) -> str:
    what = ", ".join(part for part in (taken.project.title if taken.project else "", taken.note) if part)
    since = format_time_and_day(taken.started_at, person.zone, seen_at=at)
    return (
        f"You have tracked the same time in Slack and in this account: {what or 'an entry'}, since {since}. "
        "Change one of the two, and join again. Nothing was changed."
    )


class Links(OperationGroup):
    """Links accounts and people. The first of `keys` makes new codes; codes of all keys are accepted. At most `most`
    entries come along."""

    _issue_code = issue_code
    _join_account = join_account

    def __init__(
        self,
        database: Database,
        runner: OperationRunner,
        quotas: Quotas,
        keys: Sequence[bytes],
        *,
        most: int = MOST_ENTRIES,
    ) -> None:
        super().__init__(runner)
        self._database = database
        self._most = most
        self._quotas = quotas
        self._keys = [derive_key("link-code", key) for key in keys]
        # Each join holds two connections. Only one join runs at a time, so that joins can not wait for each other's
        # second connection.
        self._one_join = asyncio.Lock()

    async def issue(self, request: OperationRequest) -> tuple[str, IssuedCode]:
        """Make a link code for the person, which is shown once. Their earlier unused code stops working."""
        purpose = f"{request.workspace_id}/{request.who}/{request.key}"
        code = derive_link_code(self._keys[0], purpose)
        issued = await self._issue_code(request, hash_secret(code))
        candidates = [derive_link_code(key, purpose) for key in self._keys]
        return next(code for code in candidates if hash_secret(code).hex() == issued.mark), issued

    async def join(self, session: Session, text: str) -> LinkResult:
        """Link the account to the person in Slack whose code it is. From now on the account acts as that person.

        The account's entries come along in one operation. Its own workspace becomes an archive that nobody can reach
        until the link ends. That workspace is locked while the other one is written, so that nothing is tracked there
        meanwhile. Raises FieldErrors for the code, Overlap, WeekLocked or Refusal.
        """
        await self._quotas.take_or_refuse(
            LINKS_PER_ACCOUNT, str(session.account_id), "Too many codes were tried."
        )
        typed = parse_link_code(text)
        if typed is None:
            raise FieldErrors({"code": NO_CODE})
        digest = hash_secret(typed)
        async with self._database.across_workspaces() as tx:
            # Read in this order: an account that joined by this code a moment ago then finds the code used.
            already = await links.is_linked(tx, session.account_id)
            code = await links.find_code(tx, digest)
            if code is None or code.used_by not in {None, session.account_id}:
                raise FieldErrors({"code": NO_CODE})
            if code.used_by and not already:  # that link has ended since
                raise FieldErrors({"code": NO_CODE})
            if code.used_by is None and already:
                raise Refusal("This account has joined a person in Slack already. Nothing was changed.")
        key = f"link:{session.account_id}:{digest.hex()[:16]}"
        with not_saved_on_outage():
            async with self._one_join, self._database.transaction(session.workspace_id) as tx:
                moved = await _read_entries_to_move(tx, session, key, most=self._most)
                return await self._move_entries(code, digest, session, key, moved)

    async def delete_expired(self) -> int:
        """Delete codes that expired long ago. Returns how many were deleted."""
        async with self._database.across_workspaces() as tx:
            return await links.delete_codes_before(tx, before=await tx.now() - KEPT)

    async def _move_entries(
        self, code: LinkCode, digest: bytes, session: Session, key: str, moved: Sequence[MovedEntry]
    ) -> LinkResult:
        request = OperationRequest(workspace_id=code.workspace_id, source=Source.REST, key=key, who=code.who)
        try:
            return await self._join_account(request, code, digest, session, moved)
        except AccessEnded:  # the person who made the code has left, so the code has ended
            raise FieldErrors({"code": NO_CODE}) from None
