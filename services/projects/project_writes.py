"""Makes and changes projects, records the changes, and has every Home rewritten. Steps of an operation."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.history.changes import ProjectRecord
from domain.projects.projects import Project, ProjectDetails, ProjectOutcome, validate_title
from services.operations.context import OperationContext
from services.projects.project_names import claim_free_title, claim_other_title, claim_title
from storage.outbox import live_messages
from storage.postgres.database import Transaction
from storage.projects import project_names, projects


async def ensure_project(
    tx: Transaction, workspace_id: UUID, title: str, *, owner_id: UUID | None, at: datetime
) -> tuple[ProjectDetails | None, ProjectDetails]:
    """Return the project of that title before and after the call. Make it if there is none (then `before` is None),
    and take it out of the archive."""
    found = await projects.find_by_title(tx, workspace_id, title)
    if found is None:
        await project_names.lock(tx, workspace_id)
        # another transaction may have made it meanwhile
        found = await projects.find_by_title(tx, workspace_id, title)
    if found is None:
        slug = await claim_free_title(tx, workspace_id, title)
        made = await projects.insert_project(
            tx, workspace_id, slug=slug, title=title, owner_id=owner_id, at=at
        )
        return None, made
    if not found.archived:
        return found, found
    before = await projects.find_details(tx, workspace_id, found.id, lock=True) or found
    return before, await projects.update_project(tx, workspace_id, replace(before, archived=False), at=at)


async def make_project(context: OperationContext, title: str) -> Project:
    """Return the project of that title. Make it if there is none, and take it out of the archive. Raises FieldErrors
    for an invalid title."""
    before, after = await ensure_project(
        context.tx,
        context.workspace_id,
        validate_title(title),
        owner_id=context.person.id,
        at=context.at,
    )
    if before is None:
        record_project(context, ProjectOutcome.MADE, None, after)
    elif before != after:
        record_project(context, ProjectOutcome.BROUGHT_BACK, before, after)
    return after.project


async def insert_project(context: OperationContext, title: str, description: str) -> ProjectDetails:
    """Make a new project. Raises NameTaken if a project has that title, archived or not."""
    made = await projects.insert_project(
        context.tx,
        context.workspace_id,
        slug=await claim_title(context.tx, context.workspace_id, title),
        title=title,
        description=description,
        owner_id=context.person.id,
        at=context.at,
    )
    record_project(context, ProjectOutcome.MADE, None, made)
    return made


async def update_project(
    context: OperationContext, before: ProjectDetails, to: ProjectDetails, outcome: ProjectOutcome
) -> ProjectDetails:
    """Write the project's new state. A new title gets a slug of its own. Raises NameTaken.

    The caller has read `before` with a lock, and holds the lock on the names if the title changes.
    """
    if to.title != before.title:
        slug = await claim_other_title(context.tx, context.workspace_id, before, to.title, at=context.at)
        to = replace(to, slug=slug)
    after = await projects.update_project(context.tx, context.workspace_id, to, at=context.at)
    await live_messages.mark_all_homes_due(context.tx, context.workspace_id)
    record_project(context, outcome, before, after)
    return after


def record_project(
    context: OperationContext,
    outcome: ProjectOutcome,
    before: ProjectDetails | None,
    after: ProjectDetails | None,
) -> None:
    """Add the change to the operation's history."""
    project = after or before
    assert project is not None
    context.changes.append(ProjectRecord(project_id=project.id, change=outcome, before=before, after=after))
