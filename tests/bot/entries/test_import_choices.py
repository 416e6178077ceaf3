"""How a file is read can be changed in its preview: its zone, its columns, who of it its person is."""

from local_slack.views import View
from local_slack.workspace import Message
from tests.bot.entries.test_imports import query_entries, upload_file
from tests.bot.reading import list_buttons, read_errors, read_fields, read_text
from tests.files.reports import TOGGL, clockify
from tests.replica import Replica

MARCH = (
    "Project,Description,Start date,Start time,End date,End time,Duration\n"
    "API,fix,2026-03-10,09:00:00,2026-03-10,10:30:00,01:30:00\n"
)
ZONE = "Time zone of the file"
TABLE = "was;anfang des termins;schluss des termins\nfix;16.11.2026 09:00;16.11.2026 10:30\n"


async def list_starts(app: Replica) -> list[str]:
    return [
        str(row[0])
        for row in await query_entries(app, "to_char(started_at at time zone 'UTC', 'DD HH24:MI')")
    ]


async def find_zone_option(app: Replica, form: View, letters: str) -> dict[str, object]:
    """The first zone that the form offers for those letters."""
    place = app.local_slack.make_place(form)
    offered = await app.local_slack.screens.options("U0ADA", place, ZONE, letters)
    return dict(offered[0])


async def change_zone(app: Replica, zone: str, user: str = "U0ADA") -> None:
    """Their profile in Slack says another zone from now on."""
    async with app.database.transaction(app.service.workspace.id) as tx:
        await tx.connection.execute("update people set zone = $1 where slack_user_id = $2", zone, user)


async def test_the_preview_names_its_zone_with_a_sample_and_takes_another_one(timed: Replica) -> None:
    preview = await upload_file(timed, MARCH)
    told = read_text(preview)
    assert "First: Tue 10 Mar 2026 09:00–10:30, Europe/Berlin" in told
    assert "Its times have no zone: they are read in *Europe/Berlin*." in told
    form = await timed.open_form(preview, "Zone, columns…")
    assert read_fields(form)[ZONE] == "Europe/Berlin"
    await timed.submit_form(form, {ZONE: await find_zone_option(timed, form, "new york")})
    told = read_text(timed.reload(preview))
    assert "First: Tue 10 Mar 2026 09:00–10:30, America/New_York" in told
    assert "read in *America/New_York*. You are in Europe/Berlin." in told
    # The press of a preview that stood before does nothing but show how it is read now.
    await timed.press_button(preview, "Import 1 entry")
    assert await list_starts(timed) == []
    await timed.press_button(timed.reload(preview), "Import 1 entry")
    assert await list_starts(timed) == ["10 13:00"]
    assert await query_entries(timed, "e.zone") == [("America/New_York",)]


async def test_a_file_that_is_read_in_another_zone_again_is_here_already(timed: Replica) -> None:
    first = await upload_file(timed, TOGGL)
    await timed.press_button(first, "Import 3 entries")
    await timed.type_command("log 9-9:30 2026-11-11 by hand")
    before = await query_entries(timed, "note, started_at")
    await change_zone(timed, "America/New_York")
    again = await upload_file(timed, TOGGL)
    assert "There is nothing in it to import." in read_text(again)
    assert (
        "Here already at other times (read in another zone or order of dates, or moved since), left out: 3"
        in read_text(again)
    )
    # What came in is known again after its words were changed here, and what was typed by the same clock and words.
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("update time_entries set note = 'other' where note = 'Fix login'")
    assert "left out: 3" in read_text(await upload_file(timed, TOGGL))
    by_hand = "note,start,end\nby hand,2026-11-11 09:00,2026-11-11 09:30\n"
    assert "left out: 1" in read_text(await upload_file(timed, by_hand))
    assert len(await query_entries(timed)) == len(before)


async def test_an_import_that_was_undone_comes_in_again_in_the_right_zone(timed: Replica) -> None:
    preview = await upload_file(timed, MARCH)
    await timed.press_button(preview, "Import 1 entry")
    await timed.press_button(timed.reload(preview), "Undo")
    again = await upload_file(timed, MARCH)
    form = await timed.open_form(again, "Zone, columns…")
    await timed.submit_form(form, {ZONE: await find_zone_option(timed, form, "new york")})
    await timed.press_button(timed.reload(again), "Import 1 entry")
    assert await list_starts(timed) == ["10 13:00"]


async def test_who_moves_between_preview_and_press_is_shown_the_other_times_first(timed: Replica) -> None:
    preview = await upload_file(timed, MARCH)
    await change_zone(timed, "America/New_York")
    await timed.press_button(preview, "Import 1 entry")
    told = timed.reload(preview)
    assert "Something has changed since that preview. Nothing was imported." in read_text(told)
    assert "09:00–10:30, America/New_York" in read_text(told)
    assert await list_starts(timed) == []


async def test_in_a_team_s_report_its_person_is_chosen_and_nobody_else_s_time_comes_in(
    timed: Replica,
) -> None:
    team = TOGGL.replace("Ada Park,ada@example.com", "A. Park,ap@old.example") + TOGGL.splitlines()[
        1
    ].replace("Ada Park,ada@example.com", "Ben Ode,ben@else.example")
    preview = await upload_file(timed, team)
    assert "It holds the time of 2 people, and none of them has your name" in read_text(preview)
    assert list_buttons(preview) == ["import_person", "Zone, columns…", "Forget it"]
    await timed.press_button(preview, "import_person", choice="A. Park (ap@old.example)")
    told = timed.reload(preview)
    assert (
        "You are *A. Park (ap@old.example)* in this file. Left out: 1 line of others: Ben Ode"
        in read_text(told)
    )
    await timed.press_button(told, "Import 3 entries")
    assert len(await query_entries(timed)) == 3


async def test_columns_are_assigned_in_a_form_and_kept_with_the_file(timed: Replica) -> None:
    preview = await upload_file(timed, TABLE)
    assert "I can't tell yet when its entries began and ended. Which columns say so?" in read_text(preview)
    assert "by its columns (“was”, “anfang des termins”, “schluss des termins”)" in read_text(preview)
    form = await timed.open_form(preview, "Say which columns…")
    wrong = await timed.local_slack.screens.submit(form, {"Start": "anfang des termins"})
    assert wrong.status == 200
    assert read_errors(form) == {"End": "Please choose a column for the end, or one for the length."}
    await timed.submit_form(
        form, {"End": "schluss des termins", "Note": "was", ZONE: await find_zone_option(timed, form, "utc")}
    )
    told = timed.reload(preview)
    assert "First: Mon 16 Nov 2026 09:00–10:30, UTC" in read_text(told)
    again = await timed.open_form(told, "Zone, columns…")
    assert read_fields(again)["Start"] == "anfang des termins"
    await timed.submit_form(again)
    await timed.press_button(timed.reload(preview), "Import 1 entry")
    assert await query_entries(timed, "note, e.zone") == [("fix", "UTC")]


async def test_a_choice_lasts_through_the_next_one(timed: Replica) -> None:
    content = clockify(("03/11/2026", "09:00", "03/11/2026", "10:00", "01:00:00"))
    preview = await upload_file(timed, content)
    form = await timed.open_form(preview, "Zone, columns…")
    await timed.submit_form(form, {ZONE: await find_zone_option(timed, form, "tokyo")})
    await timed.press_button(timed.reload(preview), "Read dates as month/day")
    told: Message = timed.reload(preview)
    assert "First: Wed 11 Mar 2026 09:00–10:00, Asia/Tokyo" in read_text(told)
    await timed.press_button(told, "Cancel")
    await timed.press_button(preview, "Read dates as month/day")
    assert "was canceled" in read_text(timed.local_slack.workspace.messages(preview.channel)[-1])


async def test_the_name_that_a_project_had_files_in_an_import_too_and_the_preview_says_so(
    timed: Replica,
) -> None:
    for said in ("new Website", "rename Website to Omega", "new Old", "archive Old"):
        await timed.type_command(f"project {said}")
    content = "project,start,end\nWebsite,2026-11-04 09:00,2026-11-04 10:00\nOld,2026-11-04 10:00,2026-11-04 11:00\n"
    preview = await upload_file(timed, content)
    assert "• Website (called Omega now) · 1 entry, 1 h" in read_text(preview)
    assert "• Old (archived) · 1 entry, 1 h" in read_text(preview)
    await timed.press_button(preview, "Import 2 entries")
    assert "New projects" not in read_text(timed.reload(preview))
    assert "Omega 1 h" in (await timed.type_command("2026-11-04")).text
    # Read in another zone it is known again, though its project is called otherwise here.
    await change_zone(timed, "America/New_York")
    assert "There is nothing in it to import." in read_text(await upload_file(timed, content))
