"""The features of the bot, and Bolt's listeners for them.

manifest.yml asks Slack for exactly these; a test compares them.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.features import days, exports, home, reports, suggestions, weeks
from bot.features.access import feature as access
from bot.features.entries import feature as entries
from bot.features.help import feature as help  # noqa: A004 - the command's name
from bot.features.imports import feature as imports
from bot.features.people import feature as people
from bot.features.projects import feature as projects
from bot.features.settings import feature as settings
from bot.features.timers import feature as timers
from bot.features.webhooks import feature as webhooks
from bot.interaction.answers import CommandListener
from bot.interaction.context import BotContext
from bot.interaction.presses import PressListener
from bot.interaction.submissions import FormListener, OptionsListener
from bot.views.blocks import COMMAND

# in the order of /track help
FEATURES = (
    home.FEATURE,
    timers.FEATURE,
    entries.FEATURE,
    suggestions.FEATURE,
    days.FEATURE,
    reports.FEATURE,
    exports.FEATURE,
    weeks.FEATURE,
    imports.FEATURE,
    projects.FEATURE,
    people.FEATURE,
    settings.FEATURE,
    access.FEATURE,
    webhooks.FEATURE,
    help.FEATURE,
)
COMMANDS = tuple(row for feature in FEATURES for row in feature.commands)
BUTTONS = tuple(row for feature in FEATURES for row in feature.buttons)
FORMS = tuple(row for feature in FEATURES for row in feature.forms)
OPTIONS = tuple(row for feature in FEATURES for row in feature.options)
SHORTCUTS = tuple(row for feature in FEATURES for row in feature.shortcuts)
EVENTS = tuple(row for feature in FEATURES for row in feature.events)

# One pattern for all action ids and a table behind it, because Bolt tries its listeners one after the other.
ANYTHING = re.compile(r"[a-z_]+\d*")
Payload = dict[str, Any]


def register(app: AsyncApp, context: BotContext) -> None:
    """Register the listeners, which acknowledge after they have answered. `SlackDispatcher.dispatch` runs them."""
    app.command(COMMAND)(CommandListener(context).answer)
    app.action(ANYTHING)(PressListener(context, BUTTONS).answer)
    app.view(ANYTHING)(FormListener(context, FORMS).answer)
    app.options(ANYTHING)(OptionsListener(context, OPTIONS).answer)
    for shortcut in SHORTCUTS:
        app.shortcut(shortcut.callback_id)(_listen(context, shortcut.run))
    for event in EVENTS:
        app.event(event.event_type)(_listen(context, event.hear))


def _listen(
    context: BotContext, handle: Callable[[BotContext, Payload], Awaitable[None]]
) -> Callable[[AsyncAck, Payload], Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Payload) -> None:
        await handle(context, body)
        await ack()

    return listener
