"""Getting to know people, and keeping what Slack says about them current."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from domain.errors import AccessEnded, NotFound, NotSaved, Refusal
from domain.history.changes import SettingRecord
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Person, PersonNow, Profile, Standing, Workspace, ZoneSource
from domain.permissions import PERSON_STRANGER, Needs
from services.identity.offboarding import end_access, make_standing_record
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation, operation_about_person
from services.operations.runner import OperationRunner
from services.outages import not_saved_on_outage
from services.outbox.notifier import Directory, Members, NotOffered
from services.reports.digests import schedule_digest
from services.reports.reminders import schedule_reminder
from services.reports.weekly import schedule_weekly
from storage.identity import offboarding, people, preferences, workspaces
from storage.identity.offboarding import KnownPerson
from storage.outbox import live_messages
from storage.postgres.database import Database, Transaction

MOST_ASKED = 5  # times in a row that Slack is asked about one person

_WITH_ACCESS = (Standing.MEMBER, Standing.GUEST, Standing.UNVERIFIED)


class OutdatedAnswer(Exception):
    """Something of the person was written since Slack was asked, so its answer may be the older one."""


def may_do_more(known: KnownPerson, said: Profile) -> bool:
    """Return whether what Slack says gives the person more rights than they have here."""
    if said.admin and not known.slack_admin:
        return True
    before = known.person
    return said.standing is not before.standing and (
        said.standing is Standing.MEMBER or (said.standing in _WITH_ACCESS and not before.has_access)
    )


async def _lock_person(
    tx: Transaction, workspace_id: UUID, profile: Profile, since: KnownPerson | None
) -> KnownPerson | None:
    """Lock the row of the profile's person and return it. Raises OutdatedAnswer where it changed after `since`."""
    known = await offboarding.lock_person(tx, workspace_id, profile.slack_user_id)
    if since and (known is None or known.written_at != since.written_at):
        raise OutdatedAnswer
    return known


async def _write_profile(
    tx: Transaction, workspace_id: UUID, profile: Profile, before: Person | None, *, met_by: str = ""
) -> Person:
    person = await people.upsert_profile(tx, workspace_id, profile, met_by=met_by)
    await _reschedule_if_moved(tx, workspace_id, before, person)
    return person


async def _reschedule_if_moved(
    tx: Transaction, workspace_id: UUID, before: Person | None, person: Person
) -> None:
    """Schedule the person's messages again where their zone changed, or whether they hear from us."""
    if before and before.zone == person.zone and before.gets_reminders == person.gets_reminders:
        return
    now = await tx.now()
    await schedule_digest(tx, workspace_id, person, now=now)
    await schedule_reminder(tx, workspace_id, person, now=now)
    await schedule_weekly(tx, workspace_id, person, now=now)
    await live_messages.touch_home(tx, workspace_id, person.slack_user_id)
    if before and before.zone_from is ZoneSource.UNKNOWN:
        await preferences.set_entries_zone(tx, workspace_id, person.id, zone=person.zone.key)


@operation_about_person
async def change_standing(context: OperationContext, profile: Profile, since: KnownPerson | None) -> Person:
    """Write what Slack says of a person who is something else to the workspace now: who is gone, or belongs to another
    workspace, loses all access. Raises OutdatedAnswer where the person was written after `since`."""
    await _lock_person(context.tx, context.workspace_id, profile, since)
    before = context.person
    if profile.standing is before.standing:
        return before  # another replica was first
    if profile.standing not in _WITH_ACCESS:
        await end_access(context, profile.standing)
        return replace(before, standing=profile.standing)
    await offboarding.set_standing(
        context.tx, context.workspace_id, before.id, profile.standing, unreachable=None
    )
    after = await _write_profile(context.tx, context.workspace_id, profile, before)
    context.changes.append(make_standing_record(before, profile.standing))
    return after


def _profile_of(person: Person) -> Profile:
    return Profile(
        slack_user_id=person.slack_user_id,
        name=person.name,
        zone=person.zone,
        locale=person.locale,
        email=person.email,
        standing=person.standing,
        zone_from=person.zone_from,
    )


async def _find_by_name(tx: Transaction, workspace_id: UUID, who: str) -> Person | None:
    find = people.find_by_email if "@" in who else people.find_by_slack_id
    return await find(tx, workspace_id, who)


@operation
async def set_zone(context: OperationContext, zone: ZoneInfo) -> Person:
    """Write the time zone that the person says is theirs. Raises Refusal where Slack names one: two would differ."""
    person = context.person
    if person.zone_from is ZoneSource.SLACK:
        raise Refusal(
            f"Your Slack profile says {person.zone.key}, and that is what I go by. Change it in Slack, under "
            "Preferences, Language & region. Nothing was changed."
        )
    profile = replace(_profile_of(person), zone=zone, zone_from=ZoneSource.PERSON)
    await preferences.set_zone(context.tx, context.workspace_id, person.id, profile)
    changed = replace(person, zone=zone, zone_from=ZoneSource.PERSON)
    await _reschedule_if_moved(context.tx, context.workspace_id, person, changed)
    context.changes.append(
        SettingRecord(
            subject="person",
            subject_id=person.id,
            change="zone",
            before={"zone": person.zone.key, "from": person.zone_from.value},
            after={"zone": zone.key, "from": ZoneSource.PERSON.value},
        )
    )
    return changed


class People(OperationGroup):
    """Operations on people, and what is read of them."""

    set_zone = set_zone
    _change_standing = change_standing

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database
        self._met: dict[tuple[UUID, str], str] = {}  # never changes once it is written, and is asked often

    async def remember_workspace(self, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
        async with self._database.across_workspaces() as tx:
            return await workspaces.upsert_workspace(
                tx, enterprise_id=enterprise_id, team_id=team_id, name=name
            )

    async def remember(
        self, workspace_id: UUID, profile: Profile, *, since: KnownPerson | None = None, met_by: str = ""
    ) -> Person:
        """Write what Slack says of a person. A new person, or one with a new zone, gets a new time for the next
        digest.

        `met_by` is the key of the operation that brought somebody new. A new standing in the workspace is recorded in
        history, and who is gone or a stranger loses all access. `since` is the person as known when Slack was asked.

        Raises OutdatedAnswer, and writes nothing, where the person was written since: Slack's answer may be older
        than that, and they may have left in between. Raises NotSaved where the database does not answer in time, for
        example because somebody else holds the person's lock.
        """
        with not_saved_on_outage():
            async with self._database.transaction(workspace_id) as tx:
                known = await _lock_person(tx, workspace_id, profile, since)
                before = known.person if known else None
                ended = profile.standing not in _WITH_ACCESS
                if before is None or before.standing is profile.standing or (ended and not before.has_access):
                    return await _write_profile(tx, workspace_id, profile, before, met_by=met_by)
        request = OperationRequest(
            workspace_id=workspace_id,
            source=Source.CLOCK,  # the person did nothing: it is no sign that they are at work
            key=f"standing:{uuid4()}",
            who=profile.slack_user_id,
        )
        return await self._change_standing(request, profile, since)

    async def update_known(self, workspace_id: UUID, profile: Profile, members: Members) -> None:
        """Write news about somebody who may never have used this; who is not known stays so.

        News by which they may do more than before are asked for anew, since Slack may deliver an event late and
        behind a newer one. Raises Unreachable when Slack does not answer, NotSaved as `verify` does.
        """
        known = await self._find_known(workspace_id, profile.slack_user_id)
        if known is None:
            return
        if profile.standing not in _WITH_ACCESS:
            # Write it however old the event is: if they have come back since, the next look lets them in again.
            await self.remember(workspace_id, profile)
            return
        with suppress(OutdatedAnswer):
            if not may_do_more(known, profile):
                await self.remember(workspace_id, profile, since=known)
                return
        try:
            await self.verify(workspace_id, profile.slack_user_id, members)
        except NotOffered:  # Slack tells nothing of them but by events
            with suppress(OutdatedAnswer):
                await self.remember(workspace_id, profile, since=known)

    async def introduce(self, workspace_id: UUID, who: str, directory: Directory, *, by: str = "") -> Person:
        """Return the person of that Slack id or e-mail address, and ask Slack for them when they are not known here.

        The network call is between two transactions, never inside one. Raises NotFound when Slack has no such person,
        AccessEnded when they belong to another company, Unreachable when it does not answer.
        """
        known = await self._find(workspace_id, who)
        if known:
            return known
        profile = await (directory.profile_by_email(who) if "@" in who else directory.profile(who))
        if profile is None or profile.standing is Standing.GONE:
            raise NotFound(f"There is no person {who} in this Slack workspace.")
        if profile.standing is Standing.STRANGER:
            raise AccessEnded(PERSON_STRANGER)
        return await self._write_newcomer(workspace_id, profile, met_by=by)

    async def introduce_unverified(self, workspace_id: UUID, who: str, name: str, *, by: str = "") -> Person:
        """Write somebody new of whom Slack has said no more than the payload does: they may use a timer of their own,
        until `verify` has asked who they are."""
        profile = Profile(
            slack_user_id=who,
            name=name,
            zone=ZoneInfo("UTC"),
            locale="",
            email=None,
            standing=Standing.UNVERIFIED,
            zone_from=ZoneSource.UNKNOWN,
        )
        return await self._write_newcomer(workspace_id, profile, met_by=by)

    async def verify(self, workspace_id: UUID, who: str, members: Members) -> None:
        """Ask Slack who a known person is, and write the answer. Where something else was written meanwhile, ask again,
        because nothing tells which of the two is newer.

        Raises Unreachable when Slack does not answer, NotSaved after MOST_ASKED answers that were overtaken.
        """
        for _ in range(MOST_ASKED):
            known = await self._find_known(workspace_id, who)
            if known is None:
                return
            profile = await members.current(who)
            if profile is None:
                profile = replace(_profile_of(known.person), standing=Standing.GONE)
            with suppress(OutdatedAnswer):
                await self.remember(workspace_id, profile, since=known)
                return
        raise NotSaved("Slack keeps changing what it says of this person. Please try again in a minute.")

    async def met(self, request: OperationRequest) -> Person | None:
        """Return the person of the operation, if this is the operation by which they came to be known; a repeat finds
        the same."""
        key = request.workspace_id, request.who
        if key in self._met and self._met[key] != request.key:
            return None
        async with self._database.transaction(request.workspace_id) as tx:
            by = await people.find_first_key(tx, *key)
            if by is None:
                return None
            self._met[key] = by
            return await people.find_by_slack_id(tx, *key) if by == request.key else None

    async def names(self, workspace_id: UUID, slack_user_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of the people with those Slack ids; unknown ones are left out."""
        if not slack_user_ids:
            return {}
        async with self._database.transaction(workspace_id) as tx:
            return await people.find_names(tx, workspace_id, slack_user_ids)

    async def seen_by(self, workspace_id: UUID, reader: Person, *, after: str, limit: int) -> list[Person]:
        """Return people by Slack id, behind the id `after`: everybody for leads and admins, themselves for
        members."""
        async with self._database.transaction(workspace_id) as tx:
            if reader.sees_others:
                return await people.find_page(tx, workspace_id, after=after, most=limit)
            # Read again, for a credential's bearer comes without their address.
            own = await people.find_by_id(tx, workspace_id, reader.id)
            return [own] if own and own.slack_user_id > after else []

    async def now(self, workspace_id: UUID, who: str, *, needs: Needs = Needs.ZONE) -> PersonNow:
        """Return the person with that Slack id, and the database's clock. Raises PersonUnknown, or what
        `domain.permissions.require` raises."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who, needs=needs)
            return PersonNow(person=person, at=await tx.now())

    async def unverified(self, workspace_id: UUID, *, most: int) -> list[Person]:
        """Return those who came while Slack did not answer."""
        async with self._database.transaction(workspace_id) as tx:
            return await offboarding.find_unverified(tx, workspace_id, most=most)

    async def _find(self, workspace_id: UUID, who: str) -> Person | None:
        async with self._database.transaction(workspace_id) as tx:
            return await _find_by_name(tx, workspace_id, who)

    async def _find_known(self, workspace_id: UUID, who: str) -> KnownPerson | None:
        async with self._database.transaction(workspace_id) as tx:
            return await offboarding.find_known_person(tx, workspace_id, who)

    async def _write_newcomer(self, workspace_id: UUID, profile: Profile, *, met_by: str) -> Person:
        """Write somebody new, or return them as they are where another request has written them meanwhile."""
        async with self._database.transaction(workspace_id) as tx:
            known = await people.find_by_slack_id(tx, workspace_id, profile.slack_user_id)
            return known or await _write_profile(tx, workspace_id, profile, None, met_by=met_by)
