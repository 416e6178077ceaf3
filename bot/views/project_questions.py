"""Questions about the project in a command: which one, whether to create it, or whether to bring it back.

The buttons carry the typed command after the id of the project. `continue_label` is the label of a button that
continues the command; it is empty for a command that can not continue.
"""

from bot.views.blocks import (
    COMMAND,
    VALUE,
    ActionId,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    message,
    section,
)
from bot.views.message_refs import MessageRef
from domain.errors import UnknownProject
from domain.projects.project_names import AmbiguousProject, ArchivedProject

MAKE_PROJECT = ActionId("make_project")
ON_PROJECT = ActionId("on_project")

MOST_CHOICES = 5
WITHOUT = "-"  # stands for "no project" in place of an id
_LONGEST = VALUE - 40  # the longest command that fits behind an id; a shortened one would mean something else


def ask_to_make_project(
    error: UnknownProject, typed: str, continue_label: str, message_ref: MessageRef | None = None
) -> Message:
    """Offer to create the project and continue the typed command."""
    text = escape(error.sentence, 500)
    if not continue_label or len(typed) > VALUE:
        return message(text, [section(text), context(f"`{COMMAND} projects` shows what there is.")])
    offer = button(f"Make “{error.name[:30]}” and {continue_label}", MAKE_PROJECT, typed, style="primary")
    return message(text, [section(text), *actions([offer], message_ref)])


def ask_to_bring_back(
    error: ArchivedProject, typed: str, continue_label: str, message_ref: MessageRef | None = None
) -> Message:
    """Ask whether to bring the archived project back and continue the typed command."""
    if not continue_label or len(typed) > _LONGEST:
        text = escape(error.sentence, 600)
        title = escape(error.project.title, 80)
        return message(text, [section(text), context(f"`{COMMAND} project new {title}` brings it back.")])
    text = f"“{escape(error.called, 180)}” is archived: bring it back? Nothing was changed."
    buttons = [_choice(f"Bring it back and {continue_label}", str(error.project.id), typed, style="primary")]
    if not error.required:
        buttons.append(_choice(f"“{error.name[:30]}” is my note", WITHOUT, typed))
    return message(text, [section(text), *actions(buttons, message_ref)])


def ask_which_project(
    error: AmbiguousProject, typed: str, continue_label: str, message_ref: MessageRef | None = None
) -> Message:
    """Offer the projects that begin with the name, and to create one with that name."""
    text = escape(error.sentence, 600)
    if not continue_label or len(typed) > _LONGEST:
        return message(text, [section(text), context(f"`{COMMAND} projects` shows what there is.")])
    buttons = [_choice(one.title, str(one.id), typed) for one in error.projects[:MOST_CHOICES]]
    buttons.append(button(f"Make “{error.name[:30]}”", MAKE_PROJECT, typed))
    return message(text, [section(text), *actions(buttons, message_ref)])


def _choice(words: str, project: str, typed: str, *, style: str | None = None) -> Block:
    return button(words, ON_PROJECT, f"{project} {typed}", style=style)
