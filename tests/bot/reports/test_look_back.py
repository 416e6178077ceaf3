"""The weekly digests as they are read, with and without tables and charts; and how they are chosen."""

import pytest

from tests.bot.kit import buttons, delivered, direct, messages, now, opened, pressed, sent, typed, words
from tests.bot.kit import form as open_form
from tests.conftest import Clock
from tests.ledger import berlin
from tests.service import Replica


async def monday(app: Replica, clock: Clock) -> None:
    clock.now = berlin("09:00", "2026-11-23")
    while await app.service.services.weekly.queue_due():
        pass
    await delivered(app)
    clock.now = berlin("09:00:10", "2026-11-23")
    await delivered(app)


@pytest.mark.parametrize("plain", [False, True])
async def test_a_week_and_a_teams_week(timed: Replica, clock: Clock, plain: bool) -> None:
    if plain:
        timed.local_slack.faults.unknown_blocks = {"table", "data_visualization"}
    for user, typed_ in (("U0ADA", "log 9-11 note <!channel>"), ("U0BEN", "log 13:00-15:00 yesterday web")):
        await typed(timed, typed_, user)
    await typed(timed, "project new API <!here>")
    await typed(timed, "log 12-15 “API <!here>” review")
    answer = await typed(timed, "digest team here", channel="C0GENERAL")
    assert "Everybody there sees how much each of you tracked." in answer.text
    await monday(timed, clock)
    own = next(one for one in direct(timed) if one.text.startswith("Your week"))
    assert own.text.startswith("Your week, 16–22 Nov: 5 h of 40 h. Nothing tracked on Mon 16 Nov")
    assert "`/track 16 nov` shows that day" in words(own)
    team = next(one for one in messages(timed) if one.text.startswith("The team's week"))
    assert team.text == "The team's week, 16–22 Nov: 7 h. Ada 5 h; Ben 2 h"
    assert "2 of 2 people" in words(team)
    kinds = {block["type"] for one in (own, team) for block in one.blocks}
    assert ("table" in kinds, "data_visualization" in kinds) == (not plain, not plain)


async def test_an_empty_day_is_filled_and_the_week_handed_in_without_leaving_the_message(
    timed: Replica, clock: Clock
) -> None:
    await typed(timed, "log 9-11 docs")
    await monday(timed, clock)
    message = direct(timed)[-1]
    assert buttons(message) == [
        *(f"Log {day} Nov…" for day in ("Mon 16", "Tue 17", "Thu 19", "Fri 20")),
        "Submit week",
    ]
    view = await opened(timed, message, "Log Tue 17 Nov…")
    await sent(timed, view, {"How long, or from when to when": "8-16", "What did you work on?": "workshop"})
    message = now(timed, message)
    assert "Recorded: workshop, 8 h" in words(message)
    assert message.text.startswith("Your week, 16–22 Nov: 10 h of 40 h. Nothing tracked on Mon 16 Nov")
    assert "Log Tue 17 Nov…" not in buttons(message)
    await pressed(timed, message, "Submit week")
    assert "Submitted" in words(now(timed, message))
    assert now(timed, message).text.startswith("Your week, 16–22 Nov: 10 h of 40 h")


async def test_what_comes_on_mondays_is_chosen_in_the_form_or_typed(timed: Replica) -> None:
    await typed(timed, "digest team here")
    await typed(timed, "settings")
    await sent(timed, open_form(timed), {"On Monday mornings": ["The team's last week"]})
    said = (await typed(timed, "digest weekly off")).text
    assert "does not come by itself, the team's in a channel" in said  # where it was
    assert "comes on Monday mornings" in (await typed(timed, "digest weekly on")).text
    await typed(timed, "settings")
    await sent(timed, open_form(timed), {"On Monday mornings": []})
    assert "does not come by itself. " in (await typed(timed, "digest weekly off")).text
    refused = await typed(timed, "digest team on", "U0BEN")
    assert "for leads and admins" in refused.text
    assert (
        "Type `/track digest team here` in one"
        in (await typed(timed, "digest team here", channel="D0ADA")).text
    )
    await typed(timed, "settings", "U0BEN")
    view = open_form(timed, "U0BEN")
    assert "The team's last week" not in str(view.blocks)
