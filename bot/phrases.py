"""What follows a command's name, read into its intent. Everything here raises NotUnderstood with what would work."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta

from bot.intents import (
    ArchiveProject,
    Connect,
    DigestNow,
    Disconnect,
    Export,
    Form,
    GiveRole,
    Here,
    Intent,
    ListEndpoints,
    Log,
    MakeProject,
    MakeToken,
    OpenForm,
    RenameProject,
    Report,
    RevokeToken,
    SetPreferences,
    ShowTeam,
    Start,
    Stop,
    SubmitWeek,
    TakeOff,
)
from domain.days_off import parse_days_off
from domain.endpoints import Provider
from domain.entries import LogWish, StartWish, Work
from domain.errors import NotUnderstood
from domain.exports import ExportFormat, ExportWish
from domain.moment_words import cut_moment, parse_moment, refuse_half_a_time
from domain.people import Role
from domain.period_words import parse_period, parse_week
from domain.periods import Period
from domain.preferences import DigestChoice, PreferencesWish, ReminderChoice, TeamChoice, WeekChoice
from domain.projects import ProjectWords
from domain.reports import Dimension
from domain.stretch_words import cut_stretch
from domain.stretches import Lasting
from domain.tokens import DEFAULT_NAME, READING, READING_AND_WRITING, TokenWish

_NOTHING = {"none", "nothing", "off"}


def start(rest: str) -> Start:
    words, tags = _without_tags(rest)
    when, words = cut_moment(words)
    if when is None:
        refuse_half_a_time(words)
    return Start(StartWish(work=work(f"{words} {tags}"), when=when))


def switch(rest: str) -> Intent:
    return start(rest) if rest else OpenForm(Form.START)


def log(rest: str) -> Intent:
    if not rest:
        return OpenForm(Form.LOG)
    words, tags = _without_tags(rest)
    stretch, words = cut_stretch(words)
    return Log(LogWish(work=work(f"{words} {tags}"), stretch=stretch))


def _without_tags(text: str) -> tuple[str, str]:
    """Tags may stand anywhere, and a time is looked for at both ends of what is left. "+30m" is rather a time."""
    words = text.split()
    tags = [word for word in words if _TAG.fullmatch(word) and not word[1].isdigit()]
    return " ".join(word for word in words if word not in tags), " ".join(tags)


def work(text: str) -> Work:
    """Project, note and tags, as they stand in the words of a start or a log."""
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


def stop(rest: str) -> Stop:
    return Stop(parse_moment(rest) if rest else None)


def edit(rest: str) -> OpenForm:
    if rest.lower() not in {"", "choose", "last"}:
        raise NotUnderstood(
            "`/track edit` opens your last entry, where you can choose another one. `/track yesterday` shows "
            "a day with a menu beside each entry. Nothing was changed."
        )
    return OpenForm(Form.EDIT)


def digest(rest: str) -> Intent:
    word = rest.lower()
    if word == "now":
        return DigestNow()
    if word in {"on", "off"}:
        return _digest(DigestChoice(on=word == "on"))
    if word.startswith("target"):
        return SetPreferences(PreferencesWish(week=WeekChoice(target=amount(word.removeprefix("target")))))
    if word in _LOOKING_BACK:
        return SetPreferences(_LOOKING_BACK[word])
    at = _time_of_day(word)
    if at is None:
        raise NotUnderstood(
            "I know `/track digest on`, `off`, `now`, a time of day such as `/track digest 18:00`, "
            "`/track digest target 7h30`, which the day is measured against, `/track digest weekly off`, and for leads "
            "`/track digest team on`, `off` or `here`."
        )
    return _digest(DigestChoice(on=True, at=at))


_LOOKING_BACK = {
    "weekly on": PreferencesWish(weekly=True),
    "weekly off": PreferencesWish(weekly=False),
    "team on": PreferencesWish(team=TeamChoice(on=True)),
    "team off": PreferencesWish(team=TeamChoice(on=False)),
    "team here": PreferencesWish(team=TeamChoice(on=True, here=True)),
}


def amount(text: str) -> timedelta:
    """So much time a day, such as 7h30; nothing for `none`. Raises NotUnderstood."""
    text = text.strip()
    if text.lower() in _NOTHING:
        return timedelta()
    with suppress(NotUnderstood):
        match cut_stretch(text):
            case (Lasting(length=length, day=None), ""):
                return length
    raise NotUnderstood("How much a day? For example `7h30` or `8h`; `none` is for no target.")


def take_off(rest: str) -> TakeOff:
    wish = parse_days_off(rest)
    if wish is None:
        raise NotUnderstood(
            "I know days such as `/track off tomorrow`, `/track off 24 dec to 31 dec` and `/track off next week`, and "
            "`/track off cancel 24 dec` for one that you work after all. Nothing was changed."
        )
    return TakeOff(wish)


def remind(rest: str) -> Intent:
    word = rest.lower()
    at = _time_of_day(word)
    if at is None and word not in _NOTHING:
        raise NotUnderstood(
            "I know a time of day such as `/track remind 11:00`, and `/track remind off`. On working days I ask "
            "once when nothing is tracked by then."
        )
    return SetPreferences(PreferencesWish(reminder=ReminderChoice(at=at)))


def token(rest: str) -> MakeToken | RevokeToken:
    match rest.lower().split():
        case ["off"]:
            return RevokeToken(DEFAULT_NAME)
        case ["off", name]:
            return RevokeToken(name)
        case []:
            return MakeToken(TokenWish())
        case ["read" | "write" as may]:
            return MakeToken(TokenWish(scopes=_SCOPES[may]))
        case [name]:
            return MakeToken(TokenWish(name=name))
        case [name, "read" | "write" as may]:
            return MakeToken(TokenWish(name=name, scopes=_SCOPES[may]))
    raise NotUnderstood(
        "I know `/track token`, `/track token backup read` and `/track token off backup`: a name is one word."
    )


_SCOPES = {"read": READING, "write": READING_AND_WRITING}


def _digest(choice: DigestChoice) -> SetPreferences:
    return SetPreferences(PreferencesWish(digest=choice))


def _time_of_day(word: str) -> time | None:
    found = _CLOCK.fullmatch(word)
    if not found or int(found[1]) > 23:
        return None
    return time(int(found[1]), int(found[2]))


_CLOCK = re.compile(r"(?:at )?(\d{1,2})[:.]([0-5]\d)", re.ASCII)


def report(name: str) -> Callable[[str], Intent]:
    """For `week` and `month`, whose name is part of what was said, and for `report`, whose is not."""

    def rest(words: str) -> Intent:
        said, by = cut_dimension(words)
        if not name and not said:
            said = Period.THIS_MONTH.value
        period = parse_period(f"{name} {said}".strip()) or parse_period(said)
        if period is None:
            raise NotUnderstood(
                f"I didn't understand “{words[:60]}” as a report. I know `last month`, `october`, `last 30 days` and "
                "`1 nov to 12 nov`, and behind them `by project`, `by day`, `by tag` or `by person`."
            )
        return Report(period, by)

    return rest


def submit(rest: str) -> SubmitWeek:
    return SubmitWeek(parse_week(rest) if rest else None)


def cut_dimension(words: str) -> tuple[str, Dimension]:
    """What stands before `by tag` and the like, and by what; by project where that is not said."""
    found = _BY.search(words)
    if not found:
        return words, Dimension.PROJECT
    return words[: found.start()].strip(), _DIMENSIONS[found["by"].lower()]


_DIMENSIONS = {
    name: dimension for dimension in Dimension for name in (dimension.value, f"{dimension.value}s")
}
_DIMENSIONS |= {"people": Dimension.PERSON, "user": Dimension.PERSON}
_BY = re.compile(rf"(?:^|\s)by (?P<by>{'|'.join(_DIMENSIONS)})$", re.IGNORECASE)


def export(rest: str) -> Export:
    """A period as a report has it, and a format anywhere among its words."""
    words, wanted = rest.lower().split(), ExportFormat.CSV
    if named := [word for word in words if word.strip(".,") in _FORMATS]:
        if len(named) > 1:
            raise NotUnderstood("One file at a time, please: `csv`, `xlsx`, `ics` or `json`.")
        wanted = _FORMATS[named[0].strip(".,")]
        at = words.index(named[0])
        words[(at - 1 if at and words[at - 1] in {"as", "in", "to"} else at) : at + 1] = []
    said = " ".join(words)
    period = parse_period(said) if said else Period.THIS_MONTH
    if period is None:
        raise NotUnderstood(
            f"I didn't understand “{said[:60]}” as days to export. I know `/track export last month xlsx`, "
            "`export october json` and `export 1 nov to 12 nov`; the formats are csv, xlsx, ics and json."
        )
    return Export(ExportWish(said=period, format=wanted))


_FORMATS = {one.value: one for one in ExportFormat}
_FORMATS |= {"excel": ExportFormat.XLSX, "ical": ExportFormat.ICS, "icalendar": ExportFormat.ICS}


def project(rest: str) -> Intent:
    verb, _, words = rest.partition(" ")
    name = _unquoted(words)
    if verb.lower() == "new" and not name:
        return OpenForm(Form.PROJECT)
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


def here(rest: str) -> Here:
    """The word `project` may come first, as in `/track here project api`."""
    words = re.sub(r"^project\s+", "", rest, flags=re.IGNORECASE)
    if words.lower() in _NOTHING:
        return Here(nothing=True)
    return Here(name=_unquoted(words).removesuffix(":"))


def team(rest: str) -> Intent:
    if not rest:
        return ShowTeam()
    verb, _, whom = rest.partition(" ")
    found = _MENTION.fullmatch(whom.strip())
    if verb.lower() not in set(Role) or not found:
        raise NotUnderstood(
            "I know `/track team`, and for admins `/track team lead @name`, `/track team admin @name` "
            "and `/track team member @name`."
        )
    return GiveRole(found["id"], Role(verb.lower()))


_MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>")


def connect(rest: str) -> Intent:
    first, _, more = rest.partition(" ")
    word, name = first.lower(), _unquoted(more)
    if word == "list":
        if more:
            raise NotUnderstood(
                "`/track connect list` stands alone: it shows all endpoints. Nothing was changed."
            )
        return ListEndpoints()
    if word == "off":
        if not name:
            raise NotUnderstood(
                "Which one? `/track connect off deploys` ends the one of that name; `/track connect list` shows all."
            )
        return Disconnect(name)
    if word in _STRANGE_SENDERS:
        raise NotUnderstood(
            f"I can't read what {_STRANGE_SENDERS[word]} sends by itself: only Standard Webhooks are understood. "
            "`/track connect` makes an address that a script or a CI job of yours can post to; docs/api.md, "
            "“Endpoints of your own”, has one ready to copy. Nothing was changed."
        )
    if word in set(Provider):
        return Connect(Provider(word), name or word)
    return Connect(Provider.STANDARD, _unquoted(rest) or Provider.STANDARD.value)


# Those who sign and speak in their own way, so that an address of ours would be of no use to them.
_STRANGE_SENDERS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "gitea": "Gitea",
    "bitbucket": "Bitbucket",
    "jira": "Jira",
    "linear": "Linear",
}


def _unquoted(words: str) -> str:
    return words.strip(' "“”')


def alone(name: str, intent: Intent) -> Callable[[str], Intent]:
    """For commands that nothing follows."""

    def rest(words: str) -> Intent:
        if words:
            raise NotUnderstood(
                f"`/track {name}` stands alone: I didn't understand “{words[:60]}”. Nothing was changed."
            )
        return intent

    return rest
