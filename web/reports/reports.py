"""The REST operations on summaries and tags."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from domain.reports.rounding import MINUTE, SECOND, share_out
from domain.reports.summaries import Summary, SummaryBounds, SummaryDimension
from services.reports.reports import SummaryParams
from services.services import Services
from web.api.fields import DayOrInstant, Query
from web.api.operation import Call
from web.http.instants import InstantText, format_rfc3339

GROUPS = "day|project|user"


class SummaryQuery(Query):
    start: Annotated[DayOrInstant, Field(alias="from")]
    end: Annotated[DayOrInstant, Field(alias="to")]
    group_by: Annotated[
        str,
        Field(
            pattern=rf"^({GROUPS})(,({GROUPS}))*$",
            description="`day`, `project`, `user`, or several with commas. "
            "Days are those of each person's own zone.",
        ),
    ] = "project"
    user_id: Annotated[UUID | None, Field(description="One person; left out, everybody you may see.")] = None
    project_id: UUID | None = None


class Group(BaseModel):
    """One line: the values that it is grouped by, and its length. Other dimensions are omitted."""

    day: date | None = None
    project_id: UUID | None = None
    project: str | None = None
    user_id: UUID | None = None
    user: str | None = None
    duration_seconds: int
    duration_minutes: int


class Report(BaseModel):
    """The lengths in exact seconds and in whole minutes. The totals are rounded down, and the lines add up to them.

    `from` and `to` are instants in your `zone`; dates are in each person's own zone. A running timer counts until
    `at`.
    """

    start: Annotated[InstantText, Field(serialization_alias="from")]
    end: Annotated[InstantText, Field(serialization_alias="to")]
    zone: str
    at: InstantText
    group_by: list[str]
    groups: list[Group]
    duration_seconds: int
    duration_minutes: int


class Tag(BaseModel):
    name: str
    entries: int
    duration_seconds: int


class TagList(BaseModel):
    items: list[Tag]


class ReportsApi:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def summary(self, call: Call, query: SummaryQuery) -> Report:
        """Sum tracked time.

        Members see their own time, leads and admins everybody's.
        """
        by = tuple(dict.fromkeys(SummaryDimension(one) for one in query.group_by.split(",")))
        params = SummaryParams(
            bounds=SummaryBounds(start=query.start, end=query.end),
            by=by,
            person_id=query.user_id,
            project_id=query.project_id,
        )
        return _report(await self._services.reports.read_summary(call.workspace_id, call.person, params))

    async def tags(self, call: Call) -> TagList:
        """List the tags of your entries, and how long each was used."""
        found = await self._services.entries.tags(call.workspace_id, call.person)
        return TagList(
            items=[
                Tag(name=one.name, entries=one.entries, duration_seconds=int(one.length.total_seconds()))
                for one in found
            ]
        )


def _report(summary: Summary) -> Report:
    lengths = [line.length for line in summary.lines]
    seconds, minutes = share_out(lengths, unit=SECOND), share_out(lengths, unit=MINUTE)
    return Report(
        start=format_rfc3339(summary.start),
        end=format_rfc3339(summary.end),
        zone=summary.zone,
        at=format_rfc3339(summary.at),
        group_by=[by.value for by in summary.by],
        groups=[
            Group(
                day=line.day,
                project_id=line.project_id,
                project=line.project,
                user_id=line.person_id,
                user=line.person,
                duration_seconds=seconds[number] // SECOND,
                duration_minutes=minutes[number] // MINUTE,
            )
            for number, line in enumerate(summary.lines)
        ],
        duration_seconds=summary.total // SECOND,
        duration_minutes=summary.total // MINUTE,
    )
