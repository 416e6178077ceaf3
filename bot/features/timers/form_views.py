"""The forms that start a timer and log time."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.views.form_context import FormContext
from bot.views.inputs import (
    LONGEST_NOTE,
    EntryField,
    FormId,
    View,
    labeled,
    modal,
    project_field,
    tags_field,
    text_field,
    zone_note,
)
from domain.identity.people import Person
from domain.projects.projects import Project
from domain.time.calendar import Span
from domain.time.local_times import to_local_time

START_FORM = FormId("start_form")


LOG_FORM = FormId("log_form")


def render_start_form(form_state: FormContext, *, project: Project | None, switching: bool) -> View:
    """Render the form that starts a timer. `project` is the channel's project, which the form shows first."""
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
    return modal(START_FORM, title, submit, fields, form_state)


def render_log_form(
    form_state: FormContext,
    person: Person,
    at: datetime,
    *,
    project: Project | None,
    day: date | None = None,
    gap: Span | None = None,
    note: str = "",
) -> View:
    """Render the form that logs time.

    It starts from `gap`, from `day`, or else from today. An interval that nobody changes is logged to the microsecond,
    though the fields show minutes. `project` is the channel's project or the suggested one; `note` is the suggested
    note.
    """
    day = day or to_local_time(gap.start if gap else at, person.zone).day
    interval = ""
    if gap:
        # Rounded up to the next minute, so that the new entry does not overlap one that ended within this minute.
        begin = (
            gap.start if gap.start.second == gap.start.microsecond == 0 else gap.start + timedelta(minutes=1)
        )
        start, end = (to_local_time(instant, person.zone).at for instant in (begin, gap.end))
        interval = f"{start:%H:%M}-{end:%H:%M}"
    fields = [
        text_field(
            EntryField.INTERVAL,
            "How long, or from when to when",
            value=interval,
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
    new_state = replace(
        form_state,
        today=day,
        zone=person.zone.key,
        offered=gap,
        shown=((EntryField.INTERVAL.value, interval),),
    )
    return modal(LOG_FORM, "Log time", "Log", [*fields, zone_note(person)], new_state)
