"""Time that another system tells of, from its webhook to a true day without leaving the message."""

import pytest

from local_slack.workspace import Message
from tests.bot.kit import (
    buttons,
    day,
    delivered,
    direct,
    fields,
    form,
    hooked,
    now,
    opened,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.ledger import berlin
from tests.service import Replica


async def told(app: Replica, start: str, end: str, delivery: str = "msg_1", **data: object) -> int:
    """A suggestion for that time of Wednesday, 18 November, in Berlin."""
    given = {
        "description": "standup",
        "start_time": berlin(start).isoformat(),
        "end_time": berlin(end).isoformat(),
    }
    return await hooked(app, "time_entry.suggest", delivery, **(given | data))


async def digest(app: Replica) -> Message:
    await typed(app, "digest now")
    await delivered(app)
    return direct(app)[-1]


async def test_it_is_offered_and_not_tracked(timed: Replica) -> None:
    await typed(timed, "project new API")
    assert await told(timed, "11:00", "12:30", project="api", link="https://example.com/pull/7") == 202
    assert await day(timed) == []
    message = await digest(timed)
    assert "nothing tracked. Suggested, not tracked: 11:00–12:30 API standup." in message.text
    assert "*API* · standup · 1 h 30 min" in words(message)
    assert "<https://example.com/pull/7|where it is from>" in words(message)
    assert buttons(message)[:3] == ["Accept", "Edit…", "Ignore"]


async def test_accepted_it_is_an_entry_and_undone_it_is_offered_again(timed: Replica) -> None:
    await told(timed, "11:00", "12:30", link="https://example.com/pull/7")
    message = await digest(timed)
    await pressed(timed, message, "Accept")
    assert await day(timed) == ["11:00–12:30 standup"]
    assert "Accept" not in buttons(now(timed, message))
    await typed(timed, "undo")
    await rewritten(timed)
    assert await day(timed) == []
    assert "Accept" in buttons(now(timed, message))


async def test_its_link_stays_with_the_entry(timed: Replica) -> None:
    await told(timed, "11:00", "12:30", link="https://example.com/pull/7")
    await pressed(timed, await digest(timed), "Accept")
    assert "<https://example.com/pull/7|where it is from>" in words(await typed(timed, "resume"))


async def test_two_presses_are_one_entry(timed: Replica) -> None:
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    for _ in range(2):
        await pressed(timed, message, "Accept")
    assert await day(timed) == ["11:00–12:30 standup"]


async def test_edited_it_is_what_the_form_says_and_offered_no_more(timed: Replica) -> None:
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    view = await opened(timed, message, "Edit…")
    assert fields(view)["How long, or from when to when"] == "11:00-12:30"
    assert fields(view)["What did you work on?"] == "standup"
    await sent(timed, view, {"How long, or from when to when": "11:15-12"})
    assert await day(timed) == ["11:15–12:00 standup"]
    await rewritten(timed)
    assert "Accept" not in buttons(now(timed, message))


async def test_what_was_accepted_meanwhile_is_not_recorded_a_second_time_by_the_form(timed: Replica) -> None:
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    view = await opened(timed, message, "Edit…")
    await pressed(timed, message, "Accept")
    await sent(timed, view, {"How long, or from when to when": "13-14"})
    assert "its time was tracked since" in words(form(timed))
    assert await day(timed) == ["11:00–12:30 standup"]


async def test_ignored_it_is_gone_and_can_be_had_back(timed: Replica) -> None:
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    await pressed(timed, message, "Ignore")
    assert "Accept" not in buttons(now(timed, message))
    await pressed(timed, now(timed, message), "Show 1 ignored")
    assert buttons(now(timed, message))[:3] == ["Accept", "Edit…", "Ignore"]


async def test_where_time_is_taken_the_ways_to_make_room_are_offered(timed: Replica) -> None:
    await typed(timed, "log 12-13 lunch talk")
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    await pressed(timed, message, "Accept")
    question = now(timed, message)
    assert await day(timed) == ["12:00–13:00 lunch talk"]
    await pressed(timed, question, "Cancel")
    assert "Nothing was changed." in words(now(timed, message))
    assert now(timed, message).text.startswith("Your day")
    await pressed(timed, now(timed, message), "Accept")
    question = now(timed, message)
    trim = next(one for one in buttons(question) if one.startswith("Trim"))
    await pressed(timed, question, trim)
    assert await day(timed) == ["11:00–12:30 standup", "12:30–13:00 lunch talk"]
    assert "Accept" not in buttons(now(timed, message))


async def test_what_is_tracked_already_is_not_offered(timed: Replica) -> None:
    await typed(timed, "log 10-13 everything")
    await told(timed, "11:00", "12:30")
    assert "Accept" not in buttons(await digest(timed))


async def test_what_has_not_passed_is_not_offered_yet(timed: Replica, clock: Clock) -> None:
    await told(timed, "16:00", "17:00")
    assert "Accept" not in buttons(await typed(timed, "today"))
    clock.now = berlin("17:00")
    assert "Accept" in buttons(await typed(timed, "today"))


async def test_told_again_under_its_id_it_is_as_it_is_told_now(timed: Replica) -> None:
    message = await digest(timed)
    await rewritten(timed)
    await told(timed, "11:00", "12:30", external_id="meeting-7")
    await rewritten(timed)
    assert "11:00–12:30" in words(now(timed, message))
    await told(timed, "13:00", "13:30", "msg_2", external_id="meeting-7", description="moved standup")
    await rewritten(timed)
    assert "13:00–13:30" in words(now(timed, message))
    assert buttons(now(timed, message)).count("Accept") == 1
    # The same id in an event that records is the same thing: it is tracked, so it is suggested no more.
    entry = {"start_time": berlin("13:00").isoformat(), "end_time": berlin("13:30").isoformat()}
    assert await hooked(timed, "time_entry.create", "msg_3", external_id="meeting-7", **entry) == 202
    await rewritten(timed)
    assert "Accept" not in buttons(now(timed, message))


async def test_the_latest_of_many_come_up_as_the_first_are_decided_on(timed: Replica) -> None:
    for hour in range(5):
        await told(timed, f"{8 + hour:02}:00", f"{8 + hour:02}:30", f"msg_{hour}", description=f"n{hour}")
    message = await digest(timed)
    assert buttons(message).count("Accept") == 3
    assert "2 more suggested, as soon as you have decided on these" in words(message)
    await pressed(timed, message, "Ignore")
    assert "1 more suggested" in words(now(timed, message))


@pytest.mark.parametrize(
    "wrong",
    [
        {"end_time": berlin("10:00").isoformat()},
        {"end_time": berlin("12:00", "2026-11-20").isoformat()},
        {"start_time": "1999-01-01T00:00:00Z", "end_time": "1999-01-01T01:00:00Z"},
        {"link": "javascript:alert(1)"},
        {"link": "https://example.com/<!channel>"},
        {"project": "nowhere"},
    ],
)
async def test_what_is_impossible_is_refused_and_kept_nowhere(timed: Replica, wrong: dict[str, str]) -> None:
    assert await told(timed, "11:00", "12:30", **wrong) == 422
    assert "Accept" not in buttons(await typed(timed, "today"))


async def test_nobody_elses_suggestion_can_be_accepted(timed: Replica) -> None:
    await told(timed, "11:00", "12:30")
    message = await digest(timed)
    await pressed(timed, message, "Accept", "U0BEN")
    assert await day(timed) == []
    assert await day(timed, user="U0BEN") == []


async def test_hostile_words_stay_words(timed: Replica) -> None:
    await told(timed, "11:00", "12:30", description="<!channel> <https://evil.example|press>")
    message = await digest(timed)
    assert "&lt;!channel&gt;" in words(message)
