"""What a feature is made of: rows of commands, buttons, forms, menus, shortcuts and events.

Each feature lists its rows in a `FEATURE` of its own; `bot.routes` puts the features together.
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
# Serves a press; `str` is the button's value. None leaves the message as it is: a form came up, or what was pressed is
# on Home, which is published anew.
Press = Callable[[BotContext, Interaction, str], Awaitable[Response | None]]
# Reads what a form shows when it is opened; `str` is what it is about: an entry's id, a day or a gap.
ReadForm = Callable[[BotContext, Interaction, FormContext, str], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class NextView:
    """Something else to look at in the place of a form that was sent."""

    view: View


def _whole_value(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Button:
    """A button or a menu in a message, on Home or in a form.

    With `answered_once` it answers a question: the first press is carried out, and a later one gets the answer of the
    first. `question` is the part of its value that names the question. Any other button names what it is about, which
    is read anew at each press.
    """

    action_id: ActionId
    press: Press
    answered_once: bool = False
    question: Callable[[str], str] = _whole_value


@dataclass(frozen=True, slots=True)
class Form:
    """A form that can be sent: `submit` reads its fields and does what they say. `main_field` is where a refusal is
    shown that is about no field in particular. Buttons and commands open forms by `bot.interaction.modals`."""

    form_id: FormId
    submit: Callable[[BotContext, Interaction, FormValues], Awaitable[Response | NextView | None]]
    main_field: Field


@dataclass(frozen=True, slots=True)
class Options:
    """What a menu offers for the letters that the person typed in it; `str`s are the person's Slack id and those."""

    field: Field
    find: Callable[[BotContext, str, str], Awaitable[list[Block]]]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`kind` is "global" or "message"; the name is what Slack's menus say."""

    name: str
    callback_id: str
    kind: str
    run: Callable[[BotContext, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Event:
    """`hear` gets the whole payload. What it raises makes Slack send the event again."""

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
