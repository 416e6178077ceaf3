"""Entries: edit and delete them, undo changes, share cards, and resolve overlaps."""

from bot.features.entries.edit_form import (
    choose_entry,
    delete_from_form,
    read_edit_form,
    render_current_entry,
    submit_edit,
)
from bot.features.entries.edit_view import EDIT_FORM, MODAL_DELETE, PICK_ENTRY
from bot.interaction.button_values import OUT_OF_DATE, read_id, read_version
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature, Form, NextView
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_beside_answer, open_form, open_on_press
from bot.interaction.parsers import parse_alone
from bot.interaction.responses import respond_to_press, respond_unchanged, respond_with_answer
from bot.views import form_context
from bot.views.blocks import Response
from bot.views.card_actions import CONFIRM_ENTRY, ENTRY_MENU, KEEP, OPEN_EDIT, UNDO, EntryChoice
from bot.views.forms import OVERLAP_FORM, OverlapField
from bot.views.inputs import EntryField
from bot.views.overlap import RESOLVE_OVERLAP
from bot.views.timer import DELETE, FILE_UNDER, render_delete_question, render_timer_card
from domain.entries.overlaps import OverlapResolution, OverlapStrategy
from domain.errors import ChangedMeanwhile, NotFound, NotUnderstood, Refusal


async def edit(context: BotContext, interaction: Interaction, _params: None) -> Response:
    """Open the edit form above a card of the last entry. The card has a button for the same form."""
    answer = await context.services.timers.show(interaction.request)
    entry_id = str(answer.entry.id) if answer.entry else ""
    await open_beside_answer(context, interaction, read_edit_form, entry_id)
    return Response(render_timer_card(answer, interaction.message_ref))


def parse_edit(rest: str) -> None:
    if rest.lower() not in {"", "choose", "last"}:
        raise NotUnderstood(
            "`/track edit` opens your last entry, where you can choose another one. `/track yesterday` shows "
            "a day with a menu beside each entry. Nothing was changed."
        )


async def ask_to_delete(context: BotContext, interaction: Interaction, _params: None) -> Response:
    answer = await context.services.timers.show(interaction.request)
    if answer.entry is None:
        raise NotFound("There is no entry to delete.")
    return Response(render_delete_question(answer.entry, answer.person, answer.at, interaction.message_ref))


async def undo(context: BotContext, interaction: Interaction, _params: None) -> Response:
    answer = await context.services.timers.undo_last(interaction.request)
    return Response(render_timer_card(answer, interaction.message_ref))


async def press_undo(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    answer = await context.services.timers.undo(interaction.request, act_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def press_delete(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    entry_id, seen = read_version(value)
    answer = await context.services.timers.delete(interaction.request, entry_id=entry_id, seen_version=seen)
    return await respond_to_press(context, interaction, answer)


async def press_keep(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Answer a question with "no": show the entry that the question was about again."""
    if not value:
        return await respond_unchanged(context, interaction)
    answer = await context.services.timers.show(interaction.request, entry_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def press_file_under(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Make the first word of the entry's note its project."""
    entry, _, title = value.partition(" ")
    answer = await context.services.timers.file_under(
        interaction.request, entry_id=read_id(entry), title=title
    )
    return await respond_to_press(context, interaction, answer)


async def press_confirm(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Confirm an entry that the service ended because its person did not answer."""
    answer = await context.services.forgotten_timers.confirm(interaction.request, entry_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def choose_in_menu(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Carry out the choice made in the menu beside an entry."""
    choice, _, entry = value.partition(" ")
    match choice:
        case EntryChoice.EDIT:
            await open_form(context, interaction, read_edit_form, entry)
            return None
        case EntryChoice.RESUME:
            answer = await context.services.timers.resume(interaction.request, entry_id=read_id(entry))
            return await respond_to_press(context, interaction, answer)
        case EntryChoice.DELETE:
            return await press_delete(context, interaction, entry)
        case EntryChoice.SHARE if interaction.channel:
            await _share(context, interaction, interaction.channel, entry)
            return None
    raise Refusal(OUT_OF_DATE)


async def _share(context: BotContext, interaction: Interaction, channel: str, entry: str) -> None:
    """Post the entry's card for everybody in the channel, once for each card it is shared from.

    Raises Refusal in a direct message.
    """
    if channel.startswith("D"):
        raise Refusal("Nobody else sees these messages. A card in a channel can be shared there.")
    card = interaction.message_ref.card_id if interaction.message_ref else ""
    request = context.request("share", f"{card}:{channel}:{entry}", interaction.who)
    await context.services.timers.share(request, entry_id=read_id(entry), channel=channel)
    await context.response_client.explain(
        interaction.response_url,
        "The card appears here in a moment, and everybody can see it. Only you can press its buttons.",
        who=interaction.who,
        channel=channel,
    )


async def press_overlap_strategy(
    context: BotContext, interaction: Interaction, value: str
) -> Response | None:
    strategy, text = _split_overlap_value(value)
    form_state = form_context.read(text)
    if strategy not in set(OverlapStrategy) or form_state.claim is None:
        raise Refusal(OUT_OF_DATE)
    answer = await context.services.timers.resolve(
        interaction.request,
        proposed=form_state.claim,
        resolution=OverlapResolution(strategy=OverlapStrategy(strategy), seen=form_state.seen),
    )
    return await respond_to_press(context, interaction, answer)


def read_overlap_question(value: str) -> str:
    """Return the part of a button's value that all answers to one overlap question share."""
    return _split_overlap_value(value)[1]


def _split_overlap_value(value: str) -> tuple[str, str]:
    """Split a button's value into the strategy and the text of its form context."""
    strategy, _, claim = value.partition(" ")
    return strategy, claim


async def submit_overlap_form(
    context: BotContext, interaction: Interaction, values: FormValues
) -> Response | NextView | None:
    strategy, claim = values.choice(OverlapField.WAY), values.form_state.claim
    if strategy not in set(OverlapStrategy) or claim is None:
        return None
    try:
        answer = await context.services.timers.resolve(
            interaction.request,
            proposed=claim,
            resolution=OverlapResolution(strategy=OverlapStrategy(strategy), seen=values.form_state.seen),
        )
    except ChangedMeanwhile as changed:
        return NextView(await render_current_entry(context, interaction, values.form_state, changed))
    return await respond_with_answer(context, interaction, answer)


FEATURE = Feature(
    commands=(
        Command(
            "edit",
            "edit [choose]",
            "Change project, note, tags, start or end of your last entry, or of one you choose.",
            ("edit",),
            parse_edit,
            edit,
        ),
        Command(
            "delete",
            "delete",
            "Delete your last entry, after a question. Undo brings it back.",
            ("delete",),
            parse_alone("delete"),
            ask_to_delete,
        ),
        Command(
            "undo",
            "undo",
            "Take back your last change, and again the one before.",
            ("undo",),
            parse_alone("undo"),
            undo,
        ),
    ),
    buttons=(
        Button(UNDO, press_undo),
        Button(DELETE, press_delete),
        Button(KEEP, press_keep),
        Button(FILE_UNDER, press_file_under),
        Button(CONFIRM_ENTRY, press_confirm),
        Button(ENTRY_MENU, choose_in_menu),
        Button(RESOLVE_OVERLAP, press_overlap_strategy, answered_once=True, question=read_overlap_question),
        Button(OPEN_EDIT, open_on_press(read_edit_form)),
        Button(PICK_ENTRY, choose_entry),
        Button(MODAL_DELETE, delete_from_form),
    ),
    forms=(
        Form(EDIT_FORM, submit_edit, EntryField.NOTE),
        Form(OVERLAP_FORM, submit_overlap_form, OverlapField.WAY),
    ),
)
