"""Kinds of messages: each has its rows, and messages that an earlier version queued are read as what they are."""

from datetime import date
from typing import get_args
from uuid import UUID

import pytest

from bot.outbox.message_views import MESSAGE_VIEWS
from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.messages import (
    CardContent,
    Content,
    DigestContent,
    ImportContent,
    TextContent,
    WatchContent,
    kind_of,
)
from services.outbox.live_message_kinds import LIVE_MESSAGE_KINDS
from services.outbox.message_kinds import MESSAGE_KINDS
from storage.outbox.live_messages import STORED_KINDS
from storage.outbox.live_messages import kind_of as live_kind_of
from storage.outbox.messages import CONTENT

SOMEBODY = UUID("0e3f7a52-0000-4000-8000-000000000001")
SOMETHING = UUID("0e3f7a52-0000-4000-8000-000000000002")
OF_EARLIER_VERSIONS = {
    '{"text": "hello"}': TextContent(text="hello"),
    f'{{"person_id": "{SOMEBODY}", "entry_id": "{SOMETHING}"}}': CardContent(
        person_id=SOMEBODY, entry_id=SOMETHING
    ),
    f'{{"person_id": "{SOMEBODY}", "import_id": "{SOMETHING}"}}': ImportContent(
        person_id=SOMEBODY, import_id=SOMETHING
    ),
    f'{{"person_id": "{SOMEBODY}", "entry_id": "{SOMETHING}", "kind": "watch"}}': WatchContent(
        person_id=SOMEBODY, entry_id=SOMETHING
    ),
    f'{{"person_id": "{SOMEBODY}", "day": "2026-11-18", "kind": "digest"}}': DigestContent(
        person_id=SOMEBODY, day=date(2026, 11, 18)
    ),
}


def test_each_kind_has_one_name_and_one_row() -> None:
    names = [kind_of(content) for content in get_args(Content)]
    assert len(set(names)) == len(names)
    for rows in (
        [row.content for row in MESSAGE_KINDS],
        [row.kind for row in LIVE_MESSAGE_KINDS],
        [row.shows for row in MESSAGE_VIEWS],
    ):
        assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("row", OF_EARLIER_VERSIONS)
def test_a_message_of_an_earlier_version_is_read_as_what_it_is(row: str) -> None:
    content = CONTENT.validate_json(row)
    assert content == OF_EARLIER_VERSIONS[row]
    assert CONTENT.validate_json(CONTENT.dump_json(content)) == content


def test_a_live_message_is_read_as_the_kind_that_it_was_stored_as() -> None:
    channels = {LiveMessageKind.SHARED_CARD: "C0TEAM", LiveMessageKind.DIGEST: "D0ADA"}
    for kind, stored in STORED_KINDS.items():
        assert live_kind_of(stored, channels.get(kind)) is kind
