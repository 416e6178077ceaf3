"""Looking at Slack for who is still a member: events get lost, and credentials must not outlive their people."""

import asyncio
import logging
from collections.abc import Sequence, Set
from contextlib import suppress
from uuid import UUID, uuid4

from domain.acts import Act, Source
from domain.errors import Refusal
from domain.messages import Never
from domain.people import Profile, Standing, ZoneFrom
from storage import offboarding
from storage.database import Database
from storage.offboarding import Known
from tracking.acts import Acts
from tracking.lanes import Lanes
from tracking.notifier import Members, NotOffered, Unreachable
from tracking.offboarding import Ended, end_keys
from tracking.people import People

BATCH = 500  # people read at a time
MOST_PAGES = 5_000  # of Slack's list; a cursor that never ends is no list
MOST_UNVERIFIED = 20
AT_ONCE = 4  # of the connections that there are

_ENDS = (Standing.GONE, Standing.STRANGER)

log = logging.getLogger(__name__)


class Membership:
    def __init__(self, database: Database, acts: Acts, people: People, lanes: Lanes) -> None:
        self._database = database
        self._acts = acts
        self._people = people
        self._lanes = lanes

    async def look(self, workspace_id: UUID, members: Members) -> int:
        """Compares everybody known with Slack's list of members. Whoever is not in it, or is deactivated there, is
        asked for by name, and loses access only when Slack says so. Safe to run on any number of replicas at once.

        Returns for how many people something was changed. Where Slack stops answering, the rest is left for the next
        look.
        """
        try:
            known = await self._known(workspace_id)
            listed = await _listed(members, set(known))
        except NotOffered:
            # Slack keeps its list from us: only those are asked for who could do harm.
            async with self._database.transaction(workspace_id) as tx:
                holders = await offboarding.with_credentials(tx, workspace_id)
            return await self._verify_each(workspace_id, [one.slack_user_id for one in holders], members)
        except Unreachable:
            log.info("Slack did not answer all of the look at its members; it is looked at again later")
            return 0
        doubtful, news = [], []
        for who, one in known.items():
            said = listed.get(who)
            if said is None or said.standing in _ENDS:
                doubtful += [who] if one.person.has_access else []
            elif said.standing is not one.person.standing:
                doubtful.append(who)  # the list may be older than what an event has said since
            elif not _is_known(one, said):
                news.append(said)
        for said in news:
            with suppress(Refusal):  # the database is busy with them: the next look sees it again
                await self._people.remember(workspace_id, said)
        return len(news) + await self._verify_each(workspace_id, doubtful, members)

    async def verify_waiting(self, workspace_id: UUID, members: Members) -> int:
        """Asks Slack about those who came while it did not answer. Returns how many are known by now."""
        waiting = await self._people.unverified(workspace_id, most=MOST_UNVERIFIED)
        return await self._verify_each(workspace_id, [one.slack_user_id for one in waiting], members)

    async def uninstalled(self, workspace_id: UUID, why: str) -> int:
        """The workspace removed the app, or its token: nothing is sent there any more, and every token, code and link
        of its people ends. Who they are stays known, so that an installation later goes on from there.

        Returns how many people had something that ended.
        """
        await self._lanes.refused(workspace_id, Never(why=why, everything=True))
        async with self._database.transaction(workspace_id) as tx:
            holders = await offboarding.with_keys(tx, workspace_id)
        for begin in range(0, len(holders), AT_ONCE):
            batch = holders[begin : begin + AT_ONCE]
            await asyncio.gather(*(self._end_keys(workspace_id, one.slack_user_id) for one in batch))
        return len(holders)

    async def _end_keys(self, workspace_id: UUID, who: str) -> None:
        act = Act(workspace_id=workspace_id, source=Source.CLOCK, key=f"uninstalled:{uuid4()}", who=who)
        await self._acts.perform_about(act, Ended, end_keys)

    async def _known(self, workspace_id: UUID) -> dict[str, Known]:
        """By Slack id."""
        found: dict[str, Known] = {}
        after = ""
        while True:
            async with self._database.transaction(workspace_id) as tx:
                batch = await offboarding.known_in_slack(tx, workspace_id, after=after, most=BATCH)
            found |= {one.person.slack_user_id: one for one in batch}
            if len(batch) < BATCH:
                return found
            after = batch[-1].person.slack_user_id

    async def _verify_each(self, workspace_id: UUID, who: Sequence[str], members: Members) -> int:
        """Returns how many Slack said something about."""
        verified = 0
        for one in who:
            try:
                await self._people.verify(workspace_id, one, members)
            except NotOffered:
                continue  # Slack tells nothing of this one, which is no news
            except Refusal as refusal:
                log.warning("what Slack says of somebody was not written: %s", type(refusal).__name__)
                continue
            except Unreachable:
                log.info("Slack did not answer for everybody; it is asked again later")
                break
            verified += 1
        return verified


async def _listed(members: Members, wanted: Set[str]) -> dict[str, Profile]:
    """What Slack's list says of those that are wanted, by Slack id."""
    found: dict[str, Profile] = {}
    cursor = ""
    for _ in range(MOST_PAGES):
        page = await members.page(cursor)
        found |= {one.slack_user_id: one for one in page.members if one.slack_user_id in wanted}
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor
    raise Unreachable


def _is_known(known: Known, said: Profile) -> bool:
    """Whether Slack says what is written already."""
    person = known.person
    zone = (person.zone, person.zone_from) == (said.zone, said.zone_from) or (
        # It has no better word for their clock than the one there is.
        said.zone_from is ZoneFrom.UNKNOWN
        or (said.zone_from is ZoneFrom.OFFSET and person.zone_from is ZoneFrom.PERSON)
    )
    return (
        zone
        and person.name == said.name
        and known.slack_admin == said.admin
        and said.email in (None, person.email)
    )
