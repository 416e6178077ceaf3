"""What each form does when it is sent: its fields become a wish, or sentences at the fields that are wrong."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.features import home, imports, weeks
from bot.features.settings_form import save_settings
from bot.interaction import interactions, responses
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import Desk, Trouble, Visit, id_in, version_in
from bot.interaction.fields import Filled
from bot.views import form_context, forms, notices
from bot.views.blocks import Block, Told, inert
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

    told: Told | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Sentences by block id."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Another:
    """Something else to look at in the place of the form."""

    view: View


Outcome = Closed | Wrong | Another
Handler = Callable[[Desk, Visit, Filled], Awaitable[Told | None]]


async def _start(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
    wish = StartWish(work=filled.work(), when=filled.moment(Field.WHEN), make_project=True)
    return await responses.told(desk, visit, await desk.tracker.timers.start(visit.act, wish))


async def _log(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
    wish = LogWish(
        work=filled.work(),
        stretch=filled.stretch(),
        make_project=True,
        suggestion_id=filled.about.suggestion_id,
        zone=filled.about.shown_zone,
    )
    return await responses.told(desk, visit, await desk.tracker.timers.log(visit.act, wish))


async def _edit(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
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
    return await responses.told(desk, visit, await desk.tracker.timers.edit(visit.act, wish))


async def _project(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
    answer = await desk.tracker.projects.make(visit.act, filled.text(Field.TITLE))
    return Told(notices.project(answer))


async def _make_room(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
    way, claim = filled.choice(Field.WAY), filled.about.claim
    if way not in set(Way) or claim is None:
        return None
    answer = await desk.tracker.timers.resolve(
        visit.act, claim=claim, room=Room(way=Way(way), seen=filled.about.seen)
    )
    return await responses.told(desk, visit, answer)


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


async def submitted(desk: Desk, body: Payload) -> dict[str, Any]:
    """What Slack is to do with the form that was sent."""
    view = body["view"]
    if view.get("callback_id") not in FORMS:
        return {}
    handler, main = FORMS[FormId(view["callback_id"])]
    try:
        visit, filled = interactions.by_submission(desk, body), Filled(view)
    except Refusal as refusal:
        return {"response_action": "update", "view": forms.notice(refusal.sentence)}
    outcome = await desk.attempt(visit.who, lambda: _outcome(desk, visit, filled, handler, main))
    match outcome:
        case Trouble(sentence=sentence):
            return _errors({filled.block(main): sentence})
        case Wrong(errors):
            return _errors(errors)
        case Another(shown):
            return {"response_action": "update", "view": shown}
        case Closed(told):
            await _show(desk, visit, told)
            return {}


def _errors(errors: dict[str, str]) -> dict[str, Any]:
    """Slack shows them as plain text, in which a backtick is a backtick."""
    return {
        "response_action": "errors",
        "errors": {block: inert(said.replace("`", ""), LONGEST_ERROR) for block, said in errors.items()},
    }


async def offered(desk: Desk, body: Payload) -> list[Block]:
    """Projects for the letters that were typed, and what could become one; in a field for a zone, zones. A read: it
    fails to an empty menu."""
    letters = " ".join(storable(str(body.get("value") or "")).split())
    if body.get("action_id") == Field.ZONE:
        return zone_options(letters)
    who = body["user"]["id"]
    found = await desk.attempt(who, lambda: desk.tracker.projects.offered(desk.workspace.id, who, letters))
    if isinstance(found, Trouble):
        return []
    options = [project_option(one) for one in found]
    known = any(fold_title(letters) == fold_title(one.title) for one in found)
    if inert(letters, LONGEST_TITLE) and len(letters) <= LONGEST_TITLE and not known:
        options.append(new_project_option(letters))
    return options


async def _show(desk: Desk, visit: Visit, told: Told | None) -> None:
    if told and visit.response_url:
        await desk.afterwards.run(responses.show(desk, visit, told), wait=WAIT_SECONDS)
    elif not visit.act.by_message:
        await home.refresh(desk, wait=WAIT_SECONDS)


async def _outcome(desk: Desk, visit: Visit, filled: Filled, handler: Handler, main: Field) -> Outcome:
    try:
        return Closed(await handler(desk, visit, filled))
    except Taken as taken:
        return Another(forms.room_form(filled.about, taken))
    except ChangedMeanwhile as changed:
        return Another(await _as_it_is_now(desk, visit, filled.about, changed))
    except FieldErrors as wrong:
        if wrong.doubled:
            return Another(await _asking_which(desk, visit, filled, wrong))
        return Wrong(
            {
                filled.block_or(_FIELDS.get(name) or Field(name), main): said
                for name, said in wrong.fields.items()
            }
        )
    except NotFound as gone:
        return Another(forms.notice(gone.sentence))


async def _asking_which(desk: Desk, visit: Visit, filled: Filled, wrong: FieldErrors) -> View:
    """The same form with a choice beside each time that the clocks show twice; what was entered stays."""
    editable = await desk.tracker.entries.editable(desk.workspace.id, visit.who, filled.about.entry_id)
    times = {
        "start": filled.local_time(Field.START_DAY, Field.START_AT, Field.START_WHICH),
        "end": filled.local_time(Field.END_DAY, Field.END_AT, Field.END_WHICH),
    }
    doubled = {name: local for name, local in times.items() if name in wrong.doubled and local}
    return forms.edit_form(filled.about, editable, said=tuple(wrong.fields.values()), doubled=doubled)


async def _as_it_is_now(desk: Desk, visit: Visit, about: FormContext, changed: ChangedMeanwhile) -> View:
    """The entry as it is now, with what became different since it was shown. Nothing is overwritten."""
    try:
        editable = await desk.tracker.entries.editable(desk.workspace.id, visit.who, about.entry_id)
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


async def entry_chosen(desk: Desk, visit: Visit, value: str) -> None:
    """Another entry was chosen in the form."""
    assert visit.view is not None
    about = replace(form_context.read(visit.view.get("private_metadata", "")), zone="")  # all is shown anew
    editable = await desk.tracker.entries.editable(desk.workspace.id, visit.who, id_in(value))
    await desk.screens.update(visit.view, forms.edit_form(about, editable))


async def entry_deleted(desk: Desk, visit: Visit, value: str) -> Told | None:
    """Delete was pressed in the form."""
    assert visit.view is not None
    entry_id, seen = version_in(value)
    try:
        answer = await desk.tracker.timers.delete(visit.act, entry_id=entry_id, seen_version=seen)
    except ChangedMeanwhile as changed:
        about = form_context.read(visit.view.get("private_metadata", ""))
        await desk.screens.update(
            visit.view, await _as_it_is_now(desk, visit, replace(about, entry_id=entry_id), changed)
        )
        return None
    with suppress(Refusal):  # "nothing was changed" would not be true any more
        await desk.screens.update(visit.view, forms.deleted_notice())
    return await responses.told(desk, visit, answer) if visit.origin else None


_FIELDS = {"start": Field.START_AT, "end": Field.END_AT}
