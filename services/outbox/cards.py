"""The card of an entry, as messages show it."""

from datetime import datetime
from uuid import UUID

from domain.entries.entries import TimerAnswer, TimerOutcome
from domain.identity.people import Person
from services.entries.answers import sum_today
from storage.entries import entries
from storage.postgres.database import Transaction


async def read_entry_card(
    tx: Transaction, workspace_id: UUID, person: Person, entry_id: UUID | None, *, at: datetime
) -> TimerAnswer | None:
    """Return the entry as a card shows it at that instant, also if it is deleted. None if it never existed."""
    if entry_id is None:
        return None
    entry = await entries.find(tx, workspace_id, person.id, entry_id, include_deleted=True)
    if entry is None:
        return None
    today = await sum_today(tx, workspace_id, person, at=at)
    return TimerAnswer(change=TimerOutcome.SHOWN, person=person, entry=entry, today=today, at=at)
