"""Opens the database that the settings name, or the embedded one, and migrates it."""

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from config import Settings
from storage.postgres.database import Database, open_pool
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import migrate

NAME, LOGIN = "tracker", "tracker"  # the embedded server's


async def open_database(settings: Settings, stack: AsyncExitStack) -> Database:
    """Start the embedded server if no DATABASE_URL is set, migrate as the owner, connect as the service's role.

    `stack` disconnects and stops the server. Raises UnfitDatabase and EmbeddedError.
    """
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        owner = settings.database_owner_url
        owner_url = owner.get_secret_value() if owner else url
        login = urlsplit(url).username if owner else None
    else:
        server = EmbeddedPostgres(settings.data_dir / "postgres")
        await server.start()
        stack.push_async_callback(server.stop)
        await server.ensure_database(NAME)
        url, owner_url, login = server.service_url(NAME), server.owner_url(NAME), LOGIN
    role = await migrate(owner_url, service_login=login)
    pool = await open_pool(url, role=role)
    stack.callback(pool.terminate)
    return Database(pool)
