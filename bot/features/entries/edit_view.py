"""The form that edits an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.views.blocks import ActionId, Block, button, clean_text, confirm, escape, option, plain, section
from bot.views.entry_text import entry_name
from bot.views.form_context import FormContext
from bot.views.forms import render_notice
from bot.views.inputs import (
    LONGEST_NOTE,
    TAGS_SHOWN,
    EntryField,
    FormId,
    View,
    modal,
    project_field,
    tags_field,
    text_field,
    time_fields,
    which_fields,
    zone_note,
    zone_note_of_form,
)
from domain.entries.entries import EditableEntry, TimeEntry
from domain.identity.people import Person
from domain.time.durations import format_time_and_day
from domain.time.local_times import LocalTime, to_local_time

PICK_ENTRY = ActionId("pick_entry")


MODAL_DELETE = ActionId("modal_delete")


EDIT_FORM = FormId("edit_form")


def render_edit_form(
    form_state: FormContext,
    editable: EditableEntry,
    *,
    notes: Sequence[str] = (),
    doubled: Mapping[str, LocalTime] = {},
) -> View:
    """Render the form that edits an entry.

    `notes` are sentences above the fields. `doubled` holds, by "start" and "end", the times that the clocks show twice,
    for which the person has to choose. A form that is rendered again keeps the zone of `form_state`; a new form uses
    the person's zone.
    """
    entry, zone = editable.entry, form_state.time_zone or editable.person.zone
    person = replace(editable.person, zone=zone)
    new_state = replace(
        form_state,
        entry_id=entry.id,
        seen_version=entry.version,
        shown=describe_entry(entry, person, editable.at),
        zone=zone.key,
    )
    # Slack shows the new entry's values only if the ids of the blocks change.
    mark = f"{entry.id.hex[:8]}.{entry.version}"
    start = to_local_time(entry.started_at, person.zone)
    end = to_local_time(entry.ended_at or editable.at, person.zone)
    blocks = [*(section(f":warning: {escape(note, 600)}") for note in notes)]
    blocks += _render_chooser(replace(editable, person=person))
    blocks += [
        project_field(entry.project, mark),
        text_field(EntryField.NOTE, "Note", value=entry.note, most=LONGEST_NOTE, mark=mark),
        tags_field(entry.tags, mark),
        *time_fields("Start", EntryField.START_DAY, EntryField.START_AT, start, mark),
        *which_fields("start", EntryField.START_WHICH, doubled, person.zone, mark),
        *time_fields("End", EntryField.END_DAY, EntryField.END_AT, end, mark, running=entry.running),
        *which_fields("end", EntryField.END_WHICH, doubled, person.zone, mark),
        zone_note(person) if zone == editable.person.zone else zone_note_of_form(zone),
        {
            "type": "actions",
            "block_id": f"more|{mark}",
            "elements": [
                button(
                    "Delete",
                    MODAL_DELETE,
                    f"{entry.id} {entry.version}",
                    style="danger",
                    confirm=confirm("Delete this entry?", "Undo brings it back.", "Delete"),
                )
            ],
        },
    ]
    return modal(EDIT_FORM, "Edit entry", "Save", blocks, new_state)


def render_deleted_notice() -> View:
    return render_notice("The entry is deleted. `/track undo` brings it back.", title="Deleted")


def describe_entry(entry: TimeEntry, person: Person, at: datetime) -> tuple[tuple[str, str], ...]:
    """Describe an entry as (field, text) pairs, which the form stores to show later what has changed."""
    end = format_time_and_day(entry.ended_at, person.zone, seen_at=at) if entry.ended_at else "running"
    return (
        ("Project", entry.project.title if entry.project else "none"),
        ("Note", clean_text(entry.note, 200) or "none"),
        (TAGS_SHOWN, " ".join(f"+{tag}" for tag in entry.tags) or "none"),
        ("Start", format_time_and_day(entry.started_at, person.zone, seen_at=at)),
        ("End", end),
    )


def _render_chooser(editable: EditableEntry) -> list[Block]:
    """Render a menu of the latest entries to choose another one to edit; nothing if there is only one."""
    if len(editable.others) < 2:
        return []
    options = [
        option(
            f"{format_time_and_day(other.started_at, editable.person.zone, seen_at=editable.at)} {entry_name(other)}",
            str(other.id),
        )
        for other in editable.others
    ]
    select: Block = {
        "type": "static_select",
        "action_id": PICK_ENTRY,
        "placeholder": plain("Another entry", 150),
        "options": options,
    }
    chosen = next((choice for choice in options if choice["value"] == str(editable.entry.id)), None)
    if chosen:
        select["initial_option"] = chosen
    return [section("Which entry?") | {"block_id": f"which|{editable.entry.id.hex[:8]}", "accessory": select}]
