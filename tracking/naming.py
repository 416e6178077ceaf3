"""Which project somebody means. Steps of an act."""

from dataclasses import dataclass

from domain.entries import Work, checked_note
from domain.errors import UnknownProject, UnknownProjectId
from domain.projects import Project, could_be_a_title, named
from storage import projects
from tracking.acts import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The project there is, or the title of one to be made; the note that is left; and a first word that could
    become a project."""

    project: Project | None = None
    make: str | None = None
    note: str = ""
    offered: str | None = None


async def meant(scene: Scene, work: Work, *, channel: str | None = None, make: bool = False) -> Meant:
    """`channel` has a project of its own, maybe, for when none is named. Raises UnknownProject where the words must
    name one, UnknownProjectId for a chosen one that is gone."""
    if work.project_id:
        chosen = await projects.get(scene.tx, scene.workspace_id, work.project_id)
        if chosen is None:
            raise UnknownProjectId
        return Meant(project=chosen, note=work.note)
    words = work.project
    if words is None and channel is None:
        return Meant(note=work.note)
    name = words.name if words else ""
    candidates, default = await projects.meant_by(scene.tx, scene.workspace_id, name, channel=channel)
    if words is None:
        return Meant(project=default, note=work.note)
    if found := named(name, candidates, whole=words.whole):
        return Meant(project=found, note=work.note)
    if make:
        return Meant(make=name, note=work.note)
    if words.must:
        raise UnknownProject(name)
    note = checked_note(f"{words.typed or name} {work.note}")
    if default:
        return Meant(project=default, note=note)
    return Meant(note=note, offered=name if could_be_a_title(name) and not words.typed else None)
