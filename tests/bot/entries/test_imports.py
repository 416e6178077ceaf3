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
from tests.bot.reading import list_buttons, read_text
from tests.conftest import Clock
from tests.files.conftest import SPACE, entry, export
from tests.files.reports import TOGGL, clockify
from tests.replica import BOT_TOKEN, Replica


async def upload_file(
    app: Replica, content: bytes | str, name: str = "time.csv", user: str = "U0ADA"
) -> Message:
    """The message that answers the file."""
    raw = content.encode() if isinstance(content, str) else content
    _, answer = await app.local_slack.screens.drop(user, name, raw)
    assert answer
    assert answer.status == 200, answer
    await app.send_due_messages()
    return app.list_direct_messages(user)[-1]


async def query_entries(
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
    await timed.type_command("project new API")
    preview = await upload_file(timed, TOGGL, "Toggl <report>.csv")
    told = read_text(preview)
    assert "Toggl &lt;report&gt;.csv* is Toggl's detailed report" in told
    assert "To import: 3 entries, 4 h, 16 Nov 2026 to 18 Nov 2026." in told
    assert "• API · 1 entry, 1 h 30 min" in told
    assert "• Website (new project) · 1 entry, 45 min" in told
    assert "Nothing is written yet." in told
    assert await query_entries(timed) == []
    assert list_buttons(preview) == ["Import 3 entries", "Zone, columns…", "Cancel"]
    await timed.press_button(preview, "Import 3 entries")
    done = timed.reload(preview)
    assert "Imported 3 entries, 4 h, from Toggl &lt;report&gt;.csv." in read_text(done)
    assert "New projects: Website." in read_text(done)
    assert await query_entries(timed) == [
        ("Fix login", "import"),
        ('A "footer", blue', "import"),
        ("", "import"),
    ]
    assert await timed.list_entries("2026-11-16") == [
        "09:00–10:30 API · Fix login · `+client` `+in-review`",
        '11:00–11:45 Website · A "footer", blue',
    ]


async def test_undo_takes_the_whole_import_back_and_nothing_else(timed: Replica) -> None:
    await timed.type_command("log 9-9:30 api mine")
    preview = await upload_file(timed, TOGGL)
    await timed.press_button(preview, "Import 3 entries")
    await timed.press_button(timed.reload(preview), "Undo")
    assert "Undone: 3 entries that came together are taken back together." in read_text(timed.reload(preview))
    assert await query_entries(timed) == [("api mine", "slack")]
    # It can come in once more, and be taken back by typing.
    again = await upload_file(timed, TOGGL)
    await timed.press_button(again, "Import 3 entries")
    assert len(await query_entries(timed)) == 4
    assert "3 entries" in read_text(await timed.type_command("undo"))
    assert await query_entries(timed) == [("api mine", "slack")]


async def test_an_import_of_which_something_was_changed_is_not_undone(timed: Replica) -> None:
    preview = await upload_file(timed, TOGGL)
    await timed.press_button(preview, "Import 3 entries")
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("update time_entries set note = 'other', version = 2 where note = ''")
    done = timed.reload(preview)
    await timed.press_button(done, "Undo")
    assert "changed after that" in read_text(timed.list_direct_messages()[-1])
    assert len(await query_entries(timed)) == 3


async def test_pressing_twice_at_once_acts_once(timed: Replica) -> None:
    preview = await upload_file(timed, TOGGL)
    await asyncio.gather(*(timed.press_button(preview, "Import 3 entries") for _ in range(3)))
    assert len(await query_entries(timed)) == 3
    assert "Imported 3 entries" in read_text(timed.reload(preview))


async def test_the_same_file_dropped_twice_has_nothing_new(timed: Replica) -> None:
    first, second = await upload_file(timed, TOGGL), await upload_file(timed, TOGGL)
    await timed.press_button(first, "Import 3 entries")
    await timed.press_button(second, "Import 3 entries")
    told = timed.reload(second)
    assert "Something has changed since that preview. Nothing was imported." in read_text(told)
    assert "Here already, left out: 3* Line 2, 3, 4" in read_text(told).replace("\n", " ")
    assert list_buttons(told) == ["Zone, columns…", "Forget it"]
    assert len(await query_entries(timed)) == 3


async def test_a_preview_that_does_not_hold_any_more_says_so_and_shows_what_would_be_now(
    timed: Replica,
) -> None:
    preview = await upload_file(timed, TOGGL)
    await timed.type_command("log 10-10:15 2026-11-16 api in between")
    await timed.press_button(preview, "Import 3 entries")
    told = timed.reload(preview)
    assert "Nothing was imported" in read_text(told)
    assert "Time that is taken, left out: 1" in read_text(told)
    assert "line 2: 16 Nov 2026, 09:00–10:30 · API, Fix login" in read_text(told)
    assert await query_entries(timed) == [("api in between", "slack")]
    await timed.press_button(told, "Import 2 entries")
    assert len(await query_entries(timed)) == 3


async def test_dates_that_can_be_read_in_two_ways_are_asked_about(timed: Replica) -> None:
    content = clockify(("03/11/2026", "09:00", "03/11/2026", "10:00", "01:00:00"))
    preview = await upload_file(timed, content)
    assert "03/11/2026 can be read in two ways. I took the first number for the day." in read_text(preview)
    assert "3 Nov 2026" in read_text(preview)
    await timed.press_button(preview, "Read dates as month/day")
    other = timed.reload(preview)
    assert "11 Mar 2026" in read_text(other)
    await timed.press_button(other, "Import 1 entry")
    assert await query_entries(timed, "started_at::date::text") == [("2026-03-11",)]


async def test_whoever_brings_a_file_of_somebody_else_is_told(timed: Replica) -> None:
    await timed.type_command("project new API", user="U0BEN")
    assert "this is the time of Ada Park (ada@example.com). It is imported as yours." in read_text(
        await upload_file(timed, TOGGL, user="U0BEN")
    )


async def test_what_lies_in_a_submitted_week_stays_out_and_an_import_in_one_is_not_undone(
    timed: Replica,
) -> None:
    await timed.type_command("log 9-10 13 nov preparation")
    preview = await upload_file(
        timed, TOGGL.replace("2026-11-17", "2026-11-13").replace("2026-11-18", "2026-11-14")
    )
    await timed.type_command("submit last")
    await timed.press_button(preview, "Import 3 entries")
    told = timed.reload(preview)
    assert "In a week that is submitted or approved, left out: 1* Line 4" in read_text(told).replace(
        "\n", " "
    )
    await timed.press_button(told, "Import 2 entries")
    assert len(await query_entries(timed)) == 3
    await timed.type_command("submit this")
    done = timed.reload(preview)
    await timed.press_button(done, "Undo")
    assert "for approval" in read_text(timed.list_direct_messages()[-1])
    assert len(await query_entries(timed)) == 3


async def test_canceled_is_forgotten(timed: Replica) -> None:
    preview = await upload_file(timed, TOGGL)
    await timed.press_button(preview, "Cancel")
    assert "Nothing of time.csv was imported" in read_text(timed.reload(preview))
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        assert await tx.connection.fetchval("select count(content) from imports") == 0
    # The preview as it stood on another screen.
    await timed.press_button(preview, "Import 3 entries")
    assert "was canceled" in read_text(timed.list_direct_messages()[-1])
    assert await query_entries(timed) == []


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
        await timed.type_command(text)
    await timed.type_command("start 40 min ago support call")
    await timed.type_command("stop")
    before = await query_entries(timed, what)
    await timed.type_command(f"export {kind}")
    await timed.send_due_messages()
    (file,) = [file for one in timed.list_direct_messages() for file in one.files]
    # Whoever brings it to where it came from is told that it is there.
    again = await upload_file(timed, file.content, file.name)
    assert "There is nothing in it to import." in read_text(again)
    assert "left out: 3" in read_text(again)
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("update time_entries set deleted = true")
    preview = await upload_file(timed, file.content, file.name)
    await timed.press_button(preview, "Import 3 entries")
    assert await query_entries(timed, what) == before
    twice = await upload_file(timed, file.content, file.name)
    assert "left out: 3" in read_text(twice)


async def test_what_is_no_such_file_is_told_what_would_be(timed: Replica) -> None:
    told = read_text(await upload_file(timed, b"\x89PNG....", "cat.png"))
    assert "I read our own CSV and JSON" in told
    assert "by its columns (“a”, “b”)" in read_text(await upload_file(timed, "a,b\n1,2\n"))
    large = await upload_file(timed, b"x" * (2 * 1024 * 1024 + 1), "huge.csv")
    assert "larger than 2 MiB" in read_text(large)
    assert "Drop the file here" in read_text(await timed.type_command("import"))


async def test_only_files_in_direct_messages_with_somebody_are_read(timed: Replica) -> None:
    await timed.type_command("log 5 min api")
    await timed.type_command("export today")
    await timed.send_due_messages()
    (ours,) = timed.list_direct_messages()
    await timed.local_slack.event(direct_message(ours))  # Slack tells the app of its own messages too
    in_channel = {**direct_message(ours), "user": "U0ADA", "bot_id": None, "channel_type": "channel"}
    await timed.local_slack.event(in_channel)
    bad: list[object] = [[{"id": 1}], [{"id": "F1"}, None], {}]
    for files in (*bad, [{"id": "F2", "url_private": "http://evil.example/x"}]):
        await timed.local_slack.event({**in_channel, "channel_type": "im", "files": files})
    await timed.send_due_messages()
    told = [read_text(one) for one in timed.list_direct_messages()[1:]]
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
    await upload_file(timed, TOGGL)
    (file,) = timed.list_direct_messages()[0].files
    await timed.local_slack.event(direct_message(timed.list_direct_messages()[0]))
    await timed.send_due_messages()
    assert file.name == "time.csv"
    assert len(timed.list_direct_messages()) == 2


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
    preview = await upload_file(timed, content)
    done = await press_until(timed, preview, f"Import {count:,} entries", f"Imported {count:,} entries")
    assert ("381 h 18 min" if count == 3_000 else hours) in read_text(await timed.type_command("month"))
    assert hours in read_text(await timed.type_command("report this year by day"))
    await press_until(timed, done, "Undo", f"{count:,} entries that came together")
    assert await query_entries(timed) == []


async def press_until(app: Replica, message: Message, button: str, told: str) -> Message:
    """Pressed as a person would who is told that nothing was saved: the machine may be busy with other tests."""
    for _ in range(5):
        before = await query_entries(app)
        await app.press_button(message, button)
        if told in read_text(app.reload(message)):
            break
        assert await query_entries(app) == before
    assert told in read_text(app.reload(message))
    return app.reload(message)
