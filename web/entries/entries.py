"""The REST operations on time entries."""

from http import HTTPStatus

from domain.entries.entries import TimerAnswer
from domain.entries.overlaps import OverlapConflict
from domain.errors import NotAllowed, NotFound, Refusal
from services.entries.entries import EntryFilter
from services.services import Services
from web.api.cursors import decode_instant_cursor, encode_instant_cursor
from web.api.fields import resolve_end, resolve_start
from web.api.operation import Call
from web.entries.entry_bodies import ChangedTimeEntry, EntryQuery, NewTimeEntries, NewTimeEntry
from web.entries.entry_records import (
    Entry,
    EntryList,
    History,
    Outcome,
    Outcomes,
    change_record,
    conflict_error,
    entry_record,
)
from web.http.problems import ApiError, error_from_refusal

NO_SUCH_ENTRY = "There is no such time entry."


class EntriesApi:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, call: Call, query: EntryQuery) -> EntryList:
        """Time entries, newest first.

        `from` and `to` find what shares time with that period. Leads and admins may name a `user_id`: dates are that
        person's then.
        """
        owner = await self._services.entries.owner(call.workspace_id, call.person, query.user_id)
        wanted = EntryFilter(
            of=query.user_id,
            start=resolve_start(query.start, owner),
            end=resolve_end(query.end, owner),
            project_id=query.project_id,
            running=query.running,
            after=decode_instant_cursor(query.cursor) if query.cursor else None,
            limit=query.limit,
        )
        page = await self._services.entries.page(call.workspace_id, call.person, wanted)
        last = page.entries[-1] if page.more else None
        return EntryList(
            items=[entry_record(entry, page.at) for entry in page.entries],
            next_cursor=encode_instant_cursor(last.started_at, last.id) if last else None,
        )

    async def create(self, call: Call, body: NewTimeEntry) -> Entry:
        """Record a period of time.

        Where it is taken the answer is 409 with what is in the way (`conflicts`), the ways to make room (`ways`) and
        what they were offered for (`seen`). Sent again with `make_room`, exactly that is done, and nothing where it has
        changed since.
        """
        return await self._create(call, body, "")

    async def create_many(self, call: Call, body: NewTimeEntries) -> Outcomes:
        """Record up to 100 stretches, each for itself.

        The answer has an outcome for each item, in their order. With an Idempotency-Key the whole may be repeated: what
        was recorded is not recorded again.
        """
        outcomes = []
        for number, item in enumerate(body.items):
            try:
                entry = await self._create(call, item, f":{number}")
                outcomes.append(Outcome(status=HTTPStatus.CREATED, entry=entry))
            except Refusal as refusal:
                outcomes.append(_failed_outcome(error_from_refusal(refusal)))
            except ApiError as error:
                outcomes.append(_failed_outcome(error))
        return Outcomes(items=outcomes)

    async def get(self, call: Call) -> Entry:
        """One time entry."""
        page = await self._services.entries.one(call.workspace_id, call.person, call.id)
        return entry_record(page.entries[0], page.at)

    async def history(self, call: Call) -> History:
        """Everything that was done to a time entry, the oldest first.

        Also what was deleted has its history.
        """
        found = await self._services.entries.history(call.workspace_id, call.person, call.id)
        return History(items=[change_record(one) for one in found])

    async def change(self, call: Call, body: ChangedTimeEntry) -> Entry:
        """Change a time entry of yours."""
        try:
            params = body.params(call.id, call.seen)
            return _record_from_answer(
                await self._services.timers.amend(call.operation_request(), params, body.room())
            )
        except OverlapConflict as taken:
            raise conflict_error(taken) from None
        except NotFound:
            raise await self._make_not_yours_error(call) from None

    async def delete(self, call: Call) -> None:
        """Delete a time entry of yours. Its history stays."""
        try:
            done = await self._services.timers.delete(
                call.operation_request(), entry_id=call.id, seen_version=call.seen
            )
        except NotFound:
            raise await self._make_not_yours_error(call) from None
        if done.act_id is None:
            raise NotFound(NO_SUCH_ENTRY)  # it was deleted before

    async def _create(self, call: Call, body: NewTimeEntry, part: str) -> Entry:
        try:
            return _record_from_answer(
                await self._services.timers.record(call.operation_request(part), body.entry(), body.room())
            )
        except OverlapConflict as taken:
            raise conflict_error(taken) from None

    async def _make_not_yours_error(self, call: Call) -> Refusal:
        """Return the error for an entry that is not the caller's: who may see it learns that they can not change it."""
        try:
            await self._services.entries.one(call.workspace_id, call.person, call.id)
        except NotFound as unknown:
            return unknown
        return NotAllowed("Only the person whose time it is can change it.")


def _record_from_answer(answer: TimerAnswer) -> Entry:
    assert answer.entry is not None  # it was just written
    return entry_record(answer.entry, answer.at)


def _failed_outcome(error: ApiError) -> Outcome:
    problem = error.problem
    return Outcome(status=problem.status, problem=problem.model_dump(mode="json", exclude_none=True))
