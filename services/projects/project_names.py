"""Giving projects their names, so that no two of a workspace have the same. Steps of an act."""

from datetime import datetime
from enum import Enum
from uuid import UUID

from domain.errors import NameTaken
from domain.history.changes import ProjectRecord
from domain.projects.project_names import find_free_slug, fold_title
from domain.projects.projects import Project, ProjectOutcome, make_slug, validate_title
from services.operations.context import OperationContext
from storage.postgres.database import Transaction
from storage.projects import project_names, projects


class Ensured(Enum):
    """What it took for a project to be there."""

    MADE = "made"
    BROUGHT_BACK = "brought back"  # out of the archive
    WAS_THERE = "was there"


async def ensure_project(
    tx: Transaction, workspace_id: UUID, title: str, *, owner_id: UUID | None
) -> tuple[Project, Ensured]:
    """The project of that title; made, or taken out of the archive, when there is none."""
    found = await projects.find_by_title(tx, workspace_id, title)
    if found is None:
        await project_names.lock(tx, workspace_id)
        found = await projects.find_by_title(tx, workspace_id, title)  # somebody may have made it meanwhile
    if found is None:
        slug = await slug_for(tx, workspace_id, title)
        made = await projects.insert_project(tx, workspace_id, slug=slug, title=title, owner_id=owner_id)
        return made, Ensured.MADE
    project, archived = found
    if not archived:
        return project, Ensured.WAS_THERE
    await projects.restore(tx, workspace_id, project.id)
    return project, Ensured.BROUGHT_BACK


async def claim_title(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """The slug for a project that is to be made with that title. Raises NameTaken where there is one, archived or
    not."""
    await project_names.lock(tx, workspace_id)
    if found := await projects.find_by_title(tx, workspace_id, title):
        raise name_taken(*found)
    return await slug_for(tx, workspace_id, title)


async def slug_for(tx: Transaction, workspace_id: UUID, title: str) -> str:
    """A free slug for a new project of that title, which from here on means no project that was once called so. The
    names are held."""
    await project_names.delete_former_name(tx, workspace_id, title)
    return find_free_slug(title, await project_names.find_taken_names(tx, workspace_id, title))


async def retitle(
    tx: Transaction, workspace_id: UUID, before: Project, title: str, *, at: datetime
) -> Project:
    """The project as it is to be with another title: that one and a slug of it. What it was called goes on meaning it.

    Raises NameTaken where another project has the title, archived or not. The caller writes the project.
    """
    await project_names.lock(tx, workspace_id)
    if (found := await projects.find_by_title(tx, workspace_id, title)) and found[0].id != before.id:
        raise name_taken(*found)
    await project_names.delete_former_name(tx, workspace_id, title, but=before.id)
    slug = before.slug
    if make_slug(title) != make_slug(before.title):
        slug = find_free_slug(
            title, await project_names.find_taken_names(tx, workspace_id, title, but=before.id)
        )
    was = {fold_title(before.title), fold_title(before.slug)} - {fold_title(title), fold_title(slug)}
    await project_names.add_former_names(tx, workspace_id, before, sorted(was), at=at)
    return Project(id=before.id, slug=slug, title=title)


def name_taken(project: Project, archived: bool) -> NameTaken:
    """That another project has the title, in words."""
    where = " in the archive" if archived else ""
    return NameTaken(f"There is a project called “{project.title}” already{where}. Nothing was changed.")


async def make_project(context: OperationContext, title: str) -> Project:
    """The project of that title, made on the way or brought back from the archive. Raises Refusal where the title can
    not be used."""
    title = validate_title(title)
    project, ensured = await ensure_project(
        context.tx, context.workspace_id, title, owner_id=context.person.id
    )
    if ensured is Ensured.MADE:
        context.changes.append(
            ProjectRecord(project_id=project.id, change=ProjectOutcome.MADE, before=None, after=project)
        )
    elif ensured is Ensured.BROUGHT_BACK:
        context.changes.append(
            ProjectRecord(
                project_id=project.id, change=ProjectOutcome.BROUGHT_BACK, before=project, after=project
            )
        )
    return project
