"""Forms are read in the zone that they show, and what nobody touches stays as it is, to the second."""

from datetime import timedelta

from local_slack.workspace import Message
from tests.bot.reading import read_errors, read_fields, read_text
from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica
from tests.web.client import create_client

LENGTH = "How long, or from when to when"


async def change_zone(app: Replica, zone: str = "Asia/Tokyo") -> None:
    """Ada's profile says that she is there now."""
    news = {"id": "U0ADA", "tz": zone, "locale": "de-DE", "profile": {"display_name": "Ada"}}
    assert (await app.local_slack.event({"type": "user_change", "user": news})).status == 200


async def test_an_entry_stays_where_it_is_when_its_person_moves_between_opening_and_saving(
    timed: Replica, clock: Clock
) -> None:
    api = await create_client(timed)
    clock.now += timedelta(seconds=17)
    await timed.type_command("start work")
    clock.now += timedelta(minutes=30, seconds=5)
    card = await timed.type_command("stop")
    (before,) = (await api.get("/api/time-entries")).body["items"]
    assert before["start_time"] == "2026-11-18T14:40:17Z"
    view = await timed.open_form(card, "Edit…")
    await change_zone(timed)
    await timed.submit_form(view, {"Note": "fix login"})
    (after,) = (await api.get("/api/time-entries")).body["items"]
    same = ("start_time", "end_time")
    assert [after[one] for one in same] == [before[one] for one in same]
    assert (after["description"], after["version"]) == ("fix login", before["version"] + 1)
    # A new form is in the new zone, and what is typed into it is read there.
    view = await timed.open_form(timed.reload(card), "Edit…")
    assert (read_fields(view)["Start time"], "Times are Asia/Tokyo" in read_text(view)) == ("23:40", True)
    await timed.submit_form(view, {"Start time": "23:30"})
    (last,) = (await api.get("/api/time-entries")).body["items"]
    assert (last["start_time"], last["end_time"]) == ("2026-11-18T14:30:00Z", before["end_time"])


async def test_a_changed_time_is_read_in_the_zone_that_the_form_shows(timed: Replica) -> None:
    card = await timed.type_command("log 9-10 docs")
    view = await timed.open_form(card, "Edit…")
    await change_zone(timed)
    await timed.submit_form(view, {"Start time": "08:30", "End time": "23:50"})
    assert "not come yet" in read_errors(view)["End time"]
    await timed.submit_form(view, {"End time": "10:15"})
    await change_zone(timed, "Europe/Berlin")
    assert await timed.list_entries() == ["08:30–10:15 docs"]


async def test_a_form_that_is_shown_again_keeps_its_zone_and_says_so(timed: Replica, clock: Clock) -> None:
    card = await timed.type_command("start 14:00 docs")
    view = await timed.open_form(card, "Edit…")
    clock.now += timedelta(minutes=5)
    await timed.receive_webhook("timer.stop", "msg_1")
    await change_zone(timed)
    await timed.submit_form(view, {"Note": "mine"})
    assert "End was running, is now 15:45." in read_text(view)
    assert "Start was" not in read_text(view), "only its clock would be another"
    assert "Times are Europe/Berlin, as when this form was opened." in read_text(view)
    assert read_fields(view)["Start time"] == "14:00"
    await timed.submit_form(view, {"Note": "mine"})
    await change_zone(timed, "Europe/Berlin")
    assert await timed.list_entries() == ["14:00–15:45 mine"]


async def test_the_form_for_a_gap_or_a_day_is_read_in_the_zone_it_shows(timed: Replica) -> None:
    await timed.type_command("log 9-11 docs")
    await timed.type_command("log 13-14 mail")
    today = await timed.type_command("today")
    gap = await timed.open_form(today, "Fill 11:00–13:00…")
    await change_zone(timed)
    await timed.submit_form(gap, {LENGTH: "11:00-12:00"})
    await change_zone(timed, "Europe/Berlin")
    rest = await timed.open_form(await timed.type_command("today"), "Fill 12:00–13:00…")
    await change_zone(timed)
    await timed.submit_form(rest)
    await change_zone(timed, "Europe/Berlin")
    assert [one[:11] for one in await timed.list_entries()] == [
        "09:00–11:00",
        "11:00–12:00",
        "12:00–13:00",
        "13:00–14:00",
    ]


async def test_a_suggestion_is_recorded_to_the_second_where_its_times_are_left_alone(timed: Replica) -> None:
    api = await create_client(timed)
    times = {"start_time": "2026-11-18T10:00:20Z", "end_time": "2026-11-18T11:30:40Z"}
    assert await timed.receive_webhook("time_entry.suggest", "m1", description="call", **times) == 202
    message = await send_digest(timed)
    view = await timed.open_form(message, "Edit…")
    await change_zone(timed)
    await timed.submit_form(view, {"What did you work on?": "a call"})
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    assert {one: entry[one] for one in times} == times
    assert entry["description"] == "a call"


async def send_digest(app: Replica) -> Message:
    await app.type_command("digest now")
    await app.send_due_messages()
    return app.list_direct_messages()[-1]


async def test_tags_that_nobody_touched_are_kept_to_the_letter(timed: Replica) -> None:
    api = await create_client(timed)
    body = {
        "start_time": berlin("09:00").isoformat(), "end_time": berlin("10:00").isoformat(),
        "tags": ["Deep Work", "Ünterwegs"],
    }  # fmt: skip
    made = await api.post("/api/time-entries", body)
    assert made.status == 201
    await timed.type_command("edit")
    await timed.submit_form(timed.find_form(), {"Note": "named"})
    kept = (await api.get(f"/api/time-entries/{made.id}")).body
    assert (kept["tags"], kept["description"]) == (["Deep Work", "Ünterwegs"], "named")
    await timed.type_command("edit")
    await timed.submit_form(timed.find_form(), {"Tags": ""})
    assert (await api.get(f"/api/time-entries/{made.id}")).body["tags"] == []


async def test_a_form_saved_as_it_came_up_changes_nothing_and_says_so(timed: Replica) -> None:
    api = await create_client(timed)
    card = await timed.type_command("log 9-10 docs +x")
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    url = f"/api/time-entries/{entry['id']}"
    history = (await api.get(f"{url}/history")).body
    await timed.submit_form(await timed.open_form(card, "Edit…"))
    assert timed.reload(card).text.startswith("Nothing changed: docs, 1 h.")
    assert "Undo" not in read_text(timed.reload(card))
    same = await api.put(
        url, {name: entry[name] for name in ("start_time", "end_time", "description", "tags")}
    )
    assert (same.status, same.headers["ETag"]) == (200, '"1"')
    assert (await api.get(f"{url}/history")).body == history
    await timed.type_command("edit")
    await timed.submit_form(timed.find_form())
    assert timed.list_messages()[-1].text.startswith("Nothing changed: docs, 1 h.")


async def test_one_entry_lasts_a_day_at_most_whichever_way_it_is_said(timed: Replica, clock: Clock) -> None:
    api = await create_client(timed)
    card = await timed.type_command("log 9-10 docs")
    view = await timed.open_form(card, "Edit…")
    await timed.submit_form(view, {"Start date": "2026-11-16", "Start time": "03:00"})
    assert read_errors(view)["End time"].startswith("That would be 55 h in one entry, and 24 h is the most.")
    await timed.submit_form(view, {"Start date": "2026-11-17", "Start time": "10:00"})
    assert timed.reload(card).text.startswith("Changed: docs, 24 h.")
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    long = {"start_time": "2026-11-12T09:00:00Z", "end_time": "2026-11-13T09:00:01Z"}
    for answer in (
        await api.post("/api/time-entries", long),
        await api.put(f"/api/time-entries/{entry['id']}", {"start_time": "2026-11-15T10:00:00Z"}),
    ):
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, "end_time")
    assert await timed.receive_webhook("time_entry.create", "m1", **long) == 422
    # A timer that ran longer did run so long: it is stopped, noted on, and shortened, but not made longer.
    started = {"start_time": "2026-11-18T09:00:00Z", "end_time": None}
    running = await api.post("/api/time-entries", started)
    clock.now += timedelta(hours=50)
    await timed.type_command("stop")
    card = await timed.type_command("edit")
    view = timed.find_form()
    await timed.submit_form(view, {"Note": "left on"})
    url = f"/api/time-entries/{running.id}"
    assert (await api.get(url)).body["description"] == "left on"
    assert (await api.put(url, {"end_time": "2026-11-20T09:00:00Z"})).status == 200
    assert (await api.put(url, {"end_time": "2026-11-20T10:00:00Z"})).status == 422


async def test_settings_saved_as_they_came_up_change_nothing_not_even_what_changed_meanwhile(
    timed: Replica,
) -> None:
    shown = await timed.type_command("settings")
    view = await timed.open_form(shown, "Change…")
    await timed.type_command("digest target 7h30")
    await timed.type_command("remind 11:00")
    await timed.submit_form(view)
    told = timed.reload(shown)
    assert told.text.startswith("Nothing changed. ")
    assert "Reminder at 11:00" in told.text
    assert "7 h 30 min" in read_text(told)
    view = await timed.open_form(told, "Change…")
    await timed.type_command("remind 12:00")
    await timed.submit_form(view, {"Target for a working day": "8h"})
    told = timed.reload(shown)
    assert "Reminder at 12:00" in told.text
    assert "8 h" in read_text(told)
