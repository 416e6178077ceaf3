"""Forgotten timers: when to ask whether a timer still runs, when to end it without an answer, and which end to give
it.

There are no settings: a person's usual day follows from the entries of their last weeks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

from domain.entries.entries import TimeEntry
from domain.identity.people import Person
from domain.time.calendar import due_instant, local_date

LOOKED_BACK = timedelta(days=28)
FEWEST_DAYS = 3  # with fewer days than this, USUAL_END is taken
USUAL_END = timedelta(hours=18)  # after midnight

AFTER_THE_DAY = timedelta(hours=1)
LONGEST_UNASKED = timedelta(hours=10)  # after the start: latest time to ask
# After a start, a change or a "keep", the question waits at least this long, however late in the day it is.
SHORTEST_UNASKED = timedelta(hours=2)
ASKED_AGAIN_AFTER = timedelta(hours=4)  # after a "keep"

CAP = timedelta(hours=16)  # after the start: the timer is ended then
KEPT_FOR = timedelta(hours=8)  # after a "keep", the timer is not ended sooner than this
TIME_TO_ANSWER = timedelta(hours=1)  # also after an outage that delayed the question


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerWatch:
    """The history of the question about a running timer: when the person was asked, and when they last answered
    "keep" or changed the timer."""

    asked_at: datetime | None
    kept_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerQuestion:
    """The question whether a timer still runs, as it is at the instant `at`.

    `sign` is the person's last sign of work and `day_end` the usual end of that day; each is None unless it lies
    between the start and the question. Without an answer, the timer is ended at the instant `ends_at`, and its
    stored end is `ended_as_of`.
    """

    person: Person
    entry: TimeEntry
    sign: datetime | None
    day_end: datetime | None
    ends_at: datetime
    ended_as_of: datetime
    at: datetime


def usual_day_end(entries: Iterable[TimeEntry], zone: ZoneInfo) -> timedelta:
    """Return when the person's days usually end by local time, as the time since the midnight before they began:
    work through the night ends after 24 hours. It is the median of their days, or 18:00 while there are fewer than
    FEWEST_DAYS."""
    ends: dict[object, timedelta] = {}
    for entry in entries:
        if entry.ended_at is None or entry.unconfirmed:
            continue
        day = local_date(entry.started_at, zone)
        midnight = datetime.combine(day, time.min)
        end = entry.ended_at.astimezone(zone).replace(tzinfo=None) - midnight
        ends[day] = max(ends.get(day, end), end)
    return median_low(ends.values()) if len(ends) >= FEWEST_DAYS else USUAL_END


def find_day_end(started_at: datetime, usual: timedelta, zone: ZoneInfo) -> datetime | None:
    """Return the usual end of the day on which something started; None if the zone skipped that date."""
    day = local_date(started_at, zone)
    wall = datetime.combine(day, time.min) + usual
    return due_instant(wall.date(), wall.time(), zone)


def question_time(started_at: datetime, watch: TimerWatch, usual: timedelta, zone: ZoneInfo) -> datetime:
    """Return when to ask: an hour after the person's usual day, at most ten hours after the start, and four hours after
    they last answered "keep"."""
    if watch.kept_at:
        return watch.kept_at + ASKED_AGAIN_AFTER
    latest = started_at + LONGEST_UNASKED
    day_end = find_day_end(started_at, usual, zone)
    if day_end is None:
        return latest
    return min(max(day_end + AFTER_THE_DAY, started_at + SHORTEST_UNASKED), latest)


def automatic_end_time(started_at: datetime, watch: TimerWatch) -> datetime:
    """Return the instant at which to end the timer if the person does not answer. It can only be
    computed after they were asked."""
    assert watch.asked_at is not None
    kept = [watch.kept_at + KEPT_FOR] if watch.kept_at else []
    return max(started_at + CAP, watch.asked_at + TIME_TO_ANSWER, *kept)


def build_timer_question(
    person: Person,
    entry: TimeEntry,
    watch: TimerWatch,
    *,
    usual: timedelta,
    sign: datetime | None,
    at: datetime,
) -> TimerQuestion:
    """Build the question about a timer. `sign` is the instant of the person's last operation before the question.

    The timer would end at the later of two instants: the end of their usual day and their last sign of work. If
    both lie before the start, it would end when the question came due.
    """
    assert watch.asked_at is not None
    started = entry.started_at
    signs = [one for one in (sign, watch.kept_at) if one and started < one <= watch.asked_at]
    last = max(signs, default=None)
    day_end = find_day_end(started, usual, person.zone)
    if day_end is not None and not started < day_end <= watch.asked_at:
        day_end = None
    due = min(question_time(started, watch, usual, person.zone), watch.asked_at)
    return TimerQuestion(
        person=person,
        entry=entry,
        sign=last,
        day_end=day_end,
        ends_at=automatic_end_time(started, watch),
        ended_as_of=max(
            (one for one in (last, day_end) if one), default=max(due, started + timedelta(minutes=1))
        ),
        at=at,
    )
