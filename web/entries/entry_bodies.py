"""The queries and bodies of requests about time entries."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from domain.entries.entries import (
    LONGEST_NOTE,
    LONGEST_TAG,
    MOST_TAGS,
    NewEntry,
    Work,
)
from domain.entries.overlaps import OverlapResolution, OverlapStrategy
from domain.entries.params import UNCHANGED, AmendParams
from domain.projects.projects import ProjectMention
from web.api.cursors import InstantCursor
from web.api.fields import STORABLE, Body, DayOrInstant, Ignored, Query, Text
from web.http.instants import Instant

MAX_BULK = 100


Note = Annotated[Text, Field(max_length=LONGEST_NOTE)]


Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG), *STORABLE]


Tags = Annotated[
    tuple[Tag, ...],
    Field(max_length=MOST_TAGS),
    # Characters that can not be stored are removed, which may leave nothing of a tag.
    AfterValidator(lambda tags: tuple(tag for tag in tags if tag.strip())),
]


class EntryQuery(Query):
    start: Annotated[DayOrInstant | None, Field(alias="from")] = None
    end: Annotated[DayOrInstant | None, Field(alias="to")] = None
    project_id: UUID | None = None
    user_id: Annotated[UUID | None, Field(description="A colleague, for leads and admins.")] = None
    running: bool | None = None
    cursor: InstantCursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class MakeRoom(Body):
    """The choice of a resolution after a 409 answer: one of its `ways`, with its `seen`. The service applies the
    changes that this answer listed, or refuses if the entries have changed."""

    way: Literal["trim", "split", "replace"]
    seen: Annotated[str, Field(max_length=64)]


class _Sent(Body):
    """Read-only fields of an entry. They may be sent back and are ignored."""

    id: Ignored
    user_id: Ignored
    duration_seconds: Ignored
    duration_minutes: Ignored
    source: Ignored
    unconfirmed: Ignored
    version: Ignored
    created_at: Ignored
    updated_at: Ignored
    make_room: MakeRoom | None = None

    def resolution(self) -> OverlapResolution | None:
        return (
            OverlapResolution(strategy=OverlapStrategy(self.make_room.way), seen=self.make_room.seen)
            if self.make_room
            else None
        )


class Worked(BaseModel):
    """The project and note of an entry. `project` is a title or slug, and ignored if there is a `project_id`."""

    project_id: UUID | None = None
    project: Annotated[Text, Field(min_length=1, max_length=80)] | None = None
    description: Note = ""
    tags: Tags = ()

    def work(self) -> Work:
        words = ProjectMention(name=self.project, required=True, whole=True) if self.project else None
        return Work(project=words, project_id=self.project_id, note=self.description, tags=self.tags)


class NewTimeEntry(_Sent, Worked):
    """A finished period, or a running one if `end_time` is null."""

    start_time: Instant
    end_time: Instant | None = None

    def entry(self) -> NewEntry:
        return NewEntry(work=self.work(), started_at=self.start_time, ended_at=self.end_time)


class ChangedTimeEntry(_Sent):
    """The fields to change; omitted fields stay as they are."""

    start_time: Instant | None = None
    end_time: Instant | None = None
    project_id: UUID | None = None
    description: Note = ""
    tags: Tags = ()

    def params(self, entry_id: UUID, seen: int | None) -> AmendParams:
        given = self.model_fields_set
        return AmendParams(
            entry_id=entry_id,
            seen_version=seen,
            project_id=self.project_id if "project_id" in given else UNCHANGED,
            note=self.description if "description" in given else UNCHANGED,
            tags=self.tags if "tags" in given else UNCHANGED,
            start=self.start_time or UNCHANGED,
            end=self.end_time if "end_time" in given else UNCHANGED,
        )


class NewTimeEntries(Body):
    items: Annotated[list[NewTimeEntry], Field(min_length=1, max_length=MAX_BULK)]
