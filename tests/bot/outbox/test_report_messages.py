"""A report is one message: table and chart in it where the workspace takes them, text where it does not."""

import asyncio
from datetime import timedelta

from bot.slack.block_support import AGAIN_AFTER_SECONDS, BlockSupport
from local_slack.faults import Faults
from local_slack.requests.encoding import encode_form
from tests.bot.emitted import run_checked_replica
from tests.bot.reading import list_buttons, read_text
from tests.cast import PATIENCE_SECONDS
from tests.conftest import Clock
from tests.replica import Replica, run_replica

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


async def log_two_projects(app: Replica) -> None:
    for title in ("API", "Docs"):
        await app.type_command(f"project new {title}")
        await app.type_command(f"log 90m today {title}")


def list_block_types(app: Replica) -> set[str]:
    return {block["type"] for block in app.list_messages()[-1].blocks} & {TABLE, CHART}


async def test_every_report_is_one_message_with_its_table_and_chart(timed: Replica) -> None:
    await log_two_projects(timed)
    for asked, drawn in REPORTS:
        before = len(timed.list_messages())
        shown = await timed.type_command(asked)
        assert timed.list_messages()[before:] == [shown], asked
        assert list_block_types(timed) == drawn, asked
        assert shown.ephemeral_for == "U0ADA"
        if drawn:
            assert timed.local_slack.deliveries[-1].answer == ""
            assert "3 h" in shown.text, "who sees no blocks reads the same"


async def test_where_tables_and_charts_are_refused_each_is_one_message_of_text(timed: Replica) -> None:
    await log_two_projects(timed)
    timed.local_slack.faults.unknown_blocks = {TABLE, CHART}
    for asked, _ in REPORTS:
        before = len(timed.list_messages())
        shown = await timed.type_command(asked)
        assert timed.list_messages()[before:] == [shown], asked
        assert list_block_types(timed) == set()
        assert ("3 h" in read_text(shown)) == (asked not in {"yesterday", "last week", "team"}), asked
    refused = [call.outcome for call in timed.local_slack.calls if call.method == "response_url"]
    assert refused == ["invalid_blocks"], "what was refused once is not tried with each report"


async def test_a_day_of_one_project_says_its_total_once(timed: Replica) -> None:
    await timed.type_command("log 90m today alone")
    today = await timed.type_command("today")
    assert list_block_types(timed) == set()
    assert "▇" not in read_text(today)


def test_after_a_day_tables_and_charts_are_tried_again() -> None:
    at = 100.0
    drawing = BlockSupport(lambda: at)
    assert not drawing.plain
    drawing.record_refusal()
    assert drawing.plain
    at += AGAIN_AFTER_SECONDS - 1
    assert drawing.plain
    at += 1
    assert not drawing.plain


async def test_a_command_without_an_address_is_answered_in_the_acknowledgment(timed: Replica) -> None:
    await log_two_projects(timed)
    form = timed.local_slack.command_form("U0ADA", "week")
    del form["response_url"]
    said = (await timed.local_slack.deliver(encode_form(form))).json
    assert said is not None
    assert said["response_type"] == "ephemeral"
    assert "API" in str(said["blocks"])


async def test_an_address_that_nobody_answers_leaves_the_words(timed: Replica) -> None:
    await log_two_projects(timed)
    for address in ("http://127.0.0.1:9/response/nobody", f"{timed.local_slack.url}/response/unknown"):
        form = timed.local_slack.command_form("U0ADA", "week") | {"response_url": address}
        said = (await timed.local_slack.deliver(encode_form(form))).json
        assert said is not None
        assert "API" in str(said["blocks"])


async def test_an_address_that_fails_is_tried_again(timed: Replica) -> None:
    await log_two_projects(timed)
    timed.local_slack.faults = Faults(methods={"response_url"}, server_error=1.0, server_error_accepted=0.0)
    before = len(timed.list_messages())
    asking = asyncio.create_task(timed.type_command("week"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(call.method == "response_url" for call in timed.local_slack.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    timed.local_slack.faults = Faults()
    shown = await asking
    assert timed.list_messages()[before:] == [shown]
    assert list_block_types(timed) == {TABLE, CHART}


async def test_an_address_at_its_limit_leaves_the_words(timed: Replica) -> None:
    await log_two_projects(timed)
    timed.local_slack.faults = Faults(methods={"response_url"}, rate_limited=1.0)
    before = len(timed.list_messages())
    assert "API" in read_text(await timed.type_command("week"))
    assert len(timed.list_messages()) == before + 1


async def test_a_slow_address_is_not_waited_for_and_a_late_refusal_is_said_in_words(
    empty_database_url: str, clock: Clock
) -> None:
    async with run_checked_replica(empty_database_url, clock, least_wait=0.0) as app:
        await log_two_projects(app)
        app.local_slack.faults.unknown_blocks = {TABLE, CHART}
        app.local_slack.response_urls_open.clear()
        before, earlier = len(app.list_messages()), app.local_slack.deliveries[-1]
        asking = asyncio.create_task(app.type_command("week"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while app.local_slack.deliveries[-1] is earlier:  # noqa: ASYNC110 - until it is acknowledged
                await asyncio.sleep(0.01)
        app.local_slack.response_urls_open.set()
        shown = await asking
        assert app.list_messages()[before:] == [shown]
        assert list_block_types(app) == set()
        assert "API" in read_text(shown)
        assert app.local_slack.deliveries[-1].answer == ""


async def test_buttons_of_a_drawn_day_rewrite_it_in_its_place(timed: Replica) -> None:
    await log_two_projects(timed)
    today = await timed.type_command("today")
    before = len(timed.list_messages())
    after = await timed.choose_from_menu(today, 0, "Delete")
    assert read_text(after).startswith("Today, Wed 18 Nov: 1 h 30 min.")
    await timed.choose_from_menu(after, 0, "Resume")
    assert "Stop" in list_buttons(timed.reload(today))
    card = await timed.type_command("status")
    await timed.press_button(card, "Today")
    assert timed.reload(card).text.startswith("Today, Wed 18 Nov: 1 h 30 min.")
    assert len(timed.list_messages()) == before + 1


async def test_a_day_is_drawn_and_rewritten_with_its_chart_when_it_changes(
    timed: Replica, clock: Clock
) -> None:
    await log_two_projects(timed)
    await timed.type_command("log 8-9 today Docs")
    today = await timed.type_command("today")
    assert list_block_types(timed) == {TABLE, CHART}
    clock.now += timedelta(seconds=1)
    after = await timed.choose_from_menu(today, 0, "Delete")
    assert {TABLE, CHART} <= {block["type"] for block in after.blocks}
    assert after.ts == today.ts


async def test_a_newcomers_first_report_is_one_message_below_a_greeting(timed: Replica) -> None:
    shown = await timed.type_command("week", "U0CHIKA")
    assert timed.list_messages() == [shown]
    assert "Hello" in read_text(shown)


async def test_over_a_socket_a_report_is_one_message_too(
    empty_database_url: str, timed: Replica, clock: Clock
) -> None:
    await log_two_projects(timed)
    async with run_replica(empty_database_url, timed.local_slack, clock=clock, socket=True):
        timed.local_slack.transport = "socket"
        before = len(timed.list_messages())
        shown = await timed.type_command("week")
        timed.local_slack.transport = "http"
        assert timed.list_messages()[before:] == [shown]
        assert list_block_types(timed) == {TABLE, CHART}
