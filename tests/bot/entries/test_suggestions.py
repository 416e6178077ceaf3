"""Time that another system tells of, from its webhook to a true day without leaving the message."""

import pytest

from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_fields, read_text
from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica


async def receive_suggestion(
    app: Replica, start: str, end: str, delivery: str = "msg_1", **data: object
) -> int:
    """A suggestion for that time of Wednesday, 18 November, in Berlin."""
    given = {
        "description": "standup",
        "start_time": berlin(start).isoformat(),
        "end_time": berlin(end).isoformat(),
    }
    return await app.receive_webhook("time_entry.suggest", delivery, **(given | data))


async def send_digest(app: Replica) -> Message:
    await app.type_command("digest now")
    await app.send_due_messages()
    return app.list_direct_messages()[-1]


async def test_it_is_offered_and_not_tracked(timed: Replica) -> None:
    await timed.type_command("project new API")
    assert (
        await receive_suggestion(timed, "11:00", "12:30", project="api", link="https://example.com/pull/7")
        == 202
    )
    assert await timed.list_entries() == []
    message = await send_digest(timed)
    assert "nothing tracked. Suggested, not tracked: 11:00–12:30 API standup." in message.text
    assert "*API* · standup · 1 h 30 min" in read_text(message)
    assert "<https://example.com/pull/7|where it is from>" in read_text(message)
    assert list_buttons(message)[:3] == ["Accept", "Edit…", "Ignore"]


async def test_accepted_it_is_an_entry_and_undone_it_is_offered_again(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30", link="https://example.com/pull/7")
    message = await send_digest(timed)
    await timed.press_button(message, "Accept")
    assert await timed.list_entries() == ["11:00–12:30 standup"]
    assert "Accept" not in list_buttons(timed.reload(message))
    await timed.type_command("undo")
    await timed.refresh_messages()
    assert await timed.list_entries() == []
    assert "Accept" in list_buttons(timed.reload(message))


async def test_its_link_stays_with_the_entry(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30", link="https://example.com/pull/7")
    await timed.press_button(await send_digest(timed), "Accept")
    assert "<https://example.com/pull/7|where it is from>" in read_text(await timed.type_command("resume"))


async def test_two_presses_are_one_entry(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    for _ in range(2):
        await timed.press_button(message, "Accept")
    assert await timed.list_entries() == ["11:00–12:30 standup"]


async def test_edited_it_is_what_the_form_says_and_offered_no_more(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    view = await timed.open_form(message, "Edit…")
    assert read_fields(view)["How long, or from when to when"] == "11:00-12:30"
    assert read_fields(view)["What did you work on?"] == "standup"
    await timed.submit_form(view, {"How long, or from when to when": "11:15-12"})
    assert await timed.list_entries() == ["11:15–12:00 standup"]
    await timed.refresh_messages()
    assert "Accept" not in list_buttons(timed.reload(message))


async def test_what_was_accepted_meanwhile_is_not_recorded_a_second_time_by_the_form(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    view = await timed.open_form(message, "Edit…")
    await timed.press_button(message, "Accept")
    await timed.submit_form(view, {"How long, or from when to when": "13-14"})
    assert "its time was tracked since" in read_text(timed.find_form())
    assert await timed.list_entries() == ["11:00–12:30 standup"]


async def test_ignored_it_is_gone_and_can_be_had_back(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    await timed.press_button(message, "Ignore")
    assert "Accept" not in list_buttons(timed.reload(message))
    await timed.press_button(timed.reload(message), "Show 1 ignored")
    assert list_buttons(timed.reload(message))[:3] == ["Accept", "Edit…", "Ignore"]


async def test_where_time_is_taken_the_ways_to_make_room_are_offered(timed: Replica) -> None:
    await timed.type_command("log 12-13 lunch talk")
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    await timed.press_button(message, "Accept")
    question = timed.reload(message)
    assert await timed.list_entries() == ["12:00–13:00 lunch talk"]
    await timed.press_button(question, "Cancel")
    assert "Nothing was changed." in read_text(timed.reload(message))
    assert timed.reload(message).text.startswith("Your day")
    await timed.press_button(timed.reload(message), "Accept")
    question = timed.reload(message)
    trim = next(one for one in list_buttons(question) if one.startswith("Trim"))
    await timed.press_button(question, trim)
    assert await timed.list_entries() == ["11:00–12:30 standup", "12:30–13:00 lunch talk"]
    assert "Accept" not in list_buttons(timed.reload(message))


async def test_what_is_tracked_already_is_not_offered(timed: Replica) -> None:
    await timed.type_command("log 10-13 everything")
    await receive_suggestion(timed, "11:00", "12:30")
    assert "Accept" not in list_buttons(await send_digest(timed))


async def test_what_has_not_passed_is_not_offered_yet(timed: Replica, clock: Clock) -> None:
    await receive_suggestion(timed, "16:00", "17:00")
    assert "Accept" not in list_buttons(await timed.type_command("today"))
    clock.now = berlin("17:00")
    assert "Accept" in list_buttons(await timed.type_command("today"))


async def test_told_again_under_its_id_it_is_as_it_is_told_now(timed: Replica) -> None:
    message = await send_digest(timed)
    await timed.refresh_messages()
    await receive_suggestion(timed, "11:00", "12:30", external_id="meeting-7")
    await timed.refresh_messages()
    assert "11:00–12:30" in read_text(timed.reload(message))
    await receive_suggestion(
        timed, "13:00", "13:30", "msg_2", external_id="meeting-7", description="moved standup"
    )
    await timed.refresh_messages()
    assert "13:00–13:30" in read_text(timed.reload(message))
    assert list_buttons(timed.reload(message)).count("Accept") == 1
    # The same id in an event that records is the same thing: it is tracked, so it is suggested no more.
    entry = {"start_time": berlin("13:00").isoformat(), "end_time": berlin("13:30").isoformat()}
    assert await timed.receive_webhook("time_entry.create", "msg_3", external_id="meeting-7", **entry) == 202
    await timed.refresh_messages()
    assert "Accept" not in list_buttons(timed.reload(message))


async def test_the_latest_of_many_come_up_as_the_first_are_decided_on(timed: Replica) -> None:
    for hour in range(5):
        await receive_suggestion(
            timed, f"{8 + hour:02}:00", f"{8 + hour:02}:30", f"msg_{hour}", description=f"n{hour}"
        )
    message = await send_digest(timed)
    assert list_buttons(message).count("Accept") == 3
    assert "2 more suggested, as soon as you have decided on these" in read_text(message)
    await timed.press_button(message, "Ignore")
    assert "1 more suggested" in read_text(timed.reload(message))


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
    assert await receive_suggestion(timed, "11:00", "12:30", **wrong) == 422
    assert "Accept" not in list_buttons(await timed.type_command("today"))


async def test_nobody_elses_suggestion_can_be_accepted(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30")
    message = await send_digest(timed)
    await timed.press_button(message, "Accept", "U0BEN")
    assert await timed.list_entries() == []
    assert await timed.list_entries(user="U0BEN") == []


async def test_hostile_words_stay_words(timed: Replica) -> None:
    await receive_suggestion(timed, "11:00", "12:30", description="<!channel> <https://evil.example|press>")
    message = await send_digest(timed)
    assert "&lt;!channel&gt;" in read_text(message)
