"""Points in time as people type them (`TimePoint`), and the instant that each one means.

`domain.language.time_points` reads a point from text without knowing who typed it or when. It becomes an instant
inside the transaction, with the person's zone and the database's clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.time.calendar import instants_of, local_date
from domain.time.days import OLDEST, DayPhrase, find_date, format_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    """ "20 min ago"."""

    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """A time of day, on `day` or today. `sure` is false for an hour without am or pm, which may lie in the morning
    or in the afternoon."""

    at: time
    day: DayPhrase | None
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactInstant:
    """An instant (UTC) that was typed with its offset."""

    at: datetime


TimePoint = Ago | At | ExactInstant


def resolve_time_point(point: TimePoint, *, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    """Find the instant (UTC) that a point means. Raises Refusal if there is none or more than one, and for an
    instant after `now` or more than a year ago."""
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    now = now.astimezone(UTC)
    match point:
        case Ago(length=length):
            instant = now - length
        case ExactInstant(at=instant):
            if instant > now:
                local = instant.astimezone(zone)
                raise Refusal(
                    f"{local:%H:%M} on your clock has not come yet on {format_date(local.date())}. Nothing was changed."
                )
        case At():
            instant = _resolve_clock_time(point, now, zone, day_first)
    if instant < now - OLDEST:
        raise Refusal(_TOO_OLD)
    return instant


def _resolve_clock_time(moment: At, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    today = local_date(now, zone)
    day = find_date(moment.day, today, day_first) if moment.day else today
    wall = datetime.combine(day, moment.at)
    # A distant date is refused by its date alone: Python's first and last day have no instant in every zone.
    if today - day > OLDEST + _DAY:
        raise Refusal(_TOO_OLD)
    if day - today > _DAY:
        raise Refusal(f"{wall:%H:%M} has not come yet on {format_date(day)}. Nothing was changed.")
    _refuse_two_readings(moment, wall, now, zone)
    instants = instants_of(wall, zone)
    if not instants:
        raise Refusal(
            f"{wall:%H:%M} did not exist on {format_date(day)} in {zone.key}: the clocks went forward over it. "
            "Please give a time before or after. Nothing was changed."
        )
    past = [instant for instant in instants if instant <= now]
    if len(past) == 2:
        raise Refusal(
            f"{wall:%H:%M} came twice on {format_date(day)} in {zone.key}: the clocks went back. "
            "Please say how long ago it was instead, such as `3 h ago`. Nothing was changed."
        )
    if not past:
        hint = f" Did you mean `yesterday {wall:%H:%M}`?" if day == today else ""
        when = "today" if day == today else f"on {format_date(day)}"
        raise Refusal(f"{wall:%H:%M} has not come yet {when}.{hint} Nothing was changed.")
    return past[0]


def _refuse_two_readings(moment: At, wall: datetime, now: datetime, zone: ZoneInfo) -> None:
    """Refuse a bare 3 if both 03:00 and 15:00 have passed; hours from 7 to 12 are in the morning."""
    if moment.sure or 7 <= moment.at.hour <= 12:
        return
    later = wall + timedelta(hours=12)
    afternoon = instants_of(later, zone)
    if afternoon and afternoon[0] <= now:
        minutes = f":{wall:%M}" if wall.minute else ""
        morning = f"{wall.hour or 12}{minutes}"
        raise Refusal(
            f"Is {morning} in the morning or {later:%H:%M}? Please say `{morning}am` or `{later:%H:%M}`. "
            "Nothing was changed."
        )


_DAY = timedelta(days=1)
_TOO_OLD = "That is more than a year ago. Please give a nearer time. Nothing was changed."
