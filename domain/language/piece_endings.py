"""The kinds of endings of a piece of time. They decide which words after the piece continue it."""

from typing import Literal

from domain.language.english import HALF_DAY, MONTHS, WEEKDAYS
from domain.language.vocabulary import DAY_PARTS, compile_ascii

PieceEnding = Literal["day", "exact day", "hour", "clock", "length", "ago"]
_MONTH_NAMES = "|".join(MONTHS)
_DAY_LAST = compile_ascii(
    r".*(?:\b(?:today|yesterday|tomorrow|weeks?|month|weekend|year)|\d(?:st|nd|rd|th)|\d{4}-\d\d?-\d\d?"
    rf"|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d*)?|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})"
    rf"|\b(?:{_MONTH_NAMES})\.?[ -]?\d{{1,2}}(?:,? \d{{4}})?|\b(?:{_MONTH_NAMES})[ ,-]+\d{{4}})[.,]?"
)
_DAYS_AGO_LAST = compile_ascii(r".*(?:day|week|fortnight)s? ago")
_DOTTED_LAST = compile_ascii(r".*(?:\b(?:at|since|from|around|about)|@) ?\d{1,2}\.\d\d")
_CLOCK_LAST = compile_ascii(
    rf".*(?:\d[:.h]\d\d|\b\d{{4}}|{HALF_DAY}|\d[ap]|clock|noon|midday|midnight)"
    r"|(?:.*\bat|@) ?\d{1,2}h|.*[-–—] ?\d{1,2}h"
)
# Exact days. Only words that lead to a time continue them: "yesterday of last week".
_EXACT_LAST = compile_ascii(r".*(?:\b(?:today|yesterday)| ago|\d{4}-\d\d?-\d\d?|\d{4})[.,]?")
_BARE_LAST = compile_ascii(
    r"(?:.*[^\d:.h])?\d{1,2}|.*\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)


def classify_ending(piece: str) -> PieceEnding:
    """Return the kind of the ending of a piece of time."""
    piece = piece.lower()
    if _DOTTED_LAST.fullmatch(piece):
        return "clock"
    if piece.endswith((" ago", "now")):
        return "exact day" if _DAYS_AGO_LAST.fullmatch(piece) else "ago"
    part = piece.split()[-1].strip(",.") in DAY_PARTS - {"noon", "midday", "midnight"}
    if part or _DAY_LAST.fullmatch(piece):
        return "exact day" if _EXACT_LAST.fullmatch(piece) else "day"
    if _CLOCK_LAST.fullmatch(piece):
        return "clock"
    return "hour" if _BARE_LAST.fullmatch(piece) else "length"
