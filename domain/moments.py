"""What people type for a point in time: `at 14:15`, `20 min ago`, `since yesterday 16:00`.

Reading and resolving are two steps. What was typed becomes a value without knowing who typed it or when; the value
becomes an instant inside the transaction, with the person's zone and the database's clock. Everything is wholly
understood or refused, never guessed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.almost import hint_for, shown
from domain.calendar import day_of, instants_of
from domain.clock_words import (
    FULL_TIME,
    PART,
    PART_ALONE,
    TIME,
    UNMISTAKABLE,
    WHEN,
    as_time,
    read_clock,
    read_when,
    within,
)
from domain.english import LEAD
from domain.errors import NotUnderstood, Refusal
from domain.lengths import LENGTH, read_length
from domain.seams import (
    Piece,
    after,
    back_patterns,
    before,
    front_patterns,
    goes_before,
    goes_on,
    longest_at_end,
    longest_in_front,
    misspelt,
    tells_a_time,
    whole_patterns,
    wholly,
)
from domain.time_words import DAY, DAY_IN_WORDS, OLDEST, Day, compiled, date_of, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """`sure` is false for an hour without am or pm, which may be meant in the morning or in the afternoon."""

    at: time
    day: Day | None
    sure: bool


Moment = Ago | At


def cut_moment(text: str) -> tuple[Moment | None, str]:
    """The point in time at the front of the text, or at its end, and what is left without it.

    A note stays a note: at the end a clock time needs a day, `at`, `since` or `from`, and a bare hour never counts.
    """
    typed = " ".join(text.split())
    if not tells_a_time(typed):
        return None, text
    piece = longest_in_front(_FRONT, typed)
    if piece and not goes_on(piece.text, piece.rest):
        if second := longest_at_end(_SECOND_AT_END, piece.rest):
            raise NotUnderstood(
                f"I read two times there, “{piece.text}” and “{second.text}”. Please say one. Nothing was changed."
            )
        return _moment(piece), after(piece.rest)
    last = None if piece else longest_at_end(_BACK, typed)
    if last and not goes_before(last.rest):
        return _moment(last), before(last.rest)
    return None, text


def parse_moment(text: str) -> Moment:
    """The point in time that the whole text is. Raises NotUnderstood."""
    if piece := wholly(_WHOLE, text):
        return _moment(piece)
    raise _not_a_point(text, "")


def refuse_half_a_time(words: str) -> None:
    """Raises NotUnderstood where the words of a note begin or end like a time that was not understood: a start is
    never silently now where another time was meant."""
    words = " ".join(words.split())
    if not tells_a_time(words) and not misspelt(words):
        return
    if hint_for(words) or misspelt(words) or longest_in_front(_FRONT, words):
        raise _not_a_point(words, " If it belongs to the note, begin with the project.")
    if piece := longest_at_end(_DAY_AT_END, words):
        raise _not_a_point(piece.text, "")
    if (piece := longest_at_end(_CLOCK_AT_END, words)) and not _INTRODUCED.search(piece.rest):
        raise NotUnderstood(
            f"Did it start at {piece.text}? Then say `at {piece.text}`. If “{piece.text}” belongs to the note, "
            "please don't end with it. Nothing was changed."
        )


def _not_a_point(text: str, more: str) -> NotUnderstood:
    front = longest_in_front(_FRONT, text)
    if front and not goes_on(front.text, front.rest):
        hint = "Only the time belongs there, such as `at 14:15`."
    else:
        hint = hint_for(text) or "Try `at 14:15`, `20 min ago` or `since yesterday 16:00`."
    return NotUnderstood(f"I didn't understand “{shown(text)}” as a time. {hint}{more} Nothing was changed.")


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

_AGO_AT_END = rf"(?:(?:started|since|from) )?(?P<length>{LENGTH}) ago"
_AGO = rf"(?P<now>(?:just |right )?now)|{_AGO_AT_END}"
_FULL, _ANY, _WHEN = rf"(?P<at>{FULL_TIME})", rf"(?P<at>{TIME})", rf"(?P<when>{WHEN})"
_SPOKEN_WHEN = rf"(?P<when>{PART}|{DAY_IN_WORDS})"
_ISO = r"(?P<when>\d{4}-\d\d-\d\d)t(?P<at>\d\d:\d\d)"
_LEAD = rf"{LEAD} ?(?:about |around )?"
_DAY_TIME_PART = rf"(?:{_LEAD})?(?P<when>{DAY}),? (?:at )?{_ANY} (?P<part>{PART_ALONE})"
_FRONT = front_patterns(
    _AGO,
    rf"(?:{_LEAD})?{_WHEN},? (?:at )?{_FULL}",
    rf"(?:{_LEAD})?{_WHEN},? at {_ANY}",
    rf"{_LEAD}{_WHEN} {_ANY}",
    rf"{_LEAD}{_ANY},? {_WHEN}",
    rf"{_FULL},? {_WHEN}",
    _DAY_TIME_PART,
    rf"{_ANY} (?P<when>{PART})",
    rf"{_LEAD}{_ANY}",
    _FULL,
    _ISO,
)
_BACK = back_patterns(
    _AGO_AT_END,
    rf"{LEAD} {_FULL}",
    rf"{LEAD} {_FULL},? {_WHEN}",
    rf"{LEAD} {_ANY},? (?P<when>{PART})",
    rf"(?:since|from) {_ANY}",
    rf"(?:since|from) {_ANY},? {_WHEN}",
    rf"(?:since|from) {_WHEN},? (?:at )?{_ANY}",
    rf"(?:{LEAD} )?{_SPOKEN_WHEN},? (?:at )?{_FULL}",
    rf"{_FULL},? {_SPOKEN_WHEN}",
)
_WHOLE = whole_patterns(
    _AGO,
    rf"(?:{_LEAD})?{_WHEN},? (?:at )?{_ANY}",
    rf"{_LEAD}{_ANY},? {_WHEN}",
    rf"{_FULL},? {_WHEN}",
    _DAY_TIME_PART,
    rf"{_ANY},? (?P<when>{PART})",
    rf"(?:{_LEAD})?{_FULL}",
    rf"{_LEAD}{_ANY}",
    _ISO,
    rf"(?P<at>{UNMISTAKABLE})",
)
_DAY_AT_END = back_patterns(rf"since {WHEN}")
_CLOCK_AT_END = back_patterns(_FULL)
_SECOND_AT_END = back_patterns(_AGO_AT_END, rf"(?:since|from) {_ANY}", rf"(?:since|from) {_FULL},? {_WHEN}")
# "prep for 14:00": what it is for, not when it began.
_INTRODUCED = compiled(r"(?:^|\s)(?:for|by|until|till|before|after|of|the|to|a|an|every|and|or|[-–—])\s+$")


def _moment(piece: Piece) -> Moment:
    said = piece.said
    if "now" in said:
        return Ago(length=timedelta())
    if "length" in said:
        return Ago(length=read_length(said["length"]))
    day, part = read_when(said["when"]) if "when" in said else (None, "")
    if "part" in said:
        _, part = read_when(said["part"])
    clock = read_clock(said["at"])
    if part:
        clock = within(clock, part)
    return At(at=as_time(clock.minutes), day=day, sure=clock.sure)
