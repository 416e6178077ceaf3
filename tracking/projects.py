"""Projects: listing, making, renaming, archiving; and those that channels have."""

from uuid import UUID

import asyncpg

from domain.acts import Act
from domain.errors import Refusal, UnknownProject
from domain.history import ProjectRecorded, SettingRecorded
from domain.people import Person, Standing
from domain.projects import (
    ChannelProject,
    Project,
    ProjectAnswer,
    ProjectChange,
    ProjectList,
    checked_title,
    named,
    slug_of,
)
from domain.standing import require_member
from storage import channels, people, projects, surfaces, timelines
from storage.database import Database, Transaction
from tracking.acts import Acts, Scene
from tracking.changes import make_project

MOST_LISTED = 60
MOST_RECENT = 8
MOST_OFFERED = 99  # Slack's limit for a menu is 100, and one place is for what can be made


class Projects:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def ensure(self, workspace_id: UUID, title: str) -> Project:
        """The project of that title, made when there is none. Raises Refusal for an unusable title."""
        title = checked_title(title)
        async with self._database.transaction(workspace_id) as tx:
            made = await projects.ensure(tx, workspace_id, slug=slug_of(title), title=title, owner_id=None)
            return made[0]

    async def all(self, act: Act) -> ProjectList:
        """Live projects. An act like the others, so that a repeat gets the same answer."""

        async def effect(scene: Scene) -> ProjectList:
            require_member(scene.person)
            found = await projects.live(scene.tx, scene.workspace_id, most=MOST_LISTED + 1)
            return ProjectList(projects=tuple(found[:MOST_LISTED]), more=len(found) > MOST_LISTED)

        return await self._acts.perform(act, ProjectList, effect)

    async def make(self, act: Act, title: str) -> ProjectAnswer:
        """Makes a project, or takes the one of that name out of the archive."""

        async def effect(scene: Scene) -> ProjectAnswer:
            return ProjectAnswer(change=ProjectChange.MADE, project=await make_project(scene, title))

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
            await surfaces.touch_all_homes(scene.tx, scene.workspace_id)
            return _done(scene, ProjectAnswer(change=ProjectChange.RENAMED, project=project, before=before))

        return await self._acts.perform(act, ProjectAnswer, effect)

    async def archive(self, act: Act, name: str) -> ProjectAnswer:
        """Takes it out of the list. Its entries stay as they are; making it again brings it back."""

        async def effect(scene: Scene) -> ProjectAnswer:
            project = await _called(scene, name)
            await projects.archive(scene.tx, scene.workspace_id, project.id, at=scene.at)
            await surfaces.touch_all_homes(scene.tx, scene.workspace_id)
            return _done(scene, ProjectAnswer(change=ProjectChange.ARCHIVED, project=project, before=project))

        return await self._acts.perform(act, ProjectAnswer, effect)

    async def of_channel(self, act: Act, channel: str) -> ChannelProject:
        """What the Slack channel tracks on when nobody names a project."""

        async def effect(scene: Scene) -> ChannelProject:
            bound = await channels.bound(scene.tx, scene.workspace_id, channel)
            return ChannelProject(channel=channel, project=bound, before=bound, changed=False)

        return await self._acts.perform(act, ChannelProject, effect)

    async def bound(self, workspace_id: UUID, channel: str | None) -> Project | None:
        """The same for a form: a read, and not an act."""
        if channel is None:
            return None
        async with self._database.transaction(workspace_id) as tx:
            return await channels.bound(tx, workspace_id, channel)

    async def bind(self, act: Act, channel: str, name: str, *, make: bool = False) -> ChannelProject:
        """Gives the channel a project of its own. Raises UnknownProject unless it is to be made."""

        async def effect(scene: Scene) -> ChannelProject:
            project = await make_project(scene, name) if make else await _called(scene, name)
            before = await channels.bound(scene.tx, scene.workspace_id, channel)
            channel_id = await channels.bind(scene.tx, scene.workspace_id, channel, project.id)
            return _bound(scene, channel, channel_id, before, project)

        return await self._acts.perform(act, ChannelProject, effect)

    async def unbind(self, act: Act, channel: str) -> ChannelProject:
        """Takes it away again; entries stay where they are."""

        async def effect(scene: Scene) -> ChannelProject:
            before = await channels.bound(scene.tx, scene.workspace_id, channel)
            channel_id = await channels.unbind(scene.tx, scene.workspace_id, channel)
            return _bound(scene, channel, channel_id, before, None)

        return await self._acts.perform(act, ChannelProject, effect)

    async def offered(self, workspace_id: UUID, who: str, letters: str) -> list[Project]:
        """For a menu: what the person worked on lately, then the others; with letters, what has them."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.find(tx, workspace_id, who)
            if person is None:
                return []
            if person.standing is not Standing.MEMBER:
                return await _offered_to_guest(tx, workspace_id, person, letters)
            if letters.strip():
                return await projects.matching(tx, workspace_id, letters, most=MOST_OFFERED)
            lately = await timelines.lately(tx, workspace_id, person.id, most=MOST_RECENT)
            others = await projects.live(tx, workspace_id, most=MOST_OFFERED)
        return list(dict.fromkeys([*lately, *others]))[:MOST_OFFERED]


async def _offered_to_guest(
    tx: Transaction, workspace_id: UUID, person: Person, letters: str
) -> list[Project]:
    """What they worked on, and what they name in full: a guest uses projects, and does not look through them."""
    if not person.has_access:
        return []
    if not letters.strip():
        return await timelines.lately(tx, workspace_id, person.id, most=MOST_RECENT)
    found = await projects.matching(tx, workspace_id, letters, most=MOST_OFFERED)
    return [one for one in found if one.title.casefold() == letters.strip().casefold()]


def _bound(
    scene: Scene, channel: str, channel_id: UUID | None, before: Project | None, after: Project | None
) -> ChannelProject:
    changed = channel_id is not None and before != after
    if channel_id and changed:
        scene.changes.append(
            SettingRecorded(
                subject="channel",
                subject_id=channel_id,
                change="project",
                before={"channel": channel, "project": before.title if before else ""},
                after={"channel": channel, "project": after.title if after else ""},
            )
        )
    return ChannelProject(channel=channel, project=after, before=before, changed=changed)


async def _called(scene: Scene, name: str) -> Project:
    candidates, _ = await projects.meant_by(scene.tx, scene.workspace_id, name, channel=None)
    found = named(name, candidates)
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
