"""The detailed reports of Toggl Track and Clockify as CSV: times without a zone, dates in the order of the account.

Columns as both wrote them in 2026; what is not named here (client, task, billable, money) is left aside.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import instants_of
from domain.imports import DateOrder, Line, checked_tags, checked_words
from domain.projects import checked_title
from domain.text import storable
from files.cells import parted, recovered

Columns = Mapping[str, Sequence[str]]  # what we call it, and what it is called there

_ALIKE = {
    "project": ("project",),
    "note": ("description",),
    "tags": ("tags",),
    "start_date": ("start date",),
    "start_time": ("start time",),
    "end_date": ("end date", "stop date"),
    "end_time": ("end time", "stop time"),
}
CLOCKIFY_COLUMNS: Columns = {**_ALIKE, "length": ("duration (h)",)}
TOGGL_COLUMNS: Columns = {**_ALIKE, "length": ("duration",)}
_WHOSE = ("email", "user", "member")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap])?\.?m?\.?", re.ASCII | re.IGNORECASE)
_LENGTH = re.compile(r"(\d+):(\d\d)(?::(\d\d))?", re.ASCII)
# They round to a minute in some settings; more than that means that we have read something wrong.
_TOLERATED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Reports:
    """How the lines of one file are read."""

    columns: Columns
    zone: ZoneInfo
    order: DateOrder | None

    @classmethod
    def of(
        cls, rows: Sequence[Mapping[str, str]], columns: Columns, *, zone: ZoneInfo, day_first: bool
    ) -> "Reports":
        """The order of the file's dates is what its dates show: one behind the twelfth settles it for all of them."""
        dates = [_cell(row, columns[name]) for row in rows for name in ("start_date", "end_date")]
        turned = [(found, text) for text in dates if (found := _DATE.fullmatch(text)) and found[6]]
        if not turned:
            return cls(columns, zone, None)
        if any(int(found[4]) > 12 for found, _ in turned):
            return cls(columns, zone, DateOrder(day_first=True))
        if any(int(found[5]) > 12 for found, _ in turned):
            return cls(columns, zone, DateOrder(day_first=False))
        example = next((text for found, text in turned if found[4] != found[5]), "")
        return cls(columns, zone, DateOrder(day_first=day_first, example=example))

    def line(self, number: int, row: Mapping[str, str]) -> Line:
        """Raises ValueError with the reason why it is no entry, Refusal for a project that can not be named so."""
        cell = {name: _cell(row, names) for name, names in self.columns.items()}
        if row.get("type", "").strip().casefold() == "break":
            raise ValueError("it is a break")
        if not cell["end_date"] or not cell["end_time"]:
            raise ValueError("it has no end")
        start, end = self._stretch(cell)
        project = recovered(cell["project"])
        return Line(
            number=number,
            start=start,
            end=end,
            project=checked_title(storable(project)) if project and project.casefold() not in _NONE else "",
            note=checked_words(storable(recovered(cell["note"]))),
            tags=checked_tags([_as_typed(tag) for tag in parted(recovered(cell["tags"]))]),
            whose=_cell(row, _WHOSE),
        )

    def _stretch(self, cell: Mapping[str, str]) -> tuple[datetime, datetime]:
        starts = self._instants(cell["start_date"], cell["start_time"])
        ends = self._instants(cell["end_date"], cell["end_time"])
        stretches = [(start, end) for start in starts for end in ends if end > start]
        if not stretches:
            raise ValueError("it does not end after it starts")
        length = _length(cell["length"])
        fitting = [one for one in stretches if length is None or abs(one[1] - one[0] - length) < _TOLERATED]
        if not fitting:
            raise ValueError(f"its times are not {cell['length']} apart, as it says")
        if len(fitting) > 1:
            raise ValueError("it lies in an hour that the clocks showed twice, and could be either")
        return fitting[0]

    def _instants(self, day: str, at: str) -> tuple[datetime, ...]:
        date, time = _DATE.fullmatch(day), _TIME.fullmatch(at)
        if date is None or time is None:
            raise ValueError(f"“{day[:20]} {at[:20]}” is no date and time that I know")
        hour = int(time[1])
        if time[4]:
            if not 1 <= hour <= 12:
                raise ValueError(f"“{at[:20]}” is no time")
            hour = hour % 12 + (12 if time[4].lower() == "p" else 0)
        try:
            wall = datetime(*self._date(date), hour, int(time[2]), int(time[3] or 0))  # noqa: DTZ001 - what a clock shows
        except ValueError:
            raise ValueError(f"there is no {day[:20]} {at[:20]}") from None
        found = instants_of(wall, self.zone) if wall.year >= 1970 else ()
        if not found:
            raise ValueError(f"{day} {at} did not exist in {self.zone.key}: the clocks went forward over it")
        return tuple(instant.astimezone(UTC) for instant in found)

    def _date(self, found: re.Match[str]) -> tuple[int, int, int]:
        if found[1]:
            return int(found[1]), int(found[2]), int(found[3])
        first, second, year = int(found[4]), int(found[5]), int(found[6])
        day_first = self.order is None or self.order.day_first
        return (year, second, first) if day_first else (year, first, second)


_NONE = {"(no project)", "(without project)", "without project", "no project"}


def _cell(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if name in row), "")


def _length(text: str) -> timedelta | None:
    """None where it is written in a way that we do not read: then the times alone count."""
    found = _LENGTH.fullmatch(text)
    return (
        timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3] or 0)) if found else None
    )


def _as_typed(tag: str) -> str:
    """As it could be typed here after a plus sign."""
    return "-".join(storable(tag).casefold().split())
