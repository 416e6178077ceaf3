"""Files as rows that must leave: what becomes of one that Slack refuses."""

from datetime import timedelta

import pytest

from domain.entries.exports import Export, ExportFormat, ExportParams
from domain.errors import NotFound, Refusal
from domain.language.periods import parse_period
from domain.outbox.messages import TextContent
from domain.time.periods import Period
from services.outbox.delivery import Rejection
from services.services import Services
from tests.cast import KEYS, Cast
from tests.conftest import Clock


async def test_whoever_was_promised_a_file_is_told_when_slack_refuses_it(cast: Cast) -> None:
    await cast.start("fix login")
    params = ExportParams(period=Period.TODAY, format=ExportFormat.CSV)
    order = await cast.services.exports.order(cast.request(), params)
    assert (order.entries, order.running) == (1, True)
    cast.notifier.next_outcomes = [Rejection(why="missing_scope")]
    while await cast.services.outbox.send_due():
        pass
    (admitted,) = cast.notifier.accepted
    assert isinstance(admitted.subject, TextContent)
    assert "could not be sent: Slack says missing_scope" in admitted.subject.text


async def test_a_neighbor_s_time_is_in_nobody_s_file(cast: Cast) -> None:
    neighbor = await cast.create_other_workspace()
    await neighbor.start("theirs")
    await cast.start("mine")
    await cast.services.exports.order(
        cast.request(), ExportParams(period=Period.TODAY, format=ExportFormat.CSV)
    )
    await cast.services.outbox.send_due()
    (sent,) = cast.notifier.accepted
    assert isinstance(sent.subject, Export)
    assert [entry.note for entry in sent.subject.entries] == ["mine"]


async def test_more_than_a_file_holds_is_refused(cast: Cast, clock: Clock) -> None:
    services = Services(cast.database, cast.notifier, KEYS, most_exported=3)
    params = ExportParams(period=Period.TODAY, format=ExportFormat.CSV)
    for number in range(3):
        await cast.start(str(number))
        clock.now += timedelta(minutes=1)
    assert (await services.exports.order(cast.request(), params)).entries == 3
    await cast.start("one more")
    with pytest.raises(Refusal, match="That is 4 entries, and a file holds 3 at most"):
        await services.exports.order(cast.request(), params)
    await services.close()


async def test_where_nothing_is_to_be_sent_another_month_is_named_or_none(cast: Cast) -> None:
    params = ExportParams(period=Period.LAST_MONTH, format=ExportFormat.XLSX)
    with pytest.raises(NotFound) as refused:
        await cast.services.exports.order(cast.request(), params)
    assert "no file to send. You have no entries yet" in refused.value.sentence
    await cast.start("fix login")
    with pytest.raises(NotFound) as refused:
        await cast.services.exports.order(cast.request(), params)
    assert "Last month" in refused.value.sentence
    assert refused.value.sentence.endswith("18 Nov 2026: try `/track export november 2026 xlsx`.")
    understood = parse_period("november 2026")
    assert understood
    order = await cast.services.exports.order(
        cast.request(), ExportParams(period=understood, format=params.format)
    )
    assert order.entries == 1
