"""What an act's value becomes in the place it was asked from: a card, a day as it is now, a question."""

from datetime import date

from bot.interaction.context import BotContext, Interaction
from bot.views import day as day_view
from bot.views import look_back, overlap, week
from bot.views.blocks import Response
from bot.views.form_context import FormContext, written
from bot.views.message_refs import MessageRef
from bot.views.timer import shared_card, timer_card
from domain.entries.entries import TimerAnswer
from domain.entries.overlaps import Taken, Way
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport


async def told(context: BotContext, interaction: Interaction, answer: TimerAnswer) -> Response:
    """A card of what was done; in a message about a day or a week, that as it is now. What others see stays fit for
    them."""
    message_ref = interaction.message_ref
    if message_ref and message_ref.kind is LiveMessageKind.SHARED_CARD:
        return Response(shared_card(answer, message_ref))
    if message_ref and message_ref.kind is LiveMessageKind.WEEK and message_ref.day:
        as_it_is = await context.services.timesheets.of_week(
            context.workspace.id, interaction.who, message_ref.day
        )
        return week_told(as_it_is, interaction)
    if message_ref is None or message_ref.day is None:
        return Response(timer_card(answer, message_ref))
    said = (
        "" if message_ref.kind is LiveMessageKind.DIGEST else timer_card(answer)["text"]
    )  # a digest shows it by itself
    return await _as_it_is(context, interaction, message_ref, message_ref.day, said=said)


async def unchanged(context: BotContext, interaction: Interaction) -> Response:
    """Somebody thought better of it: the message shows again what it was about."""
    message_ref = interaction.message_ref
    if message_ref is None or message_ref.day is None or message_ref.kind is LiveMessageKind.WEEK:
        return Response(overlap.kept())
    return await _as_it_is(context, interaction, message_ref, message_ref.day, said=overlap.kept()["text"])


async def _as_it_is(
    context: BotContext, interaction: Interaction, message_ref: MessageRef, day: date, *, said: str
) -> Response:
    """What the message is about, as it is now."""
    if message_ref.kind is LiveMessageKind.LOOK_BACK:
        return await looked_back(context, interaction, message_ref, day, said=said)
    report = await context.services.reports.day(context.workspace.id, interaction.who, day)
    return of_day(report, interaction, said=said)


async def looked_back(
    context: BotContext, interaction: Interaction, message_ref: MessageRef, monday: date, *, said: str
) -> Response:
    week = await context.services.weekly.of(context.workspace.id, interaction.who, monday)
    plain = look_back.look_back(week, message_ref, plain=True, said=said)
    return Response(plain, look_back.look_back(week, message_ref, plain=False, said=said))


def of_day(report: DayReport, interaction: Interaction, *, said: str = "") -> Response:
    """That day in its place, which is a digest's or a day's; `said` stands above it."""
    message_ref = interaction.message_ref
    if message_ref and message_ref.kind is LiveMessageKind.DIGEST:
        plain = day_view.digest(report, message_ref, plain=True, said=said)
        return Response(plain, day_view.digest(report, message_ref, said=said))
    return day_told(report, interaction, said=said)


async def show(context: BotContext, interaction: Interaction, told: Response) -> None:
    """After the ack: in the place of the message that was acted on, or as one of its own."""
    if interaction.beside:
        await context.response_client.beside(
            interaction.response_url, told.message, who=interaction.who, channel=interaction.channel
        )
    else:
        await context.response_client.replace(
            interaction.response_url, told, who=interaction.who, channel=interaction.channel
        )


def day_told(report: DayReport, interaction: Interaction, *, said: str = "") -> Response:
    message_ref = interaction.showing(LiveMessageKind.DAY, report.day)
    words = day_view.whole_day(report, message_ref, said=said)
    drawn = day_view.whole_day(report, message_ref, plain=False, said=said)
    return Response(words, drawn if len(report.by_project) > 1 else None)


def week_told(report: WeekReport, interaction: Interaction) -> Response:
    message_ref = interaction.showing(LiveMessageKind.WEEK, report.week)
    return Response(week.week_card(report, message_ref), week.week_card(report, message_ref, plain=False))


def room_question(taken: Taken, interaction: Interaction) -> Response:
    """Time that is taken: the ways to make room, each with the claim it would serve."""
    form_state = written(FormContext(claim=taken.claim, seen=taken.seen))
    return Response(
        overlap.question(taken, {way: f"{way} {form_state}" for way in Way}, interaction.message_ref)
    )
