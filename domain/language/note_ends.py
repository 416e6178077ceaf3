"""Detects words at the end of a note that name a time in a form that can not be read: "last week", "at 9:00+2"."""

from domain.language import foreign_words
from domain.language.english import MONTHS, ONES, WEEKDAYS
from domain.language.idioms import BOUNDS, SHORT_DAYS
from domain.language.vocabulary import DAY_PARTS, DAYS, MEALS, compile_ascii

_IN_SHORT = foreign_words.UNAMBIGUOUS_DAYS | SHORT_DAYS
_LOOKED_AT = 80  # characters from the end: a time at the end of a note is short

_WHICH_ONE = r"(?:last|this|past|previous|next|coming|current)"
_SPAN = r"(?:week|weekend|month|year|quarter|night|fortnight)"
_WEEKDAY_NAMES, _MONTH_NAMES = "|".join(WEEKDAYS), "|".join(MONTHS)
_NUMBER_NAMES = "|".join((*ONES, "ten", "eleven", "twelve"))
_AT_THE_END = compile_ascii(
    r"(?:^|\s)(?:"
    rf"(?:the )?{_WHICH_ONE} {_SPAN}|(?:the )?(?:other|same|next|previous) day"
    rf"|(?:the )?(?:{_WEEKDAY_NAMES}|day|{_SPAN}) (?:before|after)(?: (?:last|next|that|yesterday))?"
    rf"|(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)|first|last|end|beginning|start|middle)"
    rf"(?: (?:{_WEEKDAY_NAMES}|day))? of (?:the |{_WHICH_ONE} )?(?:{_SPAN}|{_MONTH_NAMES})"
    r"|\d{1,2}(?:st|nd|rd|th)|(?:half|quarter) (?:past|to)"
    rf"|(?:in|during|since|from|until|till|before|after) (?:the |early |late |{_WHICH_ONE} )?"
    rf"(?:{_MONTH_NAMES}|{'|'.join(sorted(DAYS | DAY_PARTS | MEALS))}|{_SPAN})"
    r"|(?:[\w½-]+ ){1,3}(?:ago|earlier)|earlier(?: today)?"
    r"|since(?: \S+){1,2}"
    r"|\d{4}-?w\d\d?(?:-\d)?|(?:week|kw|cw) ?\d{1,2}"
    rf"|(?:{_WEEKDAY_NAMES}) (?:eve|night)"
    rf"|(?:at|@|around) ?(?:\d{{1,2}}|{_NUMBER_NAMES})|(?:until|till?|['’]til) \d{{1,2}}|from \d{{1,2}} on(?:wards)?"
    rf"|(?:{'|'.join(sorted(BOUNDS - {'end', 'done', 'start'}))})(?: at)? \d{{1,2}}|(?:{_NUMBER_NAMES}) [ap]\.?m\.?"
    r"|(?:all|most of the|half the|the whole|the other) (?:day|morning|afternoon|evening|night)"
    r"|(?:every|each|per|a) (?:day|week)|\w+ (?:mins?|minutes?|hours?|days?|weeks?|months?) back|b4 \w+"
    rf"|(?:vor|il y a|hace) \w+ \w+|(?:(?:at|um) |@ ?)?(?:\d{{1,2}}(?:[:.]\d\d)?|{_NUMBER_NAMES}) uhr"
    rf"|(?:{_WEEKDAY_NAMES})(?: ?[-–/&+,] ?| (?:and|or|to|till?|through) )(?:{_WEEKDAY_NAMES})"
    rf"|\d{{1,2}}[/-](?:{_MONTH_NAMES})(?:[/-]\d{{2,4}})?|(?:{_MONTH_NAMES})/\d{{1,2}}"
    r"|(?:[0-2]?\d|3[01])\. ?(?:0?[1-9]|1[0-2])\. ?(?:2[4-7]|20\d\d)?"
    rf"|(?:{'|'.join(sorted(_IN_SHORT))})\.?"
    r")$"
)
_INTRODUCED = compile_ascii(r"(?:^|\s)(?:for|by|of|about|with|than|vs|and|or|to|['’]s)$")
_INTRODUCING = {
    "for", "by", "until", "till", "before", "after", "of", "the", "to", "a", "an", "every", "each", "and", "or", "with",
    "about", "than", "vs", "-", "–", "—",
}  # fmt: skip
_CLOCK_GLUED = compile_ascii(
    r"[~@(+−-]{0,2}\d{1,2}:[0-5]\d\S{1,12}|[+−-]\d{1,2}:\d\d|(?:2[4-9]|[3-9]\d):\d\d|\d{1,2}:[6-9]\d"
)
_CLOCK_IN_FRONT = compile_ascii(
    r"[~@(]?(?:\d{1,2}:[0-5]\d(?![\d])|\d{1,2}(?:[.:]\d\d)?[ap]\.?m\b|\d{4}-\d\d-\d\d(?:$|[t\W])|0\d[0-5]\d(?!\d))"
)
_HOUR_IN_FRONT = compile_ascii(
    r"(?!19|20)(?:[01]\d|2[0-3])[0-5]\d(?![0-9])|\d{1,2}(?:h(?:\d\d\w?)?(?!\w)|[:.]\d\d)"
)


def find_time_at_end(text: str) -> str:
    """Find the words at the end of a note that name a time; "" if there are none."""
    end = text[-_LOOKED_AT:]
    found = _AT_THE_END.search(end)
    if found and not _INTRODUCED.search(end[: found.start()]):
        return found[0].strip()
    last = (text.split() or [""])[-1].strip("(),;:.!?")
    return last if _CLOCK_GLUED.fullmatch(last) else ""


def has_short_day_name(text: str) -> bool:
    """Return whether the first or the last word is a day that no other pattern matches: "gestern", "ydy"."""
    words = text.lower().split()
    return bool(words) and not _IN_SHORT.isdisjoint(word.rstrip(".,;!") for word in (words[0], words[-1]))


_BREAK_AT_THE_END = compile_ascii(
    r"(?:^|\s)((?:minus|less|excl\.?|excluding|without|-)(?: [\w.½-]{1,12}){0,3} (?:lunch|breaks?|pause)"
    r"|(?:with|incl\.?|including)(?: an?)? \d\S{0,5}(?: (?:m|min|minutes?|h|hours?))? (?:lunch|breaks?|pause)"
    r"|(?:plus|[+−–-]) ?\d{1,3} ?(?:m|mins?|minutes|h|hours?)"
    r"|(?:minus|less) (?:lunch|(?:an? )?breaks?|\d+ ?(?:m|min|mins|minutes|h|hours?)))$"
)


def find_break_at_end(text: str) -> str:
    """Find the words at the end of a note that would change the length of the entry: "minus 30m lunch". "" if there
    are none."""
    found = _BREAK_AT_THE_END.search(text[-_LOOKED_AT:])
    return found[1] if found else ""


def find_clock_near_end(text: str) -> str:
    """Find a time of day among the last words of a note, and return it with the words after it: "at 9h15 UTC". ""
    if there is none."""
    words = text.split()
    for at in range(max(0, len(words) - 5), len(words)):
        word, before = words[at].lower(), words[at - 1].lower() if at else ""
        led = before in {"at", "@", "since", "from"}
        clock = _CLOCK_IN_FRONT.match(word) or word in {"a.m.", "p.m.", "pm"}
        if (clock or (led and _HOUR_IN_FRONT.match(word))) and before not in _INTRODUCING:
            return " ".join(words[at:])
    return ""
