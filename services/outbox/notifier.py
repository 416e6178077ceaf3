"""What services ask of Slack: to send and rewrite messages, and who its members are. The bot implements it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.identity.people import Profile
from services.outbox.delivery import LiveMessageUpdate, OutgoingMessage, SendOutcome, UpdateOutcome


class Notifier(Protocol):
    """Sends messages to Slack and rewrites them."""

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
    """Looks up people in Slack."""

    async def profile(self, slack_user_id: str) -> Profile | None:
        """Look up a member by their Slack id; None where there is no such person. Raises Unreachable."""

    async def profile_by_email(self, email: str) -> Profile | None:
        """Look up a member by the e-mail address of their Slack profile; None and errors as in `profile`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """A page of Slack's list of members. `next_cursor` is None on the last page."""

    members: tuple[Profile, ...]
    next_cursor: str | None


class Members(Protocol):
    """Reads who belongs to the workspace. Each method raises Unreachable where Slack does not answer."""

    async def page(self, cursor: str) -> MemberPage:
        """Read the page of the list of members at that cursor. Raises NotOffered where Slack does not give it to this
        app."""

    async def current(self, slack_user_id: str) -> Profile | None:
        """Look up a person, also a former member or a stranger; None where Slack knows nobody of that id."""


class NotOffered(Exception):
    """Slack refuses this method to the app as it is installed."""


class Unreachable(Exception):
    """Slack did not answer, so that it is not known whether the person is there."""
