"""The verb `migrate`."""

from contextlib import AsyncExitStack

from config import Settings
from operate.database import open_database
from operate.output import print_line


async def migrate(settings: Settings) -> None:
    """Brings the database up to date and exits."""
    async with AsyncExitStack() as stack:
        await open_database(settings, stack)
        print_line("The database is up to date.")
