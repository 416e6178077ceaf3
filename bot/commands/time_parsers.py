"""What follows the name of a command about time, read into its intent. Everything here, and in the files beside it,
raises NotUnderstood with what would work."""

import re
from collections.abc import Callable

from bot.commands.intents import Export, Form, Intent, Log, OpenForm, Report, Start, Stop, SubmitWeek
from domain.entries.entries import LogWish, StartWish, Work
from domain.entries.exports import ExportFormat, ExportWish
from domain.errors import NotUnderstood
from domain.language.days import parse_day
from domain.language.intervals import extract_interval
from domain.language.periods import parse_period, parse_week
from domain.language.time_points import extract_time_point, parse_time_point, refuse_unread_time
from domain.projects.projects import ProjectWords
from domain.reports.reports import Dimension
from domain.time.periods import MonthPeriod, Period, PeriodPhrase, WeekPeriod, WeekWithDay


def start(rest: str) -> Start:
    words, tags = _without_tags(rest)
    when, words = extract_time_point(words)
    if when is None:
        refuse_unread_time(words)
    return Start(StartWish(work=work(f"{words} {tags}"), when=when))


def switch(rest: str) -> Intent:
    return start(rest) if rest else OpenForm(Form.START)


def log(rest: str) -> Intent:
    if not rest:
        return OpenForm(Form.LOG)
    words, tags = _without_tags(rest)
    stretch, words = extract_interval(words)
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
    elif led := _LED.fullmatch(text):
        name = (led["quoted"] or led["word"]).strip()
        project = ProjectWords(name=name, must=False, whole=True, typed=text[: led.start("rest")].strip())
        note = led["rest"]
    elif text:
        first, _, note = text.partition(" ")
        project = _first_word(first)
    else:
        return Work(tags=tags)
    return Work(project=project, note=note.strip(), tags=tags)


def _first_word(word: str) -> ProjectWords:
    """A colon behind a title such as "A/B" is none of it; where there is no such project, the word stays as it is."""
    name = word.rstrip(":")
    if not name or name == word:
        return ProjectWords(name=word, must=False)
    return ProjectWords(name=name, must=False, whole=True, typed=word)


_TAG = re.compile(r"\+[^\W_][\w-]*")
_QUOTED = re.compile(r"[\"“”](?P<title>[^\"“”]*[^\s\"“”][^\"“”]*)[\"“”]:?\s*(?P<rest>.*)")
# "2 hours on api": where there is no such project, the words stay as they are.
_LED = re.compile(
    r"(?:on|for|in|at|of) (?:[\"“”](?P<quoted>[^\"“”]{1,80}+)[\"“”]:?|(?P<word>[^\s:]{1,80}+):?+)(?P<rest>(?:\s.*)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<title>[^\s:/]{1,80}):(?:\s+|$)(?P<rest>.*)")


def stop(rest: str) -> Stop:
    return Stop(parse_time_point(rest) if rest else None)


def edit(rest: str) -> OpenForm:
    if rest.lower() not in {"", "choose", "last"}:
        raise NotUnderstood(
            "`/track edit` opens your last entry, where you can choose another one. `/track yesterday` shows "
            "a day with a menu beside each entry. Nothing was changed."
        )
    return OpenForm(Form.EDIT)


def report(name: str) -> Callable[[str], Intent]:
    """For `week` and `month`, whose name is part of what was said, and for `report`, whose is not."""

    def rest(words: str) -> Intent:
        said, by = cut_dimension(words)
        if not name and not said:
            said = Period.THIS_MONTH.value
        period = _period_called(name, said) if name else parse_period(said)
        if period is None:
            raise NotUnderstood(
                f"I didn't understand “{f'{name} {words}'.strip()[:60]}” as a report. I know {_EXAMPLES[name]}, and "
                "behind them `by project`, `by day`, `by tag` or `by person`."
            )
        return Report(period, by)

    return rest


_EXAMPLES = {
    "": "`last month`, `october`, `last 30 days` and `1 nov to 12 nov`",
    "week": "`week last`, `week 46` and `week 9 nov`",
    "month": "`month last` and `month october`",
}


def _period_called(name: str, said: str) -> PeriodPhrase | None:
    """`week last`, `week 46`, `week 16 nov`, `month october`; None for `month yesterday`, which is no month."""
    if period := parse_period(f"{name} {said}".strip()):
        return period
    period = parse_period(said)
    if name == "month":
        return period if isinstance(period, MonthPeriod) or period in _MONTHS else None
    if isinstance(period, WeekPeriod | WeekWithDay) or period in _WEEKS:
        return period
    # Any other day lies in its week, as for `submit`.
    day = None if period is None else parse_day(said)
    return WeekWithDay(day=day) if day and not isinstance(period, Period) else None


_WEEKS, _MONTHS = (
    {Period.THIS_WEEK, Period.LAST_WEEK},
    {Period.THIS_MONTH, Period.LAST_MONTH},
)


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


def alone(name: str, intent: Intent) -> Callable[[str], Intent]:
    """For commands that nothing follows."""

    def rest(words: str) -> Intent:
        if words:
            raise NotUnderstood(
                f"`/track {name}` stands alone: I didn't understand “{words[:60]}”. Nothing was changed."
            )
        return intent

    return rest
