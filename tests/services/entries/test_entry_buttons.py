"""Starting by a press, showing and sharing an entry; and who is greeted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.entries.entries import TimerAnswer, TimerOutcome, Work
from domain.entries.params import StartParams
from domain.errors import NotFound
from domain.history.operations import OperationRequest
from domain.identity.people import Profile, zone_or_utc
from domain.projects.projects import Project
from services.outbox.notifier import Unreachable
from tests.answers import entry_of
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock
from tests.records import read_entries
from tests.services.identity.leaving import SlackSays

MINUTE = timedelta(minutes=1)
NEW = Profile(
    slack_user_id="U0NEW", name="New One", zone=zone_or_utc("UTC"), locale="", email="new@example.com"
)


async def start_by_button(
    cast: Cast, project: Project | None, note: str = "", link: str | None = None
) -> TimerAnswer:
    params = StartParams(work=Work(project_id=project.id if project else None, note=note), link=link)
    return await cast.services.timers.start_unless_running(cast.request(), params)


async def test_a_press_starts_a_project_and_the_next_one_shows_what_runs(cast: Cast, clock: Clock) -> None:
    project = await cast.services.projects.ensure(cast.workspace.id, "API")
    first = await start_by_button(cast, project)
    clock.now += MINUTE
    again = await start_by_button(cast, project)
    assert (first.change, again.change) == (TimerOutcome.STARTED, TimerOutcome.ALREADY_RUNNING)
    assert (again.entry, again.act_id) == (first.entry, None)
    with_note = await start_by_button(cast, project, "other work")
    assert with_note.change is TimerOutcome.STARTED
    assert with_note.replaced is not None


async def test_a_message_is_tracked_once_whatever_became_of_its_note(cast: Cast, clock: Clock) -> None:
    first = await start_by_button(cast, None, "from a message", link="https://slack.example/p1")
    clock.now += MINUTE
    again = await start_by_button(cast, None, "edited message", link="https://slack.example/p1")
    assert (again.change, again.entry) == (TimerOutcome.ALREADY_RUNNING, first.entry)
    other = await start_by_button(cast, None, "from a message", link="https://slack.example/p2")
    assert other.change is TimerOutcome.STARTED
    assert entry_of(other).link == "https://slack.example/p2"


async def test_two_timers_without_a_project_are_two(cast: Cast, clock: Clock) -> None:
    await start_by_button(cast, None, "same")
    clock.now += MINUTE
    assert (await start_by_button(cast, None, "same")).change is TimerOutcome.STARTED


async def test_showing_tells_that_entry_or_what_runs_or_the_last_one_and_changes_nothing(
    cast: Cast, clock: Clock
) -> None:
    show = cast.services.timers.show
    with pytest.raises(NotFound, match="no entry yet"):
        await show(cast.request())
    first = entry_of(await cast.start("first"))
    assert (await show(cast.request())).entry == first
    clock.now += MINUTE
    await cast.start("second")
    clock.now += MINUTE
    last = (await cast.stop()).entry
    before = await read_entries(cast)
    shown = await show(cast.request())
    assert (shown.change, shown.entry, shown.act_id) == (TimerOutcome.SHOWN, last, None)
    assert shown.today == 2 * MINUTE
    earlier = entry_of(await show(cast.request(), entry_id=first.id))
    assert earlier.ended_at == first.started_at + MINUTE
    for who, entry_id in ((BEN, first.id), (ADA, cast.workspace.id)):
        with pytest.raises(NotFound, match="isn't there any more"):
            await show(cast.request(who), entry_id=entry_id)
    assert await read_entries(cast) == before


async def test_an_entry_is_shared_once_for_each_press_and_only_by_its_person(cast: Cast) -> None:
    entry = entry_of(await cast.start("to share"))
    request = cast.request()
    for _ in range(2):
        await cast.services.timers.share(request, entry_id=entry.id, channel="C0TEAM")
    with pytest.raises(NotFound):
        await cast.services.timers.share(cast.request(BEN), entry_id=entry.id, channel="C0TEAM")
    await cast.stop()
    await cast.services.outbox.send_due()
    (outgoing,) = cast.notifier.accepted
    assert outgoing.channel == "C0TEAM"
    assert isinstance(outgoing.subject, TimerAnswer)
    assert outgoing.subject.entry is not None
    assert outgoing.subject.entry.ended_at is not None  # as it stands when it leaves


class Slack:
    """A directory of one person that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.down = False

    async def profile(self, slack_user_id: str) -> Profile | None:
        self.asked += 1
        if self.down:
            raise Unreachable
        return NEW if slack_user_id == NEW.slack_user_id else None

    async def profile_by_email(self, email: str) -> Profile | None:
        self.asked += 1
        return NEW if email == NEW.email else None


async def introduce_person(cast: Cast, slack: Slack, request: OperationRequest) -> str:
    person = await cast.services.people.introduce(cast.workspace.id, request.who, slack, by=request.key)
    return person.name


async def test_who_is_new_is_greeted_by_the_act_that_brought_them_however_often_it_is_delivered(
    cast: Cast,
) -> None:
    find_newcomer, slack = cast.services.people.find_newcomer, Slack()
    first, second = cast.request(NEW), cast.request(NEW)
    assert await find_newcomer(first) is None  # a stranger
    await introduce_person(cast, slack, first)
    for _ in range(2):
        greeted = await find_newcomer(first)
        assert greeted is not None
        assert greeted.name == NEW.name
        assert await find_newcomer(second) is None
    await introduce_person(cast, slack, second)
    await cast.services.people.remember(cast.workspace.id, replace(NEW, name="Newer"), met_by=second.key)
    assert await find_newcomer(second) is None
    assert await find_newcomer(replace(second, who=ADA.slack_user_id)) is None
    assert slack.asked == 1


async def test_who_was_brought_by_a_webhook_is_not_greeted_by_it(cast: Cast) -> None:
    slack = Slack()
    person = await cast.services.people.introduce(cast.workspace.id, "new@example.com", slack)
    assert person.slack_user_id == NEW.slack_user_id
    assert await cast.services.people.find_newcomer(cast.request(NEW)) is None


async def test_who_slack_does_not_know_or_can_not_tell_stays_unknown(cast: Cast) -> None:
    slack, people = Slack(), cast.services.people
    with pytest.raises(NotFound, match="no person U0NOBODY"):
        await people.introduce(cast.workspace.id, "U0NOBODY", slack)
    slack.down = True
    with pytest.raises(Unreachable):
        await people.introduce(cast.workspace.id, NEW.slack_user_id, slack)
    await people.update_known(cast.workspace.id, NEW, SlackSays())  # news about strangers
    assert await people.find_names(cast.workspace.id, [NEW.slack_user_id, BEN.slack_user_id]) == {
        "U0BEN": "Ben Okafor"
    }
