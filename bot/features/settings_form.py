"""What the form for settings does when it is sent."""

from datetime import timedelta

from bot.interaction.context import BotContext, Interaction
from bot.interaction.fields import Filled
from bot.views import people
from bot.views.blocks import Response
from bot.views.inputs import OWN_WEEK, Field, days_in_form
from domain.identity.preferences import DigestChoice, PreferencesWish, ReminderChoice, TeamChoice, WeekChoice


async def save_settings(context: BotContext, interaction: Interaction, filled: Filled) -> Response:
    """Saves what was changed in the form, and says how everything stands."""
    wish = _chosen_settings(filled)
    if wish == PreferencesWish():
        told = await context.services.settings.show(interaction.request)
        return Response(people.preferences(told, interaction.message_ref, unchanged=True))
    return Response(
        people.preferences(
            await context.services.settings.save(interaction.request, wish), interaction.message_ref
        )
    )


def _chosen_settings(filled: Filled) -> PreferencesWish:
    """Only what was changed in the form: what was left as it stood was not chosen, and may be another by now. A time
    of the digest that was not chosen does not make it come on weekends either."""
    stood = dict(filled.about.shown)

    def touched(name: str, value: str) -> bool:
        return stood.get(name) != value

    digest, at = filled.choice(Field.DIGEST), filled.clock(Field.DIGEST_AT)
    remind_at = filled.clock(Field.REMINDER_AT)
    new_at = at if at and touched(Field.DIGEST_AT.value, f"{at:%H:%M}") else None
    days = tuple(int(day) for day in filled.choices(Field.WORKING_DAYS) if day in _WEEKDAYS)
    new_days = days if touched(Field.WORKING_DAYS.value, days_in_form(days)) else None
    target = filled.amount(Field.TARGET) or timedelta()
    new_target = target if touched(Field.TARGET.value, filled.text(Field.TARGET)) else None
    weekly = filled.choices(Field.WEEKLY)
    own = "own" in weekly
    reminded = touched(Field.REMINDER_AT.value, f"{remind_at:%H:%M}" if remind_at else "")
    switched = bool(new_at) or touched(Field.DIGEST.value, digest or "")
    week = WeekChoice(days=new_days, target=new_target)
    return PreferencesWish(
        digest=DigestChoice(on=digest == "on", at=new_at) if switched else None,
        reminder=ReminderChoice(at=remind_at) if reminded else None,
        week=None if week == WeekChoice() else week,
        weekly=own if touched(OWN_WEEK, "on" if own else "off") else None,
        team=_team("team" in weekly, stood.get(Field.WEEKLY.value)),
    )


def _team(on: bool, was: str | None) -> TeamChoice | None:
    """Only what was changed: where it goes on, it does in the channel it was in. It is not offered to everybody."""
    return TeamChoice(on=on) if was is not None and on != (was == "on") else None


_WEEKDAYS = frozenset("1234567")
