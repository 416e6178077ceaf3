"""Projects: list, make, rename and archive them, set a channel's project, and answer questions about a project."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from bot.features.projects import views
from bot.features.projects.views import OPEN_PROJECT, PROJECT_FORM, ProjectField
from bot.interaction.button_values import OUT_OF_DATE, read_id
from bot.interaction.context import BotContext, Command, ProjectChoice
from bot.interaction.features import Button, Feature, Form, Options
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_beside_answer, open_on_press
from bot.interaction.parsers import NOTHING, parse_alone, unquote
from bot.views.blocks import Block, Response, clean_text
from bot.views.form_context import FormContext
from bot.views.inputs import EntryField, View, new_project_option, project_option
from bot.views.project_questions import MAKE_PROJECT, ON_PROJECT, WITHOUT
from domain.errors import NotFound, NotUnderstood, Refusal
from domain.projects.project_names import fold_title
from domain.projects.projects import LONGEST_TITLE, ChannelProject


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProjectParams:
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameParams:
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveParams:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelParams:
    """Parameters of a channel's project.

    `name` sets the project by its name, and `make` creates it if there is none. `project_id` sets it by its id.
    `nothing` removes it. Without any of them the channel's project is only shown.
    """

    name: str = ""
    make: bool = False
    project_id: UUID | None = None
    nothing: bool = False


async def list_projects(context: BotContext, interaction: Interaction, _params: None) -> Response:
    found = await context.services.projects.list_live(interaction.request)
    return Response(views.render_project_list(found, interaction.message_ref))


async def change_project(
    context: BotContext,
    interaction: Interaction,
    params: NewProjectParams | RenameParams | ArchiveParams | None,
) -> Response:
    """Make, rename or archive a project; without parameters, list the projects and open the form for a new one."""
    projects, request = context.services.projects, interaction.request
    match params:
        case NewProjectParams(title=title):
            return Response(views.render_project_change(await projects.make(request, title)))
        case RenameParams(name=name, title=title):
            return Response(views.render_project_change(await projects.rename(request, name, title)))
        case ArchiveParams(name=name):
            return Response(views.render_project_change(await projects.archive(request, name)))
        case None:
            response = await list_projects(context, interaction, None)
            await open_beside_answer(context, interaction, read_project_form)
            return response


def parse_project(rest: str) -> NewProjectParams | RenameParams | ArchiveParams | None:
    verb, _, words = rest.partition(" ")
    name = unquote(words)
    if verb.lower() == "new":
        return NewProjectParams(title=name) if name else None
    if verb.lower() == "archive" and name:
        return ArchiveParams(name=name)
    found = _RENAME.fullmatch(words.strip())
    if verb.lower() == "rename" and found:
        return RenameParams(name=unquote(found["name"]), title=unquote(found["title"]))
    raise NotUnderstood(
        "I know `/track project new API`, `/track project rename api to Backend API` "
        "and `/track project archive api`."
    )


_RENAME = re.compile(r"(?P<name>.+?) (?:to|as|->) (?P<title>.+)", re.IGNORECASE)


async def set_channel_project(
    context: BotContext, interaction: Interaction, params: ChannelParams
) -> Response:
    """Show or change the project of the channel. Raises NotFound in a direct message, which can have none."""
    channel = interaction.channel
    if channel is None or channel.startswith("D"):
        raise NotFound("Only channels have a project of their own. Type `/track here api` in one.")
    return Response(
        views.render_channel_project(await _set_channel_project(context, interaction, params, channel))
    )


async def _set_channel_project(
    context: BotContext, interaction: Interaction, params: ChannelParams, channel: str
) -> ChannelProject:
    projects, request = context.services.projects, interaction.request
    if params.nothing:
        return await projects.unbind(request, channel)
    if params.project_id:
        return await projects.bind_chosen(request, channel, params.project_id)
    if params.name:
        return await projects.bind(request, channel, params.name, make=params.make)
    return await projects.show_of_channel(request, channel)


def parse_here(rest: str) -> ChannelParams:
    """Parse `/track here`; the word `project` may come first, as in `/track here project api`."""
    words = re.sub(r"^project\s+", "", rest, flags=re.IGNORECASE)
    if words.lower() in NOTHING:
        return ChannelParams(nothing=True)
    return ChannelParams(name=unquote(words).removesuffix(":"))


def apply_channel_choice(params: ChannelParams, choice: ProjectChoice) -> ChannelParams:
    """Put the answer to a question about the project into the parameters.

    Raises Refusal for the choice without a project, which puts the name into a note: a channel has no note.
    """
    if choice.make:
        return replace(params, make=True)
    if choice.project_id is None:
        raise Refusal(OUT_OF_DATE)
    return replace(params, project_id=choice.project_id)


async def make_project_and_continue(context: BotContext, interaction: Interaction, text: str) -> Response:
    """Make the project that the typed command names, then run that command."""
    return await context.commands.begin(context, interaction, text, ProjectChoice(make=True))


async def choose_project_and_continue(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Run the typed command on the chosen project, or without a project and with its name in the note.

    An archived project is brought back. Raises NotFound if the project was deleted since.
    """
    chosen, _, text = value.partition(" ")
    choice = ProjectChoice(project_id=None if chosen == WITHOUT else read_id(chosen))
    return await context.commands.begin(context, interaction, text, choice)


async def read_project_form(
    _context: BotContext, _interaction: Interaction, form_state: FormContext, _value: str
) -> View:
    return views.render_project_form(form_state)


async def submit_project(context: BotContext, interaction: Interaction, values: FormValues) -> Response:
    answer = await context.services.projects.make(interaction.request, values.text(ProjectField.TITLE))
    return Response(views.render_project_change(answer))


async def find_projects(context: BotContext, who: str, letters: str) -> list[Block]:
    """Offer the projects that begin with these letters, and to make a project with that name."""
    found = await context.services.projects.find_for_menu(context.workspace.id, who, letters)
    options = [project_option(one) for one in found]
    exists = any(fold_title(letters) == fold_title(one.title) for one in found)
    if clean_text(letters, LONGEST_TITLE) and len(letters) <= LONGEST_TITLE and not exists:
        options.append(new_project_option(letters))
    return options


FEATURE = Feature(
    commands=(
        Command(
            "projects",
            "projects",
            "The projects that you can track on.",
            ("projects",),
            parse_alone("projects"),
            list_projects,
        ),
        Command(
            "project",
            "project new, rename, archive …",
            "Make a project, rename it, or take it out of the list. Its entries stay.",
            ("project new API", "project rename api to Backend API", "project archive api"),
            parse_project,
            change_project,
        ),
        Command(
            "here",
            "here [project or none]",
            "What this channel tracks on when nobody names a project.",
            ("here api", "here none", "here"),
            parse_here,
            set_channel_project,
            apply_project_choice=apply_channel_choice,
            continue_label="track on it here",
        ),
    ),
    buttons=(
        Button(MAKE_PROJECT, make_project_and_continue, answered_once=True),
        Button(ON_PROJECT, choose_project_and_continue, answered_once=True),
        Button(OPEN_PROJECT, open_on_press(read_project_form)),
    ),
    forms=(Form(PROJECT_FORM, submit_project, ProjectField.TITLE),),
    options=(Options(EntryField.PROJECT, find_projects),),
)
