"""Times in words with what they mean, for phrases (phrase_maker)."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 14, 14, 40, tzinfo=UTC)
LOCAL_NOW = datetime(2026, 11, 14, 15, 40)
TODAY = LOCAL_NOW.date()
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]  # fmt: skip
_TO_TWELVE = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
]  # fmt: skip
WORDS = dict(enumerate(_TO_TWELVE))
WORDS |= {
    15: "fifteen",
    20: "twenty",
    25: "twenty-five",
    30: "thirty",
    40: "forty",
    45: "forty five",
    90: "ninety",
}


@dataclass(frozen=True)
class Time:
    """A time in words, and the local time that it means; `at_end` where it can end a note."""

    kind: str
    said: str
    meant: datetime
    at_end: bool = True


def ahead_of_utc(wall: datetime) -> timedelta:
    return wall.replace(tzinfo=BERLIN).utcoffset() or timedelta()


def wall_at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)


def make_amount(pick: random.Random) -> tuple[str, timedelta]:
    hours, minutes = pick.randint(1, 3), pick.choice([0, 5, 15, 30, 45])
    forms = [
        f"{hours}h{minutes:02}", f"{hours}h {minutes}m", f"{60 * hours + minutes}m", f"{hours}:{minutes:02}h",
        f"{60 * hours + minutes} minutes", f"for {hours}h{minutes:02}", f"about {60 * hours + minutes} min",
    ]  # fmt: skip
    if minutes == 30:
        forms += [
            f"{hours}.5h",
            f"{hours},5h",
            f"{WORDS[hours]} and a half hours",
            f"{hours} 1/2 hours",
            f"{hours}½h",
        ]
    if minutes == 0:
        forms += [f"{WORDS[hours]} hours" if hours > 1 else "an hour", f"{hours}h", f"{hours} hrs"]
    return pick.choice(forms), timedelta(hours=hours, minutes=minutes)


def make_day(pick: random.Random) -> tuple[str, date]:
    back = pick.randint(0, 40)
    day = TODAY - timedelta(days=back)
    month = MONTHS[day.month - 1]
    forms = [
        f"{day.day} {month}", f"{month[:3]} {day.day}", f"{day.day}/{day.month}", f"{day:%Y-%m-%d}",
        f"{day.day}.{day.month}.{day.year}", f"the {_ordinal(day.day)} of {month}", f"{month} {_ordinal(day.day)}",
        f"{WEEKDAYS[day.weekday()]} {day.day} {month[:3]}", f"{day:%d/%m/%Y}",
    ]  # fmt: skip
    if back < 3:
        forms += [["today", "yesterday", "the day before yesterday"][back]] * 6
    if 1 <= back <= 7:
        forms += [f"last {WEEKDAYS[day.weekday()]}"] * 3
    if 0 < back < 7:
        forms += [WEEKDAYS[day.weekday()], f"on {WEEKDAYS[day.weekday()][:3]}"] * 3
    if back > 1:
        forms.append(f"{back} days ago")
    if back in {7, 14, 21}:
        forms += [f"{WORDS[back // 7]} weeks ago" if back > 7 else "a week ago"] * 3
    if (day.year, day.month) == (2026, 10):
        forms.append(f"the {_ordinal(day.day)} of last month")
    if (day.year, day.month) == (2026, 11):
        forms += [f"the {_ordinal(day.day)}", f"the {_ordinal(day.day)} of this month"]
    return pick.choice(forms), day


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10 * (number // 10 != 1), 'th') }"


def make_ago(pick: random.Random) -> Time:
    amount, length = make_amount(pick)
    return Time("so long ago", f"{amount.removeprefix('for ')} ago", LOCAL_NOW - length)


def make_clock(pick: random.Random, *, day_too: bool = True) -> Time:
    hour, minute = pick.randint(7, 14), pick.choice([0, 5, 15, 30, 40])
    half, twelve = ("pm" if hour >= 12 else "am"), hour % 12 or 12
    forms = [
        f"{hour:02}:{minute:02}", f"{twelve}:{minute:02}{half}", f"{twelve}:{minute:02} {half}",
        f"at {hour:02}:{minute:02}", f"since {hour:02}:{minute:02}", f"at {twelve}:{minute:02} {half[0]}.m.",
    ]  # fmt: skip
    if hour < 12:
        forms += [
            f"at {hour}:{minute:02}",
            f"at {hour}h{minute:02}",
            f"at 0{hour}{minute:02}" if hour < 10 else f"at {hour}{minute:02}",
        ]
        if hour < 10:
            forms.append(f"0{hour}{minute:02}")
    else:
        forms += [f"at {hour}h{minute:02}", f"at {hour}.{minute:02}"] if minute > 12 else []
    if minute == 0 and hour < 12:
        forms += [f"since {hour}", f"at {WORDS[hour]}", f"at {hour}h", f"{WORDS[hour]} o'clock"]
    if minute == 40 and 7 <= hour < 12:
        forms += [f"twenty to {WORDS[hour + 1]}", f"20 minutes to {hour + 1}", f"at twenty to {hour + 1}"]
    if minute in {15, 30} and hour < 12:
        forms.append(f"{ {15: 'quarter past', 30: 'half past'}[minute] } {WORDS[hour]}")
    said = pick.choice(forms)
    if not day_too or pick.random() < 0.5:
        # At the end of a note only what nothing else can be.
        word = said.split()[1] if said.startswith(("at ", "since ")) else ""
        at_end = bool(word) and "h" not in word and not word.isdecimal() and not word.isalpha()
        return Time("a clock time", said, wall_at(TODAY, hour, minute), at_end)
    day, on = make_day(pick)
    said = f"at {hour:02}:{minute:02}"
    said = pick.choice([f"{day} {said}", f"{said} {day}", f"since {day} {said[3:]}"])
    return Time("a clock time and a day", said, wall_at(on, hour, minute))


def make_offset(pick: random.Random) -> tuple[str, int]:
    return pick.choice(
        [("Z", 0), ("+00:00", 0), ("+0200", 120), ("+02", 120), ("-05:30", -330), ("+01:00", 60), (" UTC", 0)]
    )


def make_instant(pick: random.Random) -> Time:
    wall = datetime(
        2026, pick.randint(1, 10), pick.randint(1, 24), pick.randint(6, 14), pick.choice([0, 15, 59])
    )
    wall += timedelta(seconds=pick.choice([0, 30]))
    zone, minutes = make_offset(pick)
    shift = ahead_of_utc(wall) - timedelta(minutes=minutes)
    said = f"{wall:%Y-%m-%d}{pick.choice('T ')}{wall:%H:%M}" + (f":{wall:%S}" if wall.second else "")
    if pick.random() < 0.3:
        return Time("an instant", said, wall)
    return Time("an instant with an offset", f"{said}{zone}", wall + shift)


def make_range(pick: random.Random, first: datetime, last: datetime) -> str:
    dash = pick.choice(["-", "–", " - ", " to ", "->"])
    if pick.random() < 0.3:
        ends = [f"{one.hour % 12 or 12}:{one:%M}{'pm' if one.hour >= 12 else 'am'}" for one in (first, last)]
    elif pick.random() < 0.3 and not first.minute and not last.minute:
        ends = [str(one.hour) for one in (first, last)]
    else:
        ends = [f"{one:%H:%M}" for one in (first, last)]
    return pick.choice(["", "", "from "]) + dash.join(ends)
