"""A file is dropped into the direct messages: its preview, one press, one act, one undo."""

import asyncio
import csv
import io
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.downloads import Downloads
from domain.entries.exports import ExportFormat
from domain.errors import Refusal
from files.exports import write_export
from local_slack.requests.events import direct_message
from local_slack.workspace import Message
from tests.bot.kit import buttons, day, delivered, direct, now, pressed, typed, words
from tests.conftest import Clock
from tests.files.conftest import SPACE, entry, export
from tests.files.reports import TOGGL, clockify
from tests.service import BOT_TOKEN, Replica


async def dropped(app: Replica, content: bytes | str, name: str = "time.csv", user: str = "U0ADA") -> Message:
    """The message that answers the file."""
    raw = content.encode() if isinstance(content, str) else content
    _, answer = await app.local_slack.screens.drop(user, name, raw)
    assert answer
    assert answer.status == 200, answer
    await delivered(app)
    return direct(app, user)[-1]


async def entries(
    app: Replica, columns: str = "note, source", user: str = "U0ADA"
) -> list[tuple[object, ...]]:
    async with app.database.transaction(app.service.workspace.id) as tx:
        rows = await tx.connection.fetch(
            f"select {columns} from time_entries e join people p on p.id = e.person_id"
            " where not deleted and slack_user_id = $1 order by started_at",
            user,
        )
    return [tuple(row) for row in rows]


async def test_a_report_is_shown_before_anything_is_written_and_comes_in_by_one_press(timed: Replica) -> None:
    await typed(timed, "project new API")
    preview = await dropped(timed, TOGGL, "Toggl <report>.csv")
    told = words(preview)
    assert "Toggl &lt;report&gt;.csv* is Toggl's detailed report" in told
    assert "To import: 3 entries, 4 h, 16 Nov 2026 to 18 Nov 2026." in told
    assert "• API · 1 entry, 1 h 30 min" in told
    assert "• Website (new project) · 1 entry, 45 min" in told
    assert "Nothing is written yet." in told
    assert await entries(timed) == []
    assert buttons(preview) == ["Import 3 entries", "Zone, columns…", "Cancel"]
    await pressed(timed, preview, "Import 3 entries")
    done = now(timed, preview)
    assert "Imported 3 entries, 4 h, from Toggl &lt;report&gt;.csv." in words(done)
    assert "New projects: Website." in words(done)
    assert await entries(timed) == [("Fix login", "import"), ('A "footer", blue', "import"), ("", "import")]
    assert await day(timed, "2026-11-16") == [
        "09:00–10:30 API · Fix login · `+client` `+in-review`",
        '11:00–11:45 Website · A "footer", blue',
    ]


async def test_undo_takes_the_whole_import_back_and_nothing_else(timed: Replica) -> None:
    await typed(timed, "log 9-9:30 api mine")
    preview = await dropped(timed, TOGGL)
    await pressed(timed, preview, "Import 3 entries")
    await pressed(timed, now(timed, preview), "Undo")
    assert "Undone: 3 entries that came together are taken back together." in words(now(timed, preview))
    assert await entries(timed) == [("api mine", "slack")]
    # It can come in once more, and be taken back by typing.
    again = await dropped(timed, TOGGL)
    await pressed(timed, again, "Import 3 entries")
    assert len(await entries(timed)) == 4
    assert "3 entries" in words(await typed(timed, "undo"))
    assert await entries(timed) == [("api mine", "slack")]


async def test_an_import_of_which_something_was_changed_is_not_undone(timed: Replica) -> None:
    preview = await dropped(timed, TOGGL)
    await pressed(timed, preview, "Import 3 entries")
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("update time_entries set note = 'other', version = 2 where note = ''")
    done = now(timed, preview)
    await pressed(timed, done, "Undo")
    assert "changed after that" in words(direct(timed)[-1])
    assert len(await entries(timed)) == 3


async def test_pressing_twice_at_once_acts_once(timed: Replica) -> None:
    preview = await dropped(timed, TOGGL)
    await asyncio.gather(*(pressed(timed, preview, "Import 3 entries") for _ in range(3)))
    assert len(await entries(timed)) == 3
    assert "Imported 3 entries" in words(now(timed, preview))


async def test_the_same_file_dropped_twice_has_nothing_new(timed: Replica) -> None:
    first, second = await dropped(timed, TOGGL), await dropped(timed, TOGGL)
    await pressed(timed, first, "Import 3 entries")
    await pressed(timed, second, "Import 3 entries")
    told = now(timed, second)
    assert "Something has changed since that preview. Nothing was imported." in words(told)
    assert "Here already, left out: 3* Line 2, 3, 4" in words(told).replace("\n", " ")
    assert buttons(told) == ["Zone, columns…", "Forget it"]
    assert len(await entries(timed)) == 3


async def test_a_preview_that_does_not_hold_any_more_says_so_and_shows_what_would_be_now(
    timed: Replica,
) -> None:
    preview = await dropped(timed, TOGGL)
    await typed(timed, "log 10-10:15 2026-11-16 api in between")
    await pressed(timed, preview, "Import 3 entries")
    told = now(timed, preview)
    assert "Nothing was imported" in words(told)
    assert "Time that is taken, left out: 1" in words(told)
    assert "line 2: 16 Nov 2026, 09:00–10:30 · API, Fix login" in words(told)
    assert await entries(timed) == [("api in between", "slack")]
    await pressed(timed, told, "Import 2 entries")
    assert len(await entries(timed)) == 3


async def test_dates_that_can_be_read_in_two_ways_are_asked_about(timed: Replica) -> None:
    content = clockify(("03/11/2026", "09:00", "03/11/2026", "10:00", "01:00:00"))
    preview = await dropped(timed, content)
    assert "03/11/2026 can be read in two ways. I took the first number for the day." in words(preview)
    assert "3 Nov 2026" in words(preview)
    await pressed(timed, preview, "Read dates as month/day")
    other = now(timed, preview)
    assert "11 Mar 2026" in words(other)
    await pressed(timed, other, "Import 1 entry")
    assert await entries(timed, "started_at::date::text") == [("2026-03-11",)]


async def test_whoever_brings_a_file_of_somebody_else_is_told(timed: Replica) -> None:
    await typed(timed, "project new API", user="U0BEN")
    assert "this is the time of Ada Park (ada@example.com). It comes in as yours." in words(
        await dropped(timed, TOGGL, user="U0BEN")
    )


async def test_what_lies_in_a_submitted_week_stays_out_and_an_import_in_one_is_not_undone(
    timed: Replica,
) -> None:
    await typed(timed, "log 9-10 13 nov preparation")
    preview = await dropped(
        timed, TOGGL.replace("2026-11-17", "2026-11-13").replace("2026-11-18", "2026-11-14")
    )
    await typed(timed, "submit last")
    await pressed(timed, preview, "Import 3 entries")
    told = now(timed, preview)
    assert "In a week that is submitted or approved, left out: 1* Line 4" in words(told).replace("\n", " ")
    await pressed(timed, told, "Import 2 entries")
    assert len(await entries(timed)) == 3
    await typed(timed, "submit this")
    done = now(timed, preview)
    await pressed(timed, done, "Undo")
    assert "for approval" in words(direct(timed)[-1])
    assert len(await entries(timed)) == 3


async def test_canceled_is_forgotten(timed: Replica) -> None:
    preview = await dropped(timed, TOGGL)
    await pressed(timed, preview, "Cancel")
    assert "Nothing of time.csv was imported" in words(now(timed, preview))
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        assert await tx.connection.fetchval("select count(content) from imports") == 0
    # The preview as it stood on another screen.
    await pressed(timed, preview, "Import 3 entries")
    assert "was canceled" in words(direct(timed)[-1])
    assert await entries(timed) == []


@pytest.mark.parametrize("kind", ["csv", "json"])
async def test_an_export_brought_into_an_empty_workspace_gives_the_same_entries(
    timed: Replica, kind: str
) -> None:
    what = "project_id is not null as filed, note, tags, started_at, ended_at, e.zone"
    for text in (
        "project new api",
        "log 9-11 yesterday api: review +client",
        "log 13-13:20 yesterday =1+1 'quoted'",
    ):
        await typed(timed, text)
    await typed(timed, "start 40 min ago support call")
    await typed(timed, "stop")
    before = await entries(timed, what)
    await typed(timed, f"export {kind}")
    await delivered(timed)
    (file,) = [file for one in direct(timed) for file in one.files]
    # Whoever brings it to where it came from is told that it is there.
    again = await dropped(timed, file.content, file.name)
    assert "There is nothing in it to import." in words(again)
    assert "left out: 3" in words(again)
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("update time_entries set deleted = true")
    preview = await dropped(timed, file.content, file.name)
    await pressed(timed, preview, "Import 3 entries")
    assert await entries(timed, what) == before
    twice = await dropped(timed, file.content, file.name)
    assert "left out: 3" in words(twice)


async def test_what_is_no_such_file_is_told_what_would_be(timed: Replica) -> None:
    told = words(await dropped(timed, b"\x89PNG....", "cat.png"))
    assert "I read our own CSV and JSON" in told
    assert "by its columns (“a”, “b”)" in words(await dropped(timed, "a,b\n1,2\n"))
    large = await dropped(timed, b"x" * (2 * 1024 * 1024 + 1), "huge.csv")
    assert "larger than 2 MiB" in words(large)
    assert "Drop the file here" in words(await typed(timed, "import"))


async def test_only_files_in_direct_messages_with_somebody_are_read(timed: Replica) -> None:
    await typed(timed, "log 5 min api")
    await typed(timed, "export today")
    await delivered(timed)
    (ours,) = direct(timed)
    await timed.local_slack.event(direct_message(ours))  # Slack tells the app of its own messages too
    in_channel = {**direct_message(ours), "user": "U0ADA", "bot_id": None, "channel_type": "channel"}
    await timed.local_slack.event(in_channel)
    bad: list[object] = [[{"id": 1}], [{"id": "F1"}, None], {}]
    for files in (*bad, [{"id": "F2", "url_private": "http://evil.example/x"}]):
        await timed.local_slack.event({**in_channel, "channel_type": "im", "files": files})
    await delivered(timed)
    told = [words(one) for one in direct(timed)[1:]]
    assert len(told) == 2
    assert all("Slack did not hand me" in one for one in told)


async def test_the_token_goes_nowhere_but_to_slack(timed: Replica) -> None:
    client = AsyncWebClient(token=BOT_TOKEN, base_url=timed.local_slack.api_url)
    fetching = Downloads(client, timed.session)
    port = timed.local_slack.url.rpartition(":")[2]
    file = timed.local_slack.workspace.files.drop("a.csv", b"a,b", user="U0ADA")
    assert await fetching.fetch(file.as_json()["url_private_download"], name="a.csv") == b"a,b"
    for url in (
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com@127.0.0.1:1/x",
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        f"https://127.0.0.1:{port}/x",
        "http://127.0.0.1:1/x",
        "http://[::1",
        "file:///etc/passwd",
    ):
        with pytest.raises(Refusal, match="did not hand me"):
            await fetching.fetch(url, name="a.csv")
    elsewhere = Downloads(
        AsyncWebClient(token="xoxb-other", base_url=timed.local_slack.api_url), timed.session
    )
    with pytest.raises(Refusal, match="files:read"):
        await elsewhere.fetch(file.as_json()["url_private_download"], name="a.csv")


async def test_an_event_that_comes_again_offers_once(timed: Replica) -> None:
    await dropped(timed, TOGGL)
    (file,) = direct(timed)[0].files
    await timed.local_slack.event(direct_message(direct(timed)[0]))
    await delivered(timed)
    assert file.name == "time.csv"
    assert len(direct(timed)) == 2


@pytest.mark.parametrize(
    ("count", "hours"), [(300, "45 h"), pytest.param(3_000, "450 h", marks=pytest.mark.exhaustive)]
)
async def test_a_large_import_is_one_act_within_the_deadline_and_so_is_its_undo(
    timed: Replica, clock: Clock, count: int, hours: str
) -> None:
    lines = [
        entry(
            (clock() - timedelta(minutes=10 * number)).isoformat(),
            (clock() - timedelta(minutes=10 * number - 9)).isoformat(),
            f"work {number} on what had to be done that day",
            tags=("client",),
        )
        for number in range(1, count + 1)
    ]
    content = write_export(export(*lines, format=ExportFormat.CSV), SPACE).content
    assert len(list(csv.reader(io.StringIO(content.decode())))) == count + 1
    preview = await dropped(timed, content)
    done = await until(timed, preview, f"Import {count:,} entries", f"Imported {count:,} entries")
    assert ("381 h 18 min" if count == 3_000 else hours) in words(await typed(timed, "month"))
    assert hours in words(await typed(timed, "report this year by day"))
    await until(timed, done, "Undo", f"{count:,} entries that came together")
    assert await entries(timed) == []


async def until(app: Replica, message: Message, button: str, told: str) -> Message:
    """Pressed as a person would who is told that nothing was saved: the machine may be busy with other tests."""
    for _ in range(5):
        before = await entries(app)
        await pressed(app, message, button)
        if told in words(now(app, message)):
            break
        assert await entries(app) == before
    assert told in words(now(app, message))
    return now(app, message)
