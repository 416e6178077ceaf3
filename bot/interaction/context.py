"""Where payloads are answered: who asks, from where, and the one place where errors become sentences."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from bot.interaction.background import BackgroundTasks
from bot.interaction.modal_calls import ModalClient
from bot.interaction.response_urls import ResponseClient
from bot.slack.directory import LOOKUP_SECONDS, SlackDirectory
from bot.slack.downloads import Downloads
from bot.views.form_context import FormContext
from bot.views.message_refs import MessageRef
from domain.entries.entries import as_utc
from domain.errors import AccessEnded, NotYetVerified, PersonUnknown, Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Person, Workspace
from domain.outbox.live_messages import LiveMessageKind
from services.outbox.notifier import NotOffered, Unreachable
from services.services import Services

Result = TypeVar("Result")

SLACK_SILENT = (
    "Slack did not tell me who you are just now. Nothing was changed; please try again in a moment."
)
OUT_OF_DATE = "That button is from another time. `/track` shows what is true now."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One payload: the act it asks for, and where its answer can stand.

    `origin` is the message that the answer is, or takes the place of; None in a modal and on Home. `view` is the
    modal or Home that was acted on. `trigger_id` opens a modal, once and for three seconds. `beside` says that what is
    sent to the response address is a message of its own: so it is with a command's, whatever it asks to replace
    (slackapi/bolt-python #1268, slackapi/bolt-js #2287). A press's address rewrites the message that was pressed.
    """

    request: OperationRequest
    trigger_id: str
    message_ref: MessageRef | None = None
    channel: str | None = None
    response_url: str | None = None
    beside: bool = False
    view: dict[str, Any] | None = None

    @property
    def who(self) -> str:
        return self.request.who

    @property
    def on_home(self) -> bool:
        return self.view is not None and self.view.get("type") == "home"

    @property
    def form_context(self) -> FormContext:
        """For a form that is opened from here: where its outcome will stand."""
        return FormContext(
            message_ref=self.message_ref,
            response_url=self.response_url,
            beside=self.beside,
            channel=self.channel,
        )

    def showing(self, kind: LiveMessageKind, day: date | None = None) -> MessageRef | None:
        """The same message, once it shows something else."""
        return replace(self.message_ref, kind=kind, day=day) if self.message_ref else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What a payload says of who sent it, should they be new."""

    name: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Nothing to show but a sentence; how it is shown depends on where it was asked."""

    sentence: str


@dataclass(frozen=True, slots=True)
class BotContext:
    """`public_url` is what addresses of ours start with, without a slash at the end."""

    services: Services
    directory: SlackDirectory
    workspace: Workspace
    modals: ModalClient
    response_client: ResponseClient
    background: BackgroundTasks
    downloads: Downloads
    public_url: Callable[[], str]

    def request(self, kind: str, key: str, who: str) -> OperationRequest:
        return OperationRequest(
            workspace_id=self.workspace.id, source=Source.SLACK, key=f"{kind}:{key}", who=who
        )

    async def introduce(self, who: str, *, by: str = "") -> Person:
        """`by` is the key of the act that brings them here. Raises NotFound or Unreachable."""
        return await self.services.people.introduce(self.workspace.id, who, self.directory, by=by)

    async def attempt(
        self,
        who: str,
        work: Callable[[], Awaitable[Result]],
        *,
        by: str = "",
        newcomer: Newcomer | None = None,
    ) -> Result | Failure:
        """Runs `work`; somebody new is introduced first, and every error becomes a sentence. `newcomer` is what the
        payload itself says of who sent it, for while Slack says nothing."""
        try:
            try:
                return await work()
            except PersonUnknown:
                await self._bring_in(who, by, newcomer)
            except (NotYetVerified, AccessEnded) as refusal:
                # What is known of them may be out of date: Slack is asked before they are sent away.
                await self._ask_again(who, refusal)
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

    async def _bring_in(self, who: str, by: str, newcomer: Newcomer | None) -> None:
        try:
            await self.introduce(who, by=by)
        except Unreachable:
            if newcomer is None or self.directory.may_be_foreign(newcomer.payload):
                raise
            await self.services.people.introduce_unverified(self.workspace.id, who, newcomer.name, by=by)
            await self.background.run(self._verify(who))

    async def _ask_again(self, who: str, refusal: Refusal) -> None:
        """Raises the refusal where Slack says nothing in time."""
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                await self.services.people.verify(self.workspace.id, who, self.directory)
        except (NotOffered, Unreachable, TimeoutError):
            raise refusal from None

    async def _verify(self, who: str) -> None:
        # Where Slack or the database says nothing now, the clock asks again.
        with contextlib.suppress(NotOffered, Unreachable, Refusal):
            await self.services.people.verify(self.workspace.id, who, self.directory)


def version_in(value: str) -> tuple[UUID, int | None]:
    """An entry's id and the version of it that the person saw."""
    entry, _, version = value.partition(" ")
    return id_in(entry), int(version) if version.isascii() and version.isdigit() else None


def day_in(value: str) -> date:
    """The day in a button's value, as `id_in` finds an id."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def instant_in(value: str) -> datetime:
    """The same for an instant, which is aware."""
    try:
        return as_utc(datetime.fromisoformat(value))
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def id_in(value: str) -> UUID:
    """The id in a button's value. Buttons come back as we sent them; anything else is refused."""
    try:
        return UUID(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None
