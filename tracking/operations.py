"""What operators and the clock ask of the service itself."""

from dataclasses import dataclass
from datetime import timedelta

from storage import acts, imports, lanes, messages
from storage.database import Database
from storage.migrate import newest_revision, revision_of

COUNT_FAILED = timedelta(days=1)
KEEP_ACTS = timedelta(days=30)
KEEP_IMPORTS = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`migrated`: the database is at the revision that this program was written for. `oldest_waiting` is how
    long the most overdue message has waited, in seconds; `failed` how many messages of the last day were given up;
    `stopped` Slack's words for why it lets us in no more."""

    migrated: bool
    oldest_waiting: float
    failed: int
    stopped: tuple[str, ...]


class Operations:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._revision = newest_revision()

    async def readiness(self) -> Readiness:
        """Asks the database; raises what the driver raises when it does not answer."""
        async with self._database.across() as tx:
            return Readiness(
                migrated=await revision_of(tx) == self._revision,
                oldest_waiting=await messages.waiting_seconds(tx),
                failed=await messages.failed(tx, within=COUNT_FAILED),
                stopped=tuple(await lanes.stopped(tx)),
            )

    async def forget_old_acts(self) -> int:
        """Drops keys that no repeat can carry any more; history stays. Returns how many."""
        async with self._database.across() as tx:
            return await acts.forget(tx, before=await tx.now() - KEEP_ACTS)

    async def forget_old_imports(self) -> int:
        """Drops files whose preview nobody answered, and what became of the others. Returns how many."""
        async with self._database.across() as tx:
            return await imports.forget(tx, before=await tx.now() - KEEP_IMPORTS)
