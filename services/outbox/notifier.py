"""What services ask of Slack: to send and rewrite messages, and who its members are. The bot implements it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.identity.people import Profile
from services.outbox.delivery import LiveMessageUpdate, OutgoingMessage, SendOutcome, UpdateOutcome


class Notifier(Protocol):
    async def send(self, message: OutgoingMessage, *, still_ours: Callable[[], bool]) -> SendOutcome:
        """Try once to send the message. Right before the request leaves, `still_ours` is asked whether the lease
        holds."""

    async def find(self, message: OutgoingMessage, *, since: datetime) -> SendOutcome | None:
        """Find the message in Slack, if an attempt since that instant was accepted. None: it is not there.

        An outcome other than SentMessage says that the look-up itself failed.
        """

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        """Try once to rewrite a live message. Slack is not called where the message is right already."""


class Directory(Protocol):
    async def profile(self, slack_user_id: str) -> Profile | None:
        """What Slack says about a member; None when there is no such person. Raises Unreachable."""

    async def profile_by_email(self, email: str) -> Profile | None:
        """The same by the address of the Slack profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """A part of Slack's list of members, and where the next part begins; None after the last."""

    members: tuple[Profile, ...]
    next_cursor: str | None


class Members(Protocol):
    """Who belongs to the workspace, as Slack says it now. Everything raises Unreachable where it says nothing."""

    async def page(self, cursor: str) -> MemberPage:
        """Raises NotOffered where Slack does not give the list to this app."""

    async def current(self, slack_user_id: str) -> Profile | None:
        """What Slack says of them, also where they are gone or a stranger; None where it knows nobody of that id."""


class NotOffered(Exception):
    """Slack refuses this method to the app as it is installed."""


class Unreachable(Exception):
    """Slack did not answer; nothing is known either way."""
