"""Reports: totals of weeks, months and any other days."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.interaction.context import BotContext, Command
from bot.interaction.features import Feature
from bot.interaction.interactions import Interaction
from bot.views.blocks import Response
from bot.views.period import render_period
from domain.errors import NotUnderstood
from domain.language.days import parse_day
from domain.language.periods import parse_period
from domain.reports.period_reports import Dimension
from domain.time.periods import MonthPeriod, Period, PeriodPhrase, WeekPeriod, WeekWithDay


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParams:
    """Parameters of a report; `period` is the phrase as the person typed it."""

    period: PeriodPhrase
    by: Dimension


async def show_report(context: BotContext, interaction: Interaction, params: ReportParams) -> Response:
    report = await context.services.reports.period(interaction.request, params.period, params.by)
    return Response(render_period(report), render_period(report, plain=False))


def parse_report(name: str) -> Callable[[str], ReportParams]:
    """Make the parser of a command: `week` and `month` are a part of the period, `report` ("") is not."""

    def parse(words: str) -> ReportParams:
        phrase, by = cut_dimension(words)
        if not name and not phrase:
            phrase = Period.THIS_MONTH.value
        period = _read_period(name, phrase) if name else parse_period(phrase)
        if period is None:
            raise NotUnderstood(
                f"I didn't understand “{f'{name} {words}'.strip()[:60]}” as a report. I know {_EXAMPLES[name]}, and "
                "behind them `by project`, `by day`, `by tag` or `by person`."
            )
        return ReportParams(period=period, by=by)

    return parse


_EXAMPLES = {
    "": "`last month`, `october`, `last 30 days` and `1 nov to 12 nov`",
    "week": "`week last`, `week 46` and `week 9 nov`",
    "month": "`month last` and `month october`",
}


def parse_bare_report(text: str) -> ReportParams | None:
    """Parse a period that was typed without a command's name."""
    phrase, by = cut_dimension(text)
    period = parse_period(phrase)
    return ReportParams(period=period, by=by) if period else None


def _read_period(name: str, phrase: str) -> PeriodPhrase | None:
    """Parse `week last`, `week 46`, `week 16 nov` or `month october`; None for `month yesterday`, which is no month."""
    if period := parse_period(f"{name} {phrase}".strip()):
        return period
    period = parse_period(phrase)
    if name == "month":
        return period if isinstance(period, MonthPeriod) or period in _MONTHS else None
    if isinstance(period, WeekPeriod | WeekWithDay) or period in _WEEKS:
        return period
    # Any other day stands for the week that holds it, as for `submit`.
    day = None if period is None else parse_day(phrase)
    return WeekWithDay(day=day) if day and not isinstance(period, Period) else None


_WEEKS, _MONTHS = (
    {Period.THIS_WEEK, Period.LAST_WEEK},
    {Period.THIS_MONTH, Period.LAST_MONTH},
)


def cut_dimension(words: str) -> tuple[str, Dimension]:
    """Split off `by tag` and the like; return the words before it and the dimension, by default the project."""
    found = _BY.search(words)
    if not found:
        return words, Dimension.PROJECT
    return words[: found.start()].strip(), _DIMENSIONS[found["by"].lower()]


_DIMENSIONS = {
    name: dimension for dimension in Dimension for name in (dimension.value, f"{dimension.value}s")
}
_DIMENSIONS |= {"people": Dimension.PERSON, "user": Dimension.PERSON}
_BY = re.compile(rf"(?:^|\s)by (?P<by>{'|'.join(_DIMENSIONS)})$", re.IGNORECASE)


FEATURE = Feature(
    commands=(
        Command(
            "week",
            "week [last] [by project, day, tag, person]",
            "Your week, added up.",
            ("week", "week last", "week by tag"),
            parse_report("week"),
            show_report,
        ),
        Command(
            "month",
            "month [last] [by project, day, tag, person]",
            "Your month, added up.",
            ("month", "month last", "month by day"),
            parse_report("month"),
            show_report,
        ),
        Command(
            "report",
            "report [period] [by project, day, tag, person]",
            "Any days, added up: last 30 days, october, 1 nov to 12 nov, since monday.",
            ("report last 30 days by tag", "report october by person", "report 1 nov to 12 nov by day"),
            parse_report(""),
            show_report,
            parse_bare=parse_bare_report,
        ),
    )
)
