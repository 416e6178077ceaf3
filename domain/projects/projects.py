"""Projects, and how words name them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import FieldErrors

LONGEST_TITLE = 80
LONGEST_DESCRIPTION = 2_000
LONGEST_SLUG = 40
SHORTEST_BEGINNING = 2  # one letter begins too many words of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    id: UUID
    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDetails:
    """Everything about a project. `owner_id` is the person who made it, where one did; instants are UTC."""

    id: UUID
    slug: str
    title: str
    description: str
    owner_id: UUID | None
    archived: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def project(self) -> Project:
        """The project as entries name it."""
        return Project(id=self.id, slug=self.slug, title=self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectWish:
    """What a project is to be; None leaves that as it is."""

    title: str | None = None
    description: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMention:
    """How a person named a project.

    `must` is true for `name:` and for webhooks: then it is a project or a refusal. Otherwise `name` is the
    first word typed, and it is the beginning of the note when no project is called so. Where they are not typed by
    hand they are the `whole` name: a beginning that is unique today may not be so tomorrow.

    `typed` is what stood there where that is more than the name: "on api" names api where there is such a project, and
    is the beginning of the note where there is none.
    """

    name: str
    must: bool
    whole: bool = False
    typed: str = ""


class ProjectOutcome(StrEnum):
    """What an act did to a project, as it is told."""

    MADE = "made"
    RENAMED = "renamed"
    ARCHIVED = "archived"
    BROUGHT_BACK = "brought_back"  # out of the archive
    UNCHANGED = "unchanged"  # it was so already
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAnswer:
    """`before` is the project as it was, where that is another one than now. `archived` says where one is that was left
    unchanged. `no_longer` is a project that was called so before, and is not meant by this name any more."""

    change: ProjectOutcome
    project: Project
    before: Project | None = None
    archived: bool = False
    no_longer: Project | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelProject:
    """What a channel tracks on now; None is nothing of its own. `before` is what it was until this act."""

    channel: str
    project: Project | None
    before: Project | None
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectList:
    """Live projects by title. `more` says that there are others beyond these."""

    projects: tuple[Project, ...]
    more: bool


def make_slug(title: str) -> str:
    """A short lower-case name that can be typed: "Café Site!" -> "cafe-site".

    Different titles may have the same: it is what an address is made of (`project_names.find_free_slug`).
    A project is known by its title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG].strip("-")
    # A title without a single Latin letter or digit still is a title; it becomes its own slug.
    return slug or re.sub(r"\s+", "-", title.strip().lower())[:LONGEST_SLUG]


def validate_title(title: str) -> str:
    """The title as it will be stored. Raises FieldErrors when it is empty or too long."""
    title = " ".join(title.split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in title):
        raise FieldErrors({"title": "A project needs a name, for example `api`."})
    if len(title) > LONGEST_TITLE:
        raise FieldErrors({"title": f"That project name is too long: {LONGEST_TITLE} characters at most."})
    return title


def validate_description(description: str) -> str:
    """Raises FieldErrors when it is too long."""
    if len(description) > LONGEST_DESCRIPTION:
        raise FieldErrors({"description": f"At most {LONGEST_DESCRIPTION} characters, please."})
    return description


def is_likely_title(word: str) -> bool:
    """Whether a first word is worth offering as a new project: a plain, short word, no address or markup."""
    return bool(re.fullmatch(r"[^\W_][\w.-]{1,29}", word))
