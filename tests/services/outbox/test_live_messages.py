"""What stands in Slack is kept true: due when what it shows has changed, once for any number of changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from domain.entries.entries import TimeEntry, TimerAnswer, Work
from domain.entries.params import EditParams, StartParams
from domain.history.operations import ResponseTarget
from domain.identity.people import Profile
from domain.identity.preferences import DigestChoice, PreferencesParams, ReminderChoice
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.home_tab import HomeTab
from domain.reports.reports import DayReport
from domain.time.local_times import to_local_time
from domain.webhooks.events import TimerStart, TimerStop
from services.outbox.delivery import LiveMessageUpdate
from tests.answers import entry_of
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, receive_event, record_entry

MINUTE, LEASE = timedelta(minutes=1), timedelta(seconds=30)


def make_place(day: date | None = None, card_id: UUID | None = None) -> ResponseTarget:
    return ResponseTarget(card_id=card_id or uuid4(), response_url="https://slack.example/response", day=day)


async def refresh_messages(cast: Cast) -> list[LiveMessageUpdate]:
    """What is rewritten until nothing is due."""
    before = len(cast.notifier.rewritten)
    while await cast.services.live_messages.refresh_due():
        pass
    return cast.notifier.rewritten[before:]


async def start_timer(
    cast: Cast, place: ResponseTarget | None = None, who: Profile = ADA, note: str = "work"
) -> TimeEntry:
    request = cast.request(who, place=place)
    return entry_of(await cast.services.timers.start(request, StartParams(work=Work(note=note))))


async def change_note(
    cast: Cast, entry: TimeEntry, note: str, place: ResponseTarget | None = None
) -> TimeEntry:
    """The same entry with that note."""
    params = EditParams(
        entry_id=entry.id,
        seen_version=entry.version,
        work=Work(note=note),
        start=to_local_time(entry.started_at, ADA.zone),
        end=to_local_time(entry.ended_at, ADA.zone) if entry.ended_at else None,
    )
    return entry_of(await cast.services.timers.edit(cast.request(place=place), params))


def list_entries(refreshes: list[LiveMessageUpdate]) -> list[TimeEntry]:
    assert all(isinstance(one.subject, TimerAnswer) for one in refreshes)
    return [entry_of(one.subject) for one in refreshes if isinstance(one.subject, TimerAnswer)]


async def open_home(cast: Cast, who: Profile = ADA) -> None:
    await cast.services.live_messages.publish_home(cast.workspace.id, who.slack_user_id)
    assert [one.live_message.kind for one in await refresh_messages(cast)] == [LiveMessageKind.HOME]


async def test_an_answers_own_card_is_true_already_and_every_later_change_makes_it_due_once(
    cast: Cast, clock: Clock
) -> None:
    place = make_place()
    entry = await start_timer(cast, place)
    assert await refresh_messages(cast) == []
    entry = await change_note(cast, entry, "by a form")
    (by_form,) = await refresh_messages(cast)
    assert by_form.live_message.id == place.card_id
    assert by_form.live_message.response_url == place.response_url
    assert list_entries([by_form]) == [entry]
    clock.now += MINUTE
    await receive_event(cast, TimerStop(user=ADA.slack_user_id, at=None))
    (stopped,) = list_entries(await refresh_messages(cast))
    assert stopped.ended_at == clock.now
    await cast.services.timers.undo_last(cast.request())
    (running,) = list_entries(await refresh_messages(cast))
    assert running.running
    await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    (deleted,) = list_entries(await refresh_messages(cast))
    assert deleted.deleted
    assert await refresh_messages(cast) == []


async def test_several_changes_before_its_turn_are_one_rewriting_of_how_it_stands(cast: Cast) -> None:
    entry = await start_timer(cast, make_place())
    for note in ("one", "two", "three"):
        entry = await change_note(cast, entry, note)
    assert list_entries(await refresh_messages(cast)) == [entry]


async def test_a_switch_by_a_webhook_is_told_on_the_card_of_what_it_ended(cast: Cast, clock: Clock) -> None:
    entry = await start_timer(cast, make_place())
    clock.now += MINUTE
    await receive_event(cast, TimerStart(user=ADA.slack_user_id, work=Work(note="other"), at=None))
    (ended,) = list_entries(await refresh_messages(cast))
    assert (ended.id, ended.ended_at) == (entry.id, clock.now)


async def test_what_changes_nothing_makes_nothing_due_nor_what_others_do(cast: Cast) -> None:
    await open_home(cast)
    entry = await start_timer(cast, make_place())
    await refresh_messages(cast)
    await cast.services.timers.status(cast.request())
    await cast.services.timers.show(cast.request(), entry_id=entry.id)
    await cast.services.reports.today(cast.request())
    await cast.start("of Ben's", who=BEN)
    await cast.stop(BEN)
    assert await refresh_messages(cast) == []


async def test_home_is_not_there_before_it_was_opened_and_then_follows_each_change_of_its_person(
    cast: Cast, clock: Clock
) -> None:
    await cast.start("before")
    assert await refresh_messages(cast) == []
    await open_home(cast)
    timers, settings = cast.services.timers, cast.services.settings
    entry = entry_of(await timers.show(cast.request()))
    moved = replace(ADA, zone=CHIKA.zone)
    params = PreferencesParams(digest=DigestChoice(on=False), reminder=ReminderChoice(at=time(16)))
    for change in (
        lambda: change_note(cast, entry, "edited"),
        cast.stop,
        lambda: timers.resume(cast.request()),
        lambda: timers.undo_last(cast.request()),
        lambda: timers.delete(cast.request(), entry_id=entry.id),
        lambda: record_entry(cast, berlin("09:00"), berlin("10:00")),
        lambda: settings.save(cast.request(), params),
        lambda: cast.services.people.remember(cast.workspace.id, moved),
        lambda: cast.services.projects.make(cast.request(), "New"),
    ):
        clock.now += MINUTE
        await change()
        (home,) = await refresh_messages(cast)
        assert (home.live_message.kind, home.live_message.slack_user_id) == (
            LiveMessageKind.HOME,
            ADA.slack_user_id,
        )
        assert isinstance(home.subject, HomeTab)
        assert home.subject.at == clock.now
    assert isinstance(home.subject, HomeTab)
    assert (home.subject.person.zone, home.subject.person.remind_at) == (CHIKA.zone, time(16))
    await cast.start("of Ben's", who=BEN)
    assert await refresh_messages(cast) == []


async def test_opening_home_again_publishes_it_also_when_nothing_changed(cast: Cast) -> None:
    await open_home(cast)
    await open_home(cast)
    assert cast.notifier.rewritten[-1].live_message.shown is None


async def test_a_renamed_or_archived_project_is_news_on_every_home_of_that_workspace_only(cast: Cast) -> None:
    other = await cast.create_other_workspace()
    await cast.start("x", "api")
    for one, who in ((cast, ADA), (cast, BEN), (other, ADA)):
        await open_home(one, who)
    await cast.services.projects.rename(cast.request(), "api", "Interface")
    homes = await refresh_messages(cast)
    assert {one.live_message.slack_user_id for one in homes} == {ADA.slack_user_id, BEN.slack_user_id}
    assert {one.live_message.workspace_id for one in homes} == {cast.workspace.id}
    await cast.services.projects.archive(cast.request(), "interface")
    assert len(await refresh_messages(cast)) == 2


async def test_a_day_that_was_posted_follows_every_entry_that_lies_in_it(cast: Cast, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    await cast.services.digests.queue_due()
    await cast.services.outbox.send_due()
    (digest,) = await refresh_messages(
        cast
    )  # once after it was sent: it may have changed between reading and sending
    assert isinstance(digest.subject, DayReport)
    clock.now = berlin("01:00", "2026-11-19")
    await record_entry(cast, berlin("00:00", "2026-11-19"), berlin("00:30", "2026-11-19"))
    assert await refresh_messages(cast) == []
    await record_entry(cast, berlin("23:30"), berlin("00:00", "2026-11-19"))
    await record_entry(cast, berlin("23:00", "2026-11-17"), berlin("08:00"))
    (digest,) = await refresh_messages(cast)
    assert isinstance(digest.subject, DayReport)
    assert (digest.subject.day, digest.subject.total) == (date(2026, 11, 18), timedelta(hours=8, minutes=30))
    assert digest.live_message.channel == ADA.slack_user_id


async def test_a_card_that_shows_a_day_goes_on_showing_it(cast: Cast, clock: Clock) -> None:
    entry = await start_timer(cast, make_place(day=date(2026, 11, 18)))
    clock.now += MINUTE
    await change_note(cast, entry, "new")
    (report,) = await refresh_messages(cast)
    assert isinstance(report.subject, DayReport)
    assert [line.note for line in report.subject.lines] == ["new"]


async def test_a_card_shared_in_a_channel_is_kept_true_there_for_as_long_as_it_stands(
    cast: Cast, clock: Clock
) -> None:
    entry = await start_timer(cast)
    await cast.services.timers.share(cast.request(), entry_id=entry.id, channel="C0TEAM")
    await cast.services.outbox.send_due()
    (posted,) = await refresh_messages(cast)
    assert (posted.live_message.channel, posted.live_message.response_url) == ("C0TEAM", None)
    # A press on it does not make it a message of half an hour, and nobody else's press makes it theirs.
    card = make_place(card_id=posted.live_message.id)
    await change_note(cast, entry, "pressed", card)
    await start_timer(cast, card, who=BEN)
    clock.now += timedelta(days=3)
    assert await cast.services.live_messages.delete_expired() == 0
    await cast.stop()
    (later,) = await refresh_messages(cast)
    assert (later.live_message.channel, later.live_message.response_url) == ("C0TEAM", None)
    assert [one.id for one in list_entries([later])] == [entry.id]


async def test_a_message_that_only_one_person_sees_is_forgotten_after_half_an_hour(
    cast: Cast, clock: Clock
) -> None:
    place = make_place()
    entry = await start_timer(cast, place)
    clock.now += 20 * MINUTE
    entry = await change_note(cast, entry, "pressed", place)  # a press brings another half hour
    clock.now += 29 * MINUTE
    assert await cast.services.live_messages.delete_expired() == 0
    entry = await change_note(cast, entry, "late")
    assert len(await refresh_messages(cast)) == 1
    clock.now += timedelta(seconds=1)
    assert await cast.services.live_messages.delete_expired() == 1
    await change_note(cast, entry, "too late")
    assert await refresh_messages(cast) == []
