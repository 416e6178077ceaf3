"""Phrases about time with what they mean, made by a grammar of their own: it shares nothing with the one under test.

It is Saturday 2026-11-14, 15:40 in Berlin, and the day comes before the month. `meant` is None for what must be
refused.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.domain.time_maker import (
    LOCAL_NOW,
    TODAY,
    Time,
    ahead_of_utc,
    make_ago,
    make_amount,
    make_clock,
    make_day,
    make_instant,
    make_offset,
    make_range,
    wall_at,
)

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
    "", "", "fix login", "review of the login page", "day-care pickup", "call with Ann", "half-baked idea",
    "deploy v1.2", "read RFC 3339", "one-on-one with Bob", "tickets 1-5 done", "month-end closing",
    "plan the sprint", "404 page", "write about last month's numbers in full", "second-line support",
    "the new footer",
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
    found = _time_of_some_kind(pick)
    return _phrase(
        pick, f"start, {found.kind}", "start", found.said, (found.meant, None), at_end=found.at_end
    )


def _time_of_some_kind(pick: random.Random) -> Time:
    which = pick.randrange(4)
    return make_ago(pick) if which == 0 else make_instant(pick) if which == 1 else make_clock(pick)


def _stretch(pick: random.Random) -> Phrase:
    amount, length = make_amount(pick)
    day, on = make_day(pick)
    shape = pick.randrange(8)
    if shape == 0:
        return _phrase(pick, "log, amount", "log", amount, (LOCAL_NOW - length, LOCAL_NOW))
    if shape in {1, 2, 3}:
        start = LOCAL_NOW - length if on == TODAY else wall_at(on, 9)
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
        zone, minutes = make_offset(pick)
        shift = ahead_of_utc(first) - timedelta(minutes=minutes)
        said = (
            f"{first:%Y-%m-%dT%H:%M}{zone}{pick.choice(['-', '/', ' to ', ' – '])}{last:%Y-%m-%dT%H:%M}{zone}"
        )
        return _phrase(pick, "log, two instants", "log", said, (first + shift, last + shift))
    first = wall_at(on, pick.randint(7, 11), pick.choice([0, 0, 15, 30]))
    last = first + timedelta(minutes=pick.choice([30, 60, 90, 150]))
    said = make_range(pick, first, last)
    if shape == 5:
        first, last = (datetime.combine(TODAY, one.time()) for one in (first, last))
        return _phrase(pick, "log, range", "log", said, (first, last))
    said = f"{said} {day}" if shape == 6 else f"{day} {said}"
    return _phrase(pick, "log, range and day", "log", said, (first, last))


# What may not stand behind a time: with it, the time is another one or none.
_BEHIND_A_DAY = [
    "of last month", "of october", "of next week", "before last", "after next", "before yesterday", "after lunch",
    "next week", "last month", "last year", "eve", "to friday", "until friday", "since 9", "november", "3",
    "of the year",
]  # fmt: skip
_BEHIND_A_CLOCK = [
    "+2", "+02:00", "-0500", "Z", "UTC", "PST", "CET", "UTC+1", "Berlin time", "until lunch", "to lunch", "till noon",
    "sharp", "ish", "-ish", "o'clock pm", "before lunch", "or 10", "of last month", "the day before", "last week",
    "half past",
]  # fmt: skip
_BEHIND_AN_AMOUNT = [
    "ago", "+30m", "and a bit later", "or so", "or two", "last week", "the week before last", "of last week",
    "before noon", "after lunch", "the other day", "in october", "until 10", "since 9:00x", "9:00+2", "in 2025-W3",
    "2026-W46-3", "a fortnight before", "the first of november", "late october", "on the last friday of october",
    "90 sec", "a month ago", "x3", "each day", "every monday", "mon-fri", "next month", "week 46", "this week",
]  # fmt: skip
_GLUED = ["x", "+2", "+02:00", "Z", "/2", "&co", "+1h", "=", "#3", "@home", "é", "１"]


def _spoilt(pick: random.Random) -> Phrase:
    """A time that is understood, and something beside it with which it is not."""
    which = pick.randrange(6)
    if which == 0:
        said = make_clock(pick, day_too=False).said
        return _phrase(pick, "spoilt clock", "start", f"{said} {pick.choice(_BEHIND_A_CLOCK)}", None)
    if which == 1:
        said = make_clock(pick).said if pick.random() < 0.5 else make_instant(pick).said
        # With letters glued to it, a word is another word: octoberx, tenZ.
        letters = said[-1].isalpha() and not said.endswith(("am", "pm", "h"))
        glued = [one for one in _GLUED if not letters or not one[0].isalpha()]
        glued = [one for one in glued if "-" not in said or one not in {"+2", "+02:00", "Z"}]
        return _phrase(pick, "glued to a clock", "start", f"{said}{pick.choice(glued)}", None)
    if which == 2:
        amount, _ = make_amount(pick)
        return _phrase(
            pick, "spoilt amount", "log", f"{amount} {pick.choice(_BEHIND_AN_AMOUNT)}", None, at_end=False
        )
    if which == 3:
        (amount, _), (day, _) = make_amount(pick), make_day(pick)
        behind = [
            one
            for one in _BEHIND_A_DAY
            if "the" not in day.split() or not one.startswith(("of last", "of october", "november"))
        ]
        return _phrase(pick, "spoilt day", "log", f"{amount} {day} {pick.choice(behind)}", None, at_end=False)
    if which == 4:
        amount, _ = make_amount(pick)
        return _phrase(pick, "glued to an amount", "log", f"{amount}{pick.choice(_GLUED)}", None)
    (amount, _), (day, _) = make_amount(pick), make_day(pick)
    before = pick.choice(
        ["over", "than", "since", "until", "before", "after", "almost", "minus", "next", "the last of"]
    )
    return _phrase(
        pick, "before an amount", "log", f"|{before} {amount}", None, notes=[n for n in NOTES if n]
    )


_NO_TIMES = [
    "1430", "930", "ten to nine", "five to nine", "half nine", "25:00", "9:75", "14:15:30", "since lunch",
    "last week", "a fortnight past", "the other day at 9", "at 9 30", "9 PST", "9am PST", "14:00 UTC", "at 9 CET",
    "2x45m", "1.5h30", "9.30", "9,30", "2026-W46-3 9:00", "5.11.", "the 1st", "31 feb 9:00", "29 feb 9:00", "9-5",
    "12-1", "for 2h", "for the last 2h", "this morning", "tonight", "last night", "1h 30m 20s ago", "week of 9 nov",
    "mon-fri", "tomorrow 9:00", "20 to 9", "at half nine", "at 24:30", "1h30m20s ago", "2026-11-31T09:00Z",
    "2026-10-24T09:00+25:00", "2026-10-24T09:61Z", "since the 1st of the month", "a while ago",
    "the first of november", "monday before last at 9", "the monday before last", "next monday", "until 17:00",
    "around 9",
]  # fmt: skip
_NO_STRETCHES = [
    "90", "1:30", "2x45m", "1.5h30", "1h30m20s", "1h 30m 20s", "2-3h", "all day", "a day", "half a day", "1d",
    "week of 9 nov 8h", "mon-fri 8h", "8h mon-fri", "2026-W46-3 2h", "2h 2026-W46-3", "9:00", "at 9",
    "twenty to nine", "half past eight", "noon", "tonight", "2h this morning", "2h tonight", "2h last night",
    "1h +30m", "1h -30m", "1h 9:00", "2h 31 feb", "2h 29 feb", "0h", "25h", "1h 2h", "9-11 13-15", "9am-5pm PST",
    "9:00-10:00 UTC", "9-11 CET", "09:00Z-10:00Z", "9:00+2-10:00+2", "2026-11-12T09:00-10:00", "1h api 30m",
    "api 9:00 1h", "since lunch", "2h monday to friday", "2h since monday", "2h from monday", "14:00-15:00x",
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
