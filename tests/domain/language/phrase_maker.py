"""Phrases about time with what they mean, made by a grammar of their own: it shares nothing with the one under test.

It is Saturday 2026-11-14, 15:40 in Berlin, and the day comes before the month. `meant` is None for what must be
refused.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.domain.language.phrase_words import (
    AT_THE_OTHER_END,
    BEHIND_A_CLOCK,
    BEHIND_A_DAY,
    BEHIND_AN_AMOUNT,
    CONNECTORS,
    GLUED,
    NO_STRETCHES,
    NO_TIMES,
    NOTES,
    NOTES_BESIDE,
    PROJECTS,
    TAGS,
)
from tests.domain.language.time_maker import (
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

YESTERDAY = TODAY - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """`meant` is the local start and end; the end is None for a start. `words` is what must be left, in order."""

    kind: str
    typed: str
    meant: tuple[datetime, datetime | None] | None
    words: str
    tags: tuple[str, ...]


def make_phrase(pick: random.Random) -> Phrase:
    kinds = [_point, _stretch, _spoilt, _unsupported, _beside, _other_end]
    return pick.choices(kinds, weights=[3, 4, 3, 2, 1, 1])[0](pick)


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


def _beside(pick: random.Random) -> Phrase:
    """A time, and right beside it a note with words or numbers that are none of it."""
    note, meant = pick.choice(NOTES_BESIDE), None
    which = pick.randrange(5)
    if which == 0:
        said, length = make_amount(pick)
        meant = (LOCAL_NOW - length, LOCAL_NOW)
        # After a whole hour, ninety may be its minutes.
        note = (
            note if not note.startswith("90") or not said.endswith(("h", "hrs", "hour", "hours")) else "plan"
        )
    elif which == 1:
        said, length = make_amount(pick)
        said, meant = f"{said} yesterday", (wall_at(YESTERDAY, 9), wall_at(YESTERDAY, 9) + length)
        note = note if note[:2] != "90" else "plan"
    elif which == 2:
        said = make_range(pick, wall_at(TODAY, 9), wall_at(TODAY, 10, 30))
        meant = (wall_at(TODAY, 9), wall_at(TODAY, 10, 30))
    elif which == 3:
        ago = make_ago(pick)
        return Phrase(
            kind="start, note beside",
            typed=f"start {ago.said} {note}",
            meant=(ago.meant, None),
            words=note,
            tags=(),
        )
    else:
        day, on = make_day(pick)
        said, meant = f"{day} 9:00-10:00", (wall_at(on, 9), wall_at(on, 10))
    return Phrase(kind="log, note beside", typed=f"log {said} {note}", meant=meant, words=note, tags=())


def _other_end(pick: random.Random) -> Phrase:
    """An amount in front, and at the end what says when, in words that are not read."""
    amount, _ = make_amount(pick)
    return _phrase(pick, "spoilt other end", "log", f"{amount}|{pick.choice(AT_THE_OTHER_END)}", None)


def _spoilt(pick: random.Random) -> Phrase:
    """A time that is understood, and something beside it with which it is not."""
    which = pick.randrange(6)
    if which == 0:
        said = make_clock(pick, day_too=False).said
        return _phrase(pick, "spoilt clock", "start", f"{said} {pick.choice(BEHIND_A_CLOCK)}", None)
    if which == 1:
        said = make_clock(pick).said if pick.random() < 0.5 else make_instant(pick).said
        # With letters glued to it, a word is another word: octoberx, tenZ.
        letters = said[-1].isalpha() and not said.endswith(("am", "pm", "h"))
        glued = [one for one in GLUED if not letters or not one[0].isalpha()]
        glued = [one for one in glued if "-" not in said or one not in {"+2", "+02:00", "Z"}]
        return _phrase(pick, "glued to a clock", "start", f"{said}{pick.choice(glued)}", None)
    if which == 2:
        amount, _ = make_amount(pick)
        return _phrase(
            pick, "spoilt amount", "log", f"{amount} {pick.choice(BEHIND_AN_AMOUNT)}", None, at_end=False
        )
    if which == 3:
        (amount, _), (day, _) = make_amount(pick), make_day(pick)
        behind = [
            one
            for one in BEHIND_A_DAY
            if "the" not in day.split() or not one.startswith(("of last", "of october", "november"))
        ]
        return _phrase(pick, "spoilt day", "log", f"{amount} {day} {pick.choice(behind)}", None, at_end=False)
    if which == 4:
        amount, _ = make_amount(pick)
        return _phrase(pick, "glued to an amount", "log", f"{amount}{pick.choice(GLUED)}", None)
    (amount, _), (day, _) = make_amount(pick), make_day(pick)
    before = pick.choice(
        ["over", "than", "since", "until", "before", "after", "almost", "minus", "next", "the last of"]
    )
    return _phrase(
        pick, "before an amount", "log", f"|{before} {amount}", None, notes=[n for n in NOTES if n]
    )


def _unsupported(pick: random.Random) -> Phrase:
    if pick.random() < 0.5:
        said = pick.choice(NO_TIMES)
        return _phrase(
            pick,
            "no time",
            "start",
            said,
            None,
            at_end=said[-1].isalnum() and said not in {"9-5", "12-1"},
            spoil_end=False,
        )
    return _phrase(pick, "no stretch", "log", pick.choice(NO_STRETCHES), None, at_end=False)


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
