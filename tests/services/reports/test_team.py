"""Time is private: members see their own, leads and admins see everybody's of their workspace, admins give roles."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotFound, Refusal
from domain.identity.people import Profile, Role, zone_or_utc
from domain.reports.period_reports import Dimension, PeriodReport
from domain.reports.team import TeamActivity
from domain.time.periods import Period
from tests.answers import entry_of
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, read_history, record_entry

HOUR = timedelta(hours=1)
BOSS = Profile(
    slack_user_id="U0BOSS", name="Bo Ss", zone=zone_or_utc("Europe/Berlin"), locale="", email=None, admin=True
)


async def add_admin(cast: Cast, admin: Profile = BOSS) -> None:
    await cast.services.people.remember(cast.workspace.id, admin)


async def give_role(cast: Cast, to: Profile, role: Role, by: Profile = BOSS) -> None:
    told = await cast.services.team.give_role(cast.request(by), to=to.slack_user_id, role=role)
    assert (told.to.role, told.role, told.fixed) == (role, role, False)


async def read_team(cast: Cast, who: Profile) -> TeamActivity:
    return await cast.services.team.report(cast.request(who))


async def report_by_person(cast: Cast, who: Profile, period: Period = Period.TODAY) -> PeriodReport:
    return await cast.services.reports.period(cast.request(who), period, Dimension.PERSON)


def list_names(report: TeamActivity) -> list[tuple[str, bool]]:
    return [(line.name, line.entry is not None) for line in report.lines]


async def start_people(cast: Cast, clock: Clock) -> None:
    """Ben works since an hour, Chika since now, Ada worked yesterday."""
    await record_entry(cast, berlin("09:00", "2026-11-17"), berlin("10:00", "2026-11-17"))
    await cast.start("of Ben's", who=BEN)
    clock.now += HOUR
    await cast.start("of Chika's", who=CHIKA)


async def test_a_member_sees_only_themselves_and_is_told_so(cast: Cast, clock: Clock) -> None:
    await start_people(cast, clock)
    for who, running in ((ADA, False), (BEN, True)):
        report = await read_team(cast, who)
        assert (list_names(report), report.alone) == ([(who.name, running)], True)


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
async def test_leads_and_admins_see_who_works_the_longest_first_and_who_was_here_lately(
    cast: Cast, clock: Clock, role: Role
) -> None:
    await add_admin(cast)
    await start_people(cast, clock)
    await give_role(cast, ADA, role)
    report = await read_team(cast, ADA)
    assert not report.alone
    assert list_names(report) == [("Ben Okafor", True), ("Chika Mori", True), ("Ada Park", False)]
    clock.now += timedelta(days=15)
    await cast.stop(BEN)
    assert list_names(await read_team(cast, ADA)) == [("Chika Mori", True)]


async def test_a_deleted_timer_is_nobodys_work(cast: Cast, clock: Clock) -> None:
    await add_admin(cast)
    await start_people(cast, clock)
    entry = entry_of(await cast.services.timers.status(cast.request(CHIKA)))
    await cast.services.timers.delete(cast.request(CHIKA), entry_id=entry.id)
    assert list_names(await read_team(cast, BOSS)) == [("Ben Okafor", True), ("Ada Park", False)]


async def test_only_admins_give_roles(cast: Cast) -> None:
    await add_admin(cast)
    for by in (ADA, BEN):
        with pytest.raises(Refusal, match="Only admins give roles"):
            await cast.services.team.give_role(cast.request(by), to=ADA.slack_user_id, role=Role.ADMIN)
    await give_role(cast, ADA, Role.LEAD)
    with pytest.raises(Refusal, match="Only admins give roles"):
        await cast.services.team.give_role(cast.request(ADA), to=ADA.slack_user_id, role=Role.ADMIN)
    await give_role(cast, ADA, Role.ADMIN)
    await give_role(cast, BEN, Role.LEAD, by=ADA)
    with pytest.raises(NotFound, match="not used this yet"):
        await cast.services.team.give_role(cast.request(BOSS), to="U0NOBODY", role=Role.LEAD)


async def test_who_slack_says_is_admin_is_one_for_as_long_as_slack_says_so(cast: Cast) -> None:
    await add_admin(cast)
    await give_role(cast, ADA, Role.ADMIN)
    for by in (BOSS, ADA):
        told = await cast.services.team.give_role(cast.request(by), to=BOSS.slack_user_id, role=Role.MEMBER)
        assert (told.role, told.to.role, told.fixed) == (Role.ADMIN, Role.ADMIN, True)
    assert not (await read_team(cast, BOSS)).alone
    await add_admin(cast, replace(BOSS, admin=False))
    assert (await read_team(cast, BOSS)).alone
    await add_admin(cast, replace(ADA, name="Ada P."))  # news of her name are no news of her role
    assert not (await read_team(cast, ADA)).alone


async def test_a_role_that_changes_is_on_record_and_one_that_does_not_is_not(cast: Cast) -> None:
    await add_admin(cast)
    await give_role(cast, ADA, Role.LEAD)
    await give_role(cast, ADA, Role.LEAD)
    await give_role(cast, ADA, Role.MEMBER)
    ada = (await cast.services.people.read_with_clock(cast.workspace.id, ADA.slack_user_id)).person
    told = [
        (
            row["subject"],
            row["subject_id"],
            row["change"],
            json.loads(row["before"]),
            json.loads(row["after"]),
        )
        for row in await read_history(cast)
    ]
    member, lead = {"role": "member"}, {"role": "lead"}
    assert told == [
        ("person", ada.id, "role", member, lead),
        ("person", ada.id, "role", lead, member),
    ]
    assert {row["actor"] for row in await read_history(cast)} == {BOSS.slack_user_id}


async def test_by_person_is_everybody_for_a_lead_and_only_themselves_for_a_member(
    cast: Cast, clock: Clock
) -> None:
    await add_admin(cast)
    await give_role(cast, ADA, Role.LEAD)
    await record_entry(cast, berlin("09:00"), berlin("12:00"))
    await record_entry(cast, berlin("10:00"), berlin("12:00"), who=BEN)
    await cast.start("runs", who=CHIKA)
    clock.now += HOUR
    everybody = await report_by_person(cast, ADA)
    assert [(group.name, group.length) for group in everybody.groups] == [
        ("Ada Park", 3 * HOUR),
        ("Ben Okafor", 2 * HOUR),
        ("Chika Mori", HOUR / 3),  # until her midnight
    ]
    assert (everybody.total, everybody.partial, everybody.by) == (16 * HOUR / 3, False, Dimension.PERSON)
    alone = await report_by_person(cast, BEN)
    assert [(group.name, group.length) for group in alone.groups] == [("Ben Okafor", 2 * HOUR)]
    assert (alone.total, alone.partial) == (2 * HOUR, True)


async def test_everybodys_days_begin_and_end_where_they_are(cast: Cast) -> None:
    await add_admin(cast)
    # An evening in Berlin is an afternoon in New York, and the next morning in Tokyo.
    await record_entry(cast, berlin("23:00", "2026-11-17"), berlin("01:00"), who=BEN)
    await record_entry(cast, berlin("22:00", "2026-11-16"), berlin("00:30", "2026-11-17"), who=CHIKA)
    assert (await report_by_person(cast, BOSS)).groups == ()
    yesterday = await report_by_person(cast, BOSS, Period.YESTERDAY)
    assert {group.name: group.length for group in yesterday.groups} == {
        "Ben Okafor": 2 * HOUR,
        "Chika Mori": 2.5 * HOUR,
    }
    entry = (await cast.services.entries.find_editable(cast.workspace.id, BEN.slack_user_id)).entry
    await cast.services.timers.delete(cast.request(BEN), entry_id=entry.id)
    yesterday = await report_by_person(cast, BOSS, Period.YESTERDAY)
    assert [group.name for group in yesterday.groups] == ["Chika Mori"]


async def test_two_people_of_one_name_are_two_people(cast: Cast) -> None:
    await add_admin(cast)
    await add_admin(cast, replace(BEN, name=ADA.name))
    await record_entry(cast, berlin("09:00"), berlin("10:00"))
    await record_entry(cast, berlin("09:00"), berlin("11:00"), who=BEN)
    groups = (await report_by_person(cast, BOSS)).groups
    assert [(group.name, group.length) for group in groups] == [(ADA.name, 2 * HOUR), (ADA.name, HOUR)]


async def test_another_workspace_is_another_world(cast: Cast, clock: Clock) -> None:
    """The same Slack ids, the same names, the same day: nothing of one is ever told in the other."""
    other = await cast.create_other_workspace()
    for one in (cast, other):
        await add_admin(one)
    entry = await record_entry(
        other, berlin("09:00"), berlin("12:00"), "secret", project="Secret", tags=("s",)
    )
    await other.start("secret too", "Secret", who=BEN)
    clock.now += HOUR

    assert list_names(await read_team(cast, BOSS)) == []
    assert list_names(await read_team(other, BOSS)) == [("Ben Okafor", True), ("Ada Park", False)]
    for dimension in Dimension:
        report = await cast.services.reports.period(cast.request(BOSS), Period.TODAY, dimension)
        assert report.total == timedelta()
        report = await cast.services.reports.period(cast.request(ADA), Period.TODAY, dimension)
        assert report.total == timedelta()
    assert (await report_by_person(other, BOSS)).total == 4 * HOUR
    assert (await cast.services.timers.status(cast.request(BEN))).entry is None
    assert (await cast.services.projects.list_live(cast.request())).projects == ()
    assert await cast.services.projects.find_for_menu(cast.workspace.id, ADA.slack_user_id, "") == []
    with pytest.raises(NotFound):
        await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    with pytest.raises(NotFound):
        await cast.services.timers.show(cast.request(), entry_id=entry.id)
    with pytest.raises(NotFound):
        await cast.services.timers.resume(cast.request(), entry_id=entry.id)
    made = {row["act_id"] for row in await read_history(other) if row["subject_id"] == entry.id}
    for act_id in made:
        with pytest.raises(NotFound):
            await cast.services.timers.undo(cast.request(), act_id=act_id)
    await give_role(cast, ADA, Role.LEAD)
    assert (await read_team(other, ADA)).alone
