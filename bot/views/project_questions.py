"""Questions about a project that was named: which one is meant, and whether an archived one is to be brought back.

What was typed travels in the buttons, behind the project that it is to be done on.
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
    escaped,
    message,
    section,
)
from bot.views.message_refs import MessageRef
from domain.projects.project_names import AmbiguousProject, ArchivedProject

MOST_CHOICES = 5
WITHOUT = "-"  # stands where a project's id would
_GOES_ON = {"start", "switch", "log", "resume", "here"}  # commands that can be done once the project is clear


def archived_project(error: ArchivedProject, typed: str, message_ref: MessageRef | None = None) -> Message:
    """Asks whether it is to be brought back, and goes on as typed."""
    called = escaped(error.called, 180)
    verb = _verb(typed)
    if verb is None:
        shown = escaped(error.sentence, 600)
        title = escaped(error.project.title, 80)
        return message(shown, [section(shown), context(f"`{COMMAND} project new {title}` brings it back.")])
    shown = f"“{called}” is archived: bring it back? Nothing was changed."
    then = "track on it here" if verb == "here" else verb
    buttons = [_choice(f"Bring it back and {then}", str(error.project.id), typed, style="primary")]
    if not error.must:
        buttons.append(_choice(f"“{error.name[:30]}” is my note", WITHOUT, typed))
    return message(shown, [section(shown), *actions(buttons, message_ref)])


def ambiguous_project(error: AmbiguousProject, typed: str, message_ref: MessageRef | None = None) -> Message:
    """Offers the projects that begin with the name, and to make one that is called so."""
    shown = escaped(error.sentence, 600)
    if _verb(typed) is None:
        return message(shown, [section(shown), context(f"`{COMMAND} projects` shows what there is.")])
    buttons = [_choice(one.title, str(one.id), typed) for one in error.projects[:MOST_CHOICES]]
    buttons.append(button(f"Make “{error.name[:30]}”", ActionId.MAKE_PROJECT, typed))
    return message(shown, [section(shown), *actions(buttons, message_ref)])


def _verb(typed: str) -> str | None:
    """The command, where it can be done from a button: half of what was typed would be another thing."""
    verb = typed.split(" ", 1)[0].lower()
    return verb if verb in _GOES_ON and len(typed) <= VALUE - 40 else None


def _choice(words: str, project: str, typed: str, *, style: str | None = None) -> Block:
    return button(words, ActionId.ON_PROJECT, f"{project} {typed}", style=style)
