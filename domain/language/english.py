"""The English words for time: tables first, then patterns built from them. Another language would be another such
module.

Everything is matched without regard to case, and with the digits 0 to 9 only.
"""

import re


def _number_names(text: str, first: int) -> dict[str, int]:
    return {name: number for number, names in enumerate(text.split("|"), first) for name in names.split()}


WEEKDAYS = _number_names(
    "monday mon|tuesday tues tue|wednesday weds wed|thursday thurs thur thu|friday fri|saturday sat|sunday sun",
    0,
)
MONTHS = _number_names(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct|november nov|december dec",
    1,
)
ONES = _number_names("one|two|three|four|five|six|seven|eight|nine", 1)
TEENS = _number_names(
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen",
    10,
)
TENS = {
    name: 10 * number
    for name, number in _number_names(
        "twenty|thirty|forty fourty|fifty|sixty|seventy|eighty|ninety", 2
    ).items()
}
NUMBERS = {"a": 1, "an": 1, **ONES, **TEENS, **TENS}
NAMED_TIMES = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
PORTIONS = {  # fractions of an hour, in minutes
    "half": 30, "½": 30, "1/2": 30, "quarter": 15, "¼": 15, "1/4": 15,
    "three quarters": 45, "three quarter": 45, "three-quarters": 45, "three-quarter": 45, "¾": 45, "3/4": 45,
}  # fmt: skip
PARTS_OF_DAY = {  # each part's range in minutes since midnight, end excluded
    "morning": (0, 12 * 60),
    "afternoon": (12 * 60, 19 * 60),
    "evening": (17 * 60, 24 * 60),
    "night": (20 * 60, 24 * 60),
    "tonight": (17 * 60, 24 * 60),
    "last night": (18 * 60, 24 * 60),
}
ZONES = "utc|gmt|cet|cest|bst|est|edt|cst|cdt|mst|mdt|pst|pdt|jst|aest|aedt"


def alternatives(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# In a pattern, each kind of name is one capital letter, repeated (domain.language.patterns).
WEEKDAY, MONTH = "W++", "M++"
# Above nine, minutes in words may stand without a unit: "one hour thirty".
TENS_WORD = r"(?:T++(?:[ -]O++)?|[LE]++)"
# From thirteen on, a number can not be an hour: "twenty to nine" is a time, "ten to nine" may be a range.
BIG_NUMBER_WORD = r"(?:T++(?:[ -]O++)?|E++)"
NUMBER_IN_WORDS = rf"(?:{TENS_WORD}|O++)"
HOURS, MINUTES = r"(?:hours?|hrs?\.?|h\.?)", r"(?:minutes?|mins?\.?|m\.?)"
HOUR_WORD = "(?:O++|L++)"
NUMBER_WORD = "[OLET]++"
HALF_DAY = r"(?:[ap]\.m\.?|[ap]m\b)"
LEAD = r"(?:since|from|at|@|started(?: at)?|starting(?: at)?|beginning(?: at)?)"
TO = r"(?: ?(?:->|→|[-–—‐‑‒−]) ?| ?\b(?:to|until|till|til|through|thru)\b ?)"
ABOUT = r"(?:about|around|roughly|approximately|approx\.?|~)"

# Every time that a person types contains a digit, one of these words, or the start of one.
TIME_HINT = (
    rf"[0-9A-Z]|\b(?:{alternatives(NAMED_TIMES)}|half|quarter|since|before|after"
    r"|morning|afternoon|evening|night|tonight|now|ago|today|yesterday|tomorrow|day|week|month|year|hour|hrs?|min|sec"
    r"|clock|past|next|last|couple|few|some|several|many|minus|recent|soon|earlier|later|am|pm|[ap]\.m|until|till?)"
)


def parse_number(text: str) -> int:
    """Read `7`, `seven`, `twenty five` or `twenty-five`."""
    words = text.lower().replace("-", " ").split()
    return int(text) if text.isdecimal() else sum(NUMBERS[word] for word in words)
