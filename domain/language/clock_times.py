"""Reads times of day as people type them: `14:15`, `9:30am`, `noon`, `half past nine`. Also reads the part of the
day that says which half of the day a bare hour belongs to: `9 this morning`, `11 last night`."""

from dataclasses import dataclass
from datetime import time

from domain.errors import NotUnderstood
from domain.language.days import DAY, match_groups, read_day, without_group_names
from domain.language.english import (
    BIG_NUMBER_WORD,
    HALF_DAY,
    HOUR_WORD,
    MINUTES,
    NAMED_TIMES,
    NUMBER_IN_WORDS,
    PARTS_OF_DAY,
    PORTIONS,
    TENS_WORD,
    alternatives,
    parse_number,
)
from domain.language.patterns import TimePattern
from domain.time.days import DayPhrase, DaysAgo

HALF, FULL = 12 * 60, 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A time of day in minutes since midnight. Unless it is `sure`, it may also mean the time twelve hours later.
    `half` is "am" or "pm" if that was typed or is clear from the words."""

    minutes: int
    sure: bool
    half: str = ""

    @property
    def readings(self) -> tuple[int, ...]:
        return (self.minutes,) if self.sure else (self.minutes, (self.minutes + HALF) % FULL)

    @property
    def has_24_hour_form(self) -> bool:
        """Return whether it is written in a form that only a 24-hour clock has: 14:15, 09:00."""
        return self.sure and not self.half


_HOUR = r"(?:[01]?\d|2[0-3])"
_NAMED = rf"(?:12 )?(?P<named>{alternatives(dict.fromkeys(NAMED_TIMES, 0))})"
_WITH_HALF = rf"(?P<hour12>\d{{1,2}})(?:[:.](?P<minute12>[0-5]\d))? ?(?P<half>{HALF_DAY})"
_COLON = rf"(?P<hour>{_HOUR}):(?P<minute>[0-5]\d)"
_O_CLOCK = rf"(?P<o_clock>{_HOUR}|{HOUR_WORD}) ?o['’]? ?clock"
_PAST = (
    rf"(?P<past>half|(?:a )?quarter|[0-5]?\d|{NUMBER_IN_WORDS})(?: minutes?)?"
    rf" past (?P<past_hour>1[0-2]|0?[1-9]|{HOUR_WORD})"
    rf"|(?:(?:a )?(?P<quarter_to>quarter)|(?P<minutes_to>[0-5]?\d|{NUMBER_IN_WORDS}) {MINUTES}"
    rf"|(?P<words_to>{BIG_NUMBER_WORD}))"
    rf" to (?P<to_hour>1[0-2]|0?[1-9]|{HOUR_WORD})"
)
_LETTER_H = rf"(?P<hour_h>{_HOUR})h(?P<minute_h>[0-5]\d)"
_HOUR_H = rf"(?P<only_h>{_HOUR})h"
_LETTER_HALF = r"(?P<hour_ap>1[0-2]|0?[1-9])(?:[:.](?P<minute_ap>[0-5]\d))?(?P<letter>[ap])\b"
_DOTTED = rf"(?P<hour_d>{_HOUR})\.(?P<minute_d>[0-5]\d)"
_MILITARY = r"(?P<four>(?:[01]\d|2[0-3])[0-5]\d)"
_TWENTY_FOUR = r"(?P<end_of_day>24(?::00)?)"
_SPOKEN = rf"(?P<spoken>{HOUR_WORD})[ -](?P<spoken_minute>{TENS_WORD})"
_BARE = rf"(?P<bare>{_HOUR}|{HOUR_WORD})"
_FORMS = (
    _NAMED, _WITH_HALF, rf"{_COLON}h?", _O_CLOCK, _PAST, _LETTER_H, _HOUR_H, _LETTER_HALF, _DOTTED, _MILITARY,
    _TWENTY_FOUR, _SPOKEN, _BARE,
)  # fmt: skip
_CLOCK = TimePattern("|".join(_FORMS))

# These are times of day wherever they stand in a text.
FULL_TIME = without_group_names(rf"(?:{_NAMED}|{_WITH_HALF}|{_COLON}|{_O_CLOCK}|{_PAST})")
# Only times after `at` or `since`. A number that could be a date (9.10) or a year (2026) does not match.
_NOT_A_DATE, _NOT_A_YEAR = r"(?=\d+\.(?:00|1[3-9]|[2-5]\d))", r"(?!19|20)"
UNMISTAKABLE = without_group_names(rf"(?:{_NOT_A_DATE}{_DOTTED}|{_NOT_A_YEAR}{_MILITARY})")
TIME = without_group_names(rf"(?:{FULL_TIME}|{_LETTER_H}|{_LETTER_HALF}|{UNMISTAKABLE}|{_SPOKEN}|{_BARE})")
# The ends of a range: a dash between two of these always makes a range.
_EDGES = (
    _NAMED, _WITH_HALF, rf"{_COLON}h?", _O_CLOCK, _PAST, _LETTER_H, rf"{_HOUR_H}\b", _LETTER_HALF, _DOTTED, _SPOKEN,
    _BARE,
)  # fmt: skip
EDGE = without_group_names(rf"(?:{'|'.join(_EDGES)})")
LAST_EDGE = without_group_names(rf"(?:{_TWENTY_FOUR}|{EDGE})")
MILITARY = without_group_names(_MILITARY)
# Only where an hour is expected and no amount: `at 22h`, `17h15`, `0900`.
HOUR_WITH_H = without_group_names(rf"{_HOUR_H}\b")
LONE_TIME = r"(?:(?:1[3-9]|2[0-3])h[0-5]\d|0\d[0-5]\d)"


def read_clock(text: str) -> ClockTime:
    """Read a piece of text that `EDGE` or `TIME` matches. Raises NotUnderstood if no such time of day exists."""
    groups = match_groups(_CLOCK, text)
    if named := groups.get("named"):
        return ClockTime(minutes=NAMED_TIMES[named], sure=True, half="am" if named == "midnight" else "pm")
    if hour12 := groups.get("hour12") or groups.get("hour_ap"):
        half = (groups.get("half") or groups["letter"])[0] + "m"
        return _apply_half(int(hour12), int(groups.get("minute12") or groups.get("minute_ap") or 0), half)
    if "end_of_day" in groups:
        return ClockTime(minutes=FULL, sure=True)
    if four := groups.get("four"):
        return ClockTime(minutes=int(four[:2]) * 60 + int(four[2:]), sure=True)
    if "past_hour" in groups:
        past = groups["past"].removeprefix("a ")
        minutes = PORTIONS[past] if past in PORTIONS else parse_number(past)
        return ClockTime(minutes=parse_number(groups["past_hour"]) * 60 + minutes, sure=False)
    if spoken := groups.get("spoken"):
        minutes = parse_number(groups["spoken_minute"])
        if minutes >= 60:
            raise NotUnderstood(
                f"There is no {spoken} {groups['spoken_minute']}. Try `9:30`. Nothing was changed."
            )
        return ClockTime(minutes=parse_number(spoken) * 60 + minutes, sure=False)
    if "to_hour" in groups:
        to = groups.get("minutes_to") or groups.get("words_to")
        minutes = parse_number(to) if to else PORTIONS["quarter"]
        return ClockTime(minutes=(parse_number(groups["to_hour"]) * 60 - minutes) % FULL, sure=False)
    hour = next(
        groups[one] for one in ("hour", "hour_h", "only_h", "hour_d", "o_clock", "bare") if one in groups
    )
    minute = groups.get("minute") or groups.get("minute_h") or groups.get("minute_d") or "0"
    # People who write 09:00 or 14:15 use a 24-hour clock.
    sure = hour.startswith("0") or parse_number(hour) > 12
    return ClockTime(minutes=parse_number(hour) * 60 + int(minute), sure=sure)


def to_time(minutes: int) -> time:
    """Convert minutes since midnight to a time of day. They may reach into the next day."""
    return time(minutes // 60 % 24, minutes % 60)


def _apply_half(hour: int, minute: int, half: str) -> ClockTime:
    if not 1 <= hour <= 12:
        raise NotUnderstood(
            f"There is no {hour} o'clock {half}. Try `14:15` or `2:15pm`. Nothing was changed."
        )
    minutes = hour % 12 * 60 + minute + (HALF if half == "pm" else 0)
    return ClockTime(minutes=minutes, sure=True, half=half)


_PART_ALONE = r"(?:in the (?P<part2>morning|afternoon|evening)|at (?P<part3>night))"
PART_ALONE = without_group_names(_PART_ALONE)
_PART = TimePattern(
    r"(?P<this>this (?P<part1>morning|afternoon|evening)|tonight)|(?P<last_night>last night)"
    rf"|{_PART_ALONE}"
    rf"|(?P<day>{DAY}),? (?:in the |at )?(?P<part4>morning|afternoon|evening|night)"
)
PART = without_group_names(f"(?:{_PART.pattern})")
WHEN = f"(?:{PART}|{DAY})"


def read_when(text: str) -> tuple[DayPhrase | None, str]:
    """Read a piece of text that `WHEN` matches: the day, or None if it names none, and the part of the day, or ""."""
    groups = match_groups(_PART, text)
    if not groups:
        return read_day(text), ""
    if "last_night" in groups:
        return DaysAgo(days=1), "last night"
    if "this" in groups:
        return DaysAgo(days=0), groups.get("part1", "tonight")
    part = groups.get("part2") or groups.get("part3") or groups["part4"]
    return (read_day(groups["day"]) if "day" in groups else None), part


def place_in_day_part(clock: ClockTime, part: str) -> ClockTime:
    """Choose the reading of a clock time that lies in that part of the day. Raises NotUnderstood if neither does."""
    first, end = PARTS_OF_DAY[part]
    found = [minutes for minutes in clock.readings if first <= minutes < end]
    if len(found) != 1:
        shown = f"{clock.minutes // 60 % 24}:{clock.minutes % 60:02}"
        raise NotUnderstood(
            f"There is no {shown} in “{part}”. Try `at 9:30 yesterday` or `at 9pm`. Nothing was changed."
        )
    return ClockTime(minutes=found[0], sure=True, half="am" if found[0] < HALF else "pm")
