"""Gives projects titles and slugs that no other project of the workspace has. Steps of an operation."""

from datetime import datetime
from uuid import UUID

from domain.errors import NameTaken
from domain.projects.project_names import find_free_slug, fold_title
from domain.projects.projects import ProjectDetails, make_slug
from storage.postgres.database import Transaction
from storage.projects import project_names, projects


async def claim_title(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """Return a free slug for a new project of that title. Raises NameTaken if a project has the title, archived or
    not."""
    await project_names.lock(tx, workspace_id)
    if found := await projects.find_by_title(tx, workspace_id, title):
        raise _name_taken(found)
    return await claim_free_title(tx, workspace_id, title)


async def claim_free_title(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """Return a free slug for a new project whose title is free. Another project that had this title before loses it
    as a former name. The caller holds the lock on the names."""
    await project_names.delete_former_name(tx, workspace_id, title)
    return find_free_slug(title, await project_names.find_taken_names(tx, workspace_id, title))


async def claim_other_title(
    tx: Transaction, workspace_id: UUID, before: ProjectDetails, title: str, *, at: datetime
) -> str:
    """Return the slug of a project that gets another title. Its earlier title and slug stay valid as former names.

    Raises NameTaken if another project has the title, archived or not.
    """
    await project_names.lock(tx, workspace_id)
    if (found := await projects.find_by_title(tx, workspace_id, title)) and found.id != before.id:
        raise _name_taken(found)
    await project_names.delete_former_name(tx, workspace_id, title, excluded_id=before.id)
    slug = before.slug
    if make_slug(title) != make_slug(before.title):
        slug = find_free_slug(
            title, await project_names.find_taken_names(tx, workspace_id, title, excluded_id=before.id)
        )
    former = {fold_title(before.title), fold_title(before.slug)} - {fold_title(title), fold_title(slug)}
    await project_names.add_former_names(tx, workspace_id, before.project, sorted(former), at=at)
    return slug


def _name_taken(project: ProjectDetails) -> NameTaken:
    where = " in the archive" if project.archived else ""
    return NameTaken(f"There is a project called “{project.title}” already{where}. Nothing was changed.")
