"""Getting to know people, and keeping what Slack says about them current."""

from uuid import UUID

from domain.errors import NotFound
from domain.people import Person, Profile, Workspace
from storage import people
from storage.database import Database, Transaction
from tracking.digests import schedule
from tracking.notifier import Directory


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember_workspace(self, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
        async with self._database.transaction() as tx:
            return await people.remember_workspace(
                tx, enterprise_id=enterprise_id, team_id=team_id, name=name
            )

    async def remember(self, workspace_id: UUID, profile: Profile) -> Person:
        """Writes what Slack says; a new person, or a new zone, gets a new time for the next digest."""
        async with self._database.transaction() as tx:
            before = await people.find(tx, workspace_id, profile.slack_user_id)
            person = await people.remember(tx, workspace_id, profile)
            if before is None or before.zone != person.zone:
                await schedule(tx, workspace_id, person, now=await tx.now(), keep_pending=before is not None)
            return person

    async def update_known(self, workspace_id: UUID, profile: Profile) -> None:
        """The same for news about somebody who may never have used this: strangers stay strangers."""
        if await self._find(workspace_id, profile.slack_user_id):
            await self.remember(workspace_id, profile)

    async def introduce(self, workspace_id: UUID, who: str, directory: Directory) -> Person:
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
        return await self.remember(workspace_id, profile)

    async def _find(self, workspace_id: UUID, who: str) -> Person | None:
        async with self._database.transaction() as tx:
            return await _named(tx, workspace_id, who)


async def _named(tx: Transaction, workspace_id: UUID, who: str) -> Person | None:
    find = people.find_by_email if "@" in who else people.find
    return await find(tx, workspace_id, who)
