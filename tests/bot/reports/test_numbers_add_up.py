"""What is shown adds up to the total beside it, and today is the same number wherever it stands."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from local_slack.workspace import Message
from tests.bot.reading import read_text
from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica

_LENGTH = re.compile(r"(?:(\d+) h)?(?: ?(\d+) min)?")


def read_minutes(told: str) -> int:
    """ "1 h 2 min" → 62."""
    found = _LENGTH.fullmatch(told)
    assert found, told
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def read_table(message: Message) -> list[list[str]]:
    (block,) = [one for one in message.blocks if one["type"] == "table"]
    return [[cell["text"] for cell in row] for row in block["rows"]]


def read_column(rows: Iterable[list[str]], number: int) -> list[int]:
    return [read_minutes(row[number]) for row in rows if row[number] != "–"]


async def add_entry(
    app: Replica, clock: Clock, start: datetime, length: timedelta, project: str, key: str
) -> None:
    clock.now = max(clock.now, start + length)
    data: dict[str, Any] = {"start_time": start.isoformat(), "end_time": (start + length).isoformat()}
    assert await app.receive_webhook("time_entry.create", key, project=project, **data) == 202


async def log_three_projects(app: Replica, clock: Clock) -> None:
    """20 min 40 s on each of three projects, today and on the two days before."""
    for title in ("API", "Docs", "Web"):
        await app.type_command(f"project new {title}")
        for day in ("2026-11-16", "2026-11-17", "2026-11-18"):
            start = berlin({"API": "09:00", "Docs": "10:00", "Web": "11:00"}[title], day)
            await add_entry(app, clock, start, timedelta(minutes=20, seconds=40), title, f"{title}{day}")


async def test_three_times_twenty_minutes_and_forty_seconds_are_an_hour_and_two(
    timed: Replica, clock: Clock
) -> None:
    await log_three_projects(timed, clock)
    today = await timed.type_command("today")
    assert "Today, Wed 18 Nov: 1 h 2 min. API 21 min; Docs 21 min; Web 20 min." in today.text
    head, *lines, total = read_table(today)
    assert head == ["Project", "Time", "Share"]
    assert [row[1] for row in lines] == ["21 min", "21 min", "20 min"]
    assert [row[2] for row in lines] == ["34 %", "33 %", "33 %"]
    assert total == ["Total", "1 h 2 min", "100 %"]
    listed = re.findall(
        r"`\d\d:\d\d–\d\d:\d\d`  .* · ([^·|]*?)(?= \||$)", read_text(today).replace(" | ", " |\n"), re.M
    )
    assert sum(read_minutes(one) for one in listed) == 62
    for asked in (
        "week",
        "month",
        "report this week by tag",
        "report this week by day",
        "report last 40 days",
    ):
        _, *lines, total = read_table(await timed.type_command(asked))
        assert sum(read_column(lines, 1)) == read_minutes(total[1]) == 3 * 62, asked
        if len(total) == 3:
            assert sum(int(row[2].removesuffix(" %")) for row in lines) == 100


async def test_a_week_adds_up_by_rows_and_by_columns_and_its_lead_sees_the_same(
    timed: Replica, clock: Clock
) -> None:
    await log_three_projects(timed, clock)
    await add_entry(
        timed, clock, berlin("13:00", "2026-11-17"), timedelta(minutes=7, seconds=59.5), "Web", "odd 1"
    )
    await add_entry(timed, clock, berlin("14:00", "2026-11-16"), timedelta(seconds=44), "API", "odd 2")
    week = await timed.type_command("week")
    submitted = await timed.type_command("submit this week")
    head, *lines, total = read_table(submitted)
    for number in range(1, len(head)):
        shown = read_column([total], number)
        assert sum(read_column(lines, number)) == sum(shown)
    for row in [*lines, total]:
        assert sum(read_minutes(cell) for cell in row[1:-1] if cell != "–") == read_minutes(row[-1]), row
    assert total[-1] == "3 h 14 min"
    assert {row[0]: row[1] for row in read_table(week)[1:]} == {row[0]: row[-1] for row in [*lines, total]}
    spoken_days = dict(re.findall(r"(\w{3} \d\d): ([^·|]*?)(?= ·| \|)", read_text(week)))
    shown_days = {day: cell for day, cell in zip(head[1:-1], total[1:-1], strict=True) if cell != "–"}
    assert spoken_days == shown_days


async def test_today_is_one_number_wherever_it_is_shown(timed: Replica, clock: Clock) -> None:
    await log_three_projects(timed, clock)
    clock.now = berlin("15:40")
    card = await timed.type_command("")
    await add_entry(timed, clock, berlin("13:00"), timedelta(minutes=9, seconds=50), "Web", "odd")
    await add_entry(
        timed, clock, berlin("13:00", "2026-11-17"), timedelta(minutes=3, seconds=59), "Docs", "more"
    )
    today = "1 h 11 min"  # 71 min 50 s
    card = await timed.type_command("")
    assert f"Today {today}." in card.text
    assert f"Today, Wed 18 Nov: {today}." in (await timed.type_command("today")).text
    assert f"Wed 18: {today}" in read_text(await timed.type_command("week"))
    assert f"Wed 18: {today}" in read_text(await timed.type_command("month"))
    await timed.local_slack.event(
        {"type": "app_home_opened", "user": "U0ADA", "tab": "home", "channel": "D0ADA"}
    )
    await timed.refresh_messages()
    at_home = read_text(timed.find_home())
    assert f"Today {today}" in at_home
    assert re.search(rf"`Wed 18`  ▇+ {today}", at_home)
    await timed.type_command("digest now")
    await timed.send_due_messages()
    assert f"Wed 18 Nov: {today} of 8 h" in timed.list_direct_messages()[-1].text
    _, *lines = read_table(timed.list_direct_messages()[-1])
    assert sum(read_minutes(row[3]) for row in lines) == 71
    await timed.type_command("submit this week")
    head, *_, total = read_table(timed.list_messages()[-1])
    assert total[head.index("Wed 18")] == today


@pytest.mark.parametrize("entries", [25, 60])
async def test_a_long_day_adds_up_though_not_all_of_it_is_listed(
    timed: Replica, clock: Clock, entries: int
) -> None:
    for number in range(12):
        await timed.type_command(f"project new P{number}")
    for number in range(entries):
        start = berlin("01:00") + timedelta(minutes=12 * number)
        await add_entry(
            timed, clock, start, timedelta(minutes=10, seconds=50), f"P{number % 12}", f"{number}"
        )
    clock.now = berlin("15:40")
    said = read_text(await timed.type_command("today"))
    total = read_minutes(re.search(r"Today, Wed 18 Nov: ([^.]*)\.", said)[1])  # type: ignore[index]
    listed = re.findall(r"`\d\d:\d\d–\d\d:\d\d`  [^\n|]* · (\d[^·\n|]*?)(?= \||\n|$)", said)
    left_out = re.findall(r"_\d+ earlier · ([^_]*)_", said)
    assert len(left_out) == (entries > 50)
    assert sum(map(read_minutes, listed + left_out)) == total == entries * 650 // 60
    await timed.type_command("digest now")
    await timed.send_due_messages()
    _, *lines = read_table(timed.list_direct_messages()[-1])
    assert sum(read_minutes(row[3]) for row in lines) == total


async def test_people_add_up_to_their_team_and_each_is_shown_as_in_their_own_week(
    timed: Replica, clock: Clock
) -> None:
    await log_three_projects(timed, clock)
    for number, user in enumerate(("U0BEN", "U0CHIKA")):
        await timed.type_command("", user)
        data = {"start_time": berlin("02:00").isoformat(), "end_time": berlin("02:50:50").isoformat()}
        await timed.receive_webhook("time_entry.create", f"theirs {number}", **(data | {"user": user}))
    _, *lines, total = read_table(await timed.type_command("report this week by person"))
    assert sum(read_column(lines, 1)) == read_minutes(total[1])
    shown = {row[0]: row[1] for row in lines}
    for user, name in (("U0BEN", "Ben"), ("U0CHIKA", "Chika"), ("U0ADA", "Ada")):
        assert f": {shown[name]}. " in (await timed.type_command("week", user)).text
