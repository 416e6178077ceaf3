"""The form that changes an entry: what it shows, what it refuses, and that it overwrites nothing unseen."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import view_submission
from tests.bot.emitted import run_checked_replica
from tests.bot.reading import read_errors, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica, run_replica

Json = dict[str, Any]


async def test_the_edit_form_shows_the_entry_as_it_is_and_changes_nothing_when_nothing_is_touched(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("project new API")
    await timed.type_command("start 14:05 api fix login +client")
    clock.now += timedelta(seconds=30)
    card = await timed.type_command("stop")
    view = await timed.open_form(card, "Edit…")
    shown = {
        "Project": "API",
        "Note": "fix login",
        "Tags": "+client",
        "Start date": "2026-11-18",
        "Start time": "14:05",
        "End date": "2026-11-18",
        "End time": "15:40",
    }
    assert (view.title, read_fields(view)) == ("Edit entry", shown)
    assert "Times are Europe/Berlin" in read_text(view)
    await timed.submit_form(view)
    assert timed.has_no_form()
    # Its seconds are as they were: the form shows minutes and means the instant.
    assert timed.reload(card).text.startswith("Nothing changed: API, fix login, 1 h 35 min.")
    assert "There is nothing to undo" not in (undone := await timed.type_command("undo")).text
    assert undone.text.startswith("Undone, running again: API, fix login")


async def test_every_field_of_an_entry_can_be_changed_and_undone(timed: Replica) -> None:
    card = await timed.type_command("log 9-11 api")
    view = await timed.open_form(card, "Edit…")
    (made,) = await timed.local_slack.screens.options(
        "U0ADA", timed.local_slack.make_place(view), "Project", "Web"
    )
    await timed.submit_form(
        view,
        {
            "Project": made,
            "Note": "footer",
            "Tags": "+x",
            "Start date": "2026-11-17",
            "Start time": "22:00",
            "End date": "2026-11-17",
            "End time": "23:30",
        },
    )
    assert timed.reload(card).text.startswith("Changed: Web, footer, 1 h 30 min.")
    assert await timed.list_entries() == []
    assert await timed.list_entries("yesterday") == ["22:00–23:30 Web · footer · `+x`"]
    await timed.press_button(timed.reload(card), "Undo")
    assert await timed.list_entries() == ["09:00–11:00 api"]


async def test_an_entry_that_runs_has_an_empty_end_and_ends_when_it_is_given_one(timed: Replica) -> None:
    await timed.type_command("start 14:00 docs")
    card = await timed.type_command("edit")
    assert card.text.startswith("Running: docs")
    assert read_fields(timed.find_form())["End time"] is None
    await timed.submit_form(timed.find_form(), {"Note": "more docs"})
    assert timed.reload(card) == card  # a command's own address adds a message
    card = timed.list_messages()[-1]
    assert card.text.startswith("Changed, running: more docs, since 14:00")
    view = await timed.open_form(card, "Edit…")
    await timed.submit_form(view, {"End time": "15:00"})
    assert timed.reload(card).text.startswith("Changed: more docs, 1 h.")
    assert await timed.list_entries() == ["14:00–15:00 more docs"]


async def test_what_is_wrong_in_the_edit_form_stands_at_its_field(timed: Replica) -> None:
    view = await timed.open_form(await timed.type_command("log 9-11 api"), "Edit…")
    as_it_is = {"Start date": "2026-11-18", "Start time": "09:00", "End time": "11:00", "Tags": ""}
    for given, field, said in (
        ({"Start time": "12:00"}, "End time", "end lies before the start"),
        ({"End time": "16:00"}, "End time", "not come yet"),
        ({"Start date": "2026-11-19"}, "Start time", "not come yet"),
        ({"Tags": "x" * 41}, "Tags", "At most 10 tags"),
    ):
        await timed.submit_form(view, as_it_is | given)
        assert list(read_errors(view)) == [field]
        assert said in read_errors(view)[field]
    # Slack itself asks for an end; a payload may be without it all the same.
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    values = payload["view"]["state"]["values"]
    at = next(one for one in values if one.startswith("end_at"))
    values[at]["end_at"]["selected_time"] = None
    answer = await timed.send_interaction(payload)
    assert answer["errors"].keys() <= {at, next(one for one in values if one.startswith("tags"))}
    assert await timed.list_entries() == ["09:00–11:00 api"]


async def test_an_hour_that_the_clocks_skip_is_refused_with_the_reason(
    empty_database_url: str,
) -> None:
    clock = Clock(datetime(2026, 3, 29, 12, 0, tzinfo=UTC))  # 14:00 in Berlin, and 3:00 came after 1:59
    async with run_checked_replica(empty_database_url, clock) as app:
        card = await app.type_command("log 04:00-05:00 docs")
        view = await app.open_form(card, "Edit…")
        await app.submit_form(view, {"Start time": "02:30"})
        assert "02:30 on" in read_errors(view)["Start time"]
        assert "did not exist" in read_errors(view)["Start time"]
        await app.submit_form(view, {"Start time": "01:30"})
        assert app.reload(card).text.startswith("Changed: docs, 2 h 30 min.")


@pytest.mark.parametrize(("which", "length"), [("first", "2 h 30 min"), ("second", "1 h 30 min")])
async def test_an_hour_that_comes_twice_is_asked_about_and_keeps_what_was_entered(
    empty_database_url: str, which: str, length: str
) -> None:
    clock = Clock(datetime(2026, 10, 25, 12, 0, tzinfo=UTC))  # 13:00 in Berlin; 2:00 to 2:59 came twice
    async with run_checked_replica(empty_database_url, clock) as app:
        card = await app.type_command("log 03:15-04:00 docs")
        view = await app.open_form(card, "Edit…")
        await app.submit_form(view, {"Start time": "02:30", "Note": "night shift"})
        assert view is app.find_form()
        assert "came twice" in read_text(view)
        assert (read_fields(view)["Start time"], read_fields(view)["Note"]) == ("02:30", "night shift")
        (question,) = [label for label in read_fields(view) if "twice" in label]
        assert (await app.local_slack.screens.submit(view)).errors == ("incomplete",)
        await app.submit_form(view, {question: f"The {which} 02:30 ({_named(which)})"})
        assert app.reload(card).text.startswith(f"Changed: night shift, {length}.")
        # Opened again, it is shown as it is and left alone.
        await app.submit_form(await app.open_form(app.reload(card), "Edit…"))
        assert app.reload(card).text.startswith(f"Nothing changed: night shift, {length}.")


def _named(which: str) -> str:
    return {"first": "CEST, UTC+0200", "second": "CET, UTC+0100"}[which]


async def test_a_form_about_an_entry_that_changed_meanwhile_says_what_changed_and_overwrites_nothing(
    timed: Replica, clock: Clock
) -> None:
    card = await timed.type_command("start 14:00 docs")
    view = await timed.open_form(card, "Edit…")
    clock.now += timedelta(minutes=5)
    assert await timed.receive_webhook("timer.stop", "msg_1") == 202
    await timed.submit_form(view, {"Note": "mine", "End time": "15:00"})
    assert timed.find_form() is view
    assert "This entry was changed meanwhile" in read_text(view)
    assert "End was running, is now 15:45." in read_text(view)
    assert "your changes were not saved" in read_text(view)
    assert (read_fields(view)["Note"], read_fields(view)["End time"]) == ("docs", "15:45")
    assert await timed.list_entries() == ["14:00–15:45 docs"]
    await timed.submit_form(view, {"Note": "mine"})
    assert await timed.list_entries() == ["14:00–15:45 mine"]


async def test_a_form_about_an_entry_that_was_deleted_meanwhile_says_so(timed: Replica) -> None:
    card = await timed.type_command("log 9-10 docs")
    view = await timed.open_form(card, "Edit…")
    await timed.choose_from_menu(card, 0, "Delete")
    await timed.submit_form(view, {"Note": "mine"})
    assert timed.find_form().title == "Nothing was changed"
    assert "deleted meanwhile" in read_text(timed.find_form())
    assert await timed.list_entries() == []


async def test_another_entry_can_be_chosen_in_the_form(timed: Replica) -> None:
    await timed.type_command("log 9-10 first")
    await timed.type_command("log 10-11 mail")
    await timed.type_command("edit choose")
    view = timed.find_form()
    assert read_fields(view)["Note"] == "mail"
    await timed.press_button(view, "Another entry", choice="09:00 first")
    assert timed.find_form() is view
    assert (read_fields(view)["Note"], read_fields(view)["Start time"]) == ("first", "09:00")
    await timed.submit_form(view, {"Note": "changed"})
    assert timed.list_messages()[-1].text.startswith("Changed: changed, 1 h.")
    assert await timed.list_entries() == ["09:00–10:00 changed", "10:00–11:00 mail"]


async def test_delete_in_the_form_deletes_once_and_is_told_where_the_form_came_from(timed: Replica) -> None:
    card = await timed.type_command("log 9-10 docs")
    view = await timed.open_form(card, "Edit…")
    payload = timed.local_slack.press_payload("U0ADA", view, "Delete")
    for _ in range(2):
        assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert "The entry is deleted" in read_text(timed.find_form())
    assert await timed.list_entries() == []
    assert timed.reload(card).text.startswith("Deleted: docs, 1 h.")
    await timed.press_button(timed.reload(card), "Undo")
    assert await timed.list_entries() == ["09:00–10:00 docs"]


async def test_delete_in_a_form_is_refused_when_the_entry_changed_meanwhile(timed: Replica) -> None:
    card = await timed.type_command("start 14:00 docs")
    view = await timed.open_form(card, "Edit…")
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.press_button(view, "Delete")
    assert "Nothing was deleted" in read_text(timed.find_form())
    assert "End was running" in read_text(timed.find_form())
    assert await timed.list_entries() == ["14:00–15:40 docs"]
    await timed.press_button(timed.find_form(), "Delete")
    assert await timed.list_entries() == []


async def test_a_deletion_whose_form_can_not_be_changed_is_not_told_as_nothing(timed: Replica) -> None:
    card = await timed.type_command("log 9-10 docs")
    view = await timed.open_form(card, "Edit…")
    timed.local_slack.faults.methods = {"views.update"}
    timed.local_slack.faults.server_error, timed.local_slack.faults.server_error_accepted = 1.0, 0.0
    await timed.press_button(view, "Delete")
    assert await timed.list_entries() == []
    assert timed.reload(card).text.startswith("Deleted: docs, 1 h.")
    assert "Nothing was changed" not in read_text(timed.find_form())
    assert not any("Nothing was changed" in read_text(one) for one in timed.list_messages())


async def test_the_edit_form_comes_up_from_menus_of_the_day_and_of_home(timed: Replica) -> None:
    await timed.type_command("log 9-10 first")
    await timed.type_command("log 11-12 mail")
    today = await timed.type_command("today")
    await timed.choose_from_menu(today, 0, "Edit…")
    assert read_fields(timed.find_form())["Note"] == "first"
    await timed.submit_form(timed.find_form(), {"Note": "one"})
    assert read_text(timed.reload(today)).startswith("Today, Wed 18 Nov: 2 h.")
    assert "one" in read_text(timed.reload(today))
    await timed.open_home()
    block = next(b for b in timed.find_home().blocks if "mail" in json.dumps(b))
    await timed.press_button(timed.find_home(), "entry_menu", choice="Edit…", block_id=block["block_id"])
    await timed.submit_form(timed.find_form(), {"End time": "12:30"})
    assert "`11:00–12:30`" in read_text(timed.find_home())
    assert await timed.list_entries() == ["09:00–10:00 one", "11:00–12:30 mail"]


async def test_the_edit_form_sent_to_two_replicas_at_once_changes_once(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    local_slack = timed.local_slack
    view = await timed.open_form(await timed.type_command("log 9-10 docs"), "Edit…")
    payload = view_submission(local_slack.workspace, view, trigger_id="1.1")
    note = next(one for one in payload["view"]["state"]["values"] if one.startswith("note"))
    payload["view"]["state"]["values"][note]["note"]["value"] = "twice"
    async with run_replica(empty_database_url, local_slack, clock=clock) as other:
        urls = [f"{one.service.address}/slack/events" for one in (timed, other, timed)]
        local_slack.request_url = urls[0]
        outgoing = encode_interaction(payload)
        answers = await asyncio.gather(*(local_slack.deliver(outgoing, request_url=url) for url in urls))
        assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 3
        await timed.type_command("undo")
        assert await timed.list_entries() == ["09:00–10:00 docs"]


async def test_what_a_form_carries_along_never_reaches_another_persons_entries(timed: Replica) -> None:
    theirs = await timed.type_command("log 8-9 theirs", "U0BEN")
    bens = await timed.open_form(theirs, "Edit…", "U0BEN")
    secret = json.loads(bens.definition["private_metadata"])
    view = await timed.open_form(await timed.type_command("log 9-10 mine"), "Edit…")
    own = json.loads(view.definition["private_metadata"])
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")

    async def delivered(about: Json | str, body: Json = payload) -> str:
        text = about if isinstance(about, str) else json.dumps(about)
        body = {**body, "view": {**body["view"], "private_metadata": text}}
        answer = await timed.local_slack.deliver(encode_interaction(body))
        assert answer.status == 200
        return answer.body.decode()

    for about in (own | {"entry_id": secret["entry_id"]}, secret):
        assert "isn't there any more" in await delivered(about)
    for about in ("{", "[]", '{"entry_id": "x"}', '{"origin": 1}', '{"today": "\\ud800"}', "\ud800"):
        assert "is out of date" in await delivered(about)
    for about in ("{", secret):
        press = timed.local_slack.press_payload("U0ADA", view, "Delete")
        press["actions"][0]["value"] = f"{secret['entry_id']} 1"
        await delivered(about, press)
    assert read_text(timed.reload(theirs)) == read_text(theirs)
    assert await timed.list_entries(user="U0BEN") == ["08:00–09:00 theirs"]
    assert await timed.list_entries() == ["09:00–10:00 mine"]
    assert timed.list_direct_messages("U0BEN") == []
