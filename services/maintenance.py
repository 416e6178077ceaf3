"""Health checks, and the deletion of old rows, for operators and the scheduler."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from storage.entries import imports
from storage.history import operations
from storage.outbox import message_updates, messages, slack_rate_limits
from storage.postgres.database import Database
from storage.postgres.migrate import find_newest_revision, find_revision
from storage.reports import job_failures

COUNT_FAILED = timedelta(days=1)
KEEP_ACTS = timedelta(days=30)
KEEP_IMPORTS = timedelta(days=2)
KEEP_FAILURES = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What `/readyz` shows. `migrated` is true if the database is at the revision that this program was written for.
    `oldest_waiting` is how long the most overdue message has waited, in seconds.

    `failed` counts the messages that were given up in the last day, by kind. `given_up` counts the same for live
    messages and for jobs of one person. `stopped` holds Slack's reasons for refusing our token.
    """

    migrated: bool
    oldest_waiting: float
    failed: Mapping[str, int]
    given_up: Mapping[str, int]
    stopped: tuple[str, ...]


class Maintenance:
    """Reads the health of the service, and deletes old rows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._revision = find_newest_revision()

    async def readiness(self) -> Readiness:
        """Read the state of the database and of the messages and jobs that wait in it. Raises the driver's error if
        the database does not answer."""
        async with self._database.across_workspaces() as tx:
            return Readiness(
                migrated=await find_revision(tx) == self._revision,
                oldest_waiting=await messages.read_longest_wait(tx),
                failed=await messages.count_failed(tx, within=COUNT_FAILED),
                given_up={
                    **{
                        f"live message: {kind}": times
                        for kind, times in (
                            await message_updates.count_given_up(tx, within=COUNT_FAILED)
                        ).items()
                    },
                    **await job_failures.count_given_up(tx, within=COUNT_FAILED),
                },
                stopped=tuple(await slack_rate_limits.find_stop_reasons(tx)),
            )

    async def delete_old_keys(self) -> int:
        """Delete idempotency keys that are too old to be repeated. History stays. Returns how many were deleted."""
        async with self._database.across_workspaces() as tx:
            return await operations.delete_before(tx, before=await tx.now() - KEEP_ACTS)

    async def delete_old_failures(self) -> int:
        """Delete old failures of jobs. Returns how many were deleted."""
        async with self._database.across_workspaces() as tx:
            return await job_failures.delete_older(tx, older=KEEP_FAILURES)

    async def delete_old_imports(self) -> int:
        """Delete files whose preview nobody answered, and old outcomes of the other imports. Returns how many were
        deleted."""
        async with self._database.across_workspaces() as tx:
            return await imports.delete_before(tx, before=await tx.now() - KEEP_IMPORTS)
