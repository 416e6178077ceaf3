"""The weekly digests as they are read, with and without tables and charts; and how they are chosen."""

import pytest

from tests.bot.reading import list_buttons, read_text
from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica


async def pass_weekend(app: Replica, clock: Clock) -> None:
    clock.now = berlin("09:00", "2026-11-23")
    while await app.service.services.weekly.queue_due():
        pass
    await app.send_due_messages()
    clock.now = berlin("09:00:10", "2026-11-23")
    await app.send_due_messages()


@pytest.mark.parametrize("plain", [False, True])
async def test_a_week_and_a_teams_week(timed: Replica, clock: Clock, plain: bool) -> None:
    if plain:
        timed.local_slack.faults.unknown_blocks = {"table", "data_visualization"}
    for user, typed_ in (("U0ADA", "log 9-11 note <!channel>"), ("U0BEN", "log 13:00-15:00 yesterday web")):
        await timed.type_command(typed_, user)
    await timed.type_command("project new API <!here>")
    await timed.type_command("log 12-15 “API <!here>” review")
    answer = await timed.type_command("digest team here", channel="C0GENERAL")
    assert "Everybody there sees how much each of you tracked." in answer.text
    await pass_weekend(timed, clock)
    own = next(one for one in timed.list_direct_messages() if one.text.startswith("Your week"))
    assert own.text.startswith("Your week, 16–22 Nov: 5 h of 40 h. Nothing tracked on Mon 16 Nov")
    assert "`/track 16 nov` shows that day" in read_text(own)
    team = next(one for one in timed.list_messages() if one.text.startswith("The team's week"))
    assert team.text == "The team's week, 16–22 Nov: 7 h. Ada 5 h; Ben 2 h"
    assert "2 of 2 people" in read_text(team)
    kinds = {block["type"] for one in (own, team) for block in one.blocks}
    assert ("table" in kinds, "data_visualization" in kinds) == (not plain, not plain)


async def test_an_empty_day_is_filled_and_the_week_handed_in_without_leaving_the_message(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("log 9-11 docs")
    await pass_weekend(timed, clock)
    message = timed.list_direct_messages()[-1]
    assert list_buttons(message) == [
        *(f"Log {day} Nov…" for day in ("Mon 16", "Tue 17", "Thu 19", "Fri 20")),
        "Submit week",
    ]
    view = await timed.open_form(message, "Log Tue 17 Nov…")
    await timed.submit_form(
        view, {"How long, or from when to when": "8-16", "What did you work on?": "workshop"}
    )
    message = timed.reload(message)
    assert "Recorded: workshop, 8 h" in read_text(message)
    assert message.text.startswith("Your week, 16–22 Nov: 10 h of 40 h. Nothing tracked on Mon 16 Nov")
    assert "Log Tue 17 Nov…" not in list_buttons(message)
    await timed.press_button(message, "Submit week")
    assert "Submitted" in read_text(timed.reload(message))
    assert timed.reload(message).text.startswith("Your week, 16–22 Nov: 10 h of 40 h")


async def test_what_comes_on_mondays_is_chosen_in_the_form_or_typed(timed: Replica) -> None:
    await timed.type_command("digest team here")
    await timed.type_command("settings")
    await timed.submit_form(timed.find_form(), {"On Monday mornings": ["The team's last week"]})
    said = (await timed.type_command("digest weekly off")).text
    assert "does not come by itself, the team's in a channel" in said  # where it was
    assert "comes on Monday mornings" in (await timed.type_command("digest weekly on")).text
    await timed.type_command("settings")
    await timed.submit_form(timed.find_form(), {"On Monday mornings": []})
    assert "does not come by itself. " in (await timed.type_command("digest weekly off")).text
    refused = await timed.type_command("digest team on", "U0BEN")
    assert "for leads and admins" in refused.text
    assert (
        "Type `/track digest team here` in one"
        in (await timed.type_command("digest team here", channel="D0ADA")).text
    )
    await timed.type_command("settings", "U0BEN")
    view = timed.find_form("U0BEN")
    assert "The team's last week" not in str(view.blocks)
