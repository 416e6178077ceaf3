"""Projects, and the words with which people name them in a text."""

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
SHORTEST_BEGINNING = 2  # a single letter begins too many words of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    id: UUID
    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDetails:
    """Everything about a project. `owner_id` is the person who created it, None if the service did; instants are
    UTC."""

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
        """Return the project in the form that entries refer to."""
        return Project(id=self.id, slug=self.slug, title=self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectParams:
    """The fields of a project to change; None keeps a field."""

    title: str | None = None
    description: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMention:
    """The words with which a text names a project.

    With `required`, for `name:` and for webhooks, an unknown name is refused. Otherwise `name` is the first word typed,
    and it belongs to the note if no project has that name. With `whole`, for names that people do not type by hand,
    the beginning of a name does not match: a beginning that is unique today may not be tomorrow.

    `typed` is the text itself if it is more than the name: "on api" belongs to the note if no project is named api.
    """

    name: str
    required: bool
    whole: bool = False
    typed: str = ""


class ProjectOutcome(StrEnum):
    """The effect of an operation on a project."""

    MADE = "made"
    RENAMED = "renamed"
    ARCHIVED = "archived"
    BROUGHT_BACK = "brought_back"  # out of the archive
    UNCHANGED = "unchanged"  # it was in that state already
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAnswer:
    """The result of an operation on a project. `before` is the project before the change, if it differs. `archived`
    says whether an unchanged project is archived. `no_longer` is another project that this name meant before."""

    change: ProjectOutcome
    project: Project
    before: Project | None = None
    archived: bool = False
    no_longer: Project | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelProject:
    """The project of a Slack channel, None if the channel has none. `before` is the project before this operation."""

    channel: str
    project: Project | None
    before: Project | None
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectList:
    """Live projects, sorted by title. `more` is true if there are further projects."""

    projects: tuple[Project, ...]
    more: bool


def make_slug(title: str) -> str:
    """Make a short lower-case name that is easy to type: "Café Site!" -> "cafe-site".

    Different titles may have the same slug; `project_names.find_free_slug` then adds a number.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG].strip("-")
    # A title without any Latin letter or digit becomes its own slug.
    return slug or re.sub(r"\s+", "-", title.strip().lower())[:LONGEST_SLUG]


def validate_title(title: str) -> str:
    """Return the title as it is stored. Raises FieldErrors if it is empty or too long."""
    title = " ".join(title.split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in title):
        raise FieldErrors({"title": "A project needs a name, for example `api`."})
    if len(title) > LONGEST_TITLE:
        raise FieldErrors({"title": f"That project name is too long: {LONGEST_TITLE} characters at most."})
    return title


def validate_description(description: str) -> str:
    """Return the description. Raises FieldErrors if it is too long."""
    if len(description) > LONGEST_DESCRIPTION:
        raise FieldErrors({"description": f"At most {LONGEST_DESCRIPTION} characters, please."})
    return description


def is_likely_title(word: str) -> bool:
    """Return whether to offer the first word of a text as a new project: a short, plain word, no address or markup."""
    return bool(re.fullmatch(r"[^\W_][\w.-]{1,29}", word))
