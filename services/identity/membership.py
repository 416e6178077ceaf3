"""Compares the people known here with Slack's list of members, because events get lost, and somebody's credentials
must end with their membership."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.errors import Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Profile, Standing, ZoneSource
from services.identity.offboarding import end_keys
from services.identity.people import OutdatedAnswer, People, may_do_more
from services.operations.declaration import OperationGroup
from services.operations.runner import OperationRunner
from services.outbox.delivery import Rejection
from services.outbox.notifier import Members, MethodRefused, Unreachable
from services.outbox.slack_rate_limits import SlackRateLimits
from storage.identity import offboarding
from storage.identity.offboarding import PersonInSlack
from storage.postgres.database import Database

BATCH = 500  # people read at a time
MOST_PAGES = 5_000  # pages of Slack's list; a list with more pages is taken for an endless one
MOST_UNVERIFIED = 20
AT_ONCE = 4  # connections used at once, out of all that there are

_ENDS = (Standing.GONE, Standing.STRANGER)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Listing:
    """The part of Slack's list of members that was read so far, of the people in `known`, by Slack id.

    Slack lists some thousand members a minute ("Rate limits", tier 2, 2026), and then asks for a pause.
    """

    known: Mapping[str, PersonInSlack]
    found: dict[str, Profile] = field(default_factory=dict)
    cursor: str | None = ""
    pages: int = 0

    @property
    def is_endless(self) -> bool:
        return self.cursor is not None

    async def read_on(self, members: Members) -> None:
        """Read the list to its end, or up to MOST_PAGES. Raises Unreachable or MethodRefused."""
        while self.cursor is not None and self.pages < MOST_PAGES:
            page = await members.page(self.cursor)
            self.found |= {one.slack_user_id: one for one in page.members if one.slack_user_id in self.known}
            self.cursor = page.next_cursor
            self.pages += 1


class Membership(OperationGroup):
    """Compares the people known here with Slack's list of members."""

    _end_keys = end_keys

    def __init__(
        self, database: Database, runner: OperationRunner, people: People, rate_limits: SlackRateLimits
    ) -> None:
        super().__init__(runner)
        self._database = database
        self._people = people
        self._rate_limits = rate_limits
        self._listings: dict[UUID, _Listing] = {}  # of comparisons that are under way

    async def compare(self, workspace_id: UUID, members: Members) -> int:
        """Compare everybody known here with Slack's list of members. People who are missing there or deactivated are
        looked up one by one, and lose access only if Slack confirms it. Any number of replicas may do so at once.

        Returns how many people were changed. If Slack pauses in the middle of its list, `continue_comparison` reads
        the rest.
        """
        self._listings[workspace_id] = _Listing(await self._find_known_people(workspace_id))
        return await self.continue_comparison(workspace_id, members)

    async def continue_comparison(self, workspace_id: UUID, members: Members) -> int:
        """Continue the comparison that Slack's pause interrupted, if there is one. Returns how many people were
        changed."""
        listing = self._listings.get(workspace_id)
        if listing is None:
            return 0
        try:
            await listing.read_on(members)
        except MethodRefused:
            self._listings.pop(workspace_id, None)
            # Slack does not give us its list, so look up only the people who hold credentials or a role.
            async with self._database.transaction(workspace_id) as tx:
                holders = await offboarding.find_with_credentials(tx, workspace_id)
            return await self._verify_each(workspace_id, [one.slack_user_id for one in holders], members)
        except Unreachable:
            log.info("Slack did not list all of its members yet; the rest is asked for later")
            return 0
        self._listings.pop(workspace_id, None)
        if listing.is_endless:
            log.warning("Slack's list of members had no end; it is looked at again later")
            return 0
        return await self._compare(workspace_id, members, listing)

    async def _compare(self, workspace_id: UUID, members: Members, listing: _Listing) -> int:
        # An event may have arrived since Slack made the list. Look up by id everybody whose access differs in the
        # list, and everybody whose row was written since the comparison began.
        doubtful, news = [], []
        for who, one in listing.known.items():
            profile = listing.found.get(who)
            if profile is None or profile.standing in _ENDS:
                doubtful += [who] if one.person.has_access else []
            elif profile.standing is not one.person.standing or may_do_more(one, profile):
                doubtful.append(who)
            elif not _is_current(one, profile):
                news.append((one, profile))
        written = 0
        for one, profile in news:
            try:
                await self._people.remember(workspace_id, profile, since=one)
                written += 1
            except OutdatedAnswer:
                if not await self._is_already_written(workspace_id, profile):
                    doubtful.append(profile.slack_user_id)
            # the database is busy with this person; the next comparison finds the difference again
            except Refusal as refusal:
                log.warning("what Slack says of somebody was not written: %s", type(refusal).__name__)
        return written + await self._verify_each(workspace_id, doubtful, members)

    async def _is_already_written(self, workspace_id: UUID, profile: Profile) -> bool:
        """Return whether another replica, which read the same list, has written this profile already."""
        async with self._database.transaction(workspace_id) as tx:
            known = await offboarding.find_person_in_slack(tx, workspace_id, profile.slack_user_id)
        return known is not None and known.person.standing is profile.standing and _is_current(known, profile)

    async def verify_unverified(self, workspace_id: UUID, members: Members) -> int:
        """Ask Slack about people whose identity it has not confirmed yet. Returns how many it confirmed."""
        waiting = await self._people.find_unverified(workspace_id, most=MOST_UNVERIFIED)
        return await self._verify_each(workspace_id, [one.slack_user_id for one in waiting], members)

    async def end_installation(self, workspace_id: UUID, why: str) -> int:
        """Stop sending to the workspace, and end every token, code and link of its people, because it removed the app
        or its token.

        The people are kept, for a later installation. Returns how many people had something that ended.
        """
        await self._rate_limits.record_rejection(workspace_id, Rejection(why=why, everything=True))
        async with self._database.transaction(workspace_id) as tx:
            holders = await offboarding.find_with_keys(tx, workspace_id)
        for begin in range(0, len(holders), AT_ONCE):
            batch = holders[begin : begin + AT_ONCE]
            await asyncio.gather(*(self._end_keys_of(workspace_id, one.slack_user_id) for one in batch))
        return len(holders)

    async def _end_keys_of(self, workspace_id: UUID, who: str) -> None:
        request = OperationRequest(
            workspace_id=workspace_id, source=Source.CLOCK, key=f"uninstalled:{uuid4()}", who=who
        )
        await self._end_keys(request)

    async def _find_known_people(self, workspace_id: UUID) -> dict[str, PersonInSlack]:
        """Return the people who have a Slack id, by that id."""
        found: dict[str, PersonInSlack] = {}
        after = ""
        while True:
            async with self._database.transaction(workspace_id) as tx:
                batch = await offboarding.find_people_in_slack(tx, workspace_id, after=after, most=BATCH)
            found |= {one.person.slack_user_id: one for one in batch}
            if len(batch) < BATCH:
                return found
            after = batch[-1].person.slack_user_id

    async def _verify_each(self, workspace_id: UUID, who: Sequence[str], members: Members) -> int:
        """Look up each person in Slack, and write the answers. Returns how many Slack answered for."""
        verified = 0
        for one in who:
            try:
                await self._people.verify(workspace_id, one, members)
            except MethodRefused:
                continue  # Slack has no answer about this person, which changes nothing.
            except Refusal as refusal:
                log.warning("what Slack says of somebody was not written: %s", type(refusal).__name__)
                continue
            except Unreachable:
                log.info("Slack did not answer for everybody; it is asked again later")
                break
            verified += 1
        return verified


def _is_current(known: PersonInSlack, profile: Profile) -> bool:
    """Return whether the profile from Slack is the same as the stored one."""
    person = known.person
    zone = (person.zone, person.zone_from) == (profile.zone, profile.zone_from) or (
        # A zone that Slack knows less exactly does not replace the stored one.
        profile.zone_from is ZoneSource.UNKNOWN
        or (profile.zone_from is ZoneSource.OFFSET and person.zone_from is ZoneSource.PERSON)
    )
    return (
        zone
        and person.name == profile.name
        and known.slack_admin == profile.admin
        and profile.email in (None, person.email)
    )
