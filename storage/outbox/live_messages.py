"""Live messages are rows. Operations that change what a message shows mark its row as due."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    Interval,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from domain.outbox.live_messages import LiveMessageKind
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query, inline_word
from storage.tables import surfaces

# The values of the column `kind`. The channel distinguishes a shared card from a card, and a digest from a day.
STORED_KINDS: Mapping[LiveMessageKind, str] = {
    LiveMessageKind.CARD: "entry",
    LiveMessageKind.SHARED_CARD: "entry",
    LiveMessageKind.QUESTION: "question",
    LiveMessageKind.DAY: "day",
    LiveMessageKind.DIGEST: "day",
    LiveMessageKind.WEEK: "week",
    LiveMessageKind.HOME: "home",
}

_s = surfaces.c
_is_home = _s.kind == inline_word(STORED_KINDS[LiveMessageKind.HOME])
# How long a message that only its person sees can be rewritten: Slack's "Handling user interaction", 30 minutes.
ADDRESS_LIVES = timedelta(minutes=29)

# Parts of the statement that ends an operation (storage.history.operations), so that they need no round trip. The
# process that holds the lease finds `dirty` when it finishes; releasing the lease makes the message due at once.
_due_now = {"due_at": case((_s.lease.is_(None), DATABASE_NOW), else_=_s.due_at), "dirty": True}
_of_actor = (_s.workspace_id == bindparam("workspace_id")) & (
    _s.slack_user_id == bindparam("actor", type_=Text)
)
_is_week = _s.kind == inline_word(STORED_KINDS[LiveMessageKind.WEEK])
# One select per kind, each with its own index: a person may have years of messages.
_touched = union_all(
    select(_s.id).where(_of_actor, _is_home),
    select(_s.id).where(_of_actor, _s.entry_id == any_(bindparam("entries", type_=ARRAY(Uuid)))),
    select(_s.id).where(_of_actor, ~_is_week, _s.day == any_(bindparam("days", type_=ARRAY(Date)))),
    # The card of a week is stored under the week's Monday.
    select(_s.id).where(_of_actor, _is_week, _s.day == any_(bindparam("weeks", type_=ARRAY(Date)))),
)
TOUCHED = (
    update(surfaces)
    .where(
        _s.workspace_id == bindparam("workspace_id"),
        _s.id.in_(_touched),
        _s.id != bindparam("card_id", type_=Uuid),
        bindparam("touches", type_=Boolean),
    )
    .values(_due_now)
    .cte("touched")
)
_card = insert(surfaces).from_select(
    ["workspace_id", "id", "slack_user_id", "kind", "entry_id", "day", "response_url", "expires_at"],
    select(
        bindparam("workspace_id", type_=Uuid),
        bindparam("card_id", type_=Uuid),
        bindparam("actor", type_=Text),
        bindparam("card_kind", type_=Text),
        bindparam("card_entry", type_=Uuid),
        bindparam("card_day", type_=Date),
        bindparam("response_url", type_=Text),
        DATABASE_NOW + bindparam("address_lives", type_=Interval),
    ),
)
CARD = _card.on_conflict_do_update(
    index_elements=["workspace_id", "id"],
    # A message in a channel is rewritten there as long as it exists, so the response URL of a button press is not
    # needed.
    set_={
        "kind": _card.excluded.kind,
        "entry_id": _card.excluded.entry_id,
        "day": _card.excluded.day,
        "response_url": case((_s.slack_channel.is_(None), _card.excluded.response_url)),
        "uses": 0,
        "shown": None,
        "expires_at": case((_s.slack_channel.is_(None), _card.excluded.expires_at)),
        # A process that is rewriting it at this moment may overwrite the answer with older content, so it is due
        # once more.
        "due_at": case((_s.lease.is_not(None), _s.due_at)),
        "dirty": _s.lease.is_not(None),
    },
    where=_s.slack_user_id == _card.excluded.slack_user_id,
).cte("card")

_OPENED = Query(
    insert(surfaces)
    .values(
        workspace_id=bindparam("workspace_id"),
        slack_user_id=bindparam("who"),
        kind=STORED_KINDS[LiveMessageKind.HOME],
        due_at=DATABASE_NOW,
    )
    .on_conflict_do_update(
        index_elements=["workspace_id", "slack_user_id"],
        index_where=text("kind = 'home'"),  # a parameter would not be recognized as the index's own condition
        # The person opened the Home tab and waits for it, so unchanged content is sent again too.
        set_={**_due_now, "shown": None, "unfinished": 0},
    )
)
_POSTED = Query(
    insert(surfaces)
    .values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("surface_id"),
        slack_user_id=bindparam("who"),
        kind=bindparam("surface_kind"),
        entry_id=bindparam("entry_id"),
        day=bindparam("day"),
        timesheet_id=bindparam("timesheet_id"),
        slack_channel=bindparam("channel"),
        slack_ts=bindparam("ts"),
        shown=bindparam("said"),
        # If something changed between reading and sending, the message is rewritten at once.
        due_at=DATABASE_NOW,
    )
    .on_conflict_do_nothing()
)
_ALL_HOMES = Query(
    update(surfaces).where(_s.workspace_id == bindparam("workspace_id"), _is_home).values(_due_now)
)
_HOME_OF = Query(
    update(surfaces)
    .where(
        _s.workspace_id == bindparam("workspace_id"),
        _s.slack_user_id == bindparam("who"),
        _is_home,
    )
    .values(_due_now)
)
# Rows in one order, so that two operations about weeks of the same people do not deadlock.
_of_week = (
    select(_s.workspace_id, _s.id)
    .where(
        _s.workspace_id == bindparam("workspace_id"),
        or_(
            _s.timesheet_id == bindparam("timesheet_id"),
            and_(
                _is_home,
                _s.slack_user_id == any_(bindparam("whose_homes", type_=ARRAY(Text))),
            ),
        ),
    )
    .order_by(_s.id)
    .with_for_update()
    .cte("of_week")
)
_WEEK = Query(
    update(surfaces)
    .where(_s.workspace_id == _of_week.c.workspace_id, _s.id == _of_week.c.id)
    .values(_due_now)
)


async def publish_home(tx: Transaction, workspace_id: UUID, who: str) -> None:
    """Mark the person's Home tab to be published now, and to be rewritten from now on."""
    await tx.execute(_OPENED, workspace_id=workspace_id, who=who)


async def mark_home_due(tx: Transaction, workspace_id: UUID, who: str) -> None:
    """Mark the person's Home tab to be rewritten."""
    await tx.execute(_HOME_OF, workspace_id=workspace_id, who=who)


async def mark_all_homes_due(tx: Transaction, workspace_id: UUID) -> None:
    """Mark all Home tabs to be rewritten, because something that everybody sees has changed, such as a project's
    name."""
    await tx.execute(_ALL_HOMES, workspace_id=workspace_id)


async def mark_week_due(
    tx: Transaction, workspace_id: UUID, timesheet_id: UUID, *, homes: Sequence[str]
) -> None:
    """Mark every message that shows the timesheet to be rewritten, and the Home tabs of the Slack ids `homes`."""
    await tx.execute(_WEEK, workspace_id=workspace_id, timesheet_id=timesheet_id, whose_homes=list(homes))


async def add_sent(
    tx: Transaction,
    workspace_id: UUID,
    *,
    live_message_id: UUID,
    who: str,
    kind: LiveMessageKind,
    entry_id: UUID | None = None,
    day: date | None = None,
    timesheet_id: UUID | None = None,
    channel: str,
    ts: str,
    shown: bytes | None,
) -> None:
    """Add a message that was sent to a channel or a person as a live message. `shown` is a digest of its content."""
    await tx.execute(
        _POSTED,
        workspace_id=workspace_id,
        surface_id=live_message_id,
        who=who,
        surface_kind=STORED_KINDS[kind],
        entry_id=entry_id,
        day=day,
        timesheet_id=timesheet_id,
        channel=channel,
        ts=ts,
        said=shown,
    )


def kind_of(stored: str, channel: str | None) -> LiveMessageKind:
    """Return the kind of a live message from its stored kind and its channel."""
    if stored == "day":
        return LiveMessageKind.DIGEST if channel else LiveMessageKind.DAY
    if stored == "entry":
        is_shared = channel is not None and not channel.startswith("D")
        return LiveMessageKind.SHARED_CARD if is_shared else LiveMessageKind.CARD
    return LiveMessageKind(stored)
