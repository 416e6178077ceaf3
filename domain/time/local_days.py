"""The instants at which a person's days begin: midnight of their zone, except in weeks that they submitted in
another zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.time.calendar import Span, day_span

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedWeek:
    """A locked week, identified by its Monday, with the instants and the zone of its submission."""

    week: date
    span: Span
    zone: ZoneInfo

    def first_instants(self) -> dict[date, datetime]:
        """Return the first instant of each of its days, and of the Monday after it."""
        days = [self.week + number * _DAY for number in range(7)]
        found = {day: min(max(first_instant(day, self.zone), self.span.start), self.span.end) for day in days}
        return found | {self.week: self.span.start, self.week + 7 * _DAY: self.span.end}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDays:
    """The days of a person in `zone`. `submitted` are their locked weeks that were submitted in another zone, in
    order."""

    zone: ZoneInfo
    submitted: tuple[SubmittedWeek, ...] = ()

    def first_instants(self, days: Sequence[date]) -> list[datetime]:
        """Return the first instant of each of these consecutive dates, in order.

        Two instants are equal if the zone skipped the first of the two dates.
        """
        starts = [first_instant(day, self.zone) for day in days]
        if not self.submitted:
            return starts
        fixed: dict[date, datetime] = {}
        for one in self.submitted:
            fixed |= one.first_instants()
        starts = [fixed.get(day, start) for day, start in zip(days, starts, strict=True)]
        for number in range(len(days) - 2, -1, -1):
            if days[number] not in fixed:
                starts[number] = min(starts[number], starts[number + 1])
        for number in range(1, len(days)):
            starts[number] = max(starts[number], starts[number - 1])
        return starts

    def spans(self, days: Sequence[date]) -> list[tuple[date, Span]]:
        """Return consecutive dates with their spans, without the dates that the zone skipped."""
        if not days:
            return []
        edges = self.first_instants([*days, days[-1] + _DAY])
        return [
            (day, Span(start=start, end=end))
            for day, start, end in zip(days, edges, edges[1:], strict=False)
            if start < end
        ]


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of that date, or of the next date if the zone skipped it."""
    span = day_span(day, zone) or day_span(day + _DAY, zone)
    assert span is not None, "no zone skipped two days in a row"
    return span.start
