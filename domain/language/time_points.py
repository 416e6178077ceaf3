"""What people type for a point in time: `at 14:15`, `20 min ago`, `since yesterday 16:00`.

Everything is wholly understood or refused, never guessed.
"""

from datetime import timedelta

from domain.errors import NotUnderstood
from domain.language.clock_times import (
    FULL_TIME,
    HOUR_WITH_H,
    LONE_TIME,
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
from domain.language.days import DAY, DAY_IN_WORDS
from domain.language.english import LEAD, WEEKDAY, ZONES
from domain.language.extraction import (
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
    unwrapped,
    whole_patterns,
    wholly,
)
from domain.language.hints import hint_for, shown
from domain.language.instants import INSTANT, read_instant
from domain.language.lengths import LENGTH, read_length
from domain.language.note_ends import clock_near_the_end, time_at_the_end
from domain.language.patterns import Shape
from domain.language.unread_times import begins_with_time
from domain.time.time_points import Ago, At, TimePoint


def cut_moment(text: str) -> tuple[TimePoint | None, str]:
    """The point in time at the front of the text, or at its end, and what is left without it.

    A note stays a note: at the end a clock time needs a day, `at`, `since` or `from`, and a bare hour never counts.
    """
    typed = unwrapped(" ".join(text.split()), _BACK)
    if not tells_a_time(typed):
        return None, text
    piece = longest_in_front(_FRONT, typed)
    if piece and not goes_on(piece.text, piece.rest):
        if second := longest_at_end(_SECOND_AT_END, piece.rest):
            raise NotUnderstood(
                f"I read two times there, “{piece.text}” and “{second.text}”. Please say one. Nothing was changed."
            )
        rest = after(piece.rest)
        _refuse_another_day(piece, rest)
        return _moment(piece), rest
    last = None if piece else longest_at_end(_BACK, typed)
    if last and not goes_before(last.rest):
        return _moment(last), before(last.rest)
    return None, text


def _refuse_another_day(piece: Piece, rest: str) -> None:
    if piece.said.keys() & {"now", "when", "instant"}:
        return
    said = _past_day_at_end(rest) or time_at_the_end(rest)
    if said and "at" in piece.said:
        raise NotUnderstood(
            f"Does “{said}” say when it began? Then say the day beside the hour, such as `yesterday {piece.text}`. "
            f"If it belongs to the note, say `{piece.text} today {shown(rest)}`. Nothing was changed."
        )
    if said:
        raise NotUnderstood(
            f"I read two times there, “{piece.text}” and “{said}”. Please say one. Nothing was changed."
        )


def _begins_spoken(words: str) -> bool:
    return any(pattern.match(words[:60]) for pattern in _NEAR_THE_END.all)


def _spoken_near_the_end(words: str) -> str:
    """ "half past eight Berlin time", "at seven +02:00": a time that would be read if nothing followed it."""
    end = words[-60:]
    for pattern in _NEAR_THE_END.all:
        for found in pattern.finditer(end):
            if not _INTRODUCED.search(end[: found.start()]):
                return found[0].strip()
    return ""


def _past_day_at_end(words: str) -> str:
    piece = longest_at_end(_PAST_DAY_AT_END, words)
    return piece.text if piece and not _INTRODUCED.search(piece.rest) else ""


def parse_moment(text: str) -> TimePoint:
    """The point in time that the whole text is. Raises NotUnderstood."""
    if piece := wholly(_WHOLE, text):
        return _moment(piece)
    raise _not_a_point(text, "")


def refuse_half_a_time(words: str) -> None:
    """Raises NotUnderstood where the words of a note begin or end like a time that was not understood: a start is
    never silently now where another time was meant."""
    words = " ".join(words.split())
    if not (tells_a_time(words) or misspelt(words) or _BOUND.search(words)):
        return
    if (
        hint_for(words)
        or misspelt(words)
        or begins_with_time(words)
        or longest_in_front(_FRONT, words)
        or _begins_spoken(words)
    ):
        front = longest_in_front(_FRONT, words)
        colon = f", or put a colon behind the time: `{front.text}: …`" if front else ""
        raise _not_a_point(words, f" If it belongs to the note, begin with the project{colon}.")
    if piece := longest_at_end(_DAY_AT_END, words):
        raise _not_a_point(piece.text, "")
    if (piece := longest_at_end(_CLOCK_AT_END, words)) and not _INTRODUCED.search(piece.rest):
        raise NotUnderstood(
            f"Did it start at {piece.text}? Then say `at {piece.text}`. If “{piece.text}” belongs to the note, "
            "please don't end with it. Nothing was changed."
        )
    first, _, others = words.partition(" ")
    behind = longest_in_front(_BEHIND_A_WORD, others)
    if behind and first.lower().strip("(:") in _LEADING:
        raise _not_a_point(words, f" Is it `at {behind.said['at']}`?" if "at" in behind.said else "")
    if behind and first.lower() not in _INTRODUCING:
        raise NotUnderstood(
            f"Does “{behind.text}” say when it began? Then put it in front: `{behind.text} {first} …`. "
            f"If it belongs to the note, say `now {shown(words)}`. Nothing was changed."
        )
    said = (
        _past_day_at_end(words)
        or time_at_the_end(words)
        or clock_near_the_end(words)
        or _spoken_near_the_end(words)
    )
    if not said and (piece := longest_at_end(_BACK, words)):
        said = piece.text
    if said:
        raise NotUnderstood(
            f"Does “{said}” say when it began? Then say it with its hour, such as `yesterday 16:00`. "
            f"If it belongs to the note, say `now {shown(words)}`. Nothing was changed."
        )


def _not_a_point(text: str, more: str) -> NotUnderstood:
    front = longest_in_front(_FRONT, text)
    if front and not goes_on(front.text, front.rest):
        hint = "Only the time belongs there, such as `at 14:15`."
    else:
        hint = hint_for(text) or "Try `at 14:15`, `20 min ago` or `since yesterday 16:00`."
    return NotUnderstood(f"I didn't understand “{shown(text)}” as a time. {hint}{more} Nothing was changed.")


_AGO_AT_END = rf"(?:(?:started|since|from) )?(?P<length>{LENGTH}) ago"
_AGO = rf"(?P<now>(?:just |right )?now)|{_AGO_AT_END}"
_FULL, _ANY, _WHEN = rf"(?P<at>{FULL_TIME}|{LONE_TIME})", rf"(?P<at>{TIME})", rf"(?P<when>{WHEN})"
_SPOKEN_WHEN = rf"(?P<when>{PART}|{DAY_IN_WORDS})"
_INSTANT = rf"(?:{LEAD} ?)?(?P<instant>{INSTANT})"
# After since or for it may be an amount, and is asked about.
_WITH_H = rf"(?:(?:started |starting |beginning )?at|@) ?(?P<at>{HOUR_WITH_H})"
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
    rf"{_WITH_H}(?:,? {_WHEN})?",
    rf"{_WHEN},? {_WITH_H}",
    _FULL,
    _INSTANT,
)
_BACK = back_patterns(
    _AGO_AT_END,
    rf"{LEAD} {_FULL}",
    rf"{LEAD} {_FULL},? {_WHEN}",
    rf"{_WITH_H}(?:,? {_WHEN})?",
    _INSTANT,
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
    rf"{_WITH_H}(?:,? {_WHEN})?",
    rf"{_WHEN},? {_WITH_H}",
    _INSTANT,
    rf"(?P<at>{UNMISTAKABLE})",
)
_BOUND = Shape(r"\bsince\b|^(?:until|till?|before|after) ")
# Few begin so early; later hours are read as times.
_TIME_OR_AMOUNT = Shape(r"\b(?:since|from) (?P<hour>[1-6])h(?P<minute>[0-5]\d)\b(?! ago)")
_DAY_AT_END = back_patterns(rf"since {WHEN}")
_CLOCK_AT_END = back_patterns(_FULL)
_SECOND_AT_END = back_patterns(_AGO_AT_END, rf"(?:since|from) {_ANY}", rf"(?:since|from) {_FULL},? {_WHEN}")
# Days on which nothing can have been planned.
_PAST_DAY_AT_END = back_patterns(
    rf"(?:(?:the )?day before yesterday|yesterday|\S+ (?:days?|weeks?|fortnights?) ago|last {WEEKDAY}|{PART})"
)
# Right behind the first word, which may be a project: "api 9:00 standup".
_BEHIND_A_WORD = front_patterns(
    _AGO_AT_END,
    rf"(?:{LEAD} )?{_FULL}(?:,? {_WHEN})?",
    rf"(?:{LEAD} )?{_SPOKEN_WHEN},? (?:at )?{_FULL}",
    rf"since {_ANY}",
    _INSTANT,
)
_NEAR_THE_END = whole_patterns(
    rf"(?<!\S)(?:{LEAD} )?{FULL_TIME}(?:(?<=\d)[a-z])?(?!\w)(?!['’-]\w)",
    rf"(?<!\S){LEAD} {TIME}(?= ?(?:[+−–-]\d|[/&@=#]"
    rf"|(?:{ZONES}|z|-?ish|sharp|minus|less|with \d+\w*|right now|half|to|till?|until|or|of|\w+ time)(?!\w))"
    r"|[^\x00-\x7f])",
)
_LEADING = {"at", "since", "from", "about", "around", "roughly", "approximately"}
_INTRODUCING = {
    "for",
    "by",
    "until",
    "till",
    "before",
    "after",
    "of",
    "the",
    "to",
    "a",
    "an",
    "every",
    "and",
    "or",
}
# "prep for 14:00": what it is for, not when it began.
_INTRODUCED = Shape(r"(?:^|\s)(?:for|by|until|till|before|after|of|the|to|a|an|every|and|or|[-–—])\s+$")


def _moment(piece: Piece) -> TimePoint:
    said = piece.said
    if doubtful := _TIME_OR_AMOUNT.search(piece.text):
        hour, minute = doubtful["hour"], doubtful["minute"]
        raise NotUnderstood(
            f"Is “{hour}h{minute}” a time or an amount? Say `since 0{hour}:{minute}` or `since {hour}h{minute} ago`. "
            "Nothing was changed."
        )
    if "instant" in said:
        return read_instant(said["instant"])
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
