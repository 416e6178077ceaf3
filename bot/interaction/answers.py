"""Answer commands: turn errors into sentences, and introduce and greet new people."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck

from bot.interaction import interactions
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext, UnknownCommand
from bot.interaction.interactions import Interaction
from bot.interaction.responses import ask_about_overlap
from bot.slack.directory import LONGEST_NAME, LOOKUP_SECONDS
from bot.views import notices, project_questions
from bot.views.blocks import Message, Response
from domain.entries.overlaps import OverlapConflict
from domain.errors import AccessEnded, NotYetVerified, PersonUnknown, Refusal, UnknownProject
from domain.projects.project_names import AmbiguousProject, ArchivedProject
from domain.text import sanitize_text
from services.outbox.notifier import MethodRefused, Unreachable

GREETING_SECONDS = 0.5
SLACK_SILENT = (
    "Slack did not tell me who you are just now. Nothing was changed; please try again in a moment."
)
Payload = dict[str, Any]
Result = TypeVar("Result")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What a payload says about its sender, used if the sender is new."""

    name: str
    payload: Payload


def read_newcomer(name: object, payload: Payload) -> Newcomer:
    return Newcomer(name=sanitize_text(str(name))[:LONGEST_NAME], payload=payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A sentence that says why something failed. Callers choose where to show it."""

    sentence: str


class CommandListener:
    """Bolt's listener for /track. It answers in the acknowledgment, or through the command's response URL."""

    def __init__(self, context: BotContext) -> None:
        self._context = context

    async def answer(self, ack: AsyncAck, command: Payload) -> None:
        """Run the typed command and acknowledge with its answer; refusals and failures are answers too."""
        context, text = self._context, command.get("text", "")
        interaction = interactions.read_command(context.workspace.id, command)
        response = await attempt(
            context,
            interaction.who,
            lambda: respond(context, interaction, text),
            by=interaction.request.key,
            newcomer=read_newcomer(command.get("user_name") or interaction.who, command),
        )
        if isinstance(response, Failure):
            await ack(**notices.render_refusal(response.sentence), response_type="ephemeral")
            return
        response = await greet_newcomer(context, interaction, response)
        message = (
            await _post_rich_message(context, interaction, response)
            if response.rich_message
            else response.message
        )
        await (ack(**message, response_type="ephemeral") if message else ack())


async def attempt(
    context: BotContext,
    who: str,
    work: Callable[[], Awaitable[Result]],
    *,
    by: str = "",
    newcomer: Newcomer | None = None,
) -> Result | Failure:
    """Run `work` after introducing the person if they are new, and turn every error into a Failure.

    `by` is the key of the operation that introduces them. `newcomer` is what the payload says about its sender, for
    when Slack does not answer.
    """
    try:
        try:
            return await work()
        except PersonUnknown:
            await _introduce(context, who, by, newcomer)
        except (NotYetVerified, AccessEnded) as refusal:
            # The stored profile may be out of date: ask Slack before refusing them.
            await _ask_slack_again(context, who, refusal)
        return await work()
    except Unreachable:
        return Failure(sentence=SLACK_SILENT)
    except Refusal as refusal:
        return Failure(sentence=refusal.sentence)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a payload could not be answered", extra={"reference": reference})
        return Failure(
            sentence="Something went wrong on our side, and I can't say whether it was saved. `/track` shows "
            f"what is true. If it happens again, tell your operator this reference: {reference}"
        )


async def respond(context: BotContext, interaction: Interaction, text: str) -> Response:
    """Run the command, or ask a question where that helps more than a refusal. Raises the other refusals."""
    try:
        return await context.commands.begin(context, interaction, text)
    except Refusal as refusal:
        question = _ask_instead(context, interaction, text, refusal)
        if question is None:
            raise
        return question


def _ask_instead(
    context: BotContext, interaction: Interaction, text: str, refusal: Refusal
) -> Response | None:
    """Return a question to ask instead of refusing the command, or None if there is none.

    There are questions about a project that is unknown, archived or ambiguous, about an overlap, and about a mistyped
    command.
    """
    command = context.commands.find(text.split(" ", 1)[0])
    continue_label, message_ref = command.continue_label if command else "", interaction.message_ref
    match refusal:
        case AmbiguousProject():
            return Response(project_questions.ask_which_project(refusal, text, continue_label, message_ref))
        case ArchivedProject():
            return Response(project_questions.ask_to_bring_back(refusal, text, continue_label, message_ref))
        case UnknownProject():
            return Response(project_questions.ask_to_make_project(refusal, text, continue_label, message_ref))
        case UnknownCommand(typed=typed, suggestion=suggestion):
            return Response(notices.render_unknown_command(typed, suggestion, message_ref))
        case OverlapConflict():
            return ask_about_overlap(refusal, interaction)
    return None


async def greet_newcomer(context: BotContext, interaction: Interaction, response: Response) -> Response:
    """Put a greeting above the response if it is this person's first."""
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            newcomer = await context.services.people.find_newcomer(interaction.request)
        if newcomer is None:
            return response
        rich_message = response.rich_message and notices.render_greeted(newcomer, response.rich_message)
        return Response(notices.render_greeted(newcomer, response.message), rich_message)
    except Exception as error:  # noqa: BLE001 - the operation has succeeded, and its answer matters more
        log.info("nobody could be greeted: %s", type(error).__name__)
        return response


async def _post_rich_message(
    context: BotContext, interaction: Interaction, response: Response
) -> Message | None:
    """Post the response with its table and chart. If Slack refuses that, return the text version for the
    acknowledgment.
    """
    posted: bool | None = None
    acknowledged = False

    async def post() -> None:
        nonlocal posted
        posted = await context.response_client.post_rich_message(interaction.response_url, response)
        if acknowledged and not posted:
            await context.response_client.beside(
                interaction.response_url, response.message, who=interaction.who, channel=interaction.channel
            )

    await context.background.run(post(), wait=WAIT_SECONDS)
    acknowledged = True
    return response.message if posted is False else None


async def _introduce(context: BotContext, who: str, by: str, newcomer: Newcomer | None) -> None:
    try:
        await context.introduce(who, by=by)
    except Unreachable:
        if newcomer is None or context.directory.may_be_foreign(newcomer.payload):
            raise
        await context.services.people.introduce_unverified(context.workspace.id, who, newcomer.name, by=by)
        await context.background.run(_verify(context, who))


async def _ask_slack_again(context: BotContext, who: str, refusal: Refusal) -> None:
    """Update the person's profile from Slack. Raises the refusal if Slack does not answer in time."""
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            await context.services.people.verify(context.workspace.id, who, context.directory)
    except (MethodRefused, Unreachable, TimeoutError):
        raise refusal from None


async def _verify(context: BotContext, who: str) -> None:
    # If Slack or the database does not answer now, a job asks again later.
    with contextlib.suppress(MethodRefused, Unreachable, Refusal):
        await context.services.people.verify(context.workspace.id, who, context.directory)
