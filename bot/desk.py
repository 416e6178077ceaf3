"""Where a payload is answered: who asks, what for, and the one place where errors become sentences."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from uuid import UUID

from bot.grammar import understood
from bot.intents import (
    ArchiveProject,
    DigestNow,
    Help,
    Intent,
    ListProjects,
    Log,
    MakeProject,
    MakeToken,
    RenameProject,
    Resume,
    SetDigest,
    ShowDay,
    ShowPeriod,
    Start,
    Status,
    Stop,
    Undo,
    Unknown,
)
from bot.views import day, notices
from bot.views import period as period_view
from bot.views.blocks import Message
from bot.views.timer import timer_card
from domain.acts import Act, Source
from domain.errors import PersonUnknown, Refusal, UnknownProject
from domain.people import Workspace
from tracking.notifier import Directory, Unreachable
from tracking.tracker import Tracker

log = logging.getLogger(__name__)

SLACK_SILENT = (
    "Slack did not tell me who you are just now. Nothing was changed; please try again in a moment."
)


class Desk:
    def __init__(self, tracker: Tracker, directory: Directory, workspace: Workspace) -> None:
        self.tracker = tracker
        self.workspace = workspace
        self._directory = directory

    def act(self, kind: str, key: str, who: str) -> Act:
        return Act(workspace_id=self.workspace.id, source=Source.SLACK, key=f"{kind}:{key}", who=who)

    async def command(self, act: Act, text: str) -> Message:
        """The answer to what was typed after /track; refusals and failures are answers too."""
        return await self.told(act, lambda: self._command(act, text))

    async def told(self, act: Act, answer: Callable[[], Awaitable[Message]]) -> Message:
        """Runs `answer`; somebody new is introduced first, and every error becomes a sentence."""
        try:
            try:
                return await answer()
            except PersonUnknown:
                await self.tracker.people.introduce(self.workspace.id, act.who, self._directory)
                return await answer()
        except Unreachable:
            return notices.refusal(SLACK_SILENT)
        except Refusal as refusal:
            return notices.refusal(refusal.sentence)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a payload could not be answered", extra={"reference": reference})
            return notices.refusal(
                f"Something went wrong on our side, and I can't say whether it was saved. `/track` shows what "
                f"is true. If it happens again, tell your operator this reference: {reference}"
            )

    async def _command(self, act: Act, text: str) -> Message:
        try:
            return await self._answer(act, understood(text))
        except UnknownProject as error:
            return notices.unknown_project(error, text)

    async def _answer(self, act: Act, intent: Intent) -> Message:  # noqa: C901 - a table, a line for each intent
        match intent:
            case Status():
                return timer_card(await self.tracker.timers.status(act))
            case Start(wish):
                return timer_card(await self.tracker.timers.start(act, wish))
            case Stop(when):
                return timer_card(await self.tracker.timers.stop(act, when=when))
            case Log(wish):
                return timer_card(await self.tracker.timers.log(act, wish))
            case Resume():
                return timer_card(await self.tracker.timers.resume(act))
            case Undo():
                return timer_card(await self.tracker.timers.undo_last(act))
            case ShowDay(named):
                return day.whole_day(await self.tracker.reports.today(act, named))
            case SetDigest(on, at):
                return notices.digest_settings(await self.tracker.digests.set_wish(act, on=on, at=at))
            case DigestNow():
                return day.digest_on_its_way(await self.tracker.digests.preview(act))
            case ShowPeriod(period):
                return period_view.whole_period(await self.tracker.reports.period(act, period))
            case ListProjects():
                return notices.project_list(await self.tracker.projects.all(act))
            case MakeProject(title):
                return notices.project(await self.tracker.projects.make(act, title))
            case RenameProject(name, title):
                return notices.project(await self.tracker.projects.rename(act, name, title))
            case ArchiveProject(name):
                return notices.project(await self.tracker.projects.archive(act, name))
            case MakeToken():
                secret, issued = await self.tracker.tokens.issue(act)
                return notices.token(secret, replaced=issued.replaced)
            case Help(about):
                return notices.help_page(about)
            case Unknown():
                return notices.unknown_command(intent)


def entry_id_of(value: str) -> UUID:
    """The id in a button's value. Buttons come back as we sent them; anything else is refused."""
    try:
        return UUID(value)
    except ValueError:
        raise Refusal("That button is from another time. `/track` shows what is true now.") from None
