"""A submitted or approved week stays as it is: whatever is asked, and whoever writes to the database."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg
import pytest

from domain.entries.entries import NewEntry, TimerAnswer, Work
from domain.entries.overlaps import OverlapConflict, OverlapResolution, OverlapStrategy
from domain.entries.params import EditParams, StartParams
from domain.errors import WeekLocked
from domain.time.local_times import to_local_time
from domain.webhooks.events import EntryCreate
from tests.cast import ADA, BEN, Cast
from tests.records import berlin, find_entry_id, read_entries, receive_event, record_entry
from tests.services.reports.test_timesheets import (
    HOUR,
    decide_week,
    log_text,
    make_leads,
    record_week,
    submit_week,
)


async def _edit_entry(cast: Cast, note: str, start: datetime, end: datetime) -> TimerAnswer:
    params = EditParams(
        entry_id=await find_entry_id(cast, note),
        seen_version=1,
        work=Work(note="other words"),
        start=to_local_time(start, ADA.zone),
        end=to_local_time(end, ADA.zone),
    )
    return await cast.services.timers.edit(cast.request(), params)


async def _delete_entry(cast: Cast) -> TimerAnswer:
    return await cast.services.timers.delete(cast.request(), entry_id=await find_entry_id(cast, "mail"))


async def _file_entry(cast: Cast) -> TimerAnswer:
    entry_id = await find_entry_id(cast, "mail")
    return await cast.services.timers.file_under(cast.request(), entry_id=entry_id, title="mail")


async def _receive_webhook(cast: Cast) -> None:
    start = berlin("16:00", "2026-11-12")
    new = NewEntry(work=Work(), started_at=start, ended_at=start + HOUR)
    await receive_event(cast, EntryCreate(user="U0ADA", entry=new))


MAIL, AFTER = berlin("09:00", "2026-11-11"), berlin("09:00", "2026-11-16")
WAYS_IN: dict[str, Callable[[Cast], Awaitable[object]]] = {
    "log": lambda cast: log_text(cast, "16-17 12 nov"),
    "log what is taken": lambda cast: log_text(cast, "10-11 11 nov"),
    "log over its end": lambda cast: log_text(cast, "23:30 to 00:30 15 nov"),
    "start in it": lambda cast: cast.services.timers.start(
        cast.request(), StartParams(work=Work(), when=berlin("23:00", "2026-11-15"))
    ),
    "other words": lambda cast: _edit_entry(cast, "mail", MAIL, MAIL + 4 * HOUR),
    "move out": lambda cast: _edit_entry(cast, "mail", AFTER + HOUR, AFTER + 2 * HOUR),
    "move in": lambda cast: _edit_entry(cast, "after", MAIL + 5 * HOUR, MAIL + 6 * HOUR),
    "delete": _delete_entry,
    "file under": _file_entry,
    "undo": lambda cast: cast.services.timers.undo_last(cast.request()),
    "webhook": _receive_webhook,
}


@pytest.mark.parametrize("way", WAYS_IN)
async def test_nothing_that_shares_time_with_a_locked_week_changes(cast: Cast, way: str) -> None:
    await make_leads(cast)
    await record_entry(cast, AFTER, AFTER + HOUR, "after")
    await record_week(cast)
    report, before = await submit_week(cast), await read_entries(cast)
    with pytest.raises(WeekLocked, match="week of 9 Nov 2026 is with Ben Okafor for approval"):
        await WAYS_IN[way](cast)
    await decide_week(cast, report)
    with pytest.raises(WeekLocked, match="week of 9 Nov 2026 is approved, by Ben Okafor"):
        await WAYS_IN[way](cast)
    assert await read_entries(cast) == before
    # Everything else goes on, up to the last moment before it and from the first one after.
    await log_text(cast, "22-24 8 nov")
    await log_text(cast, "0-1 16 nov")
    await cast.start("now")
    await cast.stop()


async def test_room_that_was_offered_is_not_made_once_the_week_is_locked(cast: Cast) -> None:
    await record_week(cast)
    with pytest.raises(OverlapConflict) as taken:
        await log_text(cast, "10-11 11 nov")
    await submit_week(cast)
    before = await read_entries(cast)
    for way in OverlapStrategy:
        with pytest.raises(WeekLocked):
            await cast.services.timers.resolve(
                cast.request(),
                proposed=taken.value.proposed,
                resolution=OverlapResolution(strategy=way, seen=taken.value.fingerprint),
            )
    assert await read_entries(cast) == before


STATEMENTS = {
    "insert": (
        "insert into time_entries (workspace_id, person_id, started_at, ended_at, zone, source)"
        " select workspace_id, person_id, '2026-11-15 22:59+00', '2026-11-15 23:01+00', 'UTC', 'x' from time_entries"
        " limit 1"
    ),
    "insert what runs": (
        "insert into time_entries (workspace_id, person_id, started_at, zone, source)"
        " select workspace_id, person_id, '2026-11-14 10:00+00', 'UTC', 'x' from time_entries limit 1"
    ),
    "words": "update time_entries set note = 'x' where note = 'mail'",
    "out of it": "update time_entries set started_at = '2026-11-16 09:00+00', ended_at = '2026-11-16 10:00+00'",
    "delete": "update time_entries set deleted = true where note = 'mail'",
    "for good": "delete from time_entries",
    "two at once": (
        "insert into timesheets (workspace_id, person_id, week, starts_at, ends_at, state, totals, submitted_at)"
        " select workspace_id, person_id, week + 7, ends_at - interval '1 second', ends_at + interval '7 days', state,"
        " totals, submitted_at from timesheets"
    ),
}  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_the_database_itself_refuses_it(cast: Cast, statement: str) -> None:
    await record_week(cast)
    await submit_week(cast)
    refused = (
        asyncpg.CheckViolationError,
        asyncpg.ExclusionViolationError,
        asyncpg.InsufficientPrivilegeError,
    )
    with pytest.raises(refused) as error:
        async with cast.database.transaction(cast.workspace.id) as tx:
            await tx.connection.execute(STATEMENTS[statement])
    if isinstance(error.value, asyncpg.CheckViolationError):
        assert error.value.constraint_name == "time_entries_in_open_weeks"


async def test_weeks_of_somebody_else_lock_nothing(cast: Cast) -> None:
    await record_week(cast)
    await submit_week(cast)
    await record_entry(cast, berlin("09:00", "2026-11-09"), berlin("10:00", "2026-11-09"), who=BEN)
    other = await cast.create_other_workspace()
    await record_entry(other, berlin("09:00", "2026-11-09"), berlin("10:00", "2026-11-09"))
