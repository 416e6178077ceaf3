"""The parts of a feature: commands, buttons, forms, menus, shortcuts and events.

Each feature lists its parts in a `FEATURE` of its own; `bot.routes` puts the features together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.interaction.context import BotContext, Command
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.views.blocks import ActionId, Block, Response
from bot.views.form_context import FormContext
from bot.views.inputs import Field, FormId, View

Payload = dict[str, Any]
# Serves a press; `str` is the button's value. It returns None to leave the message as it is: because a form was opened,
# or because the button is on Home, which is published again anyway.
Press = Callable[[BotContext, Interaction, str], Awaitable[Response | None]]
# Builds a form when it is opened; `str` is an entry's id, a day or a gap, by the form.
ReadForm = Callable[[BotContext, Interaction, FormContext, str], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class NextView:
    """A view that replaces the submitted form."""

    view: View


def _whole_value(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Button:
    """A button or a menu in a message, on Home or in a form.

    A button with `answered_once` answers a question: the first press is carried out, and every later one gets the same
    answer. `question` returns the part of the value that identifies the question. Any other button holds the id of its
    subject, which is read again at each press.
    """

    action_id: ActionId
    press: Press
    answered_once: bool = False
    question: Callable[[str], str] = _whole_value


@dataclass(frozen=True, slots=True)
class Form:
    """A form: `submit` reads its fields and carries them out.

    `main_field` shows refusals that concern no single field. `bot.interaction.modals` opens forms for buttons and
    commands.
    """

    form_id: FormId
    submit: Callable[[BotContext, Interaction, FormValues], Awaitable[Response | NextView | None]]
    main_field: Field


@dataclass(frozen=True, slots=True)
class Options:
    """A menu whose options depend on the letters typed in it. `find` gets the person's Slack id and these letters."""

    field: Field
    find: Callable[[BotContext, str, str], Awaitable[list[Block]]]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut in Slack's menus; `kind` is "global" or "message", and `name` is the label in the menu."""

    name: str
    callback_id: str
    kind: str
    run: Callable[[BotContext, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Event:
    """A Slack event; `hear` gets the whole payload. If `hear` raises, Slack sends the event again."""

    event_type: str
    hear: Callable[[BotContext, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    commands: tuple[Command[Any], ...] = ()
    buttons: tuple[Button, ...] = ()
    forms: tuple[Form, ...] = ()
    options: tuple[Options, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: tuple[Event, ...] = ()
