"""Days: show a day, confirm it as complete, and reopen it."""

from bot.interaction.button_values import read_day
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature
from bot.interaction.interactions import Interaction
from bot.interaction.parsers import parse_alone
from bot.interaction.responses import respond_with_day, respond_with_whole_day
from bot.views.blocks import Response
from bot.views.day import CONFIRM_DAY, REOPEN_DAY
from bot.views.timer import SHOW_DAY
from domain.errors import ChangedMeanwhile
from domain.language.days import parse_day
from domain.time.days import DayPhrase


async def show_day(context: BotContext, interaction: Interaction, day: DayPhrase | None) -> Response:
    """Show a day; without `day` it is today. `day` is the phrase as the person typed it."""
    return respond_with_whole_day(await context.services.reports.today(interaction.request, day), interaction)


async def show_today(context: BotContext, interaction: Interaction, _value: str) -> Response:
    return await show_day(context, interaction, None)


async def confirm_day(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Confirm the day that the message shows; if the day has changed since, show it as it is now."""
    named, _, seen = value.partition(" ")
    day = read_day(named)
    try:
        return respond_with_day(
            await context.services.days.confirm(interaction.request, day, seen=seen), interaction
        )
    except ChangedMeanwhile as changed:
        report = await context.services.reports.read_day(context.workspace.id, interaction.who, day)
        return respond_with_day(report, interaction, note=changed.sentence)


async def reopen_day(context: BotContext, interaction: Interaction, value: str) -> Response:
    return respond_with_day(
        await context.services.days.reopen(interaction.request, read_day(value)), interaction
    )


FEATURE = Feature(
    commands=(
        Command(
            "today",
            "today",
            "Your day: entries, gaps, totals. Any day can be named: yesterday, mon, 12 nov, 2026-11-12.",
            ("today", "yesterday", "last friday", "2026-11-12"),
            parse_alone("today"),
            show_day,
            parse_bare=parse_day,
        ),
    ),
    buttons=(
        Button(SHOW_DAY, show_today),
        Button(CONFIRM_DAY, confirm_day),
        Button(REOPEN_DAY, reopen_day),
    ),
)
