"""Slack's do-not-disturb holds what we say unasked, for a while; what Slack does not say holds nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica


def set_do_not_disturb(app: Replica, begin: datetime, end: datetime) -> None:
    """Ada does not want to be, from then to then."""
    people = app.local_slack.workspace.people
    people["U0ADA"] = replace(people["U0ADA"], quiet=(begin.timestamp(), end.timestamp()))


async def count_sent(app: Replica) -> int:
    """How many messages Ada has after a tick of the clock."""
    services = app.service.services
    for queue in (services.digests.queue_due, services.reminders.queue_due):
        while await queue():
            pass
    await app.send_due_messages()
    return len(app.list_direct_messages())


async def test_a_digest_is_held_until_they_want_to_hear_it(timed: Replica, clock: Clock) -> None:
    await timed.type_command("log 9-10 docs")
    set_do_not_disturb(timed, berlin("17:30"), berlin("20:00"))
    clock.now = berlin("18:00")
    assert await count_sent(timed) == 0
    clock.now = berlin("19:59")
    assert await count_sent(timed) == 0
    assert len(timed.list_calls("dnd.info")) == 1  # it is known until when
    clock.now = berlin("20:00")
    assert await count_sent(timed) == 1
    assert timed.list_direct_messages()[-1].text.startswith("Your day, Wed 18 Nov: 1 h")


async def test_it_is_not_held_for_ever_and_quiet_to_come_holds_nothing(timed: Replica, clock: Clock) -> None:
    await timed.type_command("log 9-10 docs")
    set_do_not_disturb(timed, berlin("17:30"), berlin("18:00", "2026-11-25"))
    clock.now = berlin("18:00")
    assert await count_sent(timed) == 0
    clock.now += timedelta(hours=12)
    assert await count_sent(timed) == 1
    set_do_not_disturb(timed, berlin("22:00", "2026-11-19"), berlin("23:00", "2026-11-19"))
    clock.now = berlin("18:00", "2026-11-19")
    assert await count_sent(timed) == 2


async def test_what_was_asked_for_is_not_held_and_a_reminder_that_waited_too_long_is_none(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("remind 16:00")
    set_do_not_disturb(timed, berlin("15:00"), berlin("18:30"))
    clock.now = berlin("16:00")
    assert await count_sent(timed) == 0
    await timed.type_command("digest now")
    assert await count_sent(timed) == 1
    clock.now = berlin("18:30")
    assert await count_sent(timed) == 2  # the evening's digest, and no reminder
    assert all("Nothing is tracked today yet" not in one.text for one in timed.list_direct_messages())


@pytest.mark.parametrize("fault", ["rate_limited", "server_error"])
async def test_where_slack_does_not_say_it_leaves(timed: Replica, clock: Clock, fault: str) -> None:
    await timed.type_command("log 9-10 docs")
    set_do_not_disturb(timed, berlin("17:30"), berlin("20:00"))
    timed.local_slack.faults.methods = {"dnd.info"}
    setattr(timed.local_slack.faults, fault, 1.0)
    clock.now = berlin("18:00")
    assert await count_sent(timed) == 1
