"""A report is one message: table and chart in it where the workspace takes them, text where it does not."""

import asyncio
from datetime import timedelta

from bot.slack.block_support import AGAIN_AFTER_SECONDS, BlockSupport
from local_slack.faults import Faults
from local_slack.requests.encoding import encode_form
from tests.bot.kit import buttons, chosen, messages, now, pressed, standing, typed, words
from tests.cast import PATIENCE_SECONDS
from tests.conftest import Clock
from tests.service import Replica, replica

TABLE, CHART = "table", "data_visualization"
REPORTS = [
    ("week", {TABLE, CHART}),
    ("month", {TABLE, CHART}),
    ("today", {TABLE, CHART}),
    ("2026-11-18", {TABLE, CHART}),
    ("yesterday", set()),
    ("report this week by day", {TABLE, CHART}),
    ("report this week by tag", {TABLE, CHART}),
    ("report this week by person", {TABLE, CHART}),
    ("report today", {TABLE}),
    ("submit this week", {TABLE}),
    ("last week", set()),
    ("team", set()),
]


async def two_projects(app: Replica) -> None:
    for title in ("API", "Docs"):
        await typed(app, f"project new {title}")
        await typed(app, f"log 90m today {title}")


def kinds(app: Replica) -> set[str]:
    return {block["type"] for block in messages(app)[-1].blocks} & {TABLE, CHART}


async def test_every_report_is_one_message_with_its_table_and_chart(timed: Replica) -> None:
    await two_projects(timed)
    for asked, drawn in REPORTS:
        before = len(messages(timed))
        shown = await typed(timed, asked)
        assert messages(timed)[before:] == [shown], asked
        assert kinds(timed) == drawn, asked
        assert shown.ephemeral_for == "U0ADA"
        if drawn:
            assert timed.local_slack.deliveries[-1].answer == ""
            assert "3 h" in shown.text, "who sees no blocks reads the same"


async def test_where_tables_and_charts_are_refused_each_is_one_message_of_text(timed: Replica) -> None:
    await two_projects(timed)
    timed.local_slack.faults.unknown_blocks = {TABLE, CHART}
    for asked, _ in REPORTS:
        before = len(messages(timed))
        shown = await typed(timed, asked)
        assert messages(timed)[before:] == [shown], asked
        assert kinds(timed) == set()
        assert ("3 h" in words(shown)) == (asked not in {"yesterday", "last week", "team"}), asked
    refused = [call.outcome for call in timed.local_slack.calls if call.method == "response_url"]
    assert refused == ["invalid_blocks"], "what was refused once is not tried with each report"


async def test_a_day_of_one_project_says_its_total_once(timed: Replica) -> None:
    await typed(timed, "log 90m today alone")
    today = await typed(timed, "today")
    assert kinds(timed) == set()
    assert "▇" not in words(today)


def test_after_a_day_tables_and_charts_are_tried_again() -> None:
    at = 100.0
    drawing = BlockSupport(lambda: at)
    assert not drawing.plain
    drawing.refused()
    assert drawing.plain
    at += AGAIN_AFTER_SECONDS - 1
    assert drawing.plain
    at += 1
    assert not drawing.plain


async def test_a_command_without_an_address_is_answered_in_the_acknowledgment(timed: Replica) -> None:
    await two_projects(timed)
    form = timed.local_slack.command_form("U0ADA", "week")
    del form["response_url"]
    said = (await timed.local_slack.deliver(encode_form(form))).json
    assert said is not None
    assert said["response_type"] == "ephemeral"
    assert "API" in str(said["blocks"])


async def test_an_address_that_nobody_answers_leaves_the_words(timed: Replica) -> None:
    await two_projects(timed)
    for address in ("http://127.0.0.1:9/response/nobody", f"{timed.local_slack.url}/response/unknown"):
        form = timed.local_slack.command_form("U0ADA", "week") | {"response_url": address}
        said = (await timed.local_slack.deliver(encode_form(form))).json
        assert said is not None
        assert "API" in str(said["blocks"])


async def test_an_address_that_fails_is_tried_again(timed: Replica) -> None:
    await two_projects(timed)
    timed.local_slack.faults = Faults(methods={"response_url"}, server_error=1.0, server_error_accepted=0.0)
    before = len(messages(timed))
    asking = asyncio.create_task(typed(timed, "week"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(call.method == "response_url" for call in timed.local_slack.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    timed.local_slack.faults = Faults()
    shown = await asking
    assert messages(timed)[before:] == [shown]
    assert kinds(timed) == {TABLE, CHART}


async def test_an_address_at_its_limit_leaves_the_words(timed: Replica) -> None:
    await two_projects(timed)
    timed.local_slack.faults = Faults(methods={"response_url"}, rate_limited=1.0)
    before = len(messages(timed))
    assert "API" in words(await typed(timed, "week"))
    assert len(messages(timed)) == before + 1


async def test_a_slow_address_is_not_waited_for_and_a_late_refusal_is_said_in_words(
    empty_database_url: str, clock: Clock
) -> None:
    async with standing(empty_database_url, clock, patience=0.0) as app:
        await two_projects(app)
        app.local_slack.faults.unknown_blocks = {TABLE, CHART}
        app.local_slack.response_urls_open.clear()
        before, earlier = len(messages(app)), app.local_slack.deliveries[-1]
        asking = asyncio.create_task(typed(app, "week"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while app.local_slack.deliveries[-1] is earlier:  # noqa: ASYNC110 - until it is acknowledged
                await asyncio.sleep(0.01)
        app.local_slack.response_urls_open.set()
        shown = await asking
        assert messages(app)[before:] == [shown]
        assert kinds(app) == set()
        assert "API" in words(shown)
        assert app.local_slack.deliveries[-1].answer == ""


async def test_buttons_of_a_drawn_day_rewrite_it_in_its_place(timed: Replica) -> None:
    await two_projects(timed)
    today = await typed(timed, "today")
    before = len(messages(timed))
    after = await chosen(timed, today, 0, "Delete")
    assert words(after).startswith("Today, Wed 18 Nov: 1 h 30 min.")
    await chosen(timed, after, 0, "Resume")
    assert "Stop" in buttons(now(timed, today))
    card = await typed(timed, "status")
    await pressed(timed, card, "Today")
    assert now(timed, card).text.startswith("Today, Wed 18 Nov: 1 h 30 min.")
    assert len(messages(timed)) == before + 1


async def test_a_day_is_drawn_and_rewritten_with_its_chart_when_it_changes(
    timed: Replica, clock: Clock
) -> None:
    await two_projects(timed)
    await typed(timed, "log 8-9 today Docs")
    today = await typed(timed, "today")
    assert kinds(timed) == {TABLE, CHART}
    clock.now += timedelta(seconds=1)
    after = await chosen(timed, today, 0, "Delete")
    assert {TABLE, CHART} <= {block["type"] for block in after.blocks}
    assert after.ts == today.ts


async def test_a_newcomers_first_report_is_one_message_below_a_greeting(timed: Replica) -> None:
    shown = await typed(timed, "week", "U0CHIKA")
    assert messages(timed) == [shown]
    assert "Hello" in words(shown)


async def test_over_a_socket_a_report_is_one_message_too(
    empty_database_url: str, timed: Replica, clock: Clock
) -> None:
    await two_projects(timed)
    async with replica(empty_database_url, timed.local_slack, clock=clock, socket=True):
        timed.local_slack.transport = "socket"
        before = len(messages(timed))
        shown = await typed(timed, "week")
        timed.local_slack.transport = "http"
        assert messages(timed)[before:] == [shown]
        assert kinds(timed) == {TABLE, CHART}
