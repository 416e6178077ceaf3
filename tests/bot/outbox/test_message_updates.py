"""What stands in Slack is kept true: cards, days, shared cards, digests; and left alone when it can not be reached."""

import asyncio
from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.workspace import Message
from tests.bot.kit import (
    buttons,
    calls,
    chosen,
    day,
    delivered,
    direct,
    form,
    hooked,
    messages,
    now,
    opened,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica


async def digest(app: Replica) -> Message:
    await typed(app, "digest now")
    await delivered(app)
    return direct(app)[-1]


async def running(app: Replica, clock: Clock, channel: str = "C0GENERAL") -> Message:
    """The card of a timer whose buttons were pressed: only such a one has an address that rewrites it."""
    card = await typed(app, "start docs", channel=channel)
    clock.now += timedelta(seconds=1)
    await pressed(app, card, "Stop")
    await pressed(app, now(app, card), "Resume")
    return now(app, card)


async def test_an_answer_that_nobody_pressed_is_left_as_it_was_and_its_buttons_tell_the_truth(
    timed: Replica, clock: Clock
) -> None:
    card = await typed(timed, "start docs")
    clock.now += timedelta(minutes=10)
    await hooked(timed, "timer.stop", "msg_1")
    await rewritten(timed)
    assert now(timed, card) == card
    assert calls(timed, "response_url") == []
    await pressed(timed, card, "Stop")
    assert now(timed, card).text.startswith("Already stopped: docs, 10 min.")


@pytest.mark.parametrize("channel", ["C0GENERAL", "D0ADA"])
async def test_a_card_is_rewritten_when_its_entry_changes_through_another_door(
    timed: Replica, clock: Clock, channel: str
) -> None:
    card = await running(timed, clock, channel)
    clock.now += timedelta(minutes=10)
    assert await hooked(timed, "timer.stop", "msg_1") == 202
    await rewritten(timed)
    assert now(timed, card).text.startswith("Finished: docs, 10 min. Today 10 min.")
    await typed(timed, "edit", channel="C0API")
    await sent(timed, form(timed), {"Note": "more docs"})
    await rewritten(timed)
    assert now(timed, card).text.startswith("Finished: more docs, 10 min.")
    assert messages(timed, "C0API")[-1].text.startswith("Changed: more docs")
    # Its buttons are those of what it shows.
    await pressed(timed, now(timed, card), "Resume")
    assert now(timed, card).text.startswith("Resumed: more docs")


async def test_a_days_message_is_rewritten_as_entries_come_and_go(timed: Replica) -> None:
    await typed(timed, "log 8-9 docs")
    await typed(timed, "log 9-10 notes")
    today, yesterday = await typed(timed, "today"), await typed(timed, "yesterday")
    await chosen(timed, today, 0, "Delete")
    await hooked(timed, "time_entry.create", "msg_1", **_an_hour("mail"))
    await rewritten(timed)
    assert words(now(timed, today)).startswith("Today, Wed 18 Nov: 2 h.")
    assert now(timed, yesterday) == yesterday


def _an_hour(description: str) -> dict[str, str]:
    return {
        "description": description,
        "start_time": "2026-11-18T10:00:00Z",
        "end_time": "2026-11-18T11:00:00Z",
    }


async def test_a_card_is_left_alone_when_its_address_is_used_up_until_it_is_pressed_again(
    timed: Replica, clock: Clock
) -> None:
    card = await running(timed, clock)
    said = []
    for number in range(6):
        clock.now += timedelta(minutes=1)
        if number % 2:
            await typed(timed, "undo")  # it runs again
        else:
            await hooked(timed, "timer.stop", f"msg_{number}")
        await rewritten(timed)
        said.append(now(timed, card).text.partition(".")[0])
    assert said[:3] == ["Finished: docs, 1 min", "Running: docs, since 15:40", "Finished: docs, 3 min"]
    assert set(said[3:]) == {said[2]}
    assert {one.outcome for one in timed.local_slack.calls if one.method == "response_url"} == {"ok"}
    await pressed(timed, now(timed, card), "Resume")
    assert now(timed, card).text.startswith("Already running: docs, since 15:40.")
    await hooked(timed, "timer.stop", "msg_7")
    await rewritten(timed)
    assert now(timed, card).text.startswith("Finished: docs, 6 min.")


async def test_after_half_an_hour_a_card_is_left_alone_and_its_buttons_still_work(
    timed: Replica, clock: Clock
) -> None:
    card = await running(timed, clock)
    said = len(calls(timed, "response_url"))
    clock.now += timedelta(minutes=31)
    assert await timed.service.services.live_messages.forget_expired() == 1
    await hooked(timed, "timer.stop", "msg_1")
    await rewritten(timed)
    assert len(calls(timed, "response_url")) == said
    assert now(timed, card) == card
    await pressed(timed, card, "Stop")
    assert now(timed, card).text.startswith("Already stopped: docs, 31 min.")


async def test_an_address_that_died_before_its_time_is_given_up_quietly(timed: Replica, clock: Clock) -> None:
    await running(timed, clock)
    said = len(calls(timed, "response_url"))
    clock.now += timedelta(minutes=31)
    await hooked(timed, "timer.stop", "msg_1")
    await rewritten(timed)
    await typed(timed, "undo")
    await rewritten(timed)
    outcomes = [call.outcome for call in timed.local_slack.calls if call.method == "response_url"]
    assert outcomes[said:] == ["expired_url"]


@pytest.mark.parametrize(
    ("asked", "title"), [("report last 28 days", "Hours by day"), ("report last 30 days", "Hours by week")]
)
async def test_a_chart_leaves_no_tracked_day_out(timed: Replica, asked: str, title: str) -> None:
    await typed(timed, "log 9-10 2026-10-20 mail")
    await typed(timed, "log 9-10 2026-10-22 mail")
    await typed(timed, "log 9-11 today mail")
    await typed(timed, asked)
    chart = next(one for one in messages(timed)[-1].blocks if one["type"] == "data_visualization")
    (series,) = chart["chart"]["series"]
    assert chart["title"] == title
    assert sum(point["value"] for point in series["data"]) == (3 if "28" in asked else 4)


async def test_a_digest_is_rewritten_after_acts_on_it_and_elsewhere(timed: Replica, clock: Clock) -> None:
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 11-12 mail")
    told = await digest(timed)
    assert {"table", "data_visualization"} <= {block["type"] for block in told.blocks}
    view = await opened(timed, told, "Fill 10:00–11:00…")
    await sent(timed, view, {"What did you work on?": "standup"})
    filled = now(timed, told)
    assert "standup" in words(filled)
    assert "*3 h* of 8 h · 5 h to go" in words(filled)
    assert {"table", "data_visualization"} <= {block["type"] for block in filled.blocks}
    await hooked(timed, "timer.start", "msg_1", description="from outside")
    await rewritten(timed)
    assert "from outside is still running" in words(now(timed, told))
    clock.now += timedelta(minutes=10)
    await pressed(timed, now(timed, told), "Stop")
    assert "still running" not in words(now(timed, told))
    assert "Your day · Wed 18 Nov" in words(now(timed, told))
    await typed(timed, "undo")
    await rewritten(timed)
    assert "from outside is still running" in words(now(timed, told))
    # It stays the digest of its day.
    clock.now += timedelta(days=1)
    await typed(timed, "stop")
    await rewritten(timed)
    assert "Your day · Wed 18 Nov" in words(now(timed, told))


async def test_from_the_digest_alone_a_day_is_made_true(timed: Replica, clock: Clock) -> None:
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 11-12 mail")
    await typed(timed, "start 20 min ago calls")
    told = await digest(timed)
    assert "Confirm day" not in buttons(told)  # it still goes on
    await sent(timed, await opened(timed, told, "Fill 10:00–11:00…"), {"What did you work on?": "standup"})
    clock.now += timedelta(seconds=1)
    await pressed(timed, now(timed, told), "Stop")
    await sent(timed, await opened(timed, now(timed, told), "09:00 docs…"), {"Note": "docs, reviewed"})
    stale = now(timed, told)
    await pressed(timed, stale, "Confirm day")
    assert "Confirmed 15:40" in words(now(timed, told))
    assert now(timed, told).text.endswith("Confirmed.")
    assert {"Reopen", "Resume"} <= set(buttons(now(timed, told)))
    await typed(timed, "delete")
    await pressed(timed, messages(timed)[-1], "Delete")
    await rewritten(timed)
    assert "Changed since you confirmed it 15:40" in words(now(timed, told))
    await pressed(timed, stale, "Confirm day")  # as it is not any more
    assert "This day has changed since you saw it." in words(now(timed, told))
    assert "Confirm again" in buttons(now(timed, told))
    await typed(timed, "undo")
    await rewritten(timed)
    assert "Confirmed 15:40" in words(now(timed, told))  # it is as it was confirmed
    await pressed(timed, now(timed, told), "Reopen")
    assert "Confirm day" in buttons(now(timed, told))


async def test_a_day_that_has_passed_is_confirmed_from_its_own_message(timed: Replica) -> None:
    await typed(timed, "log 9-10 yesterday docs")
    told = await typed(timed, "yesterday")
    await pressed(timed, told, "Confirm day")
    assert "Confirmed 15:40" in words(now(timed, told))
    assert "Reopen" in buttons(now(timed, told))


async def test_double_clicks_act_once(timed: Replica, clock: Clock) -> None:
    async def twice(message: Message, button: str) -> Message:
        presses = [timed.local_slack.press_payload("U0ADA", message, button) for _ in range(2)]
        answers = await asyncio.gather(
            *(timed.local_slack.deliver(encode_interaction(one)) for one in presses)
        )
        assert [answer.status for answer in answers] == [200, 200]
        clock.now += timedelta(minutes=1)
        return now(timed, message)

    card = await typed(timed, "start api docs")
    card = await twice(card, "Make “api” a project")
    card = await twice(card, "Stop")
    assert await day(timed) == ["15:40–15:41 api · docs"]
    await twice(card, "Resume")
    assert len(await day(timed)) == 2
    await twice(await typed(timed, "strat mail"), "/track start mail")
    assert len(await day(timed)) == 3
    logged = await twice(await typed(timed, "log 9-10 web: site"), "Make “web” and log")
    assert len(await day(timed)) == 4
    await twice(logged, "Undo")
    assert len(await day(timed)) == 3
    await twice(await typed(timed, "delete"), "Keep it")
    await twice(await typed(timed, "delete"), "Delete")
    assert len(await day(timed)) == 2
    bound = await twice(await typed(timed, "here shop"), "Make “shop” and track on it here")
    assert "now tracks on shop" in bound.text
    await twice(await typed(timed, ""), "Today")
    assert (await typed(timed, "projects")).text == "Projects: api, shop, web"


async def test_a_workspace_that_refuses_tables_and_charts_gets_text_everywhere(
    timed: Replica, clock: Clock
) -> None:
    timed.local_slack.faults.unknown_blocks = {"data_visualization", "table"}
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 10-11 api: mail")
    await pressed(timed, messages(timed)[-1], "Make “api” and log")
    before = len(messages(timed))
    today, week = await typed(timed, "today"), await typed(timed, "week by tag")
    assert len(messages(timed)) == before + 2  # what was refused is missed by nobody
    assert "invalid_blocks" in {
        one.outcome for one in timed.local_slack.calls if one.method == "response_url"
    }
    await typed(timed, "digest now")
    await delivered(timed)
    clock.now += timedelta(seconds=2)
    await delivered(timed)
    (told,) = direct(timed)
    await hooked(timed, "timer.start", "msg_1", description="from outside")
    await rewritten(timed)
    clock.now += timedelta(seconds=6)
    await rewritten(timed)
    for message in (today, week, told):
        kinds = {block["type"] for block in now(timed, message).blocks}
        assert kinds <= {"header", "section", "context", "actions"}
        assert "2 h" in words(now(timed, message))
    assert "from outside" in words(now(timed, told))


async def test_a_slow_or_dead_address_is_waited_for_neither_long_nor_in_vain(timed: Replica) -> None:
    card = await typed(timed, "start docs")
    payload = timed.local_slack.press_payload("U0ADA", card, "Stop")
    payload["response_url"] = "http://127.0.0.1:9/response/nobody"
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert messages(timed)[-1].text.startswith("Stopped: docs")
    assert messages(timed)[-1].ephemeral_for == "U0ADA"
    refused = payload | {"actions": [{**payload["actions"][0], "value": "nonsense"}]}
    assert (await timed.local_slack.deliver(encode_interaction(refused))).status == 200
    assert "from another time" in messages(timed)[-1].text
    timed.local_slack.faults.methods = {"chat.postEphemeral"}
    timed.local_slack.faults.server_error = 1.0
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    assert (await typed(timed, "")).text.startswith("Nothing is running")


async def test_the_menu_of_a_days_entry_acts_and_the_day_goes_on_showing(timed: Replica) -> None:
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 11-12 mail")
    today = await typed(timed, "today")
    after = await chosen(timed, today, 0, "Delete")
    assert "Deleted: docs, 1 h." in words(after)
    assert words(after).startswith("Today, Wed 18 Nov: 1 h.")
    await chosen(timed, after, 0, "Resume")
    assert "mail is still running" in words(now(timed, today))
    assert buttons(now(timed, today))[-2:] == ["Stop", "Log…"]
