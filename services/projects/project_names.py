"""Giving projects their titles and slugs, so that no two of a workspace have the same. Steps of an operation."""

from datetime import datetime
from uuid import UUID

from domain.errors import NameTaken
from domain.projects.project_names import find_free_slug, fold_title
from domain.projects.projects import ProjectDetails, make_slug
from storage.postgres.database import Transaction
from storage.projects import project_names, projects


async def claim_title(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """Return a free slug for a new project of that title. Raises NameTaken where a project has it, archived or not."""
    await project_names.lock(tx, workspace_id)
    if found := await projects.find_by_title(tx, workspace_id, title):
        raise _name_taken(found)
    return await claim_free_title(tx, workspace_id, title)


async def claim_free_title(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """Return a free slug for a new project of that title, which no project has. A project that had it before is not
    meant by it any more. The caller holds the lock on the names."""
    await project_names.delete_former_name(tx, workspace_id, title)
    return find_free_slug(title, await project_names.find_taken_names(tx, workspace_id, title))


async def claim_other_title(
    tx: Transaction, workspace_id: UUID, before: ProjectDetails, title: str, *, at: datetime
) -> str:
    """Return the slug of a project that gets another title. Its title and slug of before go on meaning it.

    Raises NameTaken where another project has the title, archived or not.
    """
    await project_names.lock(tx, workspace_id)
    if (found := await projects.find_by_title(tx, workspace_id, title)) and found.id != before.id:
        raise _name_taken(found)
    await project_names.delete_former_name(tx, workspace_id, title, but=before.id)
    slug = before.slug
    if make_slug(title) != make_slug(before.title):
        slug = find_free_slug(
            title, await project_names.find_taken_names(tx, workspace_id, title, but=before.id)
        )
    former = {fold_title(before.title), fold_title(before.slug)} - {fold_title(title), fold_title(slug)}
    await project_names.add_former_names(tx, workspace_id, before.project, sorted(former), at=at)
    return slug


def _name_taken(project: ProjectDetails) -> NameTaken:
    where = " in the archive" if project.archived else ""
    return NameTaken(f"There is a project called “{project.title}” already{where}. Nothing was changed.")
