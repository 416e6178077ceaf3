"""Local times in forms, and the instants that they mean."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors
from domain.time.calendar import instants_of
from domain.time.days import format_date


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime:
    """A date and a local time of day. `later` chooses between the two instants of a time that occurs twice because
    the clocks were set back."""

    day: date
    at: time
    later: bool | None = None


def to_local_time(instant: datetime, zone: ZoneInfo) -> LocalTime:
    """Return what a form shows for an instant: the minute, and which of two equal local times it is."""
    local = instant.astimezone(zone)
    wall = local.replace(tzinfo=None, second=0, microsecond=0, fold=0)
    twice = len(instants_of(wall, zone)) == 2
    return LocalTime(day=local.date(), at=wall.time(), later=bool(local.fold) if twice else None)


def resolve_local_time(
    field: str, local: LocalTime, zone: ZoneInfo, *, shown: datetime | None = None
) -> datetime:
    """Return the instant (UTC) that a local time means. `shown` is the instant that the form showed: if its minute
    was not changed, it keeps its seconds.

    Raises FieldErrors for `field` if the clocks skip that time, or show it twice and `later` is None.
    """
    if shown is not None:
        before = to_local_time(shown, zone)
        if (before.day, before.at) == (local.day, local.at) and local.later in (None, before.later):
            return shown
    wall = datetime.combine(local.day, local.at)
    instants = instants_of(wall, zone)
    if len(instants) == 2 and local.later is not None:
        return instants[int(local.later)]
    if len(instants) == 1:
        return instants[0]
    when = f"{wall:%H:%M} on {format_date(local.day)} in {zone.key}"
    if not instants:
        raise FieldErrors({field: f"{when} did not exist: the clocks went forward over it."})
    raise FieldErrors(
        {field: f"{when} came twice: the clocks went back. Please say which one you mean."},
        repeated_times=frozenset({field}),
    )
