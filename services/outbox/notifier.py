"""What tracking asks of the outside: a place to speak unasked, and who somebody is. The bot provides both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.identity.people import Profile
from domain.outbox.live_messages import Refresh, RewriteOutcome
from domain.outbox.messages import Outcome, Parcel


class Notifier(Protocol):
    async def send(self, parcel: Parcel, *, still_ours: Callable[[], bool]) -> Outcome:
        """One attempt, no repeats of its own. `still_ours` is asked right before the bytes leave."""

    async def find(self, parcel: Parcel, *, since: datetime) -> Outcome | None:
        """Where this message is, if an attempt since that instant was accepted. None: it is not there.

        An Outcome says that the look-up itself did not work out.
        """

    async def rewrite(self, refresh: Refresh, *, still_ours: Callable[[], bool]) -> RewriteOutcome:
        """Makes a place in Slack say what is true now; one attempt. A place that says so already is left alone."""


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
