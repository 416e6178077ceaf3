"""Files as rows that must leave: what becomes of one that Slack refuses."""

import pytest

from domain.entries.exports import Export, ExportFormat, ExportWish
from domain.errors import NotFound
from domain.language.periods import parse_period
from domain.outbox.messages import Never, TextContent
from domain.time.periods import Period
from tests.cast import Cast


async def test_whoever_was_promised_a_file_is_told_when_slack_refuses_it(cast: Cast) -> None:
    await cast.start("fix login")
    wish = ExportWish(said=Period.TODAY, format=ExportFormat.CSV)
    order = await cast.services.exports.ask(cast.request(), wish)
    assert (order.entries, order.running) == (1, True)
    cast.letterbox.next_outcomes = [Never(why="missing_scope")]
    while await cast.services.deliveries.send_due():
        pass
    (admitted,) = cast.letterbox.accepted
    assert isinstance(admitted.content, TextContent)
    assert "could not be sent: Slack says missing_scope" in admitted.content.text


async def test_a_neighbor_s_time_is_in_nobody_s_file(cast: Cast) -> None:
    neighbor = await cast.neighbor()
    await neighbor.start("theirs")
    await cast.start("mine")
    await cast.services.exports.ask(cast.request(), ExportWish(said=Period.TODAY, format=ExportFormat.CSV))
    await cast.services.deliveries.send_due()
    (sent,) = cast.letterbox.accepted
    assert isinstance(sent.content, Export)
    assert [entry.note for entry in sent.content.entries] == ["mine"]


async def test_where_nothing_is_to_be_sent_another_month_is_named_or_none(cast: Cast) -> None:
    wish = ExportWish(said=Period.LAST_MONTH, format=ExportFormat.XLSX)
    with pytest.raises(NotFound) as refused:
        await cast.services.exports.ask(cast.request(), wish)
    assert "no file to send. You have no entries yet" in refused.value.sentence
    await cast.start("fix login")
    with pytest.raises(NotFound) as refused:
        await cast.services.exports.ask(cast.request(), wish)
    assert "Last month" in refused.value.sentence
    assert refused.value.sentence.endswith("18 Nov 2026: try `/track export november 2026 xlsx`.")
    understood = parse_period("november 2026")
    assert understood
    order = await cast.services.exports.ask(cast.request(), ExportWish(said=understood, format=wish.format))
    assert order.entries == 1
