"""Modals: one function for each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.views import overlap
from bot.views.blocks import ActionId, Block, button, confirm, context, escaped, inert, option, plain, section
from bot.views.form_context import FormContext
from bot.views.inputs import (
    LONGEST_NOTE,
    OWN_WEEK,
    TAGS_SHOWN,
    EntryField,
    FormId,
    View,
    days_in_form,
    labeled,
    modal,
    opened_in,
    project_field,
    tags_field,
    text_field,
    time_fields,
    which_fields,
    zone_note,
)
from bot.views.timer import name_of
from domain.entries.entries import EditableEntry, TimeEntry
from domain.entries.overlaps import OverlapConflict
from domain.identity.people import Person
from domain.projects.projects import Project
from domain.time.calendar import Span
from domain.time.durations import format_duration, format_time_and_day
from domain.time.local_times import LocalTime, to_local_time

PICK_ENTRY = ActionId("pick_entry")
MODAL_DELETE = ActionId("modal_delete")
START_FORM = FormId("start_form")
LOG_FORM = FormId("log_form")
EDIT_FORM = FormId("edit_form")
PROJECT_FORM = FormId("project_form")
SETTINGS_FORM = FormId("settings_form")
ROOM_FORM = FormId("room_form")
NOTICE = FormId("notice")


class SettingsField(StrEnum):
    DIGEST = "digest"
    DIGEST_AT = "digest_at"
    REMINDER_AT = "reminder_at"
    WORKING_DAYS = "working_days"
    WEEKLY = "weekly"
    TARGET = "target"


class RoomField(StrEnum):
    WAY = "way"


class ProjectField(StrEnum):
    TITLE = "title"


def start_form(about: FormContext, *, project: Project | None, switching: bool) -> View:
    """`project` is the channel's."""
    fields = [
        project_field(project),
        text_field(EntryField.NOTE, "What are you working on?", most=LONGEST_NOTE, example="fix login"),
        tags_field(()),
        text_field(
            EntryField.WHEN,
            "Since",
            most=100,
            example="now",
            hint="Now, or for example: 20 min ago, at 14:15, since 9",
        ),
    ]
    title, submit = ("Switch", "Switch") if switching else ("Start a timer", "Start")
    return modal(START_FORM, title, submit, fields, about)


def log_form(
    about: FormContext,
    person: Person,
    at: datetime,
    *,
    project: Project | None,
    day: date | None = None,
    gap: Span | None = None,
    note: str = "",
) -> View:
    """`day` or `gap` is what is to be filled, to the microsecond where nobody changes what is shown of it; otherwise it
    is about today. `project` is the channel's, or what is suggested, as `note` is."""
    day = day or to_local_time(gap.start if gap else at, person.zone).day
    stretch = ""
    if gap:
        # Up to the next minute: what ended within this one would be in the way.
        begin = (
            gap.start if gap.start.second == gap.start.microsecond == 0 else gap.start + timedelta(minutes=1)
        )
        start, end = (to_local_time(instant, person.zone).at for instant in (begin, gap.end))
        stretch = f"{start:%H:%M}-{end:%H:%M}"
    fields = [
        text_field(
            EntryField.STRETCH,
            "How long, or from when to when",
            value=stretch,
            most=100,
            example="1h30 or 9-11:30",
            hint="An amount goes where the day is free",
            optional=False,
        ),
        labeled(
            EntryField.DAY, "Day", {"type": "datepicker", "initial_date": day.isoformat()}, optional=False
        ),
        project_field(project),
        text_field(
            EntryField.NOTE, "What did you work on?", value=note, most=LONGEST_NOTE, example="code review"
        ),
        tags_field(()),
    ]
    shown = replace(
        about, today=day, zone=person.zone.key, offered=gap, shown=((EntryField.STRETCH.value, stretch),)
    )
    return modal(LOG_FORM, "Log time", "Log", [*fields, zone_note(person)], shown)


def edit_form(
    about: FormContext,
    editable: EditableEntry,
    *,
    said: Sequence[str] = (),
    doubled: Mapping[str, LocalTime] = {},
) -> View:
    """`said` are sentences above the fields; `doubled` are the times, by "start" and "end", that the clocks show
    twice and that need to be chosen between. Its times are those of the zone that `about` says, for a form that is
    shown again, and of the person's for a new one."""
    entry, zone = editable.entry, about.shown_zone or editable.person.zone
    person = replace(editable.person, zone=zone)
    shown = replace(
        about,
        entry_id=entry.id,
        seen_version=entry.version,
        shown=shown_of(entry, person, editable.at),
        zone=zone.key,
    )
    # A block's new name is what makes Slack show its new value after another entry was chosen.
    mark = f"{entry.id.hex[:8]}.{entry.version}"
    start = to_local_time(entry.started_at, person.zone)
    end = to_local_time(entry.ended_at or editable.at, person.zone)
    blocks = [*(section(f":warning: {escaped(one, 600)}") for one in said)]
    blocks += _chooser(replace(editable, person=person))
    blocks += [
        project_field(entry.project, mark),
        text_field(EntryField.NOTE, "Note", value=entry.note, most=LONGEST_NOTE, mark=mark),
        tags_field(entry.tags, mark),
        *time_fields("Start", EntryField.START_DAY, EntryField.START_AT, start, mark),
        *which_fields("start", EntryField.START_WHICH, doubled, person.zone, mark),
        *time_fields("End", EntryField.END_DAY, EntryField.END_AT, end, mark, running=entry.running),
        *which_fields("end", EntryField.END_WHICH, doubled, person.zone, mark),
        zone_note(person) if zone == editable.person.zone else opened_in(zone),
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
    return modal(EDIT_FORM, "Edit entry", "Save", blocks, shown)


def project_form(about: FormContext, project: Project | None = None) -> View:
    field = text_field(
        ProjectField.TITLE,
        "Name",
        value=project.title if project else "",
        most=80,
        example="Web site",
        optional=False,
    )
    notes = context("Everybody here can track on it. A unique beginning of its name is enough when you type.")
    return modal(PROJECT_FORM, "New project", "Make it", [field, notes], about)


def settings_form(about: FormContext, person: Person) -> View:
    on, off = option("On", "on"), option("Off", "off")
    reminder: Block = {"type": "timepicker", "placeholder": plain("No reminder", 150)}
    if person.remind_at:
        reminder["initial_time"] = f"{person.remind_at:%H:%M}"
    target = format_duration(person.week.target) if person.week.target else ""
    fields = [
        labeled(
            SettingsField.DIGEST,
            "Daily digest",
            {
                "type": "radio_buttons",
                "options": [on, off],
                "initial_option": on if person.digest.on else off,
            },
            optional=False,
        ),
        labeled(
            SettingsField.DIGEST_AT,
            "It comes at",
            {"type": "timepicker", "initial_time": f"{person.digest.at:%H:%M}"},
            optional=False,
        ),
        labeled(
            SettingsField.REMINDER_AT,
            "Remind me when nothing is tracked by",
            reminder,
            hint="Once, on working days. Leave it empty for no reminder.",
        ),
        labeled(SettingsField.WEEKLY, "On Monday mornings", _weekly(person)),
        labeled(SettingsField.WORKING_DAYS, "You work on", _weekdays(person)),
        text_field(
            SettingsField.TARGET,
            "Target for a working day",
            most=20,
            value=target,
            example="8h or 7h30",
            hint="What the digest measures your day against. Leave it empty for none.",
        ),
    ]
    stood = [
        (SettingsField.DIGEST.value, "on" if person.digest.on else "off"),
        (SettingsField.DIGEST_AT.value, f"{person.digest.at:%H:%M}"),
        (SettingsField.REMINDER_AT.value, f"{person.remind_at:%H:%M}" if person.remind_at else ""),
        (OWN_WEEK, "on" if person.weekly.on else "off"),
        (SettingsField.WORKING_DAYS.value, days_in_form(person.week.days)),
        (SettingsField.TARGET.value, target),
    ]
    if person.sees_others:
        stood.append((SettingsField.WEEKLY.value, "on" if person.weekly.team else "off"))
    shown = replace(about, shown=tuple(stood))
    return modal(SETTINGS_FORM, "Settings", "Save", [*fields, zone_note(person)], shown)


def _weekly(person: Person) -> Block:
    """The team's week is offered to who may see it."""
    offered = [(option("My last week", "own"), person.weekly.on)]
    if person.sees_others:
        offered.append((option("The team's last week", "team"), person.weekly.team))
    chosen = [made for made, on in offered if on]
    made: Block = {"type": "checkboxes", "options": [made for made, _ in offered]}
    return made | ({"initial_options": chosen} if chosen else {})


def _weekdays(person: Person) -> Block:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    options = [option(name, str(number)) for number, name in enumerate(names, start=1)]
    chosen = [options[number - 1] for number in person.week.days]
    return {"type": "checkboxes", "options": options} | ({"initial_options": chosen} if chosen else {})


def room_form(about: FormContext, taken: OverlapConflict) -> View:
    """The ways to make room for what a form asked for."""
    shown = replace(about, claim=taken.claim, seen=taken.seen, shown=())
    options = [
        option(name, value) | {"description": plain(words, 75)} for value, name, words in overlap.options()
    ]
    way = {"type": "radio_buttons", "options": options, "initial_option": options[-1]}
    blocks = [
        section(escaped(taken.sentence, 600)),
        section(f"For {overlap.claim_in_words(taken)}:\n{overlap.previews(taken)}"),
        labeled(RoomField.WAY, "What shall I do?", way, optional=False, mark=taken.seen),
    ]
    return modal(ROOM_FORM, "That time is taken", "Do it", blocks, shown)


def deleted_notice() -> View:
    return notice("The entry is deleted. `/track undo` brings it back.", title="Deleted")


def notice(sentence: str, *, title: str = "Nothing was changed") -> View:
    """For what is said where no message could stand."""
    return {
        "type": "modal",
        "callback_id": NOTICE,
        "title": plain(title, 24),
        "close": plain("OK", 24),
        "blocks": [section(escaped(sentence, 1_000))],
    }


def shown_of(entry: TimeEntry, person: Person, at: datetime) -> tuple[tuple[str, str], ...]:
    """An entry in words, to tell later what became different."""
    end = format_time_and_day(entry.ended_at, person.zone, seen_at=at) if entry.ended_at else "running"
    return (
        ("Project", entry.project.title if entry.project else "none"),
        ("Note", inert(entry.note, 200) or "none"),
        (TAGS_SHOWN, " ".join(f"+{tag}" for tag in entry.tags) or "none"),
        ("Start", format_time_and_day(entry.started_at, person.zone, seen_at=at)),
        ("End", end),
    )


def _chooser(editable: EditableEntry) -> list[Block]:
    """The latest entries, to choose another one to edit."""
    if len(editable.others) < 2:
        return []
    options = [
        option(
            f"{format_time_and_day(one.started_at, editable.person.zone, seen_at=editable.at)} {name_of(one)}",
            str(one.id),
        )
        for one in editable.others
    ]
    select: Block = {
        "type": "static_select",
        "action_id": PICK_ENTRY,
        "placeholder": plain("Another entry", 150),
        "options": options,
    }
    chosen = next((made for made in options if made["value"] == str(editable.entry.id)), None)
    if chosen:
        select["initial_option"] = chosen
    return [section("Which entry?") | {"block_id": f"which|{editable.entry.id.hex[:8]}", "accessory": select}]
