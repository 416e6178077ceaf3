"""Interfaces to Slack that the services need and the bot implements: sending and rewriting messages, and looking up
members."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.identity.people import Profile
from services.outbox.delivery import LiveMessageUpdate, OutgoingMessage, SendOutcome, UpdateOutcome


class Notifier(Protocol):
    """Sends messages to Slack and rewrites them."""

    async def send(self, message: OutgoingMessage, *, still_ours: Callable[[], bool]) -> SendOutcome:
        """Try once to send the message. Right before the request leaves, call `still_ours` to check the lease."""

    async def find(self, message: OutgoingMessage, *, since: datetime) -> SendOutcome | None:
        """Search Slack for the message, in case an attempt since that instant was accepted. None: it is not there.

        An outcome other than SentMessage says that the search itself failed.
        """

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        """Try once to rewrite a live message. Do not call Slack if the message already shows the present content."""


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
        """Read the page of the list of members at that cursor. Raises MethodRefused if Slack does not give the list
        to this app."""

    async def current(self, slack_user_id: str) -> Profile | None:
        """Look up a person, also a former member or a stranger. None if Slack has nobody with that id."""


class MethodRefused(Exception):
    """Slack refuses this method to the app as it is installed."""


class Unreachable(Exception):
    """Slack did not answer, so we do not know whether the person exists."""
