"""What can be typed after /track: one table, from which parsing, help, suggestions, docs and completion are made."""

import difflib
import re

from bot.commands import personal_parsers, time_parsers, workspace_parsers
from bot.commands.intents import (
    Command,
    Delete,
    Form,
    Help,
    HowToImport,
    Intent,
    ListProjects,
    OpenForm,
    Report,
    Resume,
    ShowDay,
    Status,
    Undo,
    Unknown,
)
from domain.errors import NotUnderstood
from domain.language.days import parse_day
from domain.language.intervals import starts_with_interval
from domain.language.periods import parse_period
from domain.text import storable

LONGEST_TEXT = 1_000


def understood(text: str) -> Intent:
    """The intent of what was typed after the slash command. Raises NotUnderstood."""
    given, text = text, plain(text)
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(f"That is too long: {LONGEST_TEXT} characters at most. Nothing was changed.")
    if not text:
        return Status()
    name, _, rest = text.partition(" ")
    if command := _BY_NAME.get(name.lower()):
        return command.rest(" ".join(given.split()[1:]) if command.mentions else rest.strip())
    if day := parse_day(text):
        return ShowDay(day)
    said, by = time_parsers.cut_dimension(text)
    if period := parse_period(said):
        return Report(period, by)
    return _unknown(text, name.lower(), given)


def plain(text: str) -> str:
    """What the person typed, out of what Slack sends: mentions and links as they read, entities undone."""
    return " ".join(storable(_unescaped(_MARKED.sub(_as_it_reads, text))).split())


def _unescaped(text: str) -> str:
    """Undo the three entities that Slack makes ("Formatting text", 2026). Whatever else looks like one was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# Slack, "Formatting text" (2026): people, channels, groups and dates, and addresses that it made links of.
_MARKED = re.compile(r"<([@#!]|https?:|mailto:|tel:)([^<>|]*)(?:\|([^<>]*))?>")
_EVERYBODY = {"here", "channel", "everyone"}


def _as_it_reads(found: re.Match[str]) -> str:
    kind, name, words = found.groups()
    match kind:
        case "@" | "#":
            return f"{kind}{words or name}"
        case "!":
            return f"@{name.partition('^')[0]}" if name in _EVERYBODY or not words else str(words)
        case "mailto:" | "tel:":
            return str(words or name)
    return f"{kind}{name}"


def _unknown(text: str, name: str, given: str) -> Unknown:
    _, *words = given.split()
    rest = " ".join(words)
    close = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1, cutoff=0.6)
    if close:
        return Unknown(text, f"{close[0]} {rest}".strip())
    # Words that begin with no command are most likely how long somebody worked, or what on.
    if starts_with_interval(text):
        return Unknown(text, f"log {' '.join(given.split())}")
    return Unknown(text, f"start {' '.join(given.split())}" if rest else None)


def _help(rest: str) -> Help:
    return Help(_BY_NAME.get(rest.lower().removeprefix("/track").strip()))


COMMANDS = (
    Command(
        "start",
        "start [when] [project] [note] [+tag…]",
        "Start a timer. What runs is ended at the same instant.",
        ("start api fix login", "start 20 min ago api review +client", 'start "Web site" new footer'),
        time_parsers.start,
    ),
    Command(
        "switch",
        "switch [when] [project] [note] [+tag…]",
        "The same as start. Alone it opens a form.",
        ("switch support printer", "switch 10 min ago api review"),
        time_parsers.switch,
    ),
    Command(
        "stop",
        "stop [when]",
        "Stop the timer, now or at a time that has passed.",
        ("stop", "stop 17:30", "stop 10 min ago"),
        time_parsers.stop,
    ),
    Command(
        "log",
        "log amount-or-range [day] [project] [note] [+tag…]",
        "Record time that has passed. An amount ends now, or goes where its day is free. Alone it opens a form.",
        ("log 1h30 api fix login", "log 9-11:30 yesterday api review", "log 45 min mon support"),
        time_parsers.log,
    ),
    Command(
        "resume", "resume", "Start your last work again.", ("resume",), time_parsers.alone("resume", Resume())
    ),
    Command(
        "status",
        "status",
        "What runs, and today so far. The same as /track alone.",
        ("status",),
        time_parsers.alone("status", Status()),
    ),
    Command(
        "edit",
        "edit [choose]",
        "Change project, note, tags, start or end of your last entry, or of one you choose.",
        ("edit",),
        time_parsers.edit,
    ),
    Command(
        "delete",
        "delete",
        "Delete your last entry, after a question. Undo brings it back.",
        ("delete",),
        time_parsers.alone("delete", Delete()),
    ),
    Command(
        "undo",
        "undo",
        "Take back your last change, and again the one before.",
        ("undo",),
        time_parsers.alone("undo", Undo()),
    ),
    Command(
        "today",
        "today",
        "Your day: entries, gaps, totals. Any day can be named: yesterday, mon, 12 nov, 2026-11-12.",
        ("today", "yesterday", "last friday", "2026-11-12"),
        time_parsers.alone("today", ShowDay()),
    ),
    Command(
        "week",
        "week [last] [by project, day, tag, person]",
        "Your week, added up.",
        ("week", "week last", "week by tag"),
        time_parsers.report("week"),
    ),
    Command(
        "month",
        "month [last] [by project, day, tag, person]",
        "Your month, added up.",
        ("month", "month last", "month by day"),
        time_parsers.report("month"),
    ),
    Command(
        "report",
        "report [period] [by project, day, tag, person]",
        "Any days, added up: last 30 days, october, 1 nov to 12 nov, since monday.",
        ("report last 30 days by tag", "report october by person", "report 1 nov to 12 nov by day"),
        time_parsers.report(""),
    ),
    Command(
        "export",
        "export [period] [csv, xlsx, ics, json]",
        "Your entries as a file, in our direct messages. Without a period it is this month, without a format CSV.",
        ("export", "export last month xlsx", "export 1 nov to 12 nov json"),
        time_parsers.export,
    ),
    Command(
        "submit",
        "submit [week]",
        "Hand a week to your lead: the one that ends, from Friday noon on; before that the last one.",
        ("submit", "submit last", "submit this", "submit 2026-W47", "submit 16 nov"),
        time_parsers.submit,
    ),
    Command(
        "import",
        "import",
        "How to bring time along: our own files, those of other trackers, or any table.",
        ("import",),
        time_parsers.alone("import", HowToImport()),
    ),
    Command(
        "projects",
        "projects",
        "What there is to track on.",
        ("projects",),
        time_parsers.alone("projects", ListProjects()),
    ),
    Command(
        "project",
        "project new, rename, archive …",
        "Make a project, rename it, or take it out of the list. Its entries stay.",
        ("project new API", "project rename api to Backend API", "project archive api"),
        workspace_parsers.project,
    ),
    Command(
        "here",
        "here [project or none]",
        "What this channel tracks on when nobody names a project.",
        ("here api", "here none", "here"),
        workspace_parsers.here,
    ),
    Command(
        "team",
        "team [lead, admin, member @name] or @name",
        "Who tracks what now: you, and for leads and admins everybody. Admins give roles, and end tokens and links.",
        ("team",),
        workspace_parsers.team,
        mentions=True,
    ),
    Command(
        "digest",
        "digest on, off, HH:MM, now, target amount, weekly on or off, team on, off or here",
        "Your day by direct message, at your local time, measured against a target; your week; for leads the team's.",
        ("digest 18:00", "digest now", "digest target 7h30", "digest weekly off", "digest team on"),
        personal_parsers.digest,
    ),
    Command(
        "remind",
        "remind HH:MM, off",
        "One question on working days when nothing is tracked by then.",
        ("remind 11:00", "remind off"),
        personal_parsers.remind,
    ),
    Command(
        "off",
        "off [cancel] [days]",
        "Days that you do not work: no reminder, no target, and no digest unless you track something.",
        ("off tomorrow", "off 24 dec to 31 dec", "off cancel 24 dec"),
        personal_parsers.take_off,
    ),
    Command(
        "settings",
        "settings",
        "Digest, reminder and working days in a form.",
        ("settings",),
        time_parsers.alone("settings", OpenForm(Form.SETTINGS)),
    ),
    Command(
        "zone",
        "zone [name]",
        "By which clock your times are told. Where your Slack profile names no time zone, you can.",
        ("zone", "zone Europe/Berlin"),
        personal_parsers.zone,
    ),
    Command(
        "token",
        "token [name] [read] or off [name]",
        "A new API token, to read and write or only to read; it is not shown again. One you had of that name stops.",
        ("token", "token backup read", "token off backup"),
        personal_parsers.token,
    ),
    Command(
        "link",
        "link [off]",
        "A code, good for ten minutes, that joins an account of the REST API to you, with what it has tracked.",
        ("link", "link off"),
        personal_parsers.link,
    ),
    Command(
        "connect",
        "connect [name], list, off name",
        "An address that takes signed webhooks, and its secret, which is not shown again. Admins only.",
        ("connect", "connect deploys", "connect list", "connect off deploys"),
        workspace_parsers.connect,
    ),
    Command("help", "help [command]", "What you can type, with examples.", ("help", "help start"), _help),
)
_BY_NAME = {command.name: command for command in COMMANDS}
