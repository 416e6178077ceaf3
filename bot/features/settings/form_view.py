"""The form with all settings."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.views.blocks import Block, option, plain
from bot.views.form_context import FormContext
from bot.views.inputs import (
    FormId,
    View,
    labeled,
    modal,
    text_field,
    zone_note,
)
from domain.identity.people import Person
from domain.time.durations import format_duration

OWN_WEEK = "own_week"  # the option for one's own week, in the same field as the team's
SETTINGS_FORM = FormId("settings_form")


class SettingsField(StrEnum):
    DIGEST = "digest"
    DIGEST_AT = "digest_at"
    REMINDER_AT = "reminder_at"
    WORKING_DAYS = "working_days"
    WEEKLY = "weekly"
    TARGET = "target"


def format_weekdays(days: Sequence[int]) -> str:
    """Format working days as the form stores them."""
    return " ".join(str(day) for day in sorted(days))


def render_settings_form(form_state: FormContext, person: Person) -> View:
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
        labeled(SettingsField.WEEKLY, "On Monday mornings", _make_weekly_choice(person)),
        labeled(SettingsField.WORKING_DAYS, "You work on", _make_weekday_choice(person)),
        text_field(
            SettingsField.TARGET,
            "Target for a working day",
            most=20,
            value=target,
            example="8h or 7h30",
            hint="What the digest measures your day against. Leave it empty for none.",
        ),
    ]
    stored_values = [
        (SettingsField.DIGEST.value, "on" if person.digest.on else "off"),
        (SettingsField.DIGEST_AT.value, f"{person.digest.at:%H:%M}"),
        (SettingsField.REMINDER_AT.value, f"{person.remind_at:%H:%M}" if person.remind_at else ""),
        (OWN_WEEK, "on" if person.weekly.on else "off"),
        (SettingsField.WORKING_DAYS.value, format_weekdays(person.week.days)),
        (SettingsField.TARGET.value, target),
    ]
    if person.sees_others:
        stored_values.append((SettingsField.WEEKLY.value, "on" if person.weekly.team else "off"))
    new_state = replace(form_state, shown=tuple(stored_values))
    return modal(SETTINGS_FORM, "Settings", "Save", [*fields, zone_note(person)], new_state)


def _make_weekly_choice(person: Person) -> Block:
    """Render the choice of weekly summaries; only people who may see the team's week are offered it."""
    offered = [(option("My last week", "own"), person.weekly.on)]
    if person.sees_others:
        offered.append((option("The team's last week", "team"), person.weekly.team))
    chosen = [choice for choice, on in offered if on]
    checkboxes: Block = {"type": "checkboxes", "options": [choice for choice, _ in offered]}
    return checkboxes | ({"initial_options": chosen} if chosen else {})


def _make_weekday_choice(person: Person) -> Block:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    options = [option(name, str(number)) for number, name in enumerate(names, start=1)]
    chosen = [options[number - 1] for number in person.week.days]
    return {"type": "checkboxes", "options": options} | ({"initial_options": chosen} if chosen else {})
