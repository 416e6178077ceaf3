"""The REST operations on the timer."""

from pydantic import BaseModel

from domain.entries.entries import TimerOutcome
from domain.entries.overlaps import OverlapConflict
from domain.entries.params import StartParams
from domain.errors import InUse
from services.entries.entries import EntryFilter
from services.services import Services
from web.api.fields import Body
from web.api.operation import Call
from web.entries.entry_bodies import Worked
from web.entries.entry_records import Entry, conflict_error, entry_record
from web.http.instants import Instant


class Timer(BaseModel):
    running: Entry | None


class StartTimer(Body, Worked):
    """`at` is a past instant, by default now. A running timer is ended at that same instant."""

    at: Instant | None = None


class StopTimer(Body):
    at: Instant | None = None


class TimerApi:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def get(self, call: Call) -> Timer:
        """Get the running timer; null if no timer runs."""
        wanted = EntryFilter(running=True, limit=1)
        page = await self._services.entries.page(call.workspace_id, call.person, wanted)
        return Timer(running=entry_record(page.entries[0], page.at) if page.entries else None)

    async def start(self, call: Call, body: StartTimer) -> Entry:
        """Start a timer. A running timer is ended at the same instant."""
        try:
            done = await self._services.timers.start(
                call.operation_request(), StartParams(work=body.work(), when=body.at)
            )
        except OverlapConflict as taken:
            raise conflict_error(taken) from None
        assert done.entry is not None
        return entry_record(done.entry, done.at)

    async def stop(self, call: Call, body: StopTimer) -> Entry:
        """Stop the timer, now or at a past instant."""
        done = await self._services.timers.stop(call.operation_request(), when=body.at)
        if done.change is TimerOutcome.NOTHING_RUNNING or done.entry is None:
            raise InUse("No timer is running.")
        return entry_record(done.entry, done.at)
