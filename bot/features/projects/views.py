"""Projects: the list, the answer to a change, the project of a channel, and the form for a new one."""

from enum import StrEnum

from bot.views.blocks import (
    COMMAND,
    ActionId,
    Message,
    actions,
    button,
    context,
    escape,
    message,
    section,
    sections,
)
from bot.views.form_context import FormContext
from bot.views.inputs import (
    FormId,
    View,
    modal,
    text_field,
)
from bot.views.message_refs import MessageRef
from domain.projects.project_names import fold_title
from domain.projects.projects import ChannelProject, Project, ProjectAnswer, ProjectList, ProjectOutcome

PROJECT_FORM = FormId("project_form")


class ProjectField(StrEnum):
    TITLE = "title"


def render_project_form(form_state: FormContext, project: Project | None = None) -> View:
    field = text_field(
        ProjectField.TITLE,
        "Name",
        value=project.title if project else "",
        most=80,
        example="Web site",
        optional=False,
    )
    notes = context("Everybody here can track on it. A unique beginning of its name is enough when you type.")
    return modal(PROJECT_FORM, "New project", "Make it", [field, notes], form_state)


OPEN_PROJECT = ActionId("open_project")


def render_channel_project(answer: ChannelProject) -> Message:
    channel = f"<#{escape(answer.channel, 30)}>"
    if answer.project:
        title = escape(answer.project.title, 80)
        lead = "now tracks" if answer.changed else "tracks"
        text = f"{channel} {lead} on *{title}* when nobody names a project."
        return message(
            text.replace("*", ""),
            [section(text), context(f"Try `{COMMAND} start fix login`. `{COMMAND} here none` ends this.")],
        )
    if answer.changed and answer.before:
        text = f"{channel} has no project of its own any more. It was {escape(answer.before.title, 80)}."
    else:
        text = f"{channel} has no project of its own. `{COMMAND} here api` gives it one."
    return message(text, [section(text)])


def render_project_change(answer: ProjectAnswer) -> Message:
    title, slug = escape(answer.project.title, 80), escape(answer.project.slug, 40)
    match answer.change:
        case ProjectOutcome.MADE:
            outcome, next_step = (
                f"*{title}* is a project now.",
                f"`{COMMAND} start {slug}` starts a timer on it.",
            )
        case ProjectOutcome.RENAMED:
            before = escape(answer.before.title, 80) if answer.before else "It"
            outcome, next_step = (
                f"*{before}* is called *{title}* now.",
                f"Its entries stay with it, and the old name still means it. Type `{slug}`.",
            )
        case ProjectOutcome.BROUGHT_BACK:
            outcome, next_step = (
                f"*{title}* is back from the archive.",
                f"`{COMMAND} start {slug}` starts a timer on it.",
            )
        case ProjectOutcome.UNCHANGED if answer.archived:
            outcome = f"*{title}* is archived already. Nothing was changed."
            next_step = f"`{COMMAND} project new {title}` brings it back."
        case ProjectOutcome.UNCHANGED:
            outcome = f"There is a project called *{title}* already. Nothing was changed."
            next_step = f"`{COMMAND} start {slug}` starts a timer on it."
        case ProjectOutcome.ARCHIVED:
            outcome = f"*{title}* is archived."
            next_step = f"Its entries stay. `{COMMAND} project new {title}` brings it back."
    if answer.no_longer:
        next_step += f" It no longer means {escape(answer.no_longer.title, 80)}, which had this name before."
    return message(f"{outcome} {next_step}".replace("*", ""), [section(outcome), context(next_step)])


def render_project_list(answer: ProjectList, message_ref: MessageRef | None = None) -> Message:
    new = actions([button("New project…", OPEN_PROJECT, "")], message_ref)
    if not answer.projects:
        text = f"There are no projects yet. `{COMMAND} project new API` makes the first."
        return message(text, [section(text), *new])
    lines = [f"• *{escape(project.title, 80)}*  `{escape(project.slug, 40)}`" for project in answer.projects]
    more = ["There are more; any of them can be typed."] if answer.more else []
    titles = {fold_title(project.title): project.id for project in answer.projects}
    # A slug that equals another project's title would select that other project.
    typed = [
        project.slug
        for project in answer.projects
        if titles.get(fold_title(project.slug), project.id) == project.id
    ]
    first = escape(typed[0] if typed else f'"{answer.projects[0].title}"', 90)
    hint = f"`{COMMAND} start {first} …` starts a timer. A unique beginning is enough."
    names = ", ".join(escape(project.title, 80) for project in answer.projects)
    return message(f"Projects: {names}", [*sections(lines, most=4), context(" ".join([*more, hint])), *new])
