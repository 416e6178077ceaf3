"""Settings: digest, reminder, working days and days off, time zone, and the form with all of them."""

import difflib
import re
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.features.settings import views
from bot.features.settings.form import read_settings_form, submit_settings
from bot.features.settings.form_view import (
    SETTINGS_FORM,
    SettingsField,
)
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature, Form
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_beside_answer, open_on_press
from bot.interaction.parsers import NOTHING, parse_alone, parse_amount
from bot.views import digest
from bot.views.blocks import Response
from bot.views.card_actions import OPEN_SETTINGS
from domain.errors import NotFound, NotUnderstood
from domain.identity.preferences import (
    DigestChoice,
    PreferencesParams,
    ReminderChoice,
    TeamChoice,
    WeekChoice,
)
from domain.language.days_off import DaysOffParams, parse_days_off
from domain.permissions import Needs
from domain.time.zones import ZONE_NAMES, find_zone


async def save(context: BotContext, interaction: Interaction, params: PreferencesParams) -> Response:
    params = _name_channel(params, interaction.channel)
    preferences = await context.services.settings.save(interaction.request, params)
    return Response(views.render_settings(preferences, interaction.message_ref))


def _name_channel(params: PreferencesParams, channel: str | None) -> PreferencesParams:
    """Replace "here" in the parameters by the channel of the command. Raises NotFound in a direct message."""
    if params.team is None or not params.team.here:
        return params
    if channel is None or channel.startswith("D"):
        raise NotFound(
            "That works only in a channel, where others can read it. Type `/track digest team here` in one."
        )
    return replace(params, team=replace(params.team, channel=channel))


async def change_digest(
    context: BotContext, interaction: Interaction, params: PreferencesParams | None
) -> Response:
    """Change when the digest comes; without parameters, send the digest of today so far."""
    if params is None:
        return Response(
            digest.render_digest_announcement(await context.services.digests.preview(interaction.request))
        )
    return await save(context, interaction, params)


def parse_digest(rest: str) -> PreferencesParams | None:
    """Parse `/track digest`; None asks for the digest of today so far."""
    word = rest.lower()
    if word == "now":
        return None
    if word in {"on", "off"}:
        return PreferencesParams(digest=DigestChoice(on=word == "on"))
    if word.startswith("target"):
        return PreferencesParams(week=WeekChoice(target=parse_amount(word.removeprefix("target"))))
    if word in _WEEKLY:
        return _WEEKLY[word]
    at = _read_time_of_day(word)
    if at is None:
        raise NotUnderstood(
            "I know `/track digest on`, `off`, `now`, a time of day such as `/track digest 18:00`, "
            "`/track digest target 7h30`, which the day is measured against, `/track digest weekly off`, and for leads "
            "`/track digest team on`, `off` or `here`."
        )
    return PreferencesParams(digest=DigestChoice(on=True, at=at))


_WEEKLY = {
    "weekly on": PreferencesParams(weekly=True),
    "weekly off": PreferencesParams(weekly=False),
    "team on": PreferencesParams(team=TeamChoice(on=True)),
    "team off": PreferencesParams(team=TeamChoice(on=False)),
    "team here": PreferencesParams(team=TeamChoice(on=True, here=True)),
}


def parse_remind(rest: str) -> PreferencesParams:
    word = rest.lower()
    at = _read_time_of_day(word)
    if at is None and word not in NOTHING:
        raise NotUnderstood(
            "I know a time of day such as `/track remind 11:00`, and `/track remind off`. On working days I ask "
            "once when nothing is tracked by then."
        )
    return PreferencesParams(reminder=ReminderChoice(at=at))


def _read_time_of_day(word: str) -> time | None:
    found = _CLOCK.fullmatch(word)
    if not found or int(found[1]) > 23:
        return None
    return time(int(found[1]), int(found[2]))


_CLOCK = re.compile(r"(?:at )?(\d{1,2})[:.]([0-5]\d)", re.ASCII)


async def change_days_off(context: BotContext, interaction: Interaction, params: DaysOffParams) -> Response:
    preferences = await context.services.days_off.take_off(interaction.request, params)
    return Response(views.render_settings(preferences, interaction.message_ref))


def parse_off(rest: str) -> DaysOffParams:
    params = parse_days_off(rest)
    if params is None:
        raise NotUnderstood(
            "I know days such as `/track off tomorrow`, `/track off 24 dec to 31 dec` and `/track off next week`, and "
            "`/track off cancel 24 dec` for one that you work after all. Nothing was changed."
        )
    return params


async def set_zone(context: BotContext, interaction: Interaction, zone: ZoneInfo | None) -> Response:
    """Set the person's time zone; without `zone`, show it."""
    services = context.services
    if zone:
        return Response(views.render_zone(await services.people.set_zone(interaction.request, zone)))
    here = await services.people.read_with_clock(context.workspace.id, interaction.who, needs=Needs.STANDING)
    return Response(views.render_zone(here.person))


def parse_zone(rest: str) -> ZoneInfo | None:
    if not rest:
        return None
    name = rest.casefold().replace(" ", "_")
    if found := find_zone(_ZONES.get(name, "")):
        return found
    close = difflib.get_close_matches(name, _ZONES, n=3, cutoff=0.7)
    close += [zone for zone in _ZONES if zone.endswith(f"/{name}")]
    hint = f" Did you mean {' or '.join(_ZONES[zone] for zone in dict.fromkeys(close))}?" if close else ""
    raise NotUnderstood(
        f"That is no time zone that I know.{hint} They are called after cities, such as `/track zone Europe/Berlin`. "
        "Nothing was changed."
    )


_ZONES = {name.casefold(): name for name in ZONE_NAMES}


async def show_settings(context: BotContext, interaction: Interaction, _params: None) -> Response:
    """Open the settings form above the settings. The message has a button for the same form."""
    preferences = await context.services.settings.show(interaction.request)
    await open_beside_answer(context, interaction, read_settings_form)
    return Response(views.render_settings(preferences, interaction.message_ref))


FEATURE = Feature(
    commands=(
        Command(
            "digest",
            "digest on, off, HH:MM, now, target amount, weekly on or off, team on, off or here",
            "Your day by direct message, at your local time, measured against a target; your week; "
            "for leads the team's.",
            ("digest 18:00", "digest now", "digest target 7h30", "digest weekly off", "digest team on"),
            parse_digest,
            change_digest,
        ),
        Command(
            "remind",
            "remind HH:MM, off",
            "One question on working days when nothing is tracked by then.",
            ("remind 11:00", "remind off"),
            parse_remind,
            save,
        ),
        Command(
            "off",
            "off [cancel] [days]",
            "Days that you do not work: no reminder, no target, and no digest unless you track something.",
            ("off tomorrow", "off 24 dec to 31 dec", "off cancel 24 dec"),
            parse_off,
            change_days_off,
        ),
        Command(
            "settings",
            "settings",
            "Digest, reminder and working days in a form.",
            ("settings",),
            parse_alone("settings"),
            show_settings,
        ),
        Command(
            "zone",
            "zone [name]",
            "The time zone of your times. If your Slack profile names none, set it here.",
            ("zone", "zone Europe/Berlin"),
            parse_zone,
            set_zone,
        ),
    ),
    buttons=(Button(OPEN_SETTINGS, open_on_press(read_settings_form)),),
    forms=(Form(SETTINGS_FORM, submit_settings, SettingsField.DIGEST),),
)
