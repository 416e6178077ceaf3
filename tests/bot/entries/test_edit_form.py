"""The form that changes an entry: what it shows, what it refuses, and that it overwrites nothing unseen."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import view_submission
from tests.bot.kit import (
    chosen,
    day,
    direct,
    errors,
    fields,
    form,
    home,
    hooked,
    messages,
    no_form,
    now,
    opened,
    pressed,
    sent,
    standing,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica, replica

Json = dict[str, Any]


async def test_the_edit_form_shows_the_entry_as_it_is_and_changes_nothing_when_nothing_is_touched(
    timed: Replica, clock: Clock
) -> None:
    await typed(timed, "project new API")
    await typed(timed, "start 14:05 api fix login +client")
    clock.now += timedelta(seconds=30)
    card = await typed(timed, "stop")
    view = await opened(timed, card, "Edit…")
    shown = {
        "Project": "API",
        "Note": "fix login",
        "Tags": "+client",
        "Start date": "2026-11-18",
        "Start time": "14:05",
        "End date": "2026-11-18",
        "End time": "15:40",
    }
    assert (view.title, fields(view)) == ("Edit entry", shown)
    assert "Times are Europe/Berlin" in words(view)
    await sent(timed, view)
    assert no_form(timed)
    # Its seconds are as they were: the form shows minutes and means the instant.
    assert now(timed, card).text.startswith("Nothing changed: API, fix login, 1 h 35 min.")
    assert "There is nothing to undo" not in (undone := await typed(timed, "undo")).text
    assert undone.text.startswith("Undone, running again: API, fix login")


async def test_every_field_of_an_entry_can_be_changed_and_undone(timed: Replica) -> None:
    card = await typed(timed, "log 9-11 api")
    view = await opened(timed, card, "Edit…")
    (made,) = await timed.local_slack.screens.options(
        "U0ADA", timed.local_slack.make_place(view), "Project", "Web"
    )
    await sent(
        timed,
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
    assert now(timed, card).text.startswith("Changed: Web, footer, 1 h 30 min.")
    assert await day(timed) == []
    assert await day(timed, "yesterday") == ["22:00–23:30 Web · footer · `+x`"]
    await pressed(timed, now(timed, card), "Undo")
    assert await day(timed) == ["09:00–11:00 api"]


async def test_an_entry_that_runs_has_an_empty_end_and_ends_when_it_is_given_one(timed: Replica) -> None:
    await typed(timed, "start 14:00 docs")
    card = await typed(timed, "edit")
    assert card.text.startswith("Running: docs")
    assert fields(form(timed))["End time"] is None
    await sent(timed, form(timed), {"Note": "more docs"})
    assert now(timed, card) == card  # a command's own address adds a message
    card = messages(timed)[-1]
    assert card.text.startswith("Changed, running: more docs, since 14:00")
    view = await opened(timed, card, "Edit…")
    await sent(timed, view, {"End time": "15:00"})
    assert now(timed, card).text.startswith("Changed: more docs, 1 h.")
    assert await day(timed) == ["14:00–15:00 more docs"]


async def test_what_is_wrong_in_the_edit_form_stands_at_its_field(timed: Replica) -> None:
    view = await opened(timed, await typed(timed, "log 9-11 api"), "Edit…")
    as_it_is = {"Start date": "2026-11-18", "Start time": "09:00", "End time": "11:00", "Tags": ""}
    for given, field, said in (
        ({"Start time": "12:00"}, "End time", "end lies before the start"),
        ({"End time": "16:00"}, "End time", "not come yet"),
        ({"Start date": "2026-11-19"}, "Start time", "not come yet"),
        ({"Tags": "x" * 41}, "Tags", "At most 10 tags"),
    ):
        await sent(timed, view, as_it_is | given)
        assert list(errors(view)) == [field]
        assert said in errors(view)[field]
    # Slack itself asks for an end; a payload may be without it all the same.
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    values = payload["view"]["state"]["values"]
    at = next(one for one in values if one.startswith("end_at"))
    values[at]["end_at"]["selected_time"] = None
    answer = await timed.local_slack.deliver(encode_interaction(payload))
    assert answer.json is not None
    assert answer.json["errors"].keys() <= {at, next(one for one in values if one.startswith("tags"))}
    assert await day(timed) == ["09:00–11:00 api"]


async def test_an_hour_that_the_clocks_skip_is_refused_with_the_reason(
    empty_database_url: str,
) -> None:
    clock = Clock(datetime(2026, 3, 29, 12, 0, tzinfo=UTC))  # 14:00 in Berlin, and 3:00 came after 1:59
    async with standing(empty_database_url, clock) as app:
        card = await typed(app, "log 04:00-05:00 docs")
        view = await opened(app, card, "Edit…")
        await sent(app, view, {"Start time": "02:30"})
        assert "02:30 on" in errors(view)["Start time"]
        assert "did not exist" in errors(view)["Start time"]
        await sent(app, view, {"Start time": "01:30"})
        assert now(app, card).text.startswith("Changed: docs, 2 h 30 min.")


@pytest.mark.parametrize(("which", "length"), [("first", "2 h 30 min"), ("second", "1 h 30 min")])
async def test_an_hour_that_comes_twice_is_asked_about_and_keeps_what_was_entered(
    empty_database_url: str, which: str, length: str
) -> None:
    clock = Clock(datetime(2026, 10, 25, 12, 0, tzinfo=UTC))  # 13:00 in Berlin; 2:00 to 2:59 came twice
    async with standing(empty_database_url, clock) as app:
        card = await typed(app, "log 03:15-04:00 docs")
        view = await opened(app, card, "Edit…")
        await sent(app, view, {"Start time": "02:30", "Note": "night shift"})
        assert view is form(app)
        assert "came twice" in words(view)
        assert (fields(view)["Start time"], fields(view)["Note"]) == ("02:30", "night shift")
        (question,) = [label for label in fields(view) if "twice" in label]
        assert (await app.local_slack.screens.submit(view)).errors == ("incomplete",)
        await sent(app, view, {question: f"The {which} 02:30 ({_named(which)})"})
        assert now(app, card).text.startswith(f"Changed: night shift, {length}.")
        # Opened again, it is shown as it is and left alone.
        await sent(app, await opened(app, now(app, card), "Edit…"))
        assert now(app, card).text.startswith(f"Nothing changed: night shift, {length}.")


def _named(which: str) -> str:
    return {"first": "CEST, UTC+0200", "second": "CET, UTC+0100"}[which]


async def test_a_form_about_an_entry_that_changed_meanwhile_says_what_changed_and_overwrites_nothing(
    timed: Replica, clock: Clock
) -> None:
    card = await typed(timed, "start 14:00 docs")
    view = await opened(timed, card, "Edit…")
    clock.now += timedelta(minutes=5)
    assert await hooked(timed, "timer.stop", "msg_1") == 202
    await sent(timed, view, {"Note": "mine", "End time": "15:00"})
    assert form(timed) is view
    assert "This entry was changed meanwhile" in words(view)
    assert "End was running, is now 15:45." in words(view)
    assert "nothing of yours was saved" in words(view)
    assert (fields(view)["Note"], fields(view)["End time"]) == ("docs", "15:45")
    assert await day(timed) == ["14:00–15:45 docs"]
    await sent(timed, view, {"Note": "mine"})
    assert await day(timed) == ["14:00–15:45 mine"]


async def test_a_form_about_an_entry_that_was_deleted_meanwhile_says_so(timed: Replica) -> None:
    card = await typed(timed, "log 9-10 docs")
    view = await opened(timed, card, "Edit…")
    await chosen(timed, card, 0, "Delete")
    await sent(timed, view, {"Note": "mine"})
    assert form(timed).title == "Nothing was changed"
    assert "deleted meanwhile" in words(form(timed))
    assert await day(timed) == []


async def test_another_entry_can_be_chosen_in_the_form(timed: Replica) -> None:
    await typed(timed, "log 9-10 first")
    await typed(timed, "log 10-11 mail")
    await typed(timed, "edit choose")
    view = form(timed)
    assert fields(view)["Note"] == "mail"
    await pressed(timed, view, "Another entry", choice="09:00 first")
    assert form(timed) is view
    assert (fields(view)["Note"], fields(view)["Start time"]) == ("first", "09:00")
    await sent(timed, view, {"Note": "changed"})
    assert messages(timed)[-1].text.startswith("Changed: changed, 1 h.")
    assert await day(timed) == ["09:00–10:00 changed", "10:00–11:00 mail"]


async def test_delete_in_the_form_deletes_once_and_is_told_where_the_form_came_from(timed: Replica) -> None:
    card = await typed(timed, "log 9-10 docs")
    view = await opened(timed, card, "Edit…")
    payload = timed.local_slack.press_payload("U0ADA", view, "Delete")
    for _ in range(2):
        assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert "The entry is deleted" in words(form(timed))
    assert await day(timed) == []
    assert now(timed, card).text.startswith("Deleted: docs, 1 h.")
    await pressed(timed, now(timed, card), "Undo")
    assert await day(timed) == ["09:00–10:00 docs"]


async def test_delete_in_a_form_is_refused_when_the_entry_changed_meanwhile(timed: Replica) -> None:
    card = await typed(timed, "start 14:00 docs")
    view = await opened(timed, card, "Edit…")
    await hooked(timed, "timer.stop", "msg_1")
    await pressed(timed, view, "Delete")
    assert "Nothing was deleted" in words(form(timed))
    assert "End was running" in words(form(timed))
    assert await day(timed) == ["14:00–15:40 docs"]
    await pressed(timed, form(timed), "Delete")
    assert await day(timed) == []


async def test_a_deletion_whose_form_can_not_be_changed_is_not_told_as_nothing(timed: Replica) -> None:
    card = await typed(timed, "log 9-10 docs")
    view = await opened(timed, card, "Edit…")
    timed.local_slack.faults.methods = {"views.update"}
    timed.local_slack.faults.server_error, timed.local_slack.faults.server_error_accepted = 1.0, 0.0
    await pressed(timed, view, "Delete")
    assert await day(timed) == []
    assert now(timed, card).text.startswith("Deleted: docs, 1 h.")
    assert "Nothing was changed" not in words(form(timed))
    assert not any("Nothing was changed" in words(one) for one in messages(timed))


async def test_the_edit_form_comes_up_from_menus_of_the_day_and_of_home(timed: Replica) -> None:
    await typed(timed, "log 9-10 first")
    await typed(timed, "log 11-12 mail")
    today = await typed(timed, "today")
    await chosen(timed, today, 0, "Edit…")
    assert fields(form(timed))["Note"] == "first"
    await sent(timed, form(timed), {"Note": "one"})
    assert words(now(timed, today)).startswith("Today, Wed 18 Nov: 2 h.")
    assert "one" in words(now(timed, today))
    await timed.local_slack.screens.open_home("U0ADA")
    block = next(b for b in home(timed).blocks if "mail" in json.dumps(b))
    await pressed(timed, home(timed), "entry_menu", choice="Edit…", block_id=block["block_id"])
    await sent(timed, form(timed), {"End time": "12:30"})
    assert "`11:00–12:30`" in words(home(timed))
    assert await day(timed) == ["09:00–10:00 one", "11:00–12:30 mail"]


async def test_the_edit_form_sent_to_two_replicas_at_once_changes_once(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    local_slack = timed.local_slack
    view = await opened(timed, await typed(timed, "log 9-10 docs"), "Edit…")
    payload = view_submission(local_slack.workspace, view, trigger_id="1.1")
    note = next(one for one in payload["view"]["state"]["values"] if one.startswith("note"))
    payload["view"]["state"]["values"][note]["note"]["value"] = "twice"
    async with replica(empty_database_url, local_slack, clock=clock) as other:
        urls = [f"{one.service.address}/slack/events" for one in (timed, other, timed)]
        local_slack.request_url = urls[0]
        outgoing = encode_interaction(payload)
        answers = await asyncio.gather(*(local_slack.deliver(outgoing, request_url=url) for url in urls))
        assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 3
        await typed(timed, "undo")
        assert await day(timed) == ["09:00–10:00 docs"]


async def test_what_a_form_carries_along_never_reaches_another_persons_entries(timed: Replica) -> None:
    theirs = await typed(timed, "log 8-9 theirs", "U0BEN")
    bens = await opened(timed, theirs, "Edit…", "U0BEN")
    secret = json.loads(bens.definition["private_metadata"])
    view = await opened(timed, await typed(timed, "log 9-10 mine"), "Edit…")
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
        assert "from another time" in await delivered(about)
    for about in ("{", secret):
        press = timed.local_slack.press_payload("U0ADA", view, "Delete")
        press["actions"][0]["value"] = f"{secret['entry_id']} 1"
        await delivered(about, press)
    assert words(now(timed, theirs)) == words(theirs)
    assert await day(timed, user="U0BEN") == ["08:00–09:00 theirs"]
    assert await day(timed) == ["09:00–10:00 mine"]
    assert direct(timed, "U0BEN") == []
