"""Timers that nobody may be working on any more: when to ask, what to offer, when to end one and at which instant.

Nothing here is set by anybody: a person's usual day is read from the entries of their last weeks.
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
FEWEST_DAYS = 3  # with fewer nothing is usual yet
USUAL_END = timedelta(hours=18)  # after midnight

AFTER_THE_DAY = timedelta(hours=1)
LONGEST_UNASKED = timedelta(hours=10)  # after the start
# Nobody is asked sooner after they started, changed or kept a timer, however late in their day that was.
SHORTEST_UNASKED = timedelta(hours=2)
ASKED_AGAIN_AFTER = timedelta(hours=4)  # after "keep"

CAP = timedelta(hours=16)  # after the start
KEPT_FOR = timedelta(hours=8)  # nothing that was kept is ended sooner
TIME_TO_ANSWER = timedelta(hours=1)  # also after a night on which nobody could be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerWatch:
    """What the clock knows of a running timer: the question that waits for an answer, and the last answer "keep". What
    its person does to the timer itself counts as that too."""

    asked_at: datetime | None
    kept_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerQuestion:
    """The question, seen at the instant `at`. `sign` is the last sign of work and `day_end` the usual end of that day,
    where they lie after the start and have passed. Without an answer it is ended `ends_at`, as of `ended_as_of`."""

    person: Person
    entry: TimeEntry
    sign: datetime | None
    day_end: datetime | None
    ends_at: datetime
    ended_as_of: datetime
    at: datetime


def usual_day_end(entries: Iterable[TimeEntry], zone: ZoneInfo) -> timedelta:
    """When the person's days end, on their clocks, counted from the midnight before they began: after 24 hours for who
    works through the night. The median of their days; six in the evening while there are too few."""
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
    """The end of the day on which something started, as that person's days go; None where the calendar lacks it."""
    day = local_date(started_at, zone)
    wall = datetime.combine(day, time.min) + usual
    return due_instant(wall.date(), wall.time(), zone)


def question_time(started_at: datetime, watch: TimerWatch, usual: timedelta, zone: ZoneInfo) -> datetime:
    """When to ask: an hour after their usual day, at most ten hours after the start; some hours after they kept it."""
    if watch.kept_at:
        return watch.kept_at + ASKED_AGAIN_AFTER
    latest = started_at + LONGEST_UNASKED
    day_end = find_day_end(started_at, usual, zone)
    if day_end is None:
        return latest
    return min(max(day_end + AFTER_THE_DAY, started_at + SHORTEST_UNASKED), latest)


def automatic_end_time(started_at: datetime, watch: TimerWatch) -> datetime:
    """When to end it without an answer to the question, which must have been asked."""
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
    """`sign` is what they last did here before the question.

    The instant it would be ended as of is the one that can be defended best: the later one of the end of their usual
    day and their last sign of work. Where both lie before the start, the instant at which the question came due.
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
