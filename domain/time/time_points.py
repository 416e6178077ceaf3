"""Points in time as values, and the instants they are.

A point is read without knowing who typed it or when (domain.language.time_points); it becomes an instant inside the
transaction, with the person's zone and the database's clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.time.calendar import day_of, instants_of
from domain.time.days import OLDEST, Day, date_of, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """`sure` is false for an hour without am or pm, which may be meant in the morning or in the afternoon."""

    at: time
    day: Day | None
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactly:
    """An instant that was said with its offset from UTC."""

    at: datetime


TimePoint = Ago | At | Exactly


def resolve(moment: TimePoint, *, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    """The instant (UTC), never later than `now`. Raises Refusal where there is none, or more than one."""
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    now = now.astimezone(UTC)
    match moment:
        case Ago(length=length):
            instant = now - length
        case Exactly(at=instant):
            if instant > now:
                local = instant.astimezone(zone)
                raise Refusal(
                    f"{local:%H:%M} on your clock has not come yet on {written(local.date())}. Nothing was changed."
                )
        case At():
            instant = _on_the_clock(moment, now, zone, day_first)
    if instant < now - OLDEST:
        raise Refusal(_TOO_OLD)
    return instant


def _on_the_clock(moment: At, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    today = day_of(now, zone)
    day = date_of(moment.day, today, day_first) if moment.day else today
    wall = datetime.combine(day, moment.at)
    # Far away is settled by the date: the first and the last day there are have no instant in every zone.
    if today - day > OLDEST + _DAY:
        raise Refusal(_TOO_OLD)
    if day - today > _DAY:
        raise Refusal(f"{wall:%H:%M} has not come yet on {written(day)}. Nothing was changed.")
    _refuse_two_readings(moment, wall, now, zone)
    instants = instants_of(wall, zone)
    if not instants:
        raise Refusal(
            f"{wall:%H:%M} did not exist on {written(day)} in {zone.key}: the clocks went forward over it. "
            "Please give a time before or after. Nothing was changed."
        )
    past = [instant for instant in instants if instant <= now]
    if len(past) == 2:
        raise Refusal(
            f"{wall:%H:%M} came twice on {written(day)} in {zone.key}: the clocks went back. "
            "Please say how long ago it was instead, such as `3 h ago`. Nothing was changed."
        )
    if not past:
        hint = f" Did you mean `yesterday {wall:%H:%M}`?" if day == today else ""
        when = "today" if day == today else f"on {written(day)}"
        raise Refusal(f"{wall:%H:%M} has not come yet {when}.{hint} Nothing was changed.")
    return past[0]


def _refuse_two_readings(moment: At, wall: datetime, now: datetime, zone: ZoneInfo) -> None:
    """A bare 3 is refused while both 03:00 and 15:00 have passed; 7 to 12 are read as they stand."""
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
