"""What each form does when it is sent: its fields become a wish, or sentences at the fields that are wrong."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.features import home, imports, weeks
from bot.features.settings_form import save_settings
from bot.interaction import interactions, responses
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext, Failure, Interaction, id_in, version_in
from bot.interaction.fields import Filled
from bot.views import form_context, forms, notices
from bot.views.blocks import Block, Response, inert
from bot.views.form_context import FormContext
from bot.views.import_form import zone_options
from bot.views.inputs import Field, FormId, View, new_project_option, project_option
from domain.entries.entries import EditWish, LogWish, StartWish
from domain.entries.overlaps import Room, Taken, Way
from domain.errors import ChangedMeanwhile, FieldErrors, NotFound, Refusal
from domain.projects.project_names import fold_title
from domain.projects.projects import LONGEST_TITLE
from domain.text import storable

LONGEST_ERROR = 300
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closed:
    """The form is done; `told` takes the place of the message that it was opened from, or stands below it."""

    told: Response | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Sentences by block id."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Another:
    """Something else to look at in the place of the form."""

    view: View


Outcome = Closed | Wrong | Another
Handler = Callable[[BotContext, Interaction, Filled], Awaitable[Response | None]]


async def _start(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    wish = StartWish(work=filled.work(), when=filled.moment(Field.WHEN), make_project=True)
    return await responses.told(
        context, interaction, await context.services.timers.start(interaction.request, wish)
    )


async def _log(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    wish = LogWish(
        work=filled.work(),
        stretch=filled.stretch(),
        make_project=True,
        suggestion_id=filled.about.suggestion_id,
        zone=filled.about.shown_zone,
    )
    return await responses.told(
        context, interaction, await context.services.timers.log(interaction.request, wish)
    )


async def _edit(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    about = filled.about
    if about.entry_id is None:
        raise NotFound("That form is from another time. Please open it again.")
    wish = EditWish(
        entry_id=about.entry_id,
        seen_version=about.seen_version,
        work=filled.work(),
        start=filled.required(Field.START_DAY, Field.START_AT, Field.START_WHICH),
        end=filled.local_time(Field.END_DAY, Field.END_AT, Field.END_WHICH),
        make_project=True,
        zone=about.shown_zone,
        keep_tags=filled.has_untouched_tags(),
    )
    return await responses.told(
        context, interaction, await context.services.timers.edit(interaction.request, wish)
    )


async def _project(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    answer = await context.services.projects.make(interaction.request, filled.text(Field.TITLE))
    return Response(notices.project(answer))


async def _make_room(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    way, claim = filled.choice(Field.WAY), filled.about.claim
    if way not in set(Way) or claim is None:
        return None
    answer = await context.services.timers.resolve(
        interaction.request, claim=claim, room=Room(way=Way(way), seen=filled.about.seen)
    )
    return await responses.told(context, interaction, answer)


# Each form's handler, and the field at which a refusal stands that is about no field in particular.
FORMS: dict[FormId, tuple[Handler, Field]] = {
    FormId.START: (_start, Field.WHEN),
    FormId.LOG: (_log, Field.STRETCH),
    FormId.EDIT: (_edit, Field.NOTE),
    FormId.PROJECT: (_project, Field.TITLE),
    FormId.SETTINGS: (save_settings, Field.DIGEST),
    FormId.ROOM: (_make_room, Field.WAY),
    FormId.DECISION: (weeks.decided, Field.REASON),
    FormId.IMPORT: (imports.read_otherwise, Field.ZONE),
}


async def submitted(context: BotContext, body: Payload) -> dict[str, Any]:
    """What Slack is to do with the form that was sent."""
    view = body["view"]
    if view.get("callback_id") not in FORMS:
        return {}
    handler, main = FORMS[FormId(view["callback_id"])]
    try:
        interaction, filled = interactions.by_submission(context, body), Filled(view)
    except Refusal as refusal:
        return {"response_action": "update", "view": forms.notice(refusal.sentence)}
    outcome = await context.attempt(
        interaction.who, lambda: _outcome(context, interaction, filled, handler, main)
    )
    match outcome:
        case Failure(sentence=sentence):
            return _errors({filled.block(main): sentence})
        case Wrong(errors):
            return _errors(errors)
        case Another(shown):
            return {"response_action": "update", "view": shown}
        case Closed(told):
            await _show(context, interaction, told)
            return {}


def _errors(errors: dict[str, str]) -> dict[str, Any]:
    """Slack shows them as plain text, in which a backtick is a backtick."""
    return {
        "response_action": "errors",
        "errors": {block: inert(said.replace("`", ""), LONGEST_ERROR) for block, said in errors.items()},
    }


async def offered(context: BotContext, body: Payload) -> list[Block]:
    """Projects for the letters that were typed, and what could become one; in a field for a zone, zones. A read: it
    fails to an empty menu."""
    letters = " ".join(storable(str(body.get("value") or "")).split())
    if body.get("action_id") == Field.ZONE:
        return zone_options(letters)
    who = body["user"]["id"]
    found = await context.attempt(
        who, lambda: context.services.projects.offered(context.workspace.id, who, letters)
    )
    if isinstance(found, Failure):
        return []
    options = [project_option(one) for one in found]
    known = any(fold_title(letters) == fold_title(one.title) for one in found)
    if inert(letters, LONGEST_TITLE) and len(letters) <= LONGEST_TITLE and not known:
        options.append(new_project_option(letters))
    return options


async def _show(context: BotContext, interaction: Interaction, told: Response | None) -> None:
    if told and interaction.response_url:
        await context.background.run(responses.show(context, interaction, told), wait=WAIT_SECONDS)
    elif not interaction.request.by_message:
        await home.refresh(context, wait=WAIT_SECONDS)


async def _outcome(
    context: BotContext, interaction: Interaction, filled: Filled, handler: Handler, main: Field
) -> Outcome:
    try:
        return Closed(await handler(context, interaction, filled))
    except Taken as taken:
        return Another(forms.room_form(filled.about, taken))
    except ChangedMeanwhile as changed:
        return Another(await _as_it_is_now(context, interaction, filled.about, changed))
    except FieldErrors as wrong:
        if wrong.doubled:
            return Another(await _asking_which(context, interaction, filled, wrong))
        return Wrong(
            {
                filled.block_or(_FIELDS.get(name) or Field(name), main): said
                for name, said in wrong.fields.items()
            }
        )
    except NotFound as gone:
        return Another(forms.notice(gone.sentence))


async def _asking_which(
    context: BotContext, interaction: Interaction, filled: Filled, wrong: FieldErrors
) -> View:
    """The same form with a choice beside each time that the clocks show twice; what was entered stays."""
    editable = await context.services.entries.editable(
        context.workspace.id, interaction.who, filled.about.entry_id
    )
    times = {
        "start": filled.local_time(Field.START_DAY, Field.START_AT, Field.START_WHICH),
        "end": filled.local_time(Field.END_DAY, Field.END_AT, Field.END_WHICH),
    }
    doubled = {name: local for name, local in times.items() if name in wrong.doubled and local}
    return forms.edit_form(filled.about, editable, said=tuple(wrong.fields.values()), doubled=doubled)


async def _as_it_is_now(
    context: BotContext, interaction: Interaction, about: FormContext, changed: ChangedMeanwhile
) -> View:
    """The entry as it is now, with what became different since it was shown. Nothing is overwritten."""
    try:
        editable = await context.services.entries.editable(
            context.workspace.id, interaction.who, about.entry_id
        )
    except NotFound:
        return forms.notice(changed.sentence)
    person = replace(editable.person, zone=about.shown_zone or editable.person.zone)
    now = forms.shown_of(editable.entry, person, editable.at)
    different = [
        f"{name} was {before}, is now {after}."
        for (name, before), (_, after) in zip(about.shown, now, strict=False)
        if before != after
    ]
    said = " ".join([changed.sentence, *different, "Here it is as it stands; nothing of yours was saved."])
    return forms.edit_form(about, editable, said=(said,))


async def entry_chosen(context: BotContext, interaction: Interaction, value: str) -> None:
    """Another entry was chosen in the form."""
    assert interaction.view is not None
    about = replace(
        form_context.read(interaction.view.get("private_metadata", "")), zone=""
    )  # all is shown anew
    editable = await context.services.entries.editable(context.workspace.id, interaction.who, id_in(value))
    await context.modals.update(interaction.view, forms.edit_form(about, editable))


async def entry_deleted(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Delete was pressed in the form."""
    assert interaction.view is not None
    entry_id, seen = version_in(value)
    try:
        answer = await context.services.timers.delete(
            interaction.request, entry_id=entry_id, seen_version=seen
        )
    except ChangedMeanwhile as changed:
        about = form_context.read(interaction.view.get("private_metadata", ""))
        await context.modals.update(
            interaction.view,
            await _as_it_is_now(context, interaction, replace(about, entry_id=entry_id), changed),
        )
        return None
    with suppress(Refusal):  # "nothing was changed" would not be true any more
        await context.modals.update(interaction.view, forms.deleted_notice())
    return await responses.told(context, interaction, answer) if interaction.message_ref else None


_FIELDS = {"start": Field.START_AT, "end": Field.END_AT}
