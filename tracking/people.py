"""Getting to know people, and keeping what Slack says about them current."""

from collections.abc import Sequence
from uuid import UUID

from domain.acts import Act
from domain.errors import NotFound
from domain.people import Person, PersonNow, Profile, Workspace
from storage import people, surfaces
from storage.database import Database, Transaction
from tracking.digests import schedule
from tracking.notifier import Directory
from tracking.reminders import remind_from
from tracking.weekly import weekly_from


class People:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._met: dict[tuple[UUID, str], str] = {}  # never changes once it is written, and is asked often

    async def remember_workspace(self, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
        async with self._database.across() as tx:
            return await people.remember_workspace(
                tx, enterprise_id=enterprise_id, team_id=team_id, name=name
            )

    async def remember(self, workspace_id: UUID, profile: Profile, *, met_by: str = "") -> Person:
        """Writes what Slack says; a new person, or a new zone, gets a new time for the next digest. `met_by` is the
        key of the act that brought somebody new."""
        async with self._database.transaction(workspace_id) as tx:
            before = await people.find(tx, workspace_id, profile.slack_user_id)
            person = await people.remember(tx, workspace_id, profile, met_by=met_by)
            if before is None or before.zone != person.zone:
                now = await tx.now()
                await schedule(tx, workspace_id, person, now=now)
                await remind_from(tx, workspace_id, person, now=now)
                await weekly_from(tx, workspace_id, person, now=now)
                await surfaces.touch_home(tx, workspace_id, person.slack_user_id)
            return person

    async def update_known(self, workspace_id: UUID, profile: Profile) -> None:
        """The same for news about somebody who may never have used this: strangers stay strangers."""
        if await self._find(workspace_id, profile.slack_user_id):
            await self.remember(workspace_id, profile)

    async def introduce(self, workspace_id: UUID, who: str, directory: Directory, *, by: str = "") -> Person:
        """The person of that Slack id or e-mail address, asked for in Slack when not known here.

        Two transactions with a network call between them, never inside one.
        Raises NotFound when Slack has no such person, Unreachable when it does not answer.
        """
        known = await self._find(workspace_id, who)
        if known:
            return known
        profile = await (directory.profile_by_email(who) if "@" in who else directory.profile(who))
        if profile is None:
            raise NotFound(f"There is no person {who} in this Slack workspace.")
        return await self.remember(workspace_id, profile, met_by=by)

    async def met(self, act: Act) -> Person | None:
        """The act's person, when this is the act by which they came to be known; a repeat finds the same."""
        key = act.workspace_id, act.who
        if key in self._met and self._met[key] != act.key:
            return None
        async with self._database.transaction(act.workspace_id) as tx:
            by = await people.met_by(tx, *key)
            if by is None:
                return None
            self._met[key] = by
            return await people.find(tx, *key) if by == act.key else None

    async def names(self, workspace_id: UUID, slack_user_ids: Sequence[str]) -> dict[str, str]:
        """What the people of those Slack ids are called here; strangers are left out."""
        if not slack_user_ids:
            return {}
        async with self._database.transaction(workspace_id) as tx:
            return await people.names(tx, workspace_id, slack_user_ids)

    async def seen_by(self, workspace_id: UUID, reader: Person, *, after: str, limit: int) -> list[Person]:
        """By Slack id, behind that of `after`: everybody for leads and admins, themselves for members."""
        async with self._database.transaction(workspace_id) as tx:
            if reader.sees_others:
                return await people.page(tx, workspace_id, after=after, most=limit)
            # Read again, for a credential's bearer comes without their address.
            own = await people.get(tx, workspace_id, reader.id)
            return [own] if own and own.slack_user_id > after else []

    async def now(self, workspace_id: UUID, who: str) -> PersonNow:
        """The person with that Slack id, and the database's clock. Raises PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            return PersonNow(person=await people.known(tx, workspace_id, who), at=await tx.now())

    async def _find(self, workspace_id: UUID, who: str) -> Person | None:
        async with self._database.transaction(workspace_id) as tx:
            return await _named(tx, workspace_id, who)


async def _named(tx: Transaction, workspace_id: UUID, who: str) -> Person | None:
    find = people.find_by_email if "@" in who else people.find
    return await find(tx, workspace_id, who)
