"""The context of every answer: the services, Slack's clients, and the table of commands."""

import difflib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from bot.interaction.background import BackgroundTasks
from bot.interaction.button_values import OUT_OF_DATE
from bot.interaction.interactions import Interaction, make_request
from bot.interaction.modal_calls import ModalClient
from bot.interaction.response_urls import ResponseClient
from bot.slack.directory import SlackDirectory
from bot.slack.downloads import Downloads
from bot.slack.marked_text import read_marked_text
from bot.views.blocks import Response
from domain.errors import NotUnderstood, Refusal
from domain.history.operations import OperationRequest
from domain.identity.people import Person, Workspace
from domain.language.intervals import starts_with_interval
from services.services import Services

LONGEST_TEXT = 1_000
Params = TypeVar("Params")


@dataclass(frozen=True, slots=True)
class BotContext:
    """The services, Slack's clients and the commands of one workspace.

    `public_url` is the start of the service's own URLs, without a slash at the end.
    """

    services: Services
    directory: SlackDirectory
    workspace: Workspace
    modals: ModalClient
    response_client: ResponseClient
    background: BackgroundTasks
    downloads: Downloads
    public_url: Callable[[], str]
    commands: "CommandTable"

    def request(self, kind: str, key: str, who: str) -> OperationRequest:
        return make_request(self.workspace.id, kind, key, who)

    async def introduce(self, who: str, *, by: str = "") -> Person:
        """Return the person, introducing them if they are new.

        `by` is the key of the operation that introduces them. Raises NotFound or Unreachable.
        """
        return await self.services.people.introduce(self.workspace.id, who, self.directory, by=by)

    async def refresh_live_messages(self, *, wait: float) -> None:
        """Update live messages and Home now, waiting at most `wait` seconds; the next tick of the clock would do the
        same.
        """

        async def work() -> None:
            await self.services.live_messages.refresh_due()

        await self.background.run(work(), wait=wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChoice:
    """An answer to a question about a project: create it (`make`), use the project `project_id`, or, with neither, put
    the name into the note.
    """

    make: bool = False
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Command(Generic[Params]):
    """A command that follows /track, from which help, suggestions, docs and completion are made.

    `parse` turns the text after the name into the parameters of `answer`; it raises NotUnderstood with an example that
    works. `parse_bare` does the same for a text that begins with no command's name, and returns None if the text is not
    for this command. An empty text runs the command with `is_default`. With `mentions`, people stay in the text as
    Slack writes them, `<@U…|name>`.

    `apply_project_choice` puts a ProjectChoice into the parameters, for commands that name a project: the buttons of a
    question about it, labeled `continue_label`, can then continue the typed command. It raises Refusal for a choice
    that the command can not take.
    """

    name: str
    usage: str
    about: str
    examples: tuple[str, ...]
    parse: Callable[[str], Params]
    answer: Callable[[BotContext, Interaction, Params], Awaitable[Response]]
    parse_bare: Callable[[str], Params | None] | None = None
    is_default: bool = False
    mentions: bool = False
    apply_project_choice: Callable[[Params, ProjectChoice], Params] | None = None
    continue_label: str = ""


class UnknownCommand(NotUnderstood):
    """No command has this name.

    `suggestion` is a similar command line without the slash command, as Slack would send it; its button runs it.
    """

    def __init__(self, typed: str, suggestion: str | None) -> None:
        super().__init__(f"I don't know “{typed[:100]}”. Nothing was changed.")
        self.typed = typed
        self.suggestion = suggestion


class CommandTable:
    """The commands of all features."""

    def __init__(self, commands: Sequence[Command[Any]]) -> None:
        self.commands = tuple(commands)
        self._by_name = {command.name: command for command in self.commands}

    def find(self, name: str) -> Command[Any] | None:
        return self._by_name.get(name.lower())

    def begin(
        self, context: BotContext, interaction: Interaction, text: str, project: ProjectChoice | None = None
    ) -> Awaitable[Response]:
        """Parse the text and return its answer, to be awaited. Raises Refusal.

        `project` answers the question that an earlier run of the same text asked about its project.
        """
        command, params = self.read(text)
        if project is not None:
            if command.apply_project_choice is None:
                raise Refusal(OUT_OF_DATE)
            params = command.apply_project_choice(params, project)
        return command.answer(context, interaction, params)

    def read(self, text: str) -> tuple[Command[Any], Any]:
        """Find the command that the text names, and parse its parameters. Raises NotUnderstood or UnknownCommand."""
        plain = read_marked_text(text)
        if len(plain) > LONGEST_TEXT:
            raise NotUnderstood(f"That is too long: {LONGEST_TEXT} characters at most. Nothing was changed.")
        name, _, rest = plain.partition(" ")
        if command := self.find(name):
            words = " ".join(text.split()[1:]) if command.mentions else rest.strip()
            return command, command.parse(words)
        for command in self.commands:
            if not plain and command.is_default:
                return command, command.parse("")
            if plain and command.parse_bare and (params := command.parse_bare(plain)) is not None:
                return command, params
        raise UnknownCommand(plain, self._suggest(plain, text))

    def _suggest(self, plain: str, text: str) -> str | None:
        name, *_ = plain.lower().split(" ", 1)
        _, *words = text.split()
        close = difflib.get_close_matches(name, list(self._by_name), n=1, cutoff=0.6)
        if close:
            return " ".join([close[0], *words])
        # Text that names no command most likely says how long somebody worked, or on what.
        if starts_with_interval(plain):
            return " ".join(["log", *text.split()])
        return " ".join(["start", *text.split()]) if words else None
