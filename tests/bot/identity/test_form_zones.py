"""Forms are read in the zone that they show, and what nobody touches stays as it is, to the second."""

from datetime import timedelta

from local_slack.workspace import Message
from tests.bot.kit import (
    day,
    delivered,
    direct,
    errors,
    fields,
    form,
    hooked,
    messages,
    now,
    opened,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.ledger import berlin
from tests.service import Replica
from tests.web.kit import client

LENGTH = "How long, or from when to when"


async def moved(app: Replica, zone: str = "Asia/Tokyo") -> None:
    """Ada's profile says that she is there now."""
    news = {"id": "U0ADA", "tz": zone, "locale": "de-DE", "profile": {"display_name": "Ada"}}
    assert (await app.local_slack.event({"type": "user_change", "user": news})).status == 200


async def test_an_entry_stays_where_it_is_when_its_person_moves_between_opening_and_saving(
    timed: Replica, clock: Clock
) -> None:
    api = await client(timed)
    clock.now += timedelta(seconds=17)
    await typed(timed, "start work")
    clock.now += timedelta(minutes=30, seconds=5)
    card = await typed(timed, "stop")
    (before,) = (await api.get("/api/time-entries")).body["items"]
    assert before["start_time"] == "2026-11-18T14:40:17Z"
    view = await opened(timed, card, "Edit…")
    await moved(timed)
    await sent(timed, view, {"Note": "fix login"})
    (after,) = (await api.get("/api/time-entries")).body["items"]
    same = ("start_time", "end_time")
    assert [after[one] for one in same] == [before[one] for one in same]
    assert (after["description"], after["version"]) == ("fix login", before["version"] + 1)
    # A new form is in the new zone, and what is typed into it is read there.
    view = await opened(timed, now(timed, card), "Edit…")
    assert (fields(view)["Start time"], "Times are Asia/Tokyo" in words(view)) == ("23:40", True)
    await sent(timed, view, {"Start time": "23:30"})
    (last,) = (await api.get("/api/time-entries")).body["items"]
    assert (last["start_time"], last["end_time"]) == ("2026-11-18T14:30:00Z", before["end_time"])


async def test_a_changed_time_is_read_in_the_zone_that_the_form_shows(timed: Replica) -> None:
    card = await typed(timed, "log 9-10 docs")
    view = await opened(timed, card, "Edit…")
    await moved(timed)
    await sent(timed, view, {"Start time": "08:30", "End time": "23:50"})
    assert "not come yet" in errors(view)["End time"]
    await sent(timed, view, {"End time": "10:15"})
    await moved(timed, "Europe/Berlin")
    assert await day(timed) == ["08:30–10:15 docs"]


async def test_a_form_that_is_shown_again_keeps_its_zone_and_says_so(timed: Replica, clock: Clock) -> None:
    card = await typed(timed, "start 14:00 docs")
    view = await opened(timed, card, "Edit…")
    clock.now += timedelta(minutes=5)
    await hooked(timed, "timer.stop", "msg_1")
    await moved(timed)
    await sent(timed, view, {"Note": "mine"})
    assert "End was running, is now 15:45." in words(view)
    assert "Start was" not in words(view), "only its clock would be another"
    assert "Times are Europe/Berlin, as when this form was opened." in words(view)
    assert fields(view)["Start time"] == "14:00"
    await sent(timed, view, {"Note": "mine"})
    await moved(timed, "Europe/Berlin")
    assert await day(timed) == ["14:00–15:45 mine"]


async def test_the_form_for_a_gap_or_a_day_is_read_in_the_zone_it_shows(timed: Replica) -> None:
    await typed(timed, "log 9-11 docs")
    await typed(timed, "log 13-14 mail")
    today = await typed(timed, "today")
    gap = await opened(timed, today, "Fill 11:00–13:00…")
    await moved(timed)
    await sent(timed, gap, {LENGTH: "11:00-12:00"})
    await moved(timed, "Europe/Berlin")
    rest = await opened(timed, await typed(timed, "today"), "Fill 12:00–13:00…")
    await moved(timed)
    await sent(timed, rest)
    await moved(timed, "Europe/Berlin")
    assert [one[:11] for one in await day(timed)] == [
        "09:00–11:00",
        "11:00–12:00",
        "12:00–13:00",
        "13:00–14:00",
    ]


async def test_a_suggestion_is_recorded_to_the_second_where_its_times_are_left_alone(timed: Replica) -> None:
    api = await client(timed)
    times = {"start_time": "2026-11-18T10:00:20Z", "end_time": "2026-11-18T11:30:40Z"}
    assert await hooked(timed, "time_entry.suggest", "m1", description="call", **times) == 202
    message = await digest(timed)
    view = await opened(timed, message, "Edit…")
    await moved(timed)
    await sent(timed, view, {"What did you work on?": "a call"})
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    assert {one: entry[one] for one in times} == times
    assert entry["description"] == "a call"


async def digest(app: Replica) -> Message:
    await typed(app, "digest now")
    await delivered(app)
    return direct(app)[-1]


async def test_tags_that_nobody_touched_are_kept_to_the_letter(timed: Replica) -> None:
    api = await client(timed)
    body = {
        "start_time": berlin("09:00").isoformat(), "end_time": berlin("10:00").isoformat(),
        "tags": ["Deep Work", "Ünterwegs"],
    }  # fmt: skip
    made = await api.post("/api/time-entries", body)
    assert made.status == 201
    await typed(timed, "edit")
    await sent(timed, form(timed), {"Note": "named"})
    kept = (await api.get(f"/api/time-entries/{made.id}")).body
    assert (kept["tags"], kept["description"]) == (["Deep Work", "Ünterwegs"], "named")
    await typed(timed, "edit")
    await sent(timed, form(timed), {"Tags": ""})
    assert (await api.get(f"/api/time-entries/{made.id}")).body["tags"] == []


async def test_a_form_saved_as_it_came_up_changes_nothing_and_says_so(timed: Replica) -> None:
    api = await client(timed)
    card = await typed(timed, "log 9-10 docs +x")
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    url = f"/api/time-entries/{entry['id']}"
    history = (await api.get(f"{url}/history")).body
    await sent(timed, await opened(timed, card, "Edit…"))
    assert now(timed, card).text.startswith("Nothing changed: docs, 1 h.")
    assert "Undo" not in words(now(timed, card))
    same = await api.put(
        url, {name: entry[name] for name in ("start_time", "end_time", "description", "tags")}
    )
    assert (same.status, same.headers["ETag"]) == (200, '"1"')
    assert (await api.get(f"{url}/history")).body == history
    await typed(timed, "edit")
    await sent(timed, form(timed))
    assert messages(timed)[-1].text.startswith("Nothing changed: docs, 1 h.")


async def test_one_entry_lasts_a_day_at_most_whichever_way_it_is_said(timed: Replica, clock: Clock) -> None:
    api = await client(timed)
    card = await typed(timed, "log 9-10 docs")
    view = await opened(timed, card, "Edit…")
    await sent(timed, view, {"Start date": "2026-11-16", "Start time": "03:00"})
    assert errors(view)["End time"].startswith("That would be 55 h in one entry, and 24 h is the most.")
    await sent(timed, view, {"Start date": "2026-11-17", "Start time": "10:00"})
    assert now(timed, card).text.startswith("Changed: docs, 24 h.")
    (entry,) = (await api.get("/api/time-entries")).body["items"]
    long = {"start_time": "2026-11-12T09:00:00Z", "end_time": "2026-11-13T09:00:01Z"}
    for answer in (
        await api.post("/api/time-entries", long),
        await api.put(f"/api/time-entries/{entry['id']}", {"start_time": "2026-11-15T10:00:00Z"}),
    ):
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, "end_time")
    assert await hooked(timed, "time_entry.create", "m1", **long) == 422
    # A timer that ran longer did run so long: it is stopped, noted on, and shortened, but not made longer.
    started = {"start_time": "2026-11-18T09:00:00Z", "end_time": None}
    running = await api.post("/api/time-entries", started)
    clock.now += timedelta(hours=50)
    await typed(timed, "stop")
    card = await typed(timed, "edit")
    view = form(timed)
    await sent(timed, view, {"Note": "left on"})
    url = f"/api/time-entries/{running.id}"
    assert (await api.get(url)).body["description"] == "left on"
    assert (await api.put(url, {"end_time": "2026-11-20T09:00:00Z"})).status == 200
    assert (await api.put(url, {"end_time": "2026-11-20T10:00:00Z"})).status == 422


async def test_settings_saved_as_they_came_up_change_nothing_not_even_what_changed_meanwhile(
    timed: Replica,
) -> None:
    shown = await typed(timed, "settings")
    view = await opened(timed, shown, "Change…")
    await typed(timed, "digest target 7h30")
    await typed(timed, "remind 11:00")
    await sent(timed, view)
    told = now(timed, shown)
    assert told.text.startswith("Nothing changed. ")
    assert "Reminder at 11:00" in told.text
    assert "7 h 30 min" in words(told)
    view = await opened(timed, told, "Change…")
    await typed(timed, "remind 12:00")
    await sent(timed, view, {"Target for a working day": "8h"})
    told = now(timed, shown)
    assert "Reminder at 12:00" in told.text
    assert "8 h" in words(told)
