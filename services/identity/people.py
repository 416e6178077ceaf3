"""Stores people, and keeps what Slack says about them current."""

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
from services.outbox.notifier import Directory, Members, MethodRefused
from services.reports.digests import schedule_digest
from services.reports.reminders import schedule_reminder
from services.reports.weekly import schedule_weekly
from storage.identity import offboarding, people, preferences, workspaces
from storage.identity.offboarding import PersonInSlack
from storage.outbox import live_messages
from storage.postgres.database import Database, Transaction

MOST_ASKED = 5  # times in a row that we ask Slack about one person

_WITH_ACCESS = (Standing.MEMBER, Standing.GUEST, Standing.UNVERIFIED)


class OutdatedAnswer(Exception):
    """The person's row was written after we asked Slack, so Slack's answer may be older than the row."""


def may_do_more(known: PersonInSlack, profile: Profile) -> bool:
    """Return whether the profile from Slack gives the person more rights than they have here."""
    if profile.admin and not known.slack_admin:
        return True
    before = known.person
    return profile.standing is not before.standing and (
        profile.standing is Standing.MEMBER or (profile.standing in _WITH_ACCESS and not before.has_access)
    )


async def _lock_person(
    tx: Transaction, workspace_id: UUID, profile: Profile, since: PersonInSlack | None
) -> PersonInSlack | None:
    """Lock the row of the profile's person and return it. Raises OutdatedAnswer if it changed after `since`."""
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
    """Schedule the person's messages again if their zone changed, or if they start or stop getting messages from us."""
    if before and before.zone == person.zone and before.gets_reminders == person.gets_reminders:
        return
    now = await tx.now()
    await schedule_digest(tx, workspace_id, person, now=now)
    await schedule_reminder(tx, workspace_id, person, now=now)
    await schedule_weekly(tx, workspace_id, person, now=now)
    await live_messages.mark_home_due(tx, workspace_id, person.slack_user_id)
    if before and before.zone_from is ZoneSource.UNKNOWN:
        await preferences.set_entries_zone(tx, workspace_id, person.id, zone=person.zone.key)


@operation_about_person
async def change_standing(context: OperationContext, profile: Profile, since: PersonInSlack | None) -> Person:
    """Write the person's new standing in the workspace. A person who is gone or belongs to another workspace loses
    all access. Raises OutdatedAnswer if the person's row was written after `since`."""
    await _lock_person(context.tx, context.workspace_id, profile, since)
    before = context.person
    if profile.standing is before.standing:
        return before  # another replica has written it already
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
    """Set the person's time zone to one that they chose. Raises Refusal if their Slack profile names a zone, because
    the two would differ."""
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
    """Operations on people, and look-ups of them."""

    set_zone = set_zone
    _change_standing = change_standing

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database
        # By workspace and Slack id, the key of a person's first operation: it never changes, and is read often.
        self._met: dict[tuple[UUID, str], str] = {}

    async def remember_workspace(self, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
        async with self._database.across_workspaces() as tx:
            return await workspaces.upsert_workspace(
                tx, enterprise_id=enterprise_id, team_id=team_id, name=name
            )

    async def remember(
        self, workspace_id: UUID, profile: Profile, *, since: PersonInSlack | None = None, met_by: str = ""
    ) -> Person:
        """Write a person's profile as Slack gave it. A new person, or one with a new zone, gets a new time for the
        next digest.

        `met_by` is the key of the operation in which a new person first appeared. A new standing is recorded in
        history, and a person who is gone or a stranger loses all access. `since` is the person's row when Slack was
        asked.

        Raises OutdatedAnswer, and writes nothing, if the row was written since: Slack's answer may be older, and the
        person may have left in between. Raises NotSaved if the database does not answer in time, for example because
        another transaction holds the person's lock.
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
            source=Source.CLOCK,  # a job and not the person asks for this, so it is no sign that they are at work
            key=f"standing:{uuid4()}",
            who=profile.slack_user_id,
        )
        return await self._change_standing(request, profile, since)

    async def update_known(self, workspace_id: UUID, profile: Profile, members: Members) -> None:
        """Write news from Slack about a person, if we know them already.

        News that give more rights are checked by asking Slack again, because Slack may deliver an old event after a
        newer one. Raises Unreachable if Slack does not answer, NotSaved as `verify` does.
        """
        known = await self._find_known(workspace_id, profile.slack_user_id)
        if known is None:
            return
        if profile.standing not in _WITH_ACCESS:
            # Write it however old the event is: if the person has returned since, the next comparison gives them
            # access again.
            await self.remember(workspace_id, profile)
            return
        with suppress(OutdatedAnswer):
            if not may_do_more(known, profile):
                await self.remember(workspace_id, profile, since=known)
                return
        try:
            await self.verify(workspace_id, profile.slack_user_id, members)
        except MethodRefused:  # Slack answers nothing about them; only events tell us of them
            with suppress(OutdatedAnswer):
                await self.remember(workspace_id, profile, since=known)

    async def introduce(self, workspace_id: UUID, who: str, directory: Directory, *, by: str = "") -> Person:
        """Return the person with that Slack id or e-mail address. Ask Slack if they are not known here.

        The network call is made between two transactions, never inside one. Raises NotFound if Slack has no such
        person, AccessEnded if they belong to another company, Unreachable if Slack does not answer.
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
        """Write a new person of whom we know only what is in the payload. They may use a timer of their own, until
        `verify` has asked Slack who they are."""
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
        """Ask Slack who a known person is, and write the answer. If their row was written meanwhile, ask again,
        because nothing tells which of the two is newer.

        Raises Unreachable if Slack does not answer, NotSaved after MOST_ASKED answers that were outdated.
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

    async def find_newcomer(self, request: OperationRequest) -> Person | None:
        """Return the person of the operation if they first appeared in it, else None. A repeat of the operation finds
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

    async def find_names(self, workspace_id: UUID, slack_user_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of the people with those Slack ids; unknown ids are left out."""
        if not slack_user_ids:
            return {}
        async with self._database.transaction(workspace_id) as tx:
            return await people.find_names(tx, workspace_id, slack_user_ids)

    async def list_visible(
        self, workspace_id: UUID, reader: Person, *, after: str, limit: int
    ) -> list[Person]:
        """Return people ordered by Slack id, behind the id `after`: everybody for leads and admins, only themselves
        for members."""
        async with self._database.transaction(workspace_id) as tx:
            if reader.sees_others:
                return await people.find_page(tx, workspace_id, after=after, most=limit)
            # Read the reader again, because the caller of a token comes without their e-mail address.
            own = await people.find_by_id(tx, workspace_id, reader.id)
            return [own] if own and own.slack_user_id > after else []

    async def read_with_clock(self, workspace_id: UUID, who: str, *, needs: Needs = Needs.ZONE) -> PersonNow:
        """Return the person with that Slack id, and the database's clock. Raises PersonUnknown, or the errors of
        `domain.permissions.require`."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who, needs=needs)
            return PersonNow(person=person, at=await tx.now())

    async def find_unverified(self, workspace_id: UUID, *, most: int) -> list[Person]:
        """Return people whose identity Slack has not confirmed yet, because it did not answer."""
        async with self._database.transaction(workspace_id) as tx:
            return await offboarding.find_unverified(tx, workspace_id, most=most)

    async def _find(self, workspace_id: UUID, who: str) -> Person | None:
        async with self._database.transaction(workspace_id) as tx:
            return await _find_by_name(tx, workspace_id, who)

    async def _find_known(self, workspace_id: UUID, who: str) -> PersonInSlack | None:
        async with self._database.transaction(workspace_id) as tx:
            return await offboarding.find_person_in_slack(tx, workspace_id, who)

    async def _write_newcomer(self, workspace_id: UUID, profile: Profile, *, met_by: str) -> Person:
        """Write a new person, or return the row that another request has written meanwhile."""
        async with self._database.transaction(workspace_id) as tx:
            known = await people.find_by_slack_id(tx, workspace_id, profile.slack_user_id)
            return known or await _write_profile(tx, workspace_id, profile, None, met_by=met_by)
