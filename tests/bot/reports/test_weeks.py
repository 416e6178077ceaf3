"""Weeks in Slack: Ada hands hers in, Ben decides, and every card says what is true by now."""

from datetime import timedelta

import pytest

from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_errors, read_text
from tests.bot.test_escaping import HOSTILE, few_or_each
from tests.conftest import Clock
from tests.replica import Replica

REASON, WHAT = "What is to be changed?", "What shall it be?"
WHEN_RETURNED = "When you return it: what is to be changed?"


async def log_week(app: Replica, user: str = "U0CHIKA") -> None:
    """Nine hours of the last week; Ada makes Ben a lead."""
    for title in ("API", "Docs"):
        await app.type_command(f"project new {title}")
    await app.type_command("today", "U0BEN")
    await app.type_command("team lead @Ben Okafor")
    for said in ("log 9-12 9 nov api", "log 13-15 9 nov docs", "log 9-13 11 nov mail"):
        await app.type_command(said, user)


async def find_card(app: Replica, user: str) -> Message:
    """What was sent to that person last, as it stands now."""
    await app.send_due_messages()
    await app.refresh_messages()
    return app.list_direct_messages(user)[-1]


async def test_handed_in_returned_with_a_reason_mended_and_approved(timed: Replica, clock: Clock) -> None:
    await log_week(timed)
    handed_in = await timed.type_command("submit", "U0CHIKA")
    assert "Your week, 9–15 Nov: 9 h. Submitted 23:40. With Ben for approval." in handed_in.text
    assert list_buttons(handed_in) == ["Take back"]
    assert "1 gap" in read_text(handed_in)
    asked = await find_card(timed, "U0BEN")
    assert asked.text.startswith("Chika, 9–15 Nov: 9 h. Submitted 09:40.")
    assert "| API | 3 h | – | – | – | – | 3 h |" in read_text(asked)
    assert "| Total | 5 h | – | 4 h | – | – | 9 h" in read_text(asked)
    assert list_buttons(asked) == ["Approve", "Return…"]

    question = await timed.open_form(asked, "Return…", "U0BEN")
    await timed.submit_form(question, {REASON: "   "})
    assert read_errors(timed.find_form("U0BEN")) == {
        REASON: "Please say what is to be changed: it is sent along."
    }
    await timed.submit_form(timed.find_form("U0BEN"), {REASON: "the workshop on Tuesday is missing"})
    assert timed.has_no_form("U0BEN")
    assert "Returned by you, 09:40: “the workshop on Tuesday is missing”" in timed.reload(asked).text
    assert list_buttons(timed.reload(asked)) == []

    returned = await find_card(timed, "U0CHIKA")
    assert "Returned by Ben, 23:40: “the workshop on Tuesday is missing”" in returned.text
    assert list_buttons(returned) == ["Submit again", "Edit…"]
    await timed.submit_form(await timed.open_form(returned, "Edit…", "U0CHIKA"), {"Note": "mail and calls"})
    assert list_buttons(timed.reload(returned)) == ["Submit again", "Edit…"], "it still shows the week"
    await timed.type_command("log 9-17 10 nov docs workshop", "U0CHIKA")
    await timed.refresh_messages()
    assert "Your week, 9–15 Nov: 17 h. Returned by Ben" in timed.reload(returned).text
    assert "Chika, 9–15 Nov: 9 h. Returned by you" in timed.reload(asked).text
    clock.now += timedelta(hours=1)
    await timed.press_button(returned, "Submit again", "U0CHIKA")
    assert "Your week, 9–15 Nov: 17 h. Submitted 00:40." in timed.reload(returned).text

    again = await find_card(timed, "U0BEN")
    assert again.ts != asked.ts
    await timed.press_button(again, "Approve", "U0BEN")
    assert "Approved by you, 10:40." in timed.reload(again).text
    assert list_buttons(timed.reload(again)) == ["Reopen…"]
    approved = await find_card(timed, "U0CHIKA")
    assert "Your week, 9–15 Nov: 17 h. Approved by Ben, 00:40." in approved.text
    assert list_buttons(approved) == []
    assert "Approved by Ben" in timed.reload(returned).text
    assert "Approved by you" in timed.reload(asked).text

    refused = await timed.type_command("log 18-19 10 nov more", "U0CHIKA")
    assert refused.text == (
        "The week of 9 Nov 2026 is approved, by Ben. Leads and admins can reopen it. Nothing was changed."
    )
    assert await timed.list_entries("10 nov", "U0CHIKA") == ["09:00–17:00 Docs · workshop"]


async def test_a_form_on_an_entry_of_a_locked_week_says_so_at_its_field(timed: Replica) -> None:
    await log_week(timed)
    await timed.type_command("submit last", "U0CHIKA")
    await timed.type_command("edit", "U0CHIKA")
    await timed.submit_form(timed.find_form("U0CHIKA"), {"Note": "other"})
    assert "is with Ben for approval. /track submit 2026-11-09 shows it" in read_errors(
        timed.find_form("U0CHIKA")
    )["Note"]  # fmt: skip


async def test_taken_back_before_anybody_decided(timed: Replica) -> None:
    await log_week(timed)
    handed_in = await timed.type_command("submit", "U0CHIKA")
    asked = await find_card(timed, "U0BEN")
    await timed.press_button(handed_in, "Take back", "U0CHIKA")
    taken = timed.reload(handed_in)
    assert "Taken back." in taken.text
    assert list_buttons(taken) == ["Submit again", "Edit…"]
    await timed.press_button(asked, "Approve", "U0BEN")
    late = timed.reload(asked)
    assert late.text.startswith("This week has changed since you looked at it, so nothing was done.")
    assert list_buttons(late) == []
    await timed.type_command("submit", "U0CHIKA")
    await timed.press_button(await find_card(timed, "U0BEN"), "Approve", "U0BEN")
    stale = timed.reload(handed_in)
    await timed.press_button(stale, "Submit again", "U0CHIKA")
    assert "Approved by Ben" in timed.reload(stale).text


async def test_the_first_decision_counts_and_the_other_cards_say_whose_it_was(timed: Replica) -> None:
    await log_week(timed, "U0BEN")
    await timed.type_command("today", "U0CHIKA")
    await timed.type_command("team member @Ben Okafor")
    await timed.type_command("team lead @Chika Mori")
    await timed.type_command("submit", "U0BEN")
    asked = await find_card(timed, "U0CHIKA")
    question = await timed.open_form(asked, "Return…", "U0CHIKA")
    await timed.open_home()  # an admin, who was not asked and may decide as well
    assert "Ben*, 9–15 Nov" in read_text(timed.find_home())
    decision = await timed.open_form(timed.find_home(), "Decide…")
    await timed.submit_form(decision, {WHAT: "Approve"})
    assert "A week waits" not in read_text(timed.find_home())
    await timed.submit_form(question, {REASON: "too late"})
    assert "so nothing was done" in read_text(timed.find_form("U0CHIKA"))
    assert "Approved by Ada" in read_text(timed.find_form("U0CHIKA"))
    assert "Approved by Ada" in (await find_card(timed, "U0CHIKA")).text
    assert "Approved by Ada" in (await find_card(timed, "U0BEN")).text


async def test_what_waits_stands_on_the_home_of_who_may_decide(timed: Replica) -> None:
    await log_week(timed)
    for user in ("U0ADA", "U0BEN", "U0CHIKA"):
        await timed.local_slack.screens.open_home(user)
    await timed.type_command("submit", "U0CHIKA")
    await timed.refresh_messages()
    for user, sees in (("U0ADA", True), ("U0BEN", True), ("U0CHIKA", False)):
        assert ("A week waits for your decision" in read_text(timed.find_home(user))) is sees
    decision = await timed.open_form(timed.find_home("U0BEN"), "Decide…", "U0BEN")
    assert "Chika, 9–15 Nov" in read_text(decision)
    await timed.submit_form(decision, {WHAT: "Return"})
    assert set(read_errors(timed.find_form("U0BEN"))) == {WHEN_RETURNED}
    await timed.submit_form(timed.find_form("U0BEN"), {WHAT: "Return", WHEN_RETURNED: "Tuesday is missing"})
    await timed.refresh_messages()
    for user in ("U0ADA", "U0BEN"):
        assert "waits" not in read_text(timed.find_home(user))
    assert "Tuesday is missing" in (await find_card(timed, "U0CHIKA")).text


async def test_approved_is_reopened_for_a_reason(timed: Replica) -> None:
    await log_week(timed)
    await timed.type_command("submit", "U0CHIKA")
    asked = await find_card(timed, "U0BEN")
    await timed.press_button(asked, "Approve", "U0BEN")
    question = await timed.open_form(timed.reload(asked), "Reopen…", "U0BEN")
    await timed.submit_form(question, {REASON: "one more hour"})
    returned = await find_card(timed, "U0CHIKA")
    assert "Returned by Ben, 23:40: “one more hour”" in returned.text
    assert (await timed.type_command("log 18-19 10 nov more", "U0CHIKA")).text.startswith("Recorded: more")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("submit october", "I didn't understand “october” as a week"),
        ("submit next week", "not come yet"),
        ("submit 2026-W48", "not come yet"),
        ("submit 16 nov", "Nothing is tracked in the week of 16–22 Nov. Submit it as it is?"),
        ("submit", "Nothing is tracked in the week of 9–15 Nov. Submit it as it is?"),
    ],
)
async def test_what_can_not_be_handed_in_is_told_why(timed: Replica, said: str, told: str) -> None:
    assert told in (await timed.type_command(said)).text


async def test_an_empty_week_is_handed_in_once_that_is_meant(timed: Replica) -> None:
    asked = await timed.type_command("submit")
    assert list_buttons(asked) == ["Submit it empty", "Log…"]
    await timed.press_button(asked, "Submit it empty")
    alone = timed.reload(asked)
    assert "Nobody else here is a lead or an admin" in alone.text
    assert list_buttons(alone) == ["Approve", "Return…", "Take back"]
    await timed.press_button(alone, "Approve")
    assert "Approved by you" in timed.reload(alone).text
    assert not [one for one in timed.list_calls("chat.postMessage") if one["channel"] == "U0ADA"]


async def test_a_running_timer_is_to_be_stopped_first(timed: Replica) -> None:
    await timed.type_command("start mail")
    assert (
        "A timer is still running in the week of 16 Nov 2026"
        in (await timed.type_command("submit this")).text
    )


@few_or_each
async def test_whatever_is_written_in_a_week_or_in_a_reason_stays_text(
    timed: Replica, texts: list[str]
) -> None:
    await log_week(timed)
    for number, hostile in enumerate(texts):
        await timed.type_command(f"project new {number} {hostile[:60]}")
        await timed.type_command(f"log {number}:00-{number}:30 12 nov {number} {hostile}", "U0CHIKA")
    reasons = [" ".join(texts)[:500], HOSTILE["unseen"], *texts[3:]]
    for hostile in reasons:
        await timed.type_command("submit", "U0CHIKA")
        asked = await find_card(timed, "U0BEN")
        question = await timed.open_form(asked, "Return…", "U0BEN")
        await timed.submit_form(question, {REASON: hostile})
        await find_card(timed, "U0CHIKA")
        await timed.type_command("submit", "U0CHIKA")
        await timed.press_button(await find_card(timed, "U0BEN"), "Approve", "U0BEN")
        await timed.open_form(await find_card(timed, "U0BEN"), "Reopen…", "U0BEN")
        await timed.submit_form(timed.find_form("U0BEN"), {REASON: "again"})
