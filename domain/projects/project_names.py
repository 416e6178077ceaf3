"""Names of projects: equality of titles, free slugs, and the project that a name means."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from domain.errors import Refusal, UnknownProject
from domain.projects.projects import LONGEST_SLUG, SHORTEST_BEGINNING, Project, make_slug

MOST_SHOWN = 5  # projects that a sentence lists for an ambiguous name


class AmbiguousProject(UnknownProject):
    """Several projects begin with the name, and none has exactly that name. `projects` are the candidates."""

    def __init__(self, name: str, projects: Sequence[Project]) -> None:
        super().__init__(name)
        shown = ", ".join(f"“{one.title}”" for one in projects[:MOST_SHOWN])
        more = f" and {len(projects) - MOST_SHOWN} more" if len(projects) > MOST_SHOWN else ""
        self.sentence = f"“{name}” could be {shown}{more}. Which one is it? Nothing was changed."
        self.projects = tuple(projects)


class ArchivedProject(Refusal):
    """The name belongs to an archived project, which accepts no new time. `required` is true if the word can only be a
    project name, not a part of the note."""

    def __init__(
        self, name: str, project: Project, *, required: bool, former_title: str | None = None
    ) -> None:
        self.called = project.title + (f" (was {former_title})" if former_title else "")
        super().__init__(
            f"“{self.called}” is archived, so no time can be tracked on it until somebody brings it back. "
            "Nothing was changed."
        )
        self.name = name
        self.project = project
        self.required = required


def fold_title(title: str) -> str:
    """Fold a title to the form by which titles are compared; no two projects of a workspace share it.

    Canonical caseless matching (The Unicode Standard, 3.13, D145): `API` is `api`, `STRASSE` is `Straße`, and a
    letter with its accent is the same composed or decomposed. Compatibility forms (NFKC) stay apart, because a reader
    tells them apart: `m²` is not `m2`, full-width `ＡＰＩ` not `API`. `Café` is not `Cafe`, and `C#` not `C++`.
    """
    decomposed = unicodedata.normalize("NFD", " ".join(title.split()))
    return unicodedata.normalize("NFC", decomposed.casefold())


def find_free_slug(title: str, used_names: Collection[str]) -> str:
    """Return the slug of that title; if it is in `used_names`, with the first free number appended."""
    base = make_slug(title)
    if base not in used_names:
        return base
    return next(slug for slug in _number_slugs(base) if slug not in used_names)


def _number_slugs(base: str) -> Iterator[str]:
    for number in count(2):
        suffix = f"-{number}"
        yield base[: LONGEST_SLUG - len(suffix)].rstrip("-") + suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProject:
    """A project with all its names. `former` maps each folded former name to the title that the project had then."""

    project: Project
    archived: bool = False
    former: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """The project that a name means. `former_title` is its title at that time, if the name is a former one."""

    project: Project
    archived: bool = False
    former_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLookup:
    """The result of a look-up: one project, or `several` that begin with the name, or neither."""

    found: NameMatch | None = None
    several: tuple[Project, ...] = ()


def look_up_name(name: str, projects: Sequence[NamedProject], *, whole: bool = False) -> NameLookup:
    """Find the project with that title, else with that slug, else with that former name, including archived
    projects. Otherwise, unless the name is `whole`, find the only live project that begins with it."""
    wanted = fold_title(name)
    for fits in (_has_title, _has_slug, _had_name):
        for one in projects:
            if fits(one, wanted):
                former = one.former[wanted] if fits is _had_name else None
                return NameLookup(
                    found=NameMatch(project=one.project, archived=one.archived, former_title=former)
                )
    if whole or len(wanted) < SHORTEST_BEGINNING:
        return NameLookup()
    live = [one for one in projects if not one.archived]
    if now := [one for one in live if any(known.startswith(wanted) for known in _names_now(one))]:
        return _only_one([NameMatch(project=one.project) for one in now])
    return _only_one(
        [
            NameMatch(project=one.project, former_title=title)
            for one in live
            for title in [next((one.former[known] for known in one.former if known.startswith(wanted)), None)]
            if title is not None
        ]
    )


def _only_one(found: Sequence[NameMatch]) -> NameLookup:
    if len(found) > 1:
        return NameLookup(several=tuple(one.project for one in found))
    return NameLookup(found=found[0] if found else None)


def _has_title(one: NamedProject, wanted: str) -> bool:
    return fold_title(one.project.title) == wanted


def _has_slug(one: NamedProject, wanted: str) -> bool:
    return fold_title(one.project.slug) == wanted


def _had_name(one: NamedProject, wanted: str) -> bool:
    return wanted in one.former


def _names_now(one: NamedProject) -> tuple[str, str]:
    return fold_title(one.project.title), fold_title(one.project.slug)
