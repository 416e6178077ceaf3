"""What people type for a point in time: `at 14:15`, `20 min ago`, `since yesterday 16:00`.

Reading and resolving are two steps. What was typed becomes a value without knowing who typed it or when; the value
becomes an instant inside the transaction, with the person's zone and the database's clock. Everything is wholly
understood or refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import day_of, instants_of
from domain.errors import NotUnderstood, Refusal

LONGEST = 300  # characters that are looked at
OLDEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAgo:
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestWeekday:
    """Monday is 0. Today counts unless `last` was said."""

    weekday: int
    before_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDate:
    """Without a year: the nearest such date that is not in the future."""

    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InTwoNumbers:
    """12/11: which of them is the month depends on who says it."""

    first: int
    second: int
    year: int | None


Day = DaysAgo | LatestWeekday | OnDate | InTwoNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """`sure` is false for a bare hour, which may be meant in the morning or in the afternoon."""

    at: time
    day: Day | None
    sure: bool


Moment = Ago | At


def cut_moment(text: str) -> tuple[Moment | None, str]:
    """The point in time at the front of the text, or at its end, and what is left without it.

    A note stays a note: at the end a clock time needs `at`, `since` or `from`, and a bare hour never counts.
    """
    front, back = text[:LONGEST], text[-LONGEST:]
    for pattern in _FRONT:
        if found := pattern.match(front):
            return _moment(found), (front[found.end() :] + text[LONGEST:]).lstrip(" ,").rstrip()
    for pattern in _BACK:
        if (found := pattern.search(back)) and (moment := _moment(found)):
            return moment, (text[:-LONGEST] + back[: found.start()]).strip()
    return None, text


def parse_moment(text: str) -> Moment:
    """The point in time that the whole text is. Raises NotUnderstood."""
    for pattern in _WHOLE:
        if len(text) <= LONGEST and (found := pattern.fullmatch(text.strip())):
            return _moment(found)
    shown = text if len(text) <= 60 else text[:59] + "…"
    raise NotUnderstood(
        f"I didn't understand “{shown}” as a time. "
        "Try `at 14:15`, `20 min ago` or `since yesterday 16:00`. Nothing was changed."
    )


def parse_day(text: str) -> Day | None:
    """The day that the whole text is: `yesterday`, `mon`, `12 nov`, `2026-11-12`. None when it is none."""
    found = _DAY_ALONE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    return _day({name: said.lower() for name, said in found.groupdict().items() if said}) if found else None


def resolve_day(day: Day, *, today: date, day_first: bool) -> date:
    """The date that is meant, never later than `today`. Raises Refusal."""
    found = _date(day, today, day_first)
    if found > today:
        raise Refusal(f"{_said(found)} has not come yet. Nothing was changed.")
    if today - found > OLDEST:
        raise Refusal("That is more than a year ago. Please give a nearer day.")
    return found


def resolve(moment: Moment, *, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    """The instant (UTC), never later than `now`. Raises Refusal where there is none, or more than one."""
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    now = now.astimezone(UTC)
    instant = now - moment.length if isinstance(moment, Ago) else _on_the_clock(moment, now, zone, day_first)
    if instant < now - OLDEST:
        raise Refusal("That is more than a year ago. Please give a nearer time. Nothing was changed.")
    return instant


def _on_the_clock(moment: At, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    today = day_of(now, zone)
    day = _date(moment.day, today, day_first) if moment.day else today
    wall = datetime.combine(day, moment.at)
    _refuse_two_readings(moment, wall, now, zone)
    instants = instants_of(wall, zone)
    if not instants:
        raise Refusal(
            f"{wall:%H:%M} did not exist on {_said(day)} in {zone.key}: the clocks went forward over it. "
            "Please give a time before or after. Nothing was changed."
        )
    past = [instant for instant in instants if instant <= now]
    if len(past) == 2:
        raise Refusal(
            f"{wall:%H:%M} came twice on {_said(day)} in {zone.key}: the clocks went back. "
            "Please say how long ago it was instead, such as `3 h ago`. Nothing was changed."
        )
    if not past:
        hint = f" Did you mean `yesterday {wall:%H:%M}`?" if day == today else ""
        when = "today" if day == today else f"on {_said(day)}"
        raise Refusal(f"{wall:%H:%M} has not come yet {when}.{hint} Nothing was changed.")
    return past[0]


def _refuse_two_readings(moment: At, wall: datetime, now: datetime, zone: ZoneInfo) -> None:
    """A bare 3 is refused while both 03:00 and 15:00 have passed; 7 to 12 are read as they stand."""
    if moment.sure or not 1 <= moment.at.hour <= 6:
        return
    afternoon = instants_of(wall + timedelta(hours=12), zone)
    if afternoon and afternoon[0] <= now:
        hour = moment.at.hour
        raise Refusal(
            f"Is {hour} in the morning or {hour + 12}:00? Please say `{hour}am` or `{hour + 12}:00`."
        )


def _date(day: Day, today: date, day_first: bool) -> date:
    match day:
        case DaysAgo(days=days):
            return today - timedelta(days=days)
        case LatestWeekday(weekday=weekday, before_today=before_today):
            back = (today.weekday() - weekday) % 7
            return today - timedelta(days=back or (7 if before_today else 0))
        case InTwoNumbers(first=first, second=second, year=year):
            number, month = (first, second) if day_first else (second, first)
            return _nearest(number, month, year, today)
        case OnDate(day=number, month=month, year=year):
            return _nearest(number, month, year, today)


def _nearest(number: int, month: int, year: int | None, today: date) -> date:
    # Eight years reach over the leap day that a century may leave out.
    for candidate in [year] if year else range(today.year, today.year - 9, -1):
        try:
            found = date(candidate, month, number)
        except ValueError:
            continue
        if year or found <= today:
            return found
    raise Refusal("There is no such date. Try `13 nov` or `2026-11-13`. Nothing was changed.")


def _said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


def _numbered(text: str, first: int) -> dict[str, int]:
    return {name: number for number, names in enumerate(text.split("|"), first) for name in names.split()}


# The words of a language; another one brings tables like these and the patterns below them.
_WEEKDAYS = _numbered(
    "monday mon|tuesday tues tue|wednesday weds wed|thursday thurs thur thu|friday fri|saturday sat|sunday sun",
    0,
)
_MONTHS = _numbered(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct|november nov|december dec",
    1,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?|(?:{_any(_COUNTS)})\b)"
_HOURS, _MINUTES = r"(?:hours|hour|hrs|hr|h)", r"(?:minutes|minute|mins|min|m)"
_LENGTH = (
    r"(?:(?P<half>half an hour|a half hour|half hour)"
    r"|(?P<and_half>(?:an|one|1) hour and a half|one and a half hours)"
    r"|(?P<quarter>a quarter of an hour|a quarter hour|quarter of an hour)"
    rf"|(?P<clock_h>\d{{1,2}}):(?P<clock_m>[0-5]\d) ?{_HOURS}"
    rf"|(?P<hours>{_NUMBER}) ?{_HOURS}(?:(?: ?and)? ?(?P<and_minutes>[0-5]?\d)(?: ?{_MINUTES})?)?"
    rf"|(?P<minutes>\d{{1,4}}|(?:{_any(_COUNTS)})\b) ?{_MINUTES})"
)
_AGO = rf"(?P<now>just now|now)|(?:(?:about|started|since) )?{_LENGTH} ago"
_NAMED_TIME = r"(?P<named>noon|midday|midnight)"
_FULL_TIME = (
    rf"(?:{_NAMED_TIME}|(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?: ?(?P<half_day>am|pm))?"
    r"|(?P<hour12>1[0-2]|0?[1-9]) ?(?P<half_day12>am|pm))"
)
_TIME = rf"(?:{_FULL_TIME}|(?P<bare>[01]?\d|2[0-3]))"
_DAY = (
    r"(?:(?P<relative>today|yesterday)"
    rf"|(?P<days>\d{{1,3}}|{_any(_COUNTS)}) days? ago"
    rf"|(?:on )?(?P<which>last |this )?(?P<weekday>{_any(_WEEKDAYS)})"
    r"|(?:on )?(?P<iso>\d{4}-\d\d-\d\d)"
    r"|(?:on )?(?P<first>\d{1,2})[/.](?P<second>\d{1,2})(?:[/.](?P<year>\d{4}|\d\d))?"
    rf"|(?:on )?(?P<day1>\d{{1,2}})(?:st|nd|rd|th)? (?P<month1>{_any(_MONTHS)})(?: (?P<year1>\d{{4}}))?"
    rf"|(?:on )?(?P<month2>{_any(_MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>\d{{4}}))?)"
)
_LEAD = r"(?:since|from|at|started at|started)"
_END = r"(?![\w:.,/-]*\w)"  # the next word begins, or nothing does: never half of one


def _patterns(before: str, after: str, *shapes: str) -> list[re.Pattern[str]]:
    return [re.compile(before + f"(?:{shape})" + after, re.IGNORECASE | re.ASCII) for shape in shapes]


_TIME_THEN_DAY, _DAY_THEN_TIME = rf"{_LEAD} {_TIME} {_DAY}", rf"(?:{_LEAD} )?{_DAY},? (?:at )?{_TIME}"
_BARE_THEN_DAY = rf"{_FULL_TIME} {_DAY}"
_FRONT = _patterns(
    "", _END, _AGO, _DAY_THEN_TIME.replace(_TIME, _FULL_TIME), _TIME_THEN_DAY, rf"{_LEAD} {_DAY} (?:at )?{_TIME}",
    _BARE_THEN_DAY, rf"{_LEAD} {_TIME}", _FULL_TIME,
)  # fmt: skip
_BACK = _patterns(
    r"(?:^|(?<=\s))", r"$", rf"(?:(?:about|started|since) )?{_LENGTH} ago", _TIME_THEN_DAY.replace(_TIME, _FULL_TIME),
    rf"{_LEAD} {_DAY} (?:at )?{_FULL_TIME}", rf"{_DAY} at {_FULL_TIME}", rf"{_LEAD} {_FULL_TIME}",
    rf"(?:since|from) {_TIME}",
)  # fmt: skip
_WHOLE = _patterns(
    "",
    "",
    _AGO,
    _DAY_THEN_TIME,
    _TIME_THEN_DAY,
    _BARE_THEN_DAY,
    rf"(?:{_LEAD} )?{_FULL_TIME}",
    rf"{_LEAD} {_TIME}",
)


_DAY_ALONE = re.compile(_DAY, re.IGNORECASE | re.ASCII)


def _moment(found: re.Match[str]) -> Moment:
    said = {name: text.lower() for name, text in found.groupdict().items() if text is not None}
    if "now" in said:
        return Ago(length=timedelta())
    if not {"named", "hour", "hour12", "bare"} & said.keys():
        return Ago(length=_length(said))
    return At(at=_time(said), day=_day(said), sure="bare" not in said)


def _length(said: dict[str, str]) -> timedelta:
    for name, minutes in (("half", 30), ("and_half", 90), ("quarter", 15)):
        if name in said:
            return timedelta(minutes=minutes)
    if "clock_h" in said:
        return timedelta(hours=int(said["clock_h"]), minutes=int(said["clock_m"]))
    if "minutes" in said:
        return timedelta(minutes=_count(said["minutes"]))
    return timedelta(hours=_count(said["hours"]), minutes=int(said.get("and_minutes", 0)))


def _count(text: str) -> float:
    return _COUNTS[text] if text in _COUNTS else float(text.replace(",", "."))


def _time(said: dict[str, str]) -> time:
    if "named" in said:
        return time(0) if said["named"] == "midnight" else time(12)
    hour = int(said.get("hour") or said.get("hour12") or said["bare"])
    half = said.get("half_day") or said.get("half_day12")
    if half and not 1 <= hour <= 12:
        raise NotUnderstood(
            f"There is no {hour} o'clock {half}. Try `14:15` or `2:15pm`. Nothing was changed."
        )
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(said.get("minute", 0)))


def _day(said: dict[str, str]) -> Day | None:
    if "relative" in said:
        return DaysAgo(days=int(said["relative"] == "yesterday"))
    if "days" in said:
        return DaysAgo(days=int(_count(said["days"])))
    if "weekday" in said:
        return LatestWeekday(weekday=_WEEKDAYS[said["weekday"]], before_today=said.get("which") == "last ")
    if "iso" in said:
        year, month, day = map(int, said["iso"].split("-"))
        return OnDate(day=day, month=month, year=year)
    if "first" in said:
        year_said = said.get("year")
        century = 2000 if year_said and len(year_said) == 2 else 0
        return InTwoNumbers(
            first=int(said["first"]),
            second=int(said["second"]),
            year=int(year_said) + century if year_said else None,
        )
    for number in ("1", "2"):
        if f"month{number}" in said:
            named_year = said.get(f"year{number}")
            return OnDate(
                day=int(said[f"day{number}"]),
                month=_MONTHS[said[f"month{number}"]],
                year=int(named_year) if named_year else None,
            )
    return None
