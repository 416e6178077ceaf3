"""Tables of words that decide whether the words beside a time are a note or continue the time."""

from domain.language.english import MONTHS
from domain.language.vocabulary import SELECTORS, ZONE_ABBREVIATIONS

NEVER_A_NOTE = {
    "before", "after", "since", "until", "till", "til", "ago", "later", "earlier", "or", "now",
}  # fmt: skip
# Two-word compounds that belong to the note if more words follow.
NOTE_COMPOUNDS = {
    ("after", "hours"), ("after", "sales"), ("after", "action"), ("after", "effects"), ("last", "minute"),
    ("past", "due"), ("to", "do"), ("to", "dos"),
}  # fmt: skip
LEADING_WORDS = {
    "to", "through", "thru", "from", "between", "in", "on", "at", "for", "within", "during", "around", "by", "past",
}  # fmt: skip
AFTER_EXACT_DAY = {
    *(set(MONTHS) - {"march", "may", "mar", "dec"}),  # these are ordinary words too: yesterday march release
    "of", "to", "through", "thru", "eve", "eod", "cob", "early", "late", "onwards", "onward", "inclusive", "except",
    "past", "ish",
}  # fmt: skip
AFTER_DAY = {*AFTER_EXACT_DAY, *SELECTORS, *MONTHS, "week", "weeks", "fortnight"}
AFTER_CLOCK_TIME = {*ZONE_ABBREVIATIONS, "to", "past", "sharp", "ish", "onwards", "onward", "exactly"}
BEFORE_TIME = {
    *NEVER_A_NOTE, *SELECTORS, *LEADING_WORDS, "now", "of", "the", "about", "than", "over", "under", "almost", "nearly",
    "first", "minus", "plus", "times", "half", "noon", "midnight", "a", "an",
}  # fmt: skip
AFTER_PERIOD = {"before", "b4", "after", "of", "ago", "earlier", "later"}
AFTER_BACK = {"office", "end", "to", "up", "and"}  # back office, back to back: these words belong to a note
INTRODUCING_WORDS = {"for", "by", "of", "about", "with", "than", "vs", "and", "or", "to", "at", "in"}
# "the 3rd floor" is not 3 November; "the 3rd api" may be.
COUNTED_NOUNS = {
    "floor", "party", "round", "draft", "version", "level", "quarter", "time", "attempt", "iteration", "interview",
    "pass", "phase", "sprint", "release", "edition", "milestone", "stage", "step", "part", "grade", "class", "place",
    "gen", "generation", "one", "century", "person", "line",
}  # fmt: skip
ROUND_THE_CLOCK = {
    "support", "on-call", "oncall", "monitoring", "hotline", "helpdesk", "coverage", "service", "operations", "ops",
    "availability", "standby",
}  # fmt: skip
