"""Words for made phrases (phrase_maker): projects, notes, and what spoils a time."""

PROJECTS = [
    "api", "Website", "ops-2", "v1.2", "api-3", "day-care", "C++", "last-mile", "9-to-5-job", "m&a", "infra/aws",
]  # fmt: skip
NOTES = [
    "", "", "fix login", "review of the login page", "day-care pickup", "call with Ann", "half-baked idea",
    "deploy v1.2", "read RFC 3339", "one-on-one with Bob", "tickets 1-5 done", "month-end closing",
    "plan the sprint", "404 page", "write about last month's numbers in full", "second-line support",
    "the new footer",
]  # fmt: skip
TAGS = [
    "", "", "", "+client", "+deep-work", "+q3",
]  # fmt: skip
CONNECTORS = [
    "", "", "", "on ", "for ", "in ",
]  # fmt: skip
# What may not stand behind a time: with it, the time is another one or none.
BEHIND_A_DAY = [
    "of last month", "of october", "of next week", "before last", "after next", "before yesterday", "after lunch",
    "next week", "last month", "last year", "eve", "to friday", "until friday", "since 9", "november", "3",
    "of the year", "gestern", "letzte woche", "el lunes", "0900", "first thing", "all morning", "start 9:00",
    "end 11", "the same day", "@ 9", "by 11", "y'day",
]  # fmt: skip
BEHIND_A_CLOCK = [
    "+2", "+02:00", "-0500", "Z", "UTC", "PST", "CET", "UTC+1", "Berlin time", "until lunch", "to lunch",
    "till noon", "sharp", "ish", "-ish", "o'clock pm", "before lunch", "or 10", "of last month", "the day before",
    "last week", "half past", "Uhr", "gestern", "minus lunch", "with 30m break", "right now", "ending at 11",
]  # fmt: skip
BEHIND_AN_AMOUNT = [
    "ago", "+30m", "and a bit later", "or so", "or two", "last week", "the week before last", "of last week",
    "before noon", "after lunch", "the other day", "in october", "until 10", "since 9:00x", "9:00+2", "in 2025-W3",
    "2026-W46-3", "a fortnight before", "the first of november", "late october", "on the last friday of october",
    "90 sec", "a month ago", "x3", "each day", "every monday", "mon-fri", "next month", "week 46", "this week",
    "gestern", "montag", "ayer", "lundi", "vor 2 tagen", "il y a 2 jours", "am montag", "twice", "times 2", "*2",
    "per day", "/day", "minus lunch", "less 10m", "with 10m break", "by 11", "around 9", "@ 9", "@9",
    "ending at 11", "the same day", "all morning", "the whole afternoon", "right now", "now", "and a bit", "tops",
    "wk 46", "iso week 46", "20261112", "2026.11.12", "nov/12", "12-nov-26", "24/7", "y'day", "ydy", "firday",
    "[mon]", "*mon*",
]  # fmt: skip
AT_THE_OTHER_END = [
    "at 9", "@ 9", "at nine", "until 11", "gestern", "ydy", "+30m", "- 30m", "minus 30m lunch", "mon and tue",
    "mon-fri", "12 nov 26", "12.11.26", "w/c 9 nov", "a week back", "every day", "last last friday",
    "earlier today", "12/nov", "from 9 onwards", "the other night",
]  # fmt: skip
# Directly beside a time, without a project: no reader takes them for time.
NOTES_BESIDE = [
    "after hours support", "last minute fix", "HR interviews", "24/7 support", "H1 review", "s3 bucket",
    "1:1s with Ann", "day-care pickup", "monday.com import", "360° review", "two day workshop", "90 day plan",
    "meeting minutes", "3x faster build", "to do list", "past due invoices", "Q4 planning", "May's review",
    "1:1 with Ann", "404s in checkout", "office hours", "on-call handover", "call w/ Sun Microsystems",
    "half-day workshop",
]  # fmt: skip
GLUED = [
    "x", "+2", "+02:00", "Z", "/2", "&co", "+1h", "=", "#3", "@home", "é", "１",
]  # fmt: skip
NO_TIMES = [
    "1430", "930", "ten to nine", "five to nine", "half nine", "25:00", "9:75", "14:15:30", "since lunch",
    "last week", "a fortnight past", "the other day at 9", "at 9 30", "9 PST", "9am PST", "14:00 UTC", "at 9 CET",
    "2x45m", "1.5h30", "9.30", "9,30", "2026-W46-3 9:00", "5.11.", "the 1st", "31 feb 9:00", "29 feb 9:00", "9-5",
    "12-1", "for 2h", "for the last 2h", "this morning", "tonight", "last night", "1h 30m 20s ago", "week of 9 nov",
    "mon-fri", "tomorrow 9:00", "20 to 9", "at half nine", "at 24:30", "1h30m20s ago", "2026-11-31T09:00Z",
    "2026-10-24T09:00+25:00", "2026-10-24T09:61Z", "since the 1st of the month", "a while ago",
    "the first of november", "monday before last at 9", "the monday before last", "next monday", "until 17:00",
    "around 9", "um 9", "9 Uhr", "at 9 uhr", "vor 20 min", "seit 9", "hace 20 min", "desde 9", "il y a 20 min",
    "nine thirty", "9ish", "~9", "circa 9", "before 9", "ydy", "gestern 9:00", "at 9 h30",
]  # fmt: skip
NO_STRETCHES = [
    "90", "1:30", "2x45m", "1.5h30", "1h30m20s", "1h 30m 20s", "2-3h", "all day", "a day", "half a day", "1d",
    "week of 9 nov 8h", "mon-fri 8h", "8h mon-fri", "2026-W46-3 2h", "2h 2026-W46-3", "9:00", "at 9",
    "twenty to nine", "half past eight", "noon", "tonight", "2h this morning", "2h tonight", "2h last night",
    "1h +30m", "1h -30m", "1h 9:00", "2h 31 feb", "2h 29 feb", "0h", "25h", "1h 2h", "9-11 13-15", "9am-5pm PST",
    "9:00-10:00 UTC", "9-11 CET", "09:00Z-10:00Z", "9:00+2-10:00+2", "2026-11-12T09:00-10:00", "1h api 30m",
    "api 9:00 1h", "since lunch", "2h monday to friday", "2h since monday", "2h from monday", "14:00-15:00x",
    "9-11 uhr", "9 bis 11", "2 std", "2 huors", "30 mintues", "12. 11. 2h", "1h 12. 11.", "1h 12. okt", "2h 1/2",
    "1h? ", "9-17 minus lunch", "9-17 with 30m break", "9-17 less 30m",
]  # fmt: skip
