"""Exports a person's entries as a file in a direct message. An operation orders the file; its content is read when it
is sent."""

from datetime import date, datetime
from uuid import UUID

from domain.entries.exports import MOST_EXPORTED, Export, ExportConfirmation, ExportFormat, ExportParams
from domain.errors import NotFound, Refusal
from domain.history.operations import OperationRequest
from domain.identity.people import Person
from domain.outbox.messages import ExportContent
from domain.permissions import Needs
from domain.time.calendar import Span, day_span, local_date
from domain.time.days import format_date
from domain.time.periods import DateRange, resolve_period
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from storage.entries import exports
from storage.outbox import messages
from storage.postgres.database import Transaction


@operation(needs=Needs.ZONE)
async def order_export(context: OperationContext, params: ExportParams, *, most: int) -> ExportConfirmation:
    """Queue a file of at most `most` entries for its person. Raises Refusal for future days, and for days that hold
    no entries or more than `most`."""
    person, today = context.person, local_date(context.at, context.person.zone)
    dates = resolve_period(params.period, today=today, day_first=person.day_first)
    span = _resolve_span(dates, person)
    counted = await exports.summarize(
        context.tx, context.workspace_id, person.id, start=span.start, end=span.end, at=context.at
    )
    if not counted.entries:
        last = await exports.find_last_start(context.tx, context.workspace_id, person.id)
        raise NotFound(
            _describe_empty_export(dates, params.format, local_date(last, person.zone) if last else None)
        )
    if counted.entries > most:
        raise Refusal(
            f"That is {counted.entries:,} entries, and a file holds {most:,} at most. "
            "Please ask for fewer days at a time, such as `/track export october`."
        )
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"export:{context.request.key}",
        channel=person.slack_user_id,
        content=ExportContent(person_id=person.id, dates=dates, format=params.format),
        person_id=person.id,
    )
    return ExportConfirmation(
        person=person,
        dates=dates,
        format=params.format,
        at=context.at,
        entries=counted.entries,
        total=counted.total,
        reaching=counted.reaching,
        running=counted.running,
    )


def _describe_empty_export(dates: DateRange, format: ExportFormat, last: date | None) -> str:  # noqa: A002 - as in the parameters
    """Say that there is nothing to export, and suggest a month that has entries: the month of `last`, the day on
    which the newest entry began."""
    said = f"Nothing of yours began in these days: {dates.name}. So there is no file to send."
    if last is None:
        return f"{said} You have no entries yet; `/track log 1h` records an hour."
    command = f"/track export {last:%B} {last.year} {format.value}"
    return f"{said} Your newest entry began on {format_date(last)}: try `{command.lower()}`."


async def read_export(
    tx: Transaction, workspace_id: UUID, person: Person, content: ExportContent, *, at: datetime
) -> Export:
    """Read the entries that the file holds now."""
    span = _resolve_span(content.dates, person)
    found = await exports.find_started_between(
        tx, workspace_id, person.id, start=span.start, end=span.end, most=MOST_EXPORTED
    )
    return Export(person=person, dates=content.dates, format=content.format, at=at, entries=tuple(found))


def _resolve_span(dates: DateRange, person: Person) -> Span:
    spans = [span for day in dates.days if (span := day_span(day, person.zone))]
    if not spans:
        raise Refusal(f"{dates.name} did not exist in {person.zone.key}: the calendar left it out.")
    return Span(start=spans[0].start, end=spans[-1].end)


class Exports(OperationGroup):
    """Operations on files of entries. `most` is how many entries a file holds."""

    _order = order_export

    def __init__(self, runner: OperationRunner, *, most: int = MOST_EXPORTED) -> None:
        super().__init__(runner)
        self._most = most

    async def order(self, request: OperationRequest, params: ExportParams) -> ExportConfirmation:
        """Queue the file for its person. Raises the errors of `order_export`."""
        return await self._order(request, params, most=self._most)
