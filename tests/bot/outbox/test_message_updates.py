"""What stands in Slack is kept true: cards, days, shared cards, digests; and left alone when it can not be reached."""

import asyncio
from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_text
from tests.conftest import Clock
from tests.replica import Replica


async def send_digest(app: Replica) -> Message:
    await app.type_command("digest now")
    await app.send_due_messages()
    return app.list_direct_messages()[-1]


async def start_and_press(app: Replica, clock: Clock, channel: str = "C0GENERAL") -> Message:
    """The card of a timer whose buttons were pressed: only such a one has an address that rewrites it."""
    card = await app.type_command("start docs", channel=channel)
    clock.now += timedelta(seconds=1)
    await app.press_button(card, "Stop")
    await app.press_button(app.reload(card), "Resume")
    return app.reload(card)


async def test_an_answer_that_nobody_pressed_is_left_as_it_was_and_its_buttons_tell_the_truth(
    timed: Replica, clock: Clock
) -> None:
    card = await timed.type_command("start docs")
    clock.now += timedelta(minutes=10)
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.refresh_messages()
    assert timed.reload(card) == card
    assert timed.list_calls("response_url") == []
    await timed.press_button(card, "Stop")
    assert timed.reload(card).text.startswith("Already stopped: docs, 10 min.")


@pytest.mark.parametrize("channel", ["C0GENERAL", "D0ADA"])
async def test_a_card_is_rewritten_when_its_entry_changes_through_another_door(
    timed: Replica, clock: Clock, channel: str
) -> None:
    card = await start_and_press(timed, clock, channel)
    clock.now += timedelta(minutes=10)
    assert await timed.receive_webhook("timer.stop", "msg_1") == 202
    await timed.refresh_messages()
    assert timed.reload(card).text.startswith("Finished: docs, 10 min. Today 10 min.")
    await timed.type_command("edit", channel="C0API")
    await timed.submit_form(timed.find_form(), {"Note": "more docs"})
    await timed.refresh_messages()
    assert timed.reload(card).text.startswith("Finished: more docs, 10 min.")
    assert timed.list_messages("C0API")[-1].text.startswith("Changed: more docs")
    # Its buttons are those of what it shows.
    await timed.press_button(timed.reload(card), "Resume")
    assert timed.reload(card).text.startswith("Resumed: more docs")


async def test_a_days_message_is_rewritten_as_entries_come_and_go(timed: Replica) -> None:
    await timed.type_command("log 8-9 docs")
    await timed.type_command("log 9-10 notes")
    today, yesterday = await timed.type_command("today"), await timed.type_command("yesterday")
    await timed.choose_from_menu(today, 0, "Delete")
    await timed.receive_webhook("time_entry.create", "msg_1", **_make_hour("mail"))
    await timed.refresh_messages()
    assert read_text(timed.reload(today)).startswith("Today, Wed 18 Nov: 2 h.")
    assert timed.reload(yesterday) == yesterday


def _make_hour(description: str) -> dict[str, str]:
    return {
        "description": description,
        "start_time": "2026-11-18T10:00:00Z",
        "end_time": "2026-11-18T11:00:00Z",
    }


async def test_a_card_is_left_alone_when_its_address_is_used_up_until_it_is_pressed_again(
    timed: Replica, clock: Clock
) -> None:
    card = await start_and_press(timed, clock)
    said = []
    for number in range(6):
        clock.now += timedelta(minutes=1)
        if number % 2:
            await timed.type_command("undo")  # it runs again
        else:
            await timed.receive_webhook("timer.stop", f"msg_{number}")
        await timed.refresh_messages()
        said.append(timed.reload(card).text.partition(".")[0])
    assert said[:3] == ["Finished: docs, 1 min", "Running: docs, since 15:40", "Finished: docs, 3 min"]
    assert set(said[3:]) == {said[2]}
    assert {one.outcome for one in timed.local_slack.calls if one.method == "response_url"} == {"ok"}
    await timed.press_button(timed.reload(card), "Resume")
    assert timed.reload(card).text.startswith("Already running: docs, since 15:40.")
    await timed.receive_webhook("timer.stop", "msg_7")
    await timed.refresh_messages()
    assert timed.reload(card).text.startswith("Finished: docs, 6 min.")


async def test_after_half_an_hour_a_card_is_left_alone_and_its_buttons_still_work(
    timed: Replica, clock: Clock
) -> None:
    card = await start_and_press(timed, clock)
    said = len(timed.list_calls("response_url"))
    clock.now += timedelta(minutes=31)
    assert await timed.service.services.live_messages.delete_expired() == 1
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.refresh_messages()
    assert len(timed.list_calls("response_url")) == said
    assert timed.reload(card) == card
    await timed.press_button(card, "Stop")
    assert timed.reload(card).text.startswith("Already stopped: docs, 31 min.")


async def test_an_address_that_died_before_its_time_is_given_up_quietly(timed: Replica, clock: Clock) -> None:
    await start_and_press(timed, clock)
    said = len(timed.list_calls("response_url"))
    clock.now += timedelta(minutes=31)
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.refresh_messages()
    await timed.type_command("undo")
    await timed.refresh_messages()
    outcomes = [call.outcome for call in timed.local_slack.calls if call.method == "response_url"]
    assert outcomes[said:] == ["expired_url"]


@pytest.mark.parametrize(
    ("asked", "title"), [("report last 28 days", "Hours by day"), ("report last 30 days", "Hours by week")]
)
async def test_a_chart_leaves_no_tracked_day_out(timed: Replica, asked: str, title: str) -> None:
    await timed.type_command("log 9-10 2026-10-20 mail")
    await timed.type_command("log 9-10 2026-10-22 mail")
    await timed.type_command("log 9-11 today mail")
    await timed.type_command(asked)
    chart = next(one for one in timed.list_messages()[-1].blocks if one["type"] == "data_visualization")
    (series,) = chart["chart"]["series"]
    assert chart["title"] == title
    assert sum(point["value"] for point in series["data"]) == (3 if "28" in asked else 4)


async def test_a_digest_is_rewritten_after_acts_on_it_and_elsewhere(timed: Replica, clock: Clock) -> None:
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 11-12 mail")
    told = await send_digest(timed)
    assert {"table", "data_visualization"} <= {block["type"] for block in told.blocks}
    view = await timed.open_form(told, "Fill 10:00–11:00…")
    await timed.submit_form(view, {"What did you work on?": "standup"})
    filled = timed.reload(told)
    assert "standup" in read_text(filled)
    assert "*3 h* of 8 h · 5 h to go" in read_text(filled)
    assert {"table", "data_visualization"} <= {block["type"] for block in filled.blocks}
    await timed.receive_webhook("timer.start", "msg_1", description="from outside")
    await timed.refresh_messages()
    assert "from outside is still running" in read_text(timed.reload(told))
    clock.now += timedelta(minutes=10)
    await timed.press_button(timed.reload(told), "Stop")
    assert "still running" not in read_text(timed.reload(told))
    assert "Your day · Wed 18 Nov" in read_text(timed.reload(told))
    await timed.type_command("undo")
    await timed.refresh_messages()
    assert "from outside is still running" in read_text(timed.reload(told))
    # It stays the digest of its day.
    clock.now += timedelta(days=1)
    await timed.type_command("stop")
    await timed.refresh_messages()
    assert "Your day · Wed 18 Nov" in read_text(timed.reload(told))


async def test_from_the_digest_alone_a_day_is_made_true(timed: Replica, clock: Clock) -> None:
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 11-12 mail")
    await timed.type_command("start 20 min ago calls")
    told = await send_digest(timed)
    assert "Confirm day" not in list_buttons(told)  # it still goes on
    await timed.submit_form(
        await timed.open_form(told, "Fill 10:00–11:00…"), {"What did you work on?": "standup"}
    )
    clock.now += timedelta(seconds=1)
    await timed.press_button(timed.reload(told), "Stop")
    await timed.submit_form(
        await timed.open_form(timed.reload(told), "09:00 docs…"), {"Note": "docs, reviewed"}
    )
    stale = timed.reload(told)
    await timed.press_button(stale, "Confirm day")
    assert "Confirmed 15:40" in read_text(timed.reload(told))
    assert timed.reload(told).text.endswith("Confirmed.")
    assert {"Reopen", "Resume"} <= set(list_buttons(timed.reload(told)))
    await timed.type_command("delete")
    await timed.press_button(timed.list_messages()[-1], "Delete")
    await timed.refresh_messages()
    assert "Changed since you confirmed it 15:40" in read_text(timed.reload(told))
    await timed.press_button(stale, "Confirm day")  # as it is not any more
    assert "This day has changed since you saw it." in read_text(timed.reload(told))
    assert "Confirm again" in list_buttons(timed.reload(told))
    await timed.type_command("undo")
    await timed.refresh_messages()
    assert "Confirmed 15:40" in read_text(timed.reload(told))  # it is as it was confirmed
    await timed.press_button(timed.reload(told), "Reopen")
    assert "Confirm day" in list_buttons(timed.reload(told))


async def test_a_day_that_has_passed_is_confirmed_from_its_own_message(timed: Replica) -> None:
    await timed.type_command("log 9-10 yesterday docs")
    told = await timed.type_command("yesterday")
    await timed.press_button(told, "Confirm day")
    assert "Confirmed 15:40" in read_text(timed.reload(told))
    assert "Reopen" in list_buttons(timed.reload(told))


async def test_double_clicks_act_once(timed: Replica, clock: Clock) -> None:
    async def twice(message: Message, button: str) -> Message:
        presses = [timed.local_slack.press_payload("U0ADA", message, button) for _ in range(2)]
        answers = await asyncio.gather(
            *(timed.local_slack.deliver(encode_interaction(one)) for one in presses)
        )
        assert [answer.status for answer in answers] == [200, 200]
        clock.now += timedelta(minutes=1)
        return timed.reload(message)

    card = await timed.type_command("start api docs")
    card = await twice(card, "Make “api” a project")
    card = await twice(card, "Stop")
    assert await timed.list_entries() == ["15:40–15:41 api · docs"]
    await twice(card, "Resume")
    assert len(await timed.list_entries()) == 2
    await twice(await timed.type_command("strat mail"), "/track start mail")
    assert len(await timed.list_entries()) == 3
    logged = await twice(await timed.type_command("log 9-10 web: site"), "Make “web” and log")
    assert len(await timed.list_entries()) == 4
    await twice(logged, "Undo")
    assert len(await timed.list_entries()) == 3
    await twice(await timed.type_command("delete"), "Keep it")
    await twice(await timed.type_command("delete"), "Delete")
    assert len(await timed.list_entries()) == 2
    bound = await twice(await timed.type_command("here shop"), "Make “shop” and track on it here")
    assert "now tracks on shop" in bound.text
    await twice(await timed.type_command(""), "Today")
    assert (await timed.type_command("projects")).text == "Projects: api, shop, web"


async def test_a_workspace_that_refuses_tables_and_charts_gets_text_everywhere(
    timed: Replica, clock: Clock
) -> None:
    timed.local_slack.faults.unknown_blocks = {"data_visualization", "table"}
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 10-11 api: mail")
    await timed.press_button(timed.list_messages()[-1], "Make “api” and log")
    before = len(timed.list_messages())
    today, week = await timed.type_command("today"), await timed.type_command("week by tag")
    assert len(timed.list_messages()) == before + 2  # what was refused is missed by nobody
    assert "invalid_blocks" in {
        one.outcome for one in timed.local_slack.calls if one.method == "response_url"
    }
    await timed.type_command("digest now")
    await timed.send_due_messages()
    clock.now += timedelta(seconds=2)
    await timed.send_due_messages()
    (told,) = timed.list_direct_messages()
    await timed.receive_webhook("timer.start", "msg_1", description="from outside")
    await timed.refresh_messages()
    clock.now += timedelta(seconds=6)
    await timed.refresh_messages()
    for message in (today, week, told):
        kinds = {block["type"] for block in timed.reload(message).blocks}
        assert kinds <= {"header", "section", "context", "actions"}
        assert "2 h" in read_text(timed.reload(message))
    assert "from outside" in read_text(timed.reload(told))


async def test_a_slow_or_dead_address_is_waited_for_neither_long_nor_in_vain(timed: Replica) -> None:
    card = await timed.type_command("start docs")
    payload = timed.local_slack.press_payload("U0ADA", card, "Stop")
    payload["response_url"] = "http://127.0.0.1:9/response/nobody"
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert timed.list_messages()[-1].text.startswith("Stopped: docs")
    assert timed.list_messages()[-1].ephemeral_for == "U0ADA"
    refused = payload | {"actions": [{**payload["actions"][0], "value": "nonsense"}]}
    assert (await timed.local_slack.deliver(encode_interaction(refused))).status == 200
    assert "is out of date" in timed.list_messages()[-1].text
    timed.local_slack.faults.methods = {"chat.postEphemeral"}
    timed.local_slack.faults.server_error = 1.0
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert (await timed.type_command("")).text.startswith("Nothing is running")


async def test_the_menu_of_a_days_entry_acts_and_the_day_goes_on_showing(timed: Replica) -> None:
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 11-12 mail")
    today = await timed.type_command("today")
    after = await timed.choose_from_menu(today, 0, "Delete")
    assert "Deleted: docs, 1 h." in read_text(after)
    assert read_text(after).startswith("Today, Wed 18 Nov: 1 h.")
    await timed.choose_from_menu(after, 0, "Resume")
    assert "mail is still running" in read_text(timed.reload(today))
    assert list_buttons(timed.reload(today))[-2:] == ["Stop", "Log…"]
