"""Time entries as they come in and go out."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from domain.entries.entries import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, NewEntry, TimeEntry, Work
from domain.entries.overlaps import OverlapConflict, OverlapResolution, OverlapStrategy, adjustments
from domain.entries.params import UNCHANGED, AmendParams
from domain.history.changes import EntryHistoryItem, Snapshot
from domain.projects.projects import ProjectMention
from domain.time.durations import whole_minutes
from web.api.cursors import InstantCursor
from web.api.fields import STORABLE, Body, DayOrInstant, Ignored, Query, Text
from web.api.preconditions import Record
from web.http.instants import Instant, InstantText, rfc3339
from web.http.problems import ApiError

MAX_BULK = 100

Note = Annotated[Text, Field(max_length=LONGEST_NOTE)]
Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG), *STORABLE]
Tags = Annotated[
    tuple[Tag, ...],
    Field(max_length=MOST_TAGS),
    # What can not be stored is left out of a text, and nothing may be left of a tag.
    AfterValidator(lambda tags: tuple(tag for tag in tags if tag.strip())),
]


class Entry(Record):
    """A stretch of one person's time. `end_time` is null while it runs; `duration_minutes` are whole ones.
    `unconfirmed` is what the clock ended because nobody answered; changing the entry confirms it."""

    collection: ClassVar[str] = "/api/time-entries"

    user_id: UUID
    project_id: UUID | None
    description: str
    tags: list[str]
    start_time: InstantText
    end_time: InstantText | None
    duration_seconds: int
    duration_minutes: int
    source: str
    unconfirmed: bool
    created_at: InstantText
    updated_at: InstantText

    def tag(self) -> str:
        return str(self.version) if self.end_time else f"{self.version}.{self.duration_seconds}"


class EntryList(BaseModel):
    items: list[Entry]
    next_cursor: str | None


class EntryQuery(Query):
    start: Annotated[DayOrInstant | None, Field(alias="from")] = None
    end: Annotated[DayOrInstant | None, Field(alias="to")] = None
    project_id: UUID | None = None
    user_id: Annotated[UUID | None, Field(description="A colleague, for leads and admins.")] = None
    running: bool | None = None
    cursor: InstantCursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class MakeRoom(Body):
    """Out of the ways of an answer 409, the one that was chosen, and its `seen`: exactly what was offered is done."""

    way: Literal["trim", "split", "replace"]
    seen: Annotated[str, Field(max_length=64)]


class _Sent(Body):
    """What an entry says of itself, and may be sent back."""

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

    def room(self) -> OverlapResolution | None:
        return (
            OverlapResolution(way=OverlapStrategy(self.make_room.way), seen=self.make_room.seen)
            if self.make_room
            else None
        )


class Worked(BaseModel):
    """What is worked on. `project` is a title or slug, and only asked for where there is no `project_id`."""

    project_id: UUID | None = None
    project: Annotated[Text, Field(min_length=1, max_length=80)] | None = None
    description: Note = ""
    tags: Tags = ()

    def work(self) -> Work:
        words = ProjectMention(name=self.project, must=True, whole=True) if self.project else None
        return Work(project=words, project_id=self.project_id, note=self.description, tags=self.tags)


class NewTimeEntry(_Sent, Worked):
    """A stretch that has passed, or with `end_time` null one that still runs."""

    start_time: Instant
    end_time: Instant | None = None

    def entry(self) -> NewEntry:
        return NewEntry(work=self.work(), started_at=self.start_time, ended_at=self.end_time)


class ChangedTimeEntry(_Sent):
    """What is named is changed, the rest stays as it is."""

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


class Outcome(BaseModel):
    """What became of one item: the entry that was made, or the problem that it met."""

    status: int
    entry: Entry | None = None
    problem: dict[str, object] | None = None


class Outcomes(BaseModel):
    items: list[Outcome]


class State(BaseModel):
    """What an entry was. `end_time` is null while it ran."""

    project_id: UUID | None
    description: str
    tags: list[str]
    start_time: InstantText
    end_time: InstantText | None
    version: int
    deleted: bool
    unconfirmed: bool


class Change(BaseModel):
    """One change: what it was, by whom (null where nobody was there to do it) and from where, and both states."""

    change: str
    at: InstantText
    user_id: UUID | None
    source: str
    before: State | None
    after: State


class History(BaseModel):
    items: list[Change]


def entry_record(entry: TimeEntry, at: datetime) -> Entry:
    """`at` is the instant up to which it counts while it runs."""
    length = entry.length(at)
    return Entry(
        id=entry.id,
        user_id=entry.person_id,
        project_id=entry.project.id if entry.project else None,
        description=entry.note,
        tags=list(entry.tags),
        start_time=rfc3339(entry.started_at),
        end_time=rfc3339(entry.ended_at) if entry.ended_at else None,
        duration_seconds=int(length.total_seconds()),
        duration_minutes=whole_minutes(length),
        source=entry.source,
        version=entry.version,
        created_at=rfc3339(entry.created_at),
        unconfirmed=entry.unconfirmed,
        updated_at=rfc3339(entry.updated_at),
    )


def conflict_error(taken: OverlapConflict) -> ApiError:
    """409: what is in the way, and what each way of making room would leave of it."""
    claim = taken.claim
    ways = []
    for way in OverlapStrategy:
        changes = adjustments(way, taken.taken, start=claim.start, end=claim.end, at=taken.at)
        left = {
            str(one.entry.id): [
                {"start_time": rfc3339(rest.start), "end_time": rfc3339(rest.end) if rest.end else None}
                for rest in one.kept
            ]
            for one in changes
        }
        ways.append({"way": way.value, "leaves": left})
    return ApiError(
        HTTPStatus.CONFLICT,
        taken.sentence,
        more={
            "conflicts": [entry_record(one, taken.at).model_dump(mode="json") for one in taken.taken],
            "ways": ways,
            "seen": taken.seen,
        },
    )


def change_record(change: EntryHistoryItem) -> Change:
    return Change(
        change=change.change,
        at=rfc3339(change.at),
        user_id=change.by,
        source=change.source,
        before=_state(change.before) if change.before else None,
        after=_state(change.after),
    )


def _state(state: Snapshot) -> State:
    return State(
        project_id=state.project_id,
        description=state.note,
        tags=list(state.tags),
        start_time=rfc3339(state.started_at),
        end_time=rfc3339(state.ended_at) if state.ended_at else None,
        version=state.version,
        deleted=state.deleted,
        unconfirmed=state.unconfirmed,
    )
