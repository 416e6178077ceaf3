"""The settings form: read the settings into it, and save the fields that were changed."""

from datetime import timedelta

from bot.features.settings import views
from bot.features.settings.form_view import (
    OWN_WEEK,
    SettingsField,
    format_weekdays,
    render_settings_form,
)
from bot.interaction.context import BotContext
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.views.blocks import Response
from bot.views.form_context import FormContext
from bot.views.inputs import View
from domain.identity.preferences import (
    DigestChoice,
    PreferencesParams,
    ReminderChoice,
    TeamChoice,
    WeekChoice,
)
from domain.permissions import Needs


async def read_settings_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, _value: str
) -> View:
    here = await context.services.people.read_with_clock(
        context.workspace.id, interaction.who, needs=Needs.STANDING
    )
    return render_settings_form(form_state, here.person)


async def submit_settings(context: BotContext, interaction: Interaction, values: FormValues) -> Response:
    """Save the fields that were changed in the form, and show all settings."""
    params, settings = _read_changes(values), context.services.settings
    if params == PreferencesParams():
        preferences = await settings.show(interaction.request)
        return Response(views.render_settings(preferences, interaction.message_ref, unchanged=True))
    preferences = await settings.save(interaction.request, params)
    return Response(views.render_settings(preferences, interaction.message_ref))


def _read_changes(values: FormValues) -> PreferencesParams:
    """Return parameters for those fields only that the person changed.

    The other settings may have new values since the form was opened. A new time of the digest would also make it come
    on weekends, so an unchanged time is left out.
    """
    before = dict(values.form_state.shown)

    def has_changed(name: str, value: str) -> bool:
        return before.get(name) != value

    digest, at = values.choice(SettingsField.DIGEST), values.clock(SettingsField.DIGEST_AT)
    remind_at = values.clock(SettingsField.REMINDER_AT)
    new_at = at if at and has_changed(SettingsField.DIGEST_AT.value, f"{at:%H:%M}") else None
    days = tuple(int(day) for day in values.choices(SettingsField.WORKING_DAYS) if day in _WEEKDAYS)
    new_days = days if has_changed(SettingsField.WORKING_DAYS.value, format_weekdays(days)) else None
    target = values.amount(SettingsField.TARGET) or timedelta()
    new_target = (
        target if has_changed(SettingsField.TARGET.value, values.text(SettingsField.TARGET)) else None
    )
    weekly = values.choices(SettingsField.WEEKLY)
    own = "own" in weekly
    reminder_changed = has_changed(SettingsField.REMINDER_AT.value, f"{remind_at:%H:%M}" if remind_at else "")
    digest_changed = bool(new_at) or has_changed(SettingsField.DIGEST.value, digest or "")
    week = WeekChoice(days=new_days, target=new_target)
    return PreferencesParams(
        digest=DigestChoice(on=digest == "on", at=new_at) if digest_changed else None,
        reminder=ReminderChoice(at=remind_at) if reminder_changed else None,
        week=None if week == WeekChoice() else week,
        weekly=own if has_changed(OWN_WEEK, "on" if own else "off") else None,
        team=_read_team("team" in weekly, before.get(SettingsField.WEEKLY.value)),
    )


def _read_team(on: bool, was: str | None) -> TeamChoice | None:
    """Return the choice about the team's weekly summary; None if it was not changed or not offered.

    None keeps the channel of the summary.
    """
    return TeamChoice(on=on) if was is not None and on != (was == "on") else None


_WEEKDAYS = frozenset("1234567")
