"""Dates of a time zone, and the instants at which they begin and end. Only this module deals with clock changes.

All arithmetic between instants is done in UTC: subtracting two aware times of one zone gives the difference of the
wall clocks, which is an hour off on two nights of the year.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period of time, [start, end), stored in UTC. Raises ValueError if it is empty or has no zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span is between two instants; these have no zone")
        # Python compares two times of one zone by their wall clocks, which is wrong in the hour that occurs twice.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("a span starts before it ends")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def clip(self, to: "Span") -> "Span | None":
        """Return the part that lies in `to`; None if no part does."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Span(start=start, end=end) if start < end else None


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the date in `zone` at that instant. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(zone).date()


def instants_of(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants (UTC) at which the wall clocks of `zone` show `wall`: none if the clocks skip it, two if
    they show it twice, the earlier one first."""
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    found = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall and instant not in found:
            found.append(instant)
    return tuple(sorted(found))


@lru_cache(maxsize=4_096)  # all people in a zone need the same day, all day long
def day_span(day: date, zone: ZoneInfo) -> Span | None:
    """Return the span of that date: 23, 24 or 25 hours, or None where the zone skipped the date altogether."""
    start, end = _first_instant(day, zone), _first_instant(day + _DAY, zone)
    return Span(start=start, end=end) if start < end else None


def due_instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """Return when the wall clocks of `zone` show `at` on that date (UTC): the first time if they show it twice, the
    first instant after it if they skip it, None if the date does not exist."""
    span = day_span(day, zone)
    if span is None:
        return None
    instants = instants_of(datetime.combine(day, at), zone)
    return instants[0] if instants else _end_of_gap(datetime.combine(day, at), zone)


def next_due(after: datetime, at: time, zone: ZoneInfo) -> tuple[date, datetime]:
    """Return the first local date whose due instant is later than `after`, with that instant (UTC)."""
    day = local_date(after, zone) - _DAY
    while True:
        due = due_instant(day, at, zone)
        if due is not None and due > after:
            return day, due
        day += _DAY


def local_dates_between(start: datetime, end: datetime, zone: ZoneInfo) -> set[date]:
    """Return the dates in `zone` from one instant to the other, both included."""
    first, last = local_date(start, zone), local_date(end, zone)
    return {first + n * _DAY for n in range((last - first).days + 1)} | {first}


def reschedule(pending: datetime, to: datetime, now: datetime) -> datetime:
    """Move an instant at which something is due from `pending` to `to`. Something overdue stays overdue, so that it
    happens at once."""
    return max(to, min(pending, now))


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of that date, or the end of the gap if the clocks skip its midnight."""
    midnight = datetime.combine(day, time.min)
    instants = instants_of(midnight, zone)
    return instants[0] if instants else _end_of_gap(midnight, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clocks jumped over `wall`, to the second."""
    # A skipped time, read with the offset before the jump, lies after the jump; read with the offset after it,
    # before the jump.
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return high
