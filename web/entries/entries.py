"""Time entries, as records."""

from http import HTTPStatus

from domain.entries.entries import TimerAnswer
from domain.entries.overlaps import OverlapConflict
from domain.errors import NotAllowed, NotFound, Refusal
from services.entries.entries import EntryFilter
from services.services import Services
from web.api.cursors import instant_cursor, instant_place
from web.api.fields import end_of, start_of
from web.api.operation import Call
from web.entries.entry_records import (
    ChangedTimeEntry,
    Entry,
    EntryList,
    EntryQuery,
    History,
    NewTimeEntries,
    NewTimeEntry,
    Outcome,
    Outcomes,
    change_of,
    conflict,
    entry_of,
)
from web.http.problems import ApiError, refused

NOT_HERE = "There is no such time entry."


class EntriesApi:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, call: Call, query: EntryQuery) -> EntryList:
        """Time entries, newest first.

        `from` and `to` find what shares time with that stretch. Leads and admins may name a `user_id`: dates are that
        person's then.
        """
        owner = await self._services.entries.owner(call.workspace_id, call.person, query.user_id)
        wanted = EntryFilter(
            of=query.user_id,
            start=start_of(query.start, owner),
            end=end_of(query.end, owner),
            project_id=query.project_id,
            running=query.running,
            after=instant_place(query.cursor) if query.cursor else None,
            limit=query.limit,
        )
        page = await self._services.entries.page(call.workspace_id, call.person, wanted)
        last = page.entries[-1] if page.more else None
        return EntryList(
            items=[entry_of(entry, page.at) for entry in page.entries],
            next_cursor=instant_cursor(last.started_at, last.id) if last else None,
        )

    async def create(self, call: Call, body: NewTimeEntry) -> Entry:
        """Record a stretch of time.

        Where it is taken the answer is 409 with what is in the way (`conflicts`), the ways to make room (`ways`) and
        what they were offered for (`seen`). Sent again with `make_room`, exactly that is done, and nothing where it has
        changed since.
        """
        return await self._created(call, body, "")

    async def create_many(self, call: Call, body: NewTimeEntries) -> Outcomes:
        """Record up to 100 stretches, each for itself.

        The answer has an outcome for each item, in their order. With an Idempotency-Key the whole may be repeated: what
        was recorded is not recorded again.
        """
        outcomes = []
        for number, item in enumerate(body.items):
            try:
                entry = await self._created(call, item, f":{number}")
                outcomes.append(Outcome(status=HTTPStatus.CREATED, entry=entry))
            except Refusal as refusal:
                outcomes.append(_failed(refused(refusal)))
            except ApiError as error:
                outcomes.append(_failed(error))
        return Outcomes(items=outcomes)

    async def get(self, call: Call) -> Entry:
        """One time entry."""
        page = await self._services.entries.one(call.workspace_id, call.person, call.id)
        return entry_of(page.entries[0], page.at)

    async def history(self, call: Call) -> History:
        """Everything that was done to a time entry, the oldest first.

        Also what was deleted has its history.
        """
        found = await self._services.entries.history(call.workspace_id, call.person, call.id)
        return History(items=[change_of(one) for one in found])

    async def change(self, call: Call, body: ChangedTimeEntry) -> Entry:
        """Change a time entry of yours."""
        try:
            wish = body.wish(call.id, call.seen)
            return _told(await self._services.timers.amend(call.operation_request(), wish, body.room()))
        except OverlapConflict as taken:
            raise conflict(taken) from None
        except NotFound:
            raise await self._not_yours(call) from None

    async def delete(self, call: Call) -> None:
        """Delete a time entry of yours. Its history stays."""
        try:
            done = await self._services.timers.delete(
                call.operation_request(), entry_id=call.id, seen_version=call.seen
            )
        except NotFound:
            raise await self._not_yours(call) from None
        if done.act_id is None:
            raise NotFound(NOT_HERE)  # it was deleted before

    async def _created(self, call: Call, body: NewTimeEntry, part: str) -> Entry:
        try:
            return _told(
                await self._services.timers.record(call.operation_request(part), body.entry(), body.room())
            )
        except OverlapConflict as taken:
            raise conflict(taken) from None

    async def _not_yours(self, call: Call) -> Refusal:
        """Whoever may see a colleague's entry is told that they may not change it."""
        try:
            await self._services.entries.one(call.workspace_id, call.person, call.id)
        except NotFound as unknown:
            return unknown
        return NotAllowed("Only the person whose time it is can change it.")


def _told(answer: TimerAnswer) -> Entry:
    assert answer.entry is not None  # it was just written
    return entry_of(answer.entry, answer.at)


def _failed(error: ApiError) -> Outcome:
    problem = error.problem
    return Outcome(status=problem.status, problem=problem.model_dump(mode="json", exclude_none=True))
