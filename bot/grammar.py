"""What can be typed after /track: one table, from which parsing, help and suggestions are made."""

import difflib
import html
import re
from collections.abc import Callable
from datetime import time

from bot.intents import (
    ArchiveProject,
    Command,
    DigestNow,
    Help,
    Intent,
    ListProjects,
    Log,
    MakeProject,
    MakeToken,
    RenameProject,
    Resume,
    SetDigest,
    ShowDay,
    ShowPeriod,
    Start,
    Status,
    Stop,
    Undo,
    Unknown,
)
from domain.entries import LogWish, StartWish, Work
from domain.errors import NotUnderstood
from domain.moments import cut_moment, parse_moment
from domain.projects import ProjectWords
from domain.reports import Period
from domain.stretches import cut_stretch
from domain.text import storable
from domain.time_words import parse_day

COMMAND = "/track"
LONGEST_TEXT = 1_000


def understood(text: str) -> Intent:
    """The intent of what was typed after the slash command. Raises NotUnderstood."""
    text = plain(text)
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(f"That is too long: {LONGEST_TEXT} characters at most. Nothing was changed.")
    if not text:
        return Status()
    name, _, rest = text.partition(" ")
    if command := _BY_NAME.get(name.lower()):
        return command.rest(rest.strip())
    if text.lower() in _PERIODS:
        return ShowPeriod(_PERIODS[text.lower()])
    if day := parse_day(text):
        return ShowDay(day)
    return _unknown(text, name.lower(), rest)


def plain(text: str) -> str:
    """What the person typed, out of what Slack sends: mentions and links as they read, entities undone."""
    text = re.sub(r"<([@#!])[^<>|]*\|([^<>]*)>", r"\1\2", text)
    text = re.sub(r"<((?:https?|mailto):[^<>|]*)(?:\|[^<>]*)?>", r"\1", text)
    return " ".join(storable(html.unescape(text)).split())


def _unknown(text: str, name: str, rest: str) -> Unknown:
    close = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1, cutoff=0.6)
    # Several words that begin with no command are most likely what somebody works on.
    suggestion = f"{close[0]} {rest}".strip() if close else f"start {text}" if rest else None
    return Unknown(text, suggestion)


def _start(rest: str) -> Start:
    when, words = cut_moment(rest)
    return Start(StartWish(work=_work(words), when=when))


def _log(rest: str) -> Log:
    stretch, words = cut_stretch(rest)
    return Log(LogWish(work=_work(words), stretch=stretch))


def _work(text: str) -> Work:
    words = text.split()
    tags = tuple(word[1:].lower() for word in words if _TAG.fullmatch(word))
    text = " ".join(word for word in words if not _TAG.fullmatch(word))
    if quoted := _QUOTED.match(text):
        project, note = ProjectWords(name=quoted["title"].strip(), must=True), quoted["rest"]
    elif named := _NAMED.match(text):
        project, note = ProjectWords(name=named["title"], must=True), named["rest"]
    elif text:
        first, _, note = text.partition(" ")
        project = ProjectWords(name=first, must=False)
    else:
        return Work(tags=tags)
    return Work(project=project, note=note.strip(), tags=tags)


_TAG = re.compile(r"\+[^\W_][\w-]*")
_QUOTED = re.compile(r"[\"“”](?P<title>[^\"“”]*[^\s\"“”][^\"“”]*)[\"“”]:?\s*(?P<rest>.*)")
_NAMED = re.compile(r"(?P<title>[^\s:/]{1,80}):(?:\s+|$)(?P<rest>.*)")


def _stop(rest: str) -> Stop:
    return Stop(parse_moment(rest) if rest else None)


def _digest(rest: str) -> Intent:
    word = rest.lower()
    simple: dict[str, Intent] = {"on": SetDigest(True), "off": SetDigest(False), "now": DigestNow()}
    if word in simple:
        return simple[word]
    found = _CLOCK.fullmatch(word)
    if found and int(found[1]) < 24:
        return SetDigest(True, time(int(found[1]), int(found[2])))
    raise NotUnderstood(
        "I know `/track digest on`, `off`, `now` and a time of day such as `/track digest 18:00`."
    )


_CLOCK = re.compile(r"(?:at )?(\d{1,2})[:.]([0-5]\d)", re.ASCII)


def _period(name: str, this: Period, last: Period) -> Callable[[str], Intent]:
    def rest(words: str) -> Intent:
        if words.lower() not in {"", "last"}:
            raise NotUnderstood(f"I know `/track {name}` and `/track {name} last`.")
        return ShowPeriod(last if words else this)

    return rest


_PERIODS = {period.value: period for period in Period}


def _project(rest: str) -> Intent:
    verb, _, words = rest.partition(" ")
    name = _unquoted(words)
    if verb.lower() in {"new", "archive"} and name:
        return MakeProject(name) if verb.lower() == "new" else ArchiveProject(name)
    found = _RENAME.fullmatch(words.strip())
    if verb.lower() == "rename" and found:
        return RenameProject(_unquoted(found["name"]), _unquoted(found["title"]))
    raise NotUnderstood(
        "I know `/track project new API`, `/track project rename api to Backend API` "
        "and `/track project archive api`."
    )


_RENAME = re.compile(r"(?P<name>.+?) (?:to|as|->) (?P<title>.+)", re.IGNORECASE)


def _unquoted(words: str) -> str:
    return words.strip(' "“”')


def _help(rest: str) -> Help:
    return Help(_BY_NAME.get(rest.lower().removeprefix("/track").strip()))


def _alone(name: str, intent: Intent) -> Callable[[str], Intent]:
    def rest(words: str) -> Intent:
        if words:
            raise NotUnderstood(
                f"`/track {name}` stands alone: I didn't understand “{words[:60]}”. Nothing was changed."
            )
        return intent

    return rest


COMMANDS = (
    Command(
        "start",
        "start [when] [project] [note] [+tag…]",
        "Start a timer. What runs is ended at the same instant.",
        ("start api fix login", "start 20 min ago api review +client", 'start "Web site" new footer'),
        _start,
    ),
    Command(
        "stop",
        "stop [when]",
        "Stop the timer, now or at a time that has passed.",
        ("stop", "stop 17:30", "stop 10 min ago"),
        _stop,
    ),
    Command(
        "log",
        "log amount-or-range [day] [project] [note] [+tag…]",
        "Record time that has passed. An amount ends now, or goes where its day is free.",
        ("log 1h30 api fix login", "log 9-11:30 yesterday api review", "log 45 min mon support"),
        _log,
    ),
    Command("resume", "resume", "Start your last work again.", ("resume",), _alone("resume", Resume())),
    Command(
        "status",
        "status",
        "What runs, and today so far. The same as /track alone.",
        ("status",),
        _alone("status", Status()),
    ),
    Command("undo", "undo", "Take back your last change.", ("undo",), _alone("undo", Undo())),
    Command(
        "today",
        "today",
        "Your day: entries, gaps, totals. Any day can be named: yesterday, mon, 12 nov, 2026-11-12.",
        ("today", "yesterday", "last friday", "2026-11-12"),
        _alone("today", ShowDay()),
    ),
    Command(
        "week",
        "week [last]",
        "Your week by day and by project.",
        ("week", "week last"),
        _period("week", Period.THIS_WEEK, Period.LAST_WEEK),
    ),
    Command(
        "month",
        "month [last]",
        "Your month by day and by project.",
        ("month", "month last"),
        _period("month", Period.THIS_MONTH, Period.LAST_MONTH),
    ),
    Command(
        "projects",
        "projects",
        "What there is to track on.",
        ("projects",),
        _alone("projects", ListProjects()),
    ),
    Command(
        "project",
        "project new, rename, archive …",
        "Make a project, rename it, or take it out of the list. Its entries stay.",
        ("project new API", "project rename api to Backend API", "project archive api"),
        _project,
    ),
    Command(
        "digest",
        "digest on, off, HH:MM, now",
        "Your daily summary by direct message, at your local time.",
        ("digest 18:00", "digest off", "digest now"),
        _digest,
    ),
    Command(
        "token",
        "token",
        "A new token for the REST API, shown once. The one you had stops working.",
        ("token",),
        _alone("token", MakeToken()),
    ),
    Command("help", "help [command]", "What you can type, with examples.", ("help", "help start"), _help),
)
_BY_NAME = {command.name: command for command in COMMANDS}
