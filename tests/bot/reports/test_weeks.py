"""Weeks in Slack: Ada hands hers in, Ben decides, and every card says what is true by now."""

from datetime import timedelta

import pytest

from local_slack.workspace import Message
from tests.bot.kit import (
    buttons,
    calls,
    day,
    delivered,
    direct,
    errors,
    form,
    home,
    no_form,
    now,
    opened,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.bot.test_inert import HOSTILE, few_or_each
from tests.conftest import Clock
from tests.service import Replica

REASON, WHAT = "What is to be changed?", "What shall it be?"
WHEN_RETURNED = "When you return it: what is to be changed?"


async def a_week(app: Replica, user: str = "U0CHIKA") -> None:
    """Nine hours of the last week; Ada makes Ben a lead."""
    for title in ("API", "Docs"):
        await typed(app, f"project new {title}")
    await typed(app, "today", "U0BEN")
    await typed(app, "team lead @Ben Okafor")
    for said in ("log 9-12 9 nov api", "log 13-15 9 nov docs", "log 9-13 11 nov mail"):
        await typed(app, said, user)


async def card(app: Replica, user: str) -> Message:
    """What was sent to that person last, as it stands now."""
    await delivered(app)
    await rewritten(app)
    return direct(app, user)[-1]


async def test_handed_in_returned_with_a_reason_mended_and_approved(timed: Replica, clock: Clock) -> None:
    await a_week(timed)
    handed_in = await typed(timed, "submit", "U0CHIKA")
    assert "Your week, 9–15 Nov: 9 h. Submitted 23:40. With Ben for approval." in handed_in.text
    assert buttons(handed_in) == ["Take back"]
    assert "1 gap" in words(handed_in)
    asked = await card(timed, "U0BEN")
    assert asked.text.startswith("Chika, 9–15 Nov: 9 h. Submitted 09:40.")
    assert "| API | 3 h | – | – | – | – | 3 h |" in words(asked)
    assert "| Total | 5 h | – | 4 h | – | – | 9 h" in words(asked)
    assert buttons(asked) == ["Approve", "Return…"]

    question = await opened(timed, asked, "Return…", "U0BEN")
    await sent(timed, question, {REASON: "   "})
    assert errors(form(timed, "U0BEN")) == {REASON: "Please say what is to be changed: it is sent along."}
    await sent(timed, form(timed, "U0BEN"), {REASON: "the workshop on Tuesday is missing"})
    assert no_form(timed, "U0BEN")
    assert "Returned by you, 09:40: “the workshop on Tuesday is missing”" in now(timed, asked).text
    assert buttons(now(timed, asked)) == []

    returned = await card(timed, "U0CHIKA")
    assert "Returned by Ben, 23:40: “the workshop on Tuesday is missing”" in returned.text
    assert buttons(returned) == ["Submit again", "Edit…"]
    await sent(timed, await opened(timed, returned, "Edit…", "U0CHIKA"), {"Note": "mail and calls"})
    assert buttons(now(timed, returned)) == ["Submit again", "Edit…"], "it still shows the week"
    await typed(timed, "log 9-17 10 nov docs workshop", "U0CHIKA")
    await rewritten(timed)
    assert "Your week, 9–15 Nov: 17 h. Returned by Ben" in now(timed, returned).text
    assert "Chika, 9–15 Nov: 9 h. Returned by you" in now(timed, asked).text
    clock.now += timedelta(hours=1)
    await pressed(timed, returned, "Submit again", "U0CHIKA")
    assert "Your week, 9–15 Nov: 17 h. Submitted 00:40." in now(timed, returned).text

    again = await card(timed, "U0BEN")
    assert again.ts != asked.ts
    await pressed(timed, again, "Approve", "U0BEN")
    assert "Approved by you, 10:40." in now(timed, again).text
    assert buttons(now(timed, again)) == ["Reopen…"]
    approved = await card(timed, "U0CHIKA")
    assert "Your week, 9–15 Nov: 17 h. Approved by Ben, 00:40." in approved.text
    assert buttons(approved) == []
    assert "Approved by Ben" in now(timed, returned).text
    assert "Approved by you" in now(timed, asked).text

    refused = await typed(timed, "log 18-19 10 nov more", "U0CHIKA")
    assert refused.text == (
        "The week of 9 Nov 2026 is approved, by Ben. Leads and admins can reopen it. Nothing was changed."
    )
    assert await day(timed, "10 nov", "U0CHIKA") == ["09:00–17:00 Docs · workshop"]


async def test_a_form_on_an_entry_of_a_locked_week_says_so_at_its_field(timed: Replica) -> None:
    await a_week(timed)
    await typed(timed, "submit last", "U0CHIKA")
    await typed(timed, "edit", "U0CHIKA")
    await sent(timed, form(timed, "U0CHIKA"), {"Note": "other"})
    assert "is with Ben for approval. /track submit 2026-11-09 shows it" in errors(
        form(timed, "U0CHIKA")
    )["Note"]  # fmt: skip


async def test_taken_back_before_anybody_decided(timed: Replica) -> None:
    await a_week(timed)
    handed_in = await typed(timed, "submit", "U0CHIKA")
    asked = await card(timed, "U0BEN")
    await pressed(timed, handed_in, "Take back", "U0CHIKA")
    taken = now(timed, handed_in)
    assert "Taken back." in taken.text
    assert buttons(taken) == ["Submit again", "Edit…"]
    await pressed(timed, asked, "Approve", "U0BEN")
    late = now(timed, asked)
    assert late.text.startswith("This week has changed since you looked at it, so nothing was done.")
    assert buttons(late) == []
    await typed(timed, "submit", "U0CHIKA")
    await pressed(timed, await card(timed, "U0BEN"), "Approve", "U0BEN")
    stale = now(timed, handed_in)
    await pressed(timed, stale, "Submit again", "U0CHIKA")
    assert "Approved by Ben" in now(timed, stale).text


async def test_the_first_decision_counts_and_the_other_cards_say_whose_it_was(timed: Replica) -> None:
    await a_week(timed, "U0BEN")
    await typed(timed, "today", "U0CHIKA")
    await typed(timed, "team member @Ben Okafor")
    await typed(timed, "team lead @Chika Mori")
    await typed(timed, "submit", "U0BEN")
    asked = await card(timed, "U0CHIKA")
    question = await opened(timed, asked, "Return…", "U0CHIKA")
    await timed.local_slack.screens.open_home("U0ADA")  # an admin, who was not asked and may decide as well
    assert "Ben*, 9–15 Nov" in words(home(timed))
    decision = await opened(timed, home(timed), "Decide…")
    await sent(timed, decision, {WHAT: "Approve"})
    assert "A week waits" not in words(home(timed))
    await sent(timed, question, {REASON: "too late"})
    assert "so nothing was done" in words(form(timed, "U0CHIKA"))
    assert "Approved by Ada" in words(form(timed, "U0CHIKA"))
    assert "Approved by Ada" in (await card(timed, "U0CHIKA")).text
    assert "Approved by Ada" in (await card(timed, "U0BEN")).text


async def test_what_waits_stands_on_the_home_of_who_may_decide(timed: Replica) -> None:
    await a_week(timed)
    for user in ("U0ADA", "U0BEN", "U0CHIKA"):
        await timed.local_slack.screens.open_home(user)
    await typed(timed, "submit", "U0CHIKA")
    await rewritten(timed)
    for user, sees in (("U0ADA", True), ("U0BEN", True), ("U0CHIKA", False)):
        assert ("A week waits for your decision" in words(home(timed, user))) is sees
    decision = await opened(timed, home(timed, "U0BEN"), "Decide…", "U0BEN")
    assert "Chika, 9–15 Nov" in words(decision)
    await sent(timed, decision, {WHAT: "Return"})
    assert set(errors(form(timed, "U0BEN"))) == {WHEN_RETURNED}
    await sent(timed, form(timed, "U0BEN"), {WHAT: "Return", WHEN_RETURNED: "Tuesday is missing"})
    await rewritten(timed)
    for user in ("U0ADA", "U0BEN"):
        assert "waits" not in words(home(timed, user))
    assert "Tuesday is missing" in (await card(timed, "U0CHIKA")).text


async def test_approved_is_reopened_for_a_reason(timed: Replica) -> None:
    await a_week(timed)
    await typed(timed, "submit", "U0CHIKA")
    asked = await card(timed, "U0BEN")
    await pressed(timed, asked, "Approve", "U0BEN")
    question = await opened(timed, now(timed, asked), "Reopen…", "U0BEN")
    await sent(timed, question, {REASON: "one more hour"})
    returned = await card(timed, "U0CHIKA")
    assert "Returned by Ben, 23:40: “one more hour”" in returned.text
    assert (await typed(timed, "log 18-19 10 nov more", "U0CHIKA")).text.startswith("Recorded: more")


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
    assert told in (await typed(timed, said)).text


async def test_an_empty_week_is_handed_in_once_that_is_meant(timed: Replica) -> None:
    asked = await typed(timed, "submit")
    assert buttons(asked) == ["Submit it empty", "Log…"]
    await pressed(timed, asked, "Submit it empty")
    alone = now(timed, asked)
    assert "Nobody else here is a lead or an admin" in alone.text
    assert buttons(alone) == ["Approve", "Return…", "Take back"]
    await pressed(timed, alone, "Approve")
    assert "Approved by you" in now(timed, alone).text
    assert not [one for one in calls(timed, "chat.postMessage") if one["channel"] == "U0ADA"]


async def test_a_running_timer_is_to_be_stopped_first(timed: Replica) -> None:
    await typed(timed, "start mail")
    assert "A timer is still running in the week of 16 Nov 2026" in (await typed(timed, "submit this")).text


@few_or_each
async def test_whatever_is_written_in_a_week_or_in_a_reason_stays_text(
    timed: Replica, texts: list[str]
) -> None:
    await a_week(timed)
    for number, hostile in enumerate(texts):
        await typed(timed, f"project new {number} {hostile[:60]}")
        await typed(timed, f"log {number}:00-{number}:30 12 nov {number} {hostile}", "U0CHIKA")
    reasons = [" ".join(texts)[:500], HOSTILE["unseen"], *texts[3:]]
    for hostile in reasons:
        await typed(timed, "submit", "U0CHIKA")
        asked = await card(timed, "U0BEN")
        question = await opened(timed, asked, "Return…", "U0BEN")
        await sent(timed, question, {REASON: hostile})
        await card(timed, "U0CHIKA")
        await typed(timed, "submit", "U0CHIKA")
        await pressed(timed, await card(timed, "U0BEN"), "Approve", "U0BEN")
        await opened(timed, await card(timed, "U0BEN"), "Reopen…", "U0BEN")
        await sent(timed, form(timed, "U0BEN"), {REASON: "again"})
