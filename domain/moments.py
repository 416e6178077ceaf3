"""What people type for a point in time: `at 14:15`, `20 min ago`, `since yesterday 16:00`.

Reading and resolving are two steps. What was typed becomes a value without knowing who typed it or when; the value
becomes an instant inside the transaction, with the person's zone and the database's clock. Everything is wholly
understood or refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import day_of, instants_of
from domain.errors import NotUnderstood, Refusal
from domain.time_words import (
    DAY,
    END,
    FULL_TIME,
    LEAD,
    LENGTH,
    LONGEST,
    OLDEST,
    TIME,
    Day,
    date_of,
    day_said,
    length_said,
    patterns,
    time_said,
    written,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    length: timedelta


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
        if (found := pattern.search(back)) and not _UNFINISHED.search(back[: found.start()]):
            return _moment(found), (text[:-LONGEST] + back[: found.start()]).strip()
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


def resolve(moment: Moment, *, now: datetime, zone: ZoneInfo, day_first: bool) -> datetime:
    """The instant (UTC), never later than `now`. Raises Refusal where there is none, or more than one."""
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    now = now.astimezone(UTC)
    instant = now - moment.length if isinstance(moment, Ago) else _on_the_clock(moment, now, zone, day_first)
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
    if moment.sure or not 1 <= moment.at.hour <= 6:
        return
    afternoon = instants_of(wall + timedelta(hours=12), zone)
    if afternoon and afternoon[0] <= now:
        hour = moment.at.hour
        raise Refusal(
            f"Is {hour} in the morning or {hour + 12}:00? Please say `{hour}am` or `{hour + 12}:00`. "
            "Nothing was changed."
        )


_DAY = timedelta(days=1)
_TOO_OLD = "That is more than a year ago. Please give a nearer time. Nothing was changed."

# What follows would change what was read: half of a range, the afternoon, a word of another script.
_NOT_HALF = (
    r"(?! ?(?:-|–|—|to\b|until\b|till\b) ?(?:\d|noon\b|midday\b|midnight\b))(?! ?p\. ?m\b)(?![^\x00-\x7f])"
)
# "since 8 weeks" and "from 10 min ago" have no hour in them.
_AN_HOUR = r"(?(bare)(?! (?:m|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?)\b))"
# What comes before is part of the length: "twenty five minutes ago", "2 days 3 hours ago".
_UNFINISHED = re.compile(
    r"(?:^|\s)(?:and|or|of|to|than|[-–—]|twenty|thirty|forty|fifty"
    r"|(?:\d{1,4}|an?|one|two|three|four|five|six) (?:days?|weeks?|months?|years?|hours?|hrs?|h))\s+$",
    re.IGNORECASE | re.ASCII,
)
# "release 2.5 at 9:30": two numbers in the middle of a note are a date only after since, from or on.
_NOT_NUMBERS = r"(?!\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})? at )"

_AGO_AT_END = rf"(?:(?:about|started|since|from) )?{LENGTH} ago"
_AGO = rf"(?P<now>just now|now)|{_AGO_AT_END}"
_TIME_THEN_DAY, _DAY_THEN_TIME = rf"{LEAD} {TIME} {DAY}", rf"(?:{LEAD} )?{DAY},? (?:at )?{TIME}"
_BARE_THEN_DAY = rf"{FULL_TIME} {DAY}"
_FRONT = patterns(
    "", END + _NOT_HALF, _AGO, _DAY_THEN_TIME.replace(TIME, FULL_TIME), _TIME_THEN_DAY,
    rf"{LEAD} {DAY} (?:at )?{TIME}{_AN_HOUR}", _BARE_THEN_DAY, rf"{LEAD} {TIME}{_AN_HOUR}", FULL_TIME,
)  # fmt: skip
_BACK = patterns(
    r"(?:^|(?<=\s))", r"$", _AGO_AT_END, _TIME_THEN_DAY.replace(TIME, FULL_TIME),
    rf"{LEAD} (?:(?<=since )|(?<=from )|{_NOT_NUMBERS}){DAY} (?:at )?{FULL_TIME}",
    rf"{_NOT_NUMBERS}{DAY} at {FULL_TIME}", rf"{LEAD} {FULL_TIME}", rf"(?:since|from) {DAY},? (?:at )?{TIME}",
    rf"(?:since|from) {TIME} {DAY}", rf"(?:since|from) {TIME}",
)  # fmt: skip
_WHOLE = patterns(
    "",
    "",
    _AGO,
    _DAY_THEN_TIME,
    _TIME_THEN_DAY,
    _BARE_THEN_DAY,
    rf"(?:{LEAD} )?{FULL_TIME}",
    rf"{LEAD} {TIME}",
)


def _moment(found: re.Match[str]) -> Moment:
    said = {name: text.lower() for name, text in found.groupdict().items() if text is not None}
    if "now" in said:
        return Ago(length=timedelta())
    if not {"named", "hour", "hour12", "bare"} & said.keys():
        return Ago(length=length_said(said))
    return At(at=time_said(said), day=day_said(said), sure="bare" not in said)
