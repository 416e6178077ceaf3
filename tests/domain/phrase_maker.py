"""Phrases about time with what they mean, made by a grammar of their own: it shares nothing with the one under test.

It is Saturday 2026-11-14, 15:40 in Berlin, and the day comes before the month. `meant` is None for what must be refused.
"""

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
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WORDS = dict(
    enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
)
WORDS |= {
    15: "fifteen",
    20: "twenty",
    25: "twenty-five",
    30: "thirty",
    40: "forty",
    45: "forty five",
    90: "ninety",
}

PROJECTS = [
    "api",
    "Website",
    "ops-2",
    "v1.2",
    "api-3",
    "day-care",
    "C++",
    "last-mile",
    "9-to-5-job",
    "m&a",
    "infra/aws",
]
NOTES = [
    "", "", "fix login", "review of the login page", "day-care pickup", "call with Ann", "half-baked idea", "deploy v1.2",
    "read RFC 3339", "one-on-one with Bob", "tickets 1-5 done", "month-end closing", "plan the sprint", "404 page",
    "write about last month's numbers in full", "second-line support", "the new footer",
]  # fmt: skip
TAGS = ["", "", "", "+client", "+deep-work", "+q3"]
CONNECTORS = ["", "", "", "on ", "for ", "in "]


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """`meant` is the local start and end; the end is None for a start. `words` is what must be left, in order."""

    kind: str
    typed: str
    meant: tuple[datetime, datetime | None] | None
    words: str
    tags: tuple[str, ...]


def make_phrase(pick: random.Random) -> Phrase:
    return pick.choices([_point, _stretch, _spoilt, _unsupported], weights=[3, 4, 3, 2])[0](pick)


def _point(pick: random.Random) -> Phrase:
    kind, said, meant, *fit = pick.choice([_ago, _clock, _clock, _instant])(pick)
    return _phrase(pick, f"start, {kind}", "start", said, (meant, None), at_end="front only" not in fit)


def _stretch(pick: random.Random) -> Phrase:
    amount, length = _amount(pick)
    day, on = _day(pick)
    shape = pick.randrange(8)
    if shape == 0:
        return _phrase(pick, "log, amount", "log", amount, (LOCAL_NOW - length, LOCAL_NOW))
    if shape in {1, 2, 3}:
        start = LOCAL_NOW - length if on == TODAY else _at(on, 9)
        said = f"{amount} {day}" if shape == 1 else f"{day} {amount}"
        if shape == 3:  # the day at the other end
            said = amount if pick.random() < 0.5 else f"{day}|{amount}"
            return _phrase(
                pick,
                "log, day at the other end",
                "log",
                f"{amount}|{day}" if "|" not in said else said,
                (start, start + length),
            )
        return _phrase(pick, "log, amount and day", "log", said, (start, start + length))
    if shape == 4:
        first = datetime(
            2026, pick.randint(1, 9), pick.randint(1, 28), pick.randint(6, 12), pick.choice([0, 15, 59])
        )
        last = first + timedelta(minutes=pick.choice([15, 60, 185]))
        zone, minutes = _offset(pick)
        shift = first.replace(tzinfo=BERLIN).utcoffset() - timedelta(minutes=minutes)  # type: ignore[operator]
        said = (
            f"{first:%Y-%m-%dT%H:%M}{zone}{pick.choice(['-', '/', ' to ', ' – '])}{last:%Y-%m-%dT%H:%M}{zone}"
        )
        return _phrase(pick, "log, two instants", "log", said, (first + shift, last + shift))
    first = _at(on, pick.randint(7, 11), pick.choice([0, 0, 15, 30]))
    last = first + timedelta(minutes=pick.choice([30, 60, 90, 150]))
    said = _range(pick, first, last)
    if shape == 5:
        first, last = (datetime.combine(TODAY, one.time()) for one in (first, last))
        return _phrase(pick, "log, range", "log", said, (first, last))
    said = f"{said} {day}" if shape == 6 else f"{day} {said}"
    return _phrase(pick, "log, range and day", "log", said, (first, last))


# What may not stand behind a time: with it, the time is another one or none.
_BEHIND_A_DAY = [
    "of last month", "of october", "of next week", "before last", "after next", "before yesterday", "after lunch", "next week",
    "last month", "last year", "eve", "to friday", "until friday", "since 9", "november", "3", "of the year",
]  # fmt: skip
_BEHIND_A_CLOCK = [
    "+2", "+02:00", "-0500", "Z", "UTC", "PST", "CET", "UTC+1", "Berlin time", "until lunch", "to lunch", "till noon",
    "sharp", "ish", "-ish", "o'clock pm", "before lunch", "or 10", "of last month", "the day before", "last week", "half past",
]  # fmt: skip
_BEHIND_AN_AMOUNT = [
    "ago", "+30m", "and a bit later", "or so", "or two", "last week", "the week before last", "of last week", "before noon",
    "after lunch", "the other day", "in october", "until 10", "since 9:00x", "9:00+2", "in 2025-W3",
    "2026-W46-3", "a fortnight before", "the first of november", "late october", "on the last friday of october", "90 sec",
    "a month ago", "x3", "each day", "every monday", "mon-fri", "next month", "week 46", "this week",
]  # fmt: skip
_GLUED = ["x", "+2", "+02:00", "Z", "/2", "&co", "+1h", "=", "#3", "@home", "é", "１"]


def _spoilt(pick: random.Random) -> Phrase:
    """A time that is understood, and something beside it with which it is not."""
    which = pick.randrange(6)
    if which == 0:
        _, said, *_ = _clock(pick, day_too=False)
        return _phrase(pick, "spoilt clock", "start", f"{said} {pick.choice(_BEHIND_A_CLOCK)}", None)
    if which == 1:
        _, said, *_ = pick.choice([_clock, _instant])(pick)
        # With letters glued to it, a word is another word: octoberx, tenZ.
        letters = said.rstrip(".")[-1].isalpha() and "m" not in said[-4:].lower()
        glued = [one for one in _GLUED if not letters or not one[0].isalpha()]
        glued = [one for one in glued if "-" not in said or one not in {"+2", "+02:00", "Z"}]
        return _phrase(pick, "glued to a clock", "start", f"{said}{pick.choice(glued)}", None)
    if which == 2:
        amount, _ = _amount(pick)
        return _phrase(
            pick, "spoilt amount", "log", f"{amount} {pick.choice(_BEHIND_AN_AMOUNT)}", None, at_end=False
        )
    if which == 3:
        (amount, _), (day, _) = _amount(pick), _day(pick)
        behind = [
            one
            for one in _BEHIND_A_DAY
            if "the" not in day.split() or not one.startswith(("of last", "of october", "november"))
        ]
        return _phrase(pick, "spoilt day", "log", f"{amount} {day} {pick.choice(behind)}", None, at_end=False)
    if which == 4:
        amount, _ = _amount(pick)
        return _phrase(pick, "glued to an amount", "log", f"{amount}{pick.choice(_GLUED)}", None)
    (amount, _), (day, _) = _amount(pick), _day(pick)
    before = pick.choice(
        ["over", "than", "since", "until", "before", "after", "almost", "minus", "next", "the last of"]
    )
    return _phrase(
        pick, "before an amount", "log", f"|{before} {amount}", None, notes=[n for n in NOTES if n]
    )


_NO_TIMES = [
    "1430", "930", "ten to nine", "five to nine", "half nine", "25:00", "9:75", "14:15:30", "since lunch", "last week",
    "a fortnight past", "the other day at 9", "at 9 30", "9 PST", "9am PST", "14:00 UTC", "at 9 CET", "2x45m", "1.5h30", "9.30", "9,30",
    "2026-W46-3 9:00", "5.11.", "the 1st", "31 feb 9:00", "29 feb 9:00", "9-5", "12-1", "for 2h", "for the last 2h", "this morning",
    "tonight", "last night", "1h 30m 20s ago", "week of 9 nov", "mon-fri", "tomorrow 9:00", "20 to 9", "at half nine", "at 24:30",
    "1h30m20s ago", "2026-11-31T09:00Z", "2026-10-24T09:00+25:00", "2026-10-24T09:61Z", "since the 1st of the month", "a while ago",
    "the first of november", "monday before last at 9", "the monday before last", "next monday", "until 17:00", "around 9",
]  # fmt: skip
_NO_STRETCHES = [
    "90", "1:30", "2x45m", "1.5h30", "1h30m20s", "1h 30m 20s", "2-3h", "all day", "a day", "half a day", "1d", "week of 9 nov 8h",
    "mon-fri 8h", "8h mon-fri", "2026-W46-3 2h", "2h 2026-W46-3", "9:00", "at 9", "twenty to nine", "half past eight", "noon", "tonight",
    "2h this morning", "2h tonight", "2h last night", "1h +30m", "1h -30m", "1h 9:00", "2h 31 feb", "2h 29 feb", "0h", "25h", "1h 2h",
    "9-11 13-15", "9am-5pm PST", "9:00-10:00 UTC", "9-11 CET", "09:00Z-10:00Z", "9:00+2-10:00+2", "2026-11-12T09:00-10:00",
    "1h api 30m", "api 9:00 1h", "since lunch", "2h monday to friday", "2h since monday", "2h from monday", "14:00-15:00x",
]  # fmt: skip


def _unsupported(pick: random.Random) -> Phrase:
    if pick.random() < 0.5:
        said = pick.choice(_NO_TIMES)
        return _phrase(
            pick,
            "no time",
            "start",
            said,
            None,
            at_end=said[-1].isalnum() and said not in {"9-5", "12-1"},
            spoil_end=False,
        )
    return _phrase(pick, "no stretch", "log", pick.choice(_NO_STRETCHES), None, at_end=False)


def _phrase(
    pick: random.Random,
    kind: str,
    command: str,
    said: str,
    meant: tuple[datetime, datetime | None] | None,
    *,
    at_end: bool = True,
    spoil_end: bool = True,
    notes: list[str] = NOTES,
) -> Phrase:
    project, note, tag = pick.choice(PROJECTS), pick.choice(notes), pick.choice(TAGS)
    words = f"{pick.choice(CONNECTORS)}{project} {note}".strip()
    if "|" in said:
        front, back = said.split("|")
        typed = f"{front} {words} {back}".strip()
    elif at_end and spoil_end and pick.random() < 0.25:
        typed = f"{words} {said}"
    else:
        typed = f"{said} {words}"
    if tag:
        place = pick.choice(["front", "back"])
        typed = f"{tag} {typed}" if place == "front" else f"{typed} {tag}"
    if pick.random() < 0.1:
        typed = typed.replace(" ", pick.choice(["  ", " ", " "]))
    return Phrase(
        kind=kind, typed=f"{command} {typed}", meant=meant, words=words, tags=(tag[1:],) if tag else ()
    )


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)


def _amount(pick: random.Random) -> tuple[str, timedelta]:
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


def _day(pick: random.Random) -> tuple[str, date]:
    back = pick.randint(0, 40)
    day = TODAY - timedelta(days=back)
    month = MONTHS[day.month - 1]
    forms = [
        f"{day.day} {month}", f"{month[:3]} {day.day}", f"{day.day}/{day.month}", f"{day:%Y-%m-%d}", f"{day.day}.{day.month}.{day.year}",
        f"the {_ordinal(day.day)} of {month}", f"{month} {_ordinal(day.day)}", f"{WEEKDAYS[day.weekday()]} {day.day} {month[:3]}",
        f"{day:%d/%m/%Y}",
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


def _ago(pick: random.Random) -> tuple[str, str, datetime]:
    amount, length = _amount(pick)
    return "so long ago", f"{amount.removeprefix('for ')} ago", LOCAL_NOW - length


def _clock(
    pick: random.Random, *, day_too: bool = True
) -> tuple[str, str, datetime] | tuple[str, str, datetime, str]:
    hour, minute = pick.randint(7, 14), pick.choice([0, 5, 15, 30, 40])
    half, twelve = ("pm" if hour >= 12 else "am"), hour % 12 or 12
    forms = [f"{hour:02}:{minute:02}", f"{twelve}:{minute:02}{half}", f"{twelve}:{minute:02} {half}", f"at {hour:02}:{minute:02}",
             f"since {hour:02}:{minute:02}", f"at {twelve}:{minute:02} {half[0]}.m."]  # fmt: skip
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
        fit = (
            ("front only",)
            if not said.startswith(("at ", "since "))
            or "h" in said[3:]
            or said.split()[1].isdecimal()
            or said.split()[1].isalpha()
            else ()
        )
        return ("a clock time", said, _at(TODAY, hour, minute), *fit)
    day, on = _day(pick)
    said = f"at {hour:02}:{minute:02}"
    said = pick.choice([f"{day} {said}", f"{said} {day}", f"since {day} {said[3:]}"])
    return "a clock time and a day", said, _at(on, hour, minute)


def _offset(pick: random.Random) -> tuple[str, int]:
    return pick.choice(
        [("Z", 0), ("+00:00", 0), ("+0200", 120), ("+02", 120), ("-05:30", -330), ("+01:00", 60), (" UTC", 0)]
    )


def _instant(pick: random.Random) -> tuple[str, str, datetime]:
    wall = datetime(
        2026, pick.randint(1, 10), pick.randint(1, 24), pick.randint(6, 14), pick.choice([0, 15, 59])
    )
    wall += timedelta(seconds=pick.choice([0, 30]))
    zone, minutes = _offset(pick)
    shift = wall.replace(tzinfo=BERLIN).utcoffset() - timedelta(minutes=minutes)  # type: ignore[operator]
    said = f"{wall:%Y-%m-%d}{pick.choice('T ')}{wall:%H:%M}" + (f":{wall:%S}" if wall.second else "")
    if pick.random() < 0.3:
        return "an instant", said, wall
    return "an instant with an offset", f"{said}{zone}", wall + shift


def _range(pick: random.Random, first: datetime, last: datetime) -> str:
    dash = pick.choice(["-", "–", " - ", " to ", "->"])
    if pick.random() < 0.3:
        ends = [f"{one.hour % 12 or 12}:{one:%M}{'pm' if one.hour >= 12 else 'am'}" for one in (first, last)]
    elif pick.random() < 0.3 and not first.minute and not last.minute:
        ends = [str(one.hour) for one in (first, last)]
    else:
        ends = [f"{one:%H:%M}" for one in (first, last)]
    return pick.choice(["", "", "from "]) + dash.join(ends)
