"""Finds the project that somebody named. Steps of an operation."""

from dataclasses import dataclass

from domain.entries.entries import Work, validate_note
from domain.errors import NotAllowed, NotFound, UnknownProject, UnknownProjectId
from domain.identity.people import Standing
from domain.projects.project_names import AmbiguousProject, ArchivedProject, NameMatch, look_up_name
from domain.projects.projects import Project, ProjectMention, is_likely_title
from services.operations.context import OperationContext
from storage.projects import project_names, projects


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChoice:
    """The project that was found, or the title of one to be made or taken out of the archive (`make`), and the rest
    of the note.

    `possible_title` is a first word that could become a project. `former_title` is the project's earlier title, if
    somebody named it by that.
    """

    project: Project | None = None
    make: str | None = None
    note: str = ""
    possible_title: str | None = None
    former_title: str | None = None


async def resolve_project(
    context: OperationContext,
    work: Work,
    *,
    channel: str | None = None,
    make: bool = False,
    bring_back: bool = False,
) -> ProjectChoice:
    """Find the project for the work.

    `channel` is the Slack channel whose project is used if none is named. `make` makes the named project if there is
    none, `bring_back` takes the chosen one out of the archive. Raises UnknownProject, AmbiguousProject or
    ArchivedProject if the words name no project that takes time; for a guest, who could not make one, NotAllowed.
    Raises UnknownProjectId if the chosen project is gone.
    """
    if work.project_id:
        return await _resolve_chosen_project(context, work, bring_back=bring_back)
    words = work.project
    if words is None and channel is None:
        return ProjectChoice(note=work.note)
    if words and words.whole and make:
        return ProjectChoice(
            make=words.name, note=work.note
        )  # chosen in a form as one that is to be made, by that title
    name = words.name if words else ""
    candidates, default = await project_names.find_candidates(
        context.tx, context.workspace_id, name, channel=channel
    )
    if words is None:
        return ProjectChoice(project=default, note=work.note)
    # Guests may use projects that they name in full, and may not search the others.
    guest = context.person.standing is not Standing.MEMBER
    looked_up = look_up_name(name, candidates, whole=words.whole or guest)
    if found := looked_up.found:
        if found.archived:
            raise _make_archived_error(words, found)
        return ProjectChoice(project=found.project, note=work.note, former_title=found.former_title)
    if make:
        return ProjectChoice(make=name, note=work.note)
    if words.required:
        if guest:
            raise NotAllowed(f"There is no project called “{name}”, and guests can't create one.")
        raise AmbiguousProject(name, looked_up.several) if looked_up.several else UnknownProject(name)
    note = validate_note(f"{words.typed or name} {work.note}")
    if default:
        return ProjectChoice(project=default, note=note)
    to_be_made = is_likely_title(name) and not words.typed and not guest
    return ProjectChoice(note=note, possible_title=name if to_be_made else None)


async def find_named_project(context: OperationContext, name: str) -> Project:
    """Return the live project of that name. Raises the errors of `resolve_project`."""
    found = await resolve_project(context, Work(project=ProjectMention(name=name, required=True)))
    assert found.project is not None, "a name that must be a project is one, or is refused"
    return found.project


async def _resolve_chosen_project(
    context: OperationContext, work: Work, *, bring_back: bool
) -> ProjectChoice:
    assert work.project_id is not None
    if not bring_back:
        live = await projects.find(context.tx, context.workspace_id, work.project_id)
        if live is None:
            raise UnknownProjectId
        return ProjectChoice(project=live, note=work.note)
    chosen = await projects.find_details(context.tx, context.workspace_id, work.project_id)
    if chosen is None:
        raise NotFound("That project was deleted meanwhile. Nothing was changed; please name another one.")
    if chosen.archived:
        return ProjectChoice(
            make=chosen.title, note=work.note
        )  # making an archived project takes it out of the archive
    project = Project(id=chosen.id, slug=chosen.slug, title=chosen.title)
    return ProjectChoice(project=project, note=work.note)


def _make_archived_error(words: ProjectMention, found: NameMatch) -> ArchivedProject:
    return ArchivedProject(
        words.name, found.project, required=words.required, former_title=found.former_title
    )
