"""Projects: listing, making, renaming, archiving."""

from uuid import UUID

import asyncpg

from domain.acts import Act
from domain.errors import Refusal, UnknownProject
from domain.history import ProjectRecorded
from domain.projects import (
    Project,
    ProjectAnswer,
    ProjectChange,
    ProjectList,
    checked_title,
    named,
    slug_of,
)
from storage import projects
from storage.database import Database
from tracking.acts import Acts, Scene

MOST_LISTED = 60


class Projects:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def ensure(self, workspace_id: UUID, title: str) -> Project:
        """The project of that title, made when there is none. Raises Refusal for an unusable title."""
        title = checked_title(title)
        async with self._database.transaction() as tx:
            return await projects.ensure(tx, workspace_id, slug=slug_of(title), title=title, owner_id=None)

    async def all(self, act: Act) -> ProjectList:
        """Live projects. An act like the others, so that a repeat gets the same answer."""

        async def effect(scene: Scene) -> ProjectList:
            found = await projects.live(scene.tx, scene.workspace_id, most=MOST_LISTED + 1)
            return ProjectList(projects=tuple(found[:MOST_LISTED]), more=len(found) > MOST_LISTED)

        return await self._acts.perform(act, ProjectList, effect)

    async def make(self, act: Act, title: str) -> ProjectAnswer:
        """Makes a project, or takes the one of that name out of the archive."""

        async def effect(scene: Scene) -> ProjectAnswer:
            checked = checked_title(title)
            project = await projects.ensure(
                scene.tx, scene.workspace_id, slug=slug_of(checked), title=checked, owner_id=scene.person.id
            )
            return _done(scene, ProjectAnswer(change=ProjectChange.MADE, project=project))

        return await self._acts.perform(act, ProjectAnswer, effect)

    async def rename(self, act: Act, name: str, title: str) -> ProjectAnswer:
        """Gives it another title, and the slug of that title. Its entries stay with it."""

        async def effect(scene: Scene) -> ProjectAnswer:
            before = await _called(scene, name)
            checked = checked_title(title)
            project = Project(id=before.id, slug=slug_of(checked), title=checked)
            try:
                await projects.rename(scene.tx, scene.workspace_id, project)
            except asyncpg.UniqueViolationError:
                raise Refusal(
                    f"There is a project called “{checked}” already. Nothing was changed."
                ) from None
            return _done(scene, ProjectAnswer(change=ProjectChange.RENAMED, project=project, before=before))

        return await self._acts.perform(act, ProjectAnswer, effect)

    async def archive(self, act: Act, name: str) -> ProjectAnswer:
        """Takes it out of the list. Its entries stay as they are; making it again brings it back."""

        async def effect(scene: Scene) -> ProjectAnswer:
            project = await _called(scene, name)
            await projects.archive(scene.tx, scene.workspace_id, project.id, at=scene.at)
            return _done(scene, ProjectAnswer(change=ProjectChange.ARCHIVED, project=project, before=project))

        return await self._acts.perform(act, ProjectAnswer, effect)


async def _called(scene: Scene, name: str) -> Project:
    found = named(name, await projects.beginning_with(scene.tx, scene.workspace_id, name))
    if found is None:
        raise UnknownProject(name)
    return found


def _done(scene: Scene, answer: ProjectAnswer) -> ProjectAnswer:
    scene.changes.append(
        ProjectRecorded(
            project_id=answer.project.id, change=answer.change, before=answer.before, after=answer.project
        )
    )
    return answer
