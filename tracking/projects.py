"""Projects."""

from uuid import UUID

from domain.projects import Project, checked_title, slug_of
from storage import projects
from storage.database import Database


class Projects:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, workspace_id: UUID, title: str) -> Project:
        """The project of that title, made when there is none. Raises Refusal for an unusable title."""
        title = checked_title(title)
        async with self._database.transaction() as tx:
            return await projects.ensure(tx, workspace_id, slug=slug_of(title), title=title, owner_id=None)
