"""Renders an operation's result for the message it came from: as a card, a day, a week or a question."""

import contextlib
from datetime import date

from bot.interaction.context import BotContext
from bot.interaction.interactions import Interaction
from bot.views import day as day_view
from bot.views import digest, forms, look_back, overlap, week
from bot.views.blocks import Response
from bot.views.entry_text import entry_name
from bot.views.form_context import FormContext, write_form_context
from bot.views.message_refs import MessageRef
from bot.views.shared_card import render_shared_card
from bot.views.timer import render_timer_card
from domain.entries.entries import TimerAnswer, TimerOutcome
from domain.entries.overlaps import OverlapConflict, OverlapStrategy
from domain.errors import Refusal
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.time.durations import format_duration


async def respond_with_answer(context: BotContext, interaction: Interaction, answer: TimerAnswer) -> Response:
    """Render a card of the result, or, in a message about a day or a week, that day or week as it is now.

    A shared card is rendered as a shared card again, without the data that only its owner may see.
    """
    message_ref = interaction.message_ref
    if message_ref and message_ref.kind is LiveMessageKind.SHARED_CARD:
        return Response(render_shared_card(answer, message_ref))
    if message_ref and message_ref.kind is LiveMessageKind.WEEK and message_ref.day:
        report = await context.services.timesheets.report_week(
            context.workspace.id, interaction.who, message_ref.day
        )
        return respond_with_week(report, interaction)
    if message_ref is None or message_ref.day is None:
        return Response(render_timer_card(answer, message_ref))
    # A digest shows the change in its entries.
    note = "" if message_ref.kind is LiveMessageKind.DIGEST else render_timer_card(answer)["text"]
    return await _respond_with_current(context, interaction, message_ref, message_ref.day, note=note)


async def respond_to_press(
    context: BotContext, interaction: Interaction, answer: TimerAnswer
) -> Response | None:
    """Respond to a button that may be on Home.

    Home is published again and shows most results by itself; a modal shows the others. Elsewhere this is
    `respond_with_answer`.
    """
    if not interaction.on_home:
        return await respond_with_answer(context, interaction, answer)
    if (title := _HOME_NOTICES.get(answer.change)) and answer.entry:
        what = f"“{entry_name(answer.entry)}”, {format_duration(answer.entry.length(answer.at))}."
        more = " `/track undo` brings it back." if answer.change is TimerOutcome.DELETED else ""
        # The operation is done, even if Slack refuses the modal.
        with contextlib.suppress(Refusal):
            await context.modals.open(interaction.trigger_id, forms.render_notice(what + more, title=title))
    return None


# Outcomes that are not visible on Home after it is published again.
_HOME_NOTICES = {TimerOutcome.DELETED: "Deleted", TimerOutcome.ALREADY_STOPPED: "Already stopped"}


async def respond_unchanged(context: BotContext, interaction: Interaction) -> Response:
    """Render the message's day or week again after the person answered "no" to a question."""
    message_ref = interaction.message_ref
    if message_ref is None or message_ref.day is None or message_ref.kind is LiveMessageKind.WEEK:
        return Response(overlap.render_nothing_changed())
    return await _respond_with_current(
        context, interaction, message_ref, message_ref.day, note=overlap.render_nothing_changed()["text"]
    )


async def _respond_with_current(
    context: BotContext, interaction: Interaction, message_ref: MessageRef, day: date, *, note: str
) -> Response:
    """Render the day or week that the message shows, as it is now."""
    if message_ref.kind is LiveMessageKind.LOOK_BACK:
        return await respond_with_weekly_summary(context, interaction, message_ref, day, note=note)
    report = await context.services.reports.read_day(context.workspace.id, interaction.who, day)
    return respond_with_day(report, interaction, note=note)


async def respond_with_weekly_summary(
    context: BotContext, interaction: Interaction, message_ref: MessageRef, monday: date, *, note: str
) -> Response:
    week = await context.services.weekly.report_week(context.workspace.id, interaction.who, monday)
    plain = look_back.render_weekly_summary(week, message_ref, plain=True, note=note)
    return Response(plain, look_back.render_weekly_summary(week, message_ref, plain=False, note=note))


def respond_with_day(report: DayReport, interaction: Interaction, *, note: str = "") -> Response:
    """Render the day as a digest or a day, like the message it came from; `note` is a line above it."""
    message_ref = interaction.message_ref
    if message_ref and message_ref.kind is LiveMessageKind.DIGEST:
        plain = digest.render_digest(report, message_ref, plain=True, note=note)
        return Response(plain, digest.render_digest(report, message_ref, note=note))
    return respond_with_whole_day(report, interaction, note=note)


def respond_with_whole_day(report: DayReport, interaction: Interaction, *, note: str = "") -> Response:
    message_ref = interaction.derive_message_ref(LiveMessageKind.DAY, report.day)
    words = day_view.render_day(report, message_ref, note=note)
    rich_message = day_view.render_day(report, message_ref, plain=False, note=note)
    return Response(words, rich_message if len(report.by_project) > 1 else None)


def respond_with_week(report: WeekReport, interaction: Interaction) -> Response:
    message_ref = interaction.derive_message_ref(LiveMessageKind.WEEK, report.week)
    return Response(week.render_week(report, message_ref), week.render_week(report, message_ref, plain=False))


def ask_about_overlap(conflict: OverlapConflict, interaction: Interaction) -> Response:
    """Ask how to resolve an overlap, with a button for each strategy."""
    form_state = write_form_context(FormContext(claim=conflict.proposed, seen=conflict.fingerprint))
    return Response(
        overlap.render_question(
            conflict,
            {strategy: f"{strategy} {form_state}" for strategy in OverlapStrategy},
            interaction.message_ref,
        )
    )


async def deliver(context: BotContext, interaction: Interaction, response: Response) -> None:
    """Send the response after the acknowledgment: it replaces the message of the button, or is a message of its own."""
    if interaction.beside:
        await context.response_client.beside(
            interaction.response_url, response.message, who=interaction.who, channel=interaction.channel
        )
    else:
        await context.response_client.replace(
            interaction.response_url, response, who=interaction.who, channel=interaction.channel
        )
