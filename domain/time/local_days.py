"""Where a person's days begin: at midnight of their zone, and in a week that they handed in as they were then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.time.calendar import Span, day_span

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedInWeek:
    """A locked week, by its Monday: the instants and the zone that it was submitted with."""

    week: date
    span: Span
    zone: ZoneInfo

    def starts(self) -> dict[date, datetime]:
        """Where its days begin, and the Monday after it."""
        days = [self.week + number * _DAY for number in range(7)]
        found = {day: min(max(first_instant(day, self.zone), self.span.start), self.span.end) for day in days}
        return found | {self.week: self.span.start, self.week + 7 * _DAY: self.span.end}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDays:
    """The days of somebody in `zone`; `handed_in` are locked weeks that were submitted in another one, in order."""

    zone: ZoneInfo
    handed_in: tuple[HandedInWeek, ...] = ()

    def starts(self, days: Sequence[date]) -> list[datetime]:
        """Where each of these dates begins, in order: consecutive dates leave no second out, and none is in two.

        Two are equal where the zone left the first of them out.
        """
        starts = [first_instant(day, self.zone) for day in days]
        if not self.handed_in:
            return starts
        fixed: dict[date, datetime] = {}
        for one in self.handed_in:
            fixed |= one.starts()
        starts = [fixed.get(day, start) for day, start in zip(days, starts, strict=True)]
        for number in range(len(days) - 2, -1, -1):
            if days[number] not in fixed:
                starts[number] = min(starts[number], starts[number + 1])
        for number in range(1, len(days)):
            starts[number] = max(starts[number], starts[number - 1])
        return starts

    def spans(self, days: Sequence[date]) -> list[tuple[date, Span]]:
        """Consecutive dates with their stretches of time, without those that the zone left out."""
        if not days:
            return []
        edges = self.starts([*days, days[-1] + _DAY])
        return [
            (day, Span(start=start, end=end))
            for day, start, end in zip(days, edges, edges[1:], strict=False)
            if start < end
        ]


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that date, or of the first one after it that the zone did not leave out."""
    span = day_span(day, zone) or day_span(day + _DAY, zone)
    assert span is not None, "no zone left out two days in a row"
    return span.start
