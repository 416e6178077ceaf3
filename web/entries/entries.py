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
        """List time entries, newest first.

        `from` and `to` select entries that share time with that period. Leads and admins may name a `user_id`: then
        dates are in that person's zone.
        """
        owner = await self._services.entries.find_owner(call.workspace_id, call.person, query.user_id)
        wanted = EntryFilter(
            person_id=query.user_id,
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

        If other entries overlap it, the answer is 409 with these entries (`conflicts`), the possible resolutions
        (`ways`) and a digest of these entries (`seen`). Send the request again with `make_room` to apply one of
        them. It is refused if the entries have changed since.
        """
        return await self._create(call, body, "")

    async def create_many(self, call: Call, body: NewTimeEntries) -> Outcomes:
        """Record up to 100 entries, each independently of the others.

        The answer has an outcome for each item, in the same order. With an Idempotency-Key the whole request may be
        repeated: items that were recorded are not recorded again.
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
        """Get a time entry."""
        page = await self._services.entries.find(call.workspace_id, call.person, call.id)
        return entry_record(page.entries[0], page.at)

    async def history(self, call: Call) -> History:
        """List all changes of a time entry, the oldest first.

        Deleted entries have a history too.
        """
        found = await self._services.entries.history(call.workspace_id, call.person, call.id)
        return History(items=[change_record(one) for one in found])

    async def change(self, call: Call, body: ChangedTimeEntry) -> Entry:
        """Change one of your time entries."""
        try:
            params = body.params(call.id, call.seen)
            return _record_from_answer(
                await self._services.timers.amend(call.operation_request(), params, body.resolution())
            )
        except OverlapConflict as taken:
            raise conflict_error(taken) from None
        except NotFound:
            raise await self._make_not_yours_error(call) from None

    async def delete(self, call: Call) -> None:
        """Delete one of your time entries. Its history stays."""
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
                await self._services.timers.record(
                    call.operation_request(part), body.entry(), body.resolution()
                )
            )
        except OverlapConflict as taken:
            raise conflict_error(taken) from None

    async def _make_not_yours_error(self, call: Call) -> Refusal:
        """Return the error for an entry that is not the caller's. Callers who may see it get 403, all others 404."""
        try:
            await self._services.entries.find(call.workspace_id, call.person, call.id)
        except NotFound as unknown:
            return unknown
        return NotAllowed("Only the person whose time it is can change it.")


def _record_from_answer(answer: TimerAnswer) -> Entry:
    assert answer.entry is not None  # it was just written
    return entry_record(answer.entry, answer.at)


def _failed_outcome(error: ApiError) -> Outcome:
    problem = error.problem
    return Outcome(status=problem.status, problem=problem.model_dump(mode="json", exclude_none=True))
