"""Reads rows of another tracker's table as entries: their time, zone, project, note and tags."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.entries.import_files import ColumnRole, DateOrder, ImportLine
from domain.time.calendar import instants_of
from domain.time.zones import ZONE_NAMES, find_zone
from files.adjustments import Adjustments
from files.columns import fold_column_name, length_unit
from files.time_cells import TimePoint, find_date_order, read_lengths, read_time_point

# Some trackers round to a minute; a larger difference between length and times means that a cell was read wrongly.
_TOLERATED = timedelta(seconds=60)
_DAY = timedelta(days=1)
_RUNNING = "it was still running when the file was made"
_ZONES = {name.casefold(): name for name in ZONE_NAMES}
# Columns that mark deleted entries: Toggl's API (v9, "server_deleted_at") and similar tables. TimeTagger has no
# such column: the text of a deleted entry begins with HIDDEN.
_DELETED_COLUMNS = {"server deleted at", "deleted at", "deleted", "is deleted"}
_NOT_DELETED = {"", "no", "false", "0", "null", "none", "nein", "non"}
_TIMETAGGER = {"t1", "t2", "ds"}
_TIMES = (ColumnRole.START, ColumnRole.END, ColumnRole.DATE, ColumnRole.END_DATE, ColumnRole.DURATION)
_DATED = (ColumnRole.START, ColumnRole.END, ColumnRole.DATE, ColumnRole.END_DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """An instant, or a wall time with the instants at which the clocks show it: none, one or two."""

    instants: tuple[datetime, ...]
    wall: datetime | None


@dataclass(slots=True, kw_only=True)
class RowReader:
    """Reads the rows of one file. `zone` is for times without a zone; `zoneless` becomes true at the first such
    time."""

    columns: Sequence[str]
    roles: Mapping[ColumnRole, int]
    zone: ZoneInfo
    order: DateOrder | None
    kind: int | None = None  # the column that marks breaks
    deleted: int | None = None  # the column that marks deleted entries
    seconds: bool = False  # true if lengths that are whole numbers are seconds
    adjustments: Adjustments = field(default_factory=Adjustments)
    zoneless: bool = False

    @classmethod
    def for_rows(
        cls,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        roles: Mapping[ColumnRole, int],
        *,
        zone: ZoneInfo,
        day_first: bool | None,
        usual: bool,
        seconds: bool = False,
    ) -> "RowReader":
        """Make the reader for those rows. `day_first` is the order of dates that the person chose, None if they did
        not choose; `usual` is the person's usual order."""
        dated = [roles[role] for role in _DATED if role in roles]
        texts = [row[number] for row in rows for number in dated if number < len(row)]
        order = find_date_order(texts, day_first=day_first, usual=usual)
        kind = next((number for number, name in enumerate(columns) if name.casefold() == "type"), None)
        deleted = next(
            (number for number, name in enumerate(columns) if fold_column_name(name) in _DELETED_COLUMNS),
            None,
        )
        return cls(
            columns=columns,
            roles=roles,
            zone=zone,
            order=order,
            kind=kind,
            deleted=deleted,
            seconds=seconds,
        )

    def read(self, number: int, cells: Sequence[str]) -> ImportLine:
        """Read a row. Raises ValueError if it is not an entry; its message, the reason, is the end of a sentence."""
        cell = {role: cells[column].strip() for role, column in self.roles.items()}
        kind = next(
            (one for name, one in zip(self.columns, cells, strict=True) if name.lower() == "type"), ""
        )
        if kind.strip().casefold() == "break":
            raise ValueError("it is a break")
        if self._is_deleted(cells, cell.get(ColumnRole.NOTE, "")):
            raise ValueError("it was deleted there")
        zone = self._zone(cell.get(ColumnRole.ZONE, ""))
        start, end, wall = self._read_interval(number, cell, zone)
        said = tuple(
            cell.get(role, "")
            for role in (ColumnRole.CLIENT, ColumnRole.PROJECT, ColumnRole.NOTE, ColumnRole.TAGS)
        )
        times = [cell.get(role, "") for role in _TIMES]
        return ImportLine(
            number=number,
            start=start,
            end=end,
            project=self.adjustments.adjust_project(number, said[1], client=said[0]),
            note=self.adjustments.adjust_note(number, said[2]),
            tags=self.adjustments.adjust_tags(number, said[3]),
            zone=zone.key,
            wall=wall,
            fingerprint=_make_fingerprint([*times, *said]),
        )

    def _is_deleted(self, cells: Sequence[str], note: str) -> bool:
        if self.deleted is not None and cells[self.deleted].strip().casefold() not in _NOT_DELETED:
            return True
        return note.startswith("HIDDEN") and set(self.columns) >= _TIMETAGGER

    def _zone(self, said: str) -> ZoneInfo:
        if not said:
            return self.zone
        found = find_zone(_ZONES.get(said.casefold(), ""))
        if found is None:
            raise ValueError(f"“{said[:40]}” is no time zone that I know; one is called Europe/Berlin")
        return found

    def _read_interval(
        self, number: int, cell: Mapping[ColumnRole, str], zone: ZoneInfo
    ) -> tuple[datetime, datetime, tuple[datetime, datetime] | None]:
        """Read start and end as instants, and also as wall times if the file has no zone."""
        lengths = self._lengths(cell)
        start, end, after_midnight = self._find_ends(cell, zone, lengths)
        stretches = [(one, other) for one in start.instants for other in end.instants if other > one]
        if not stretches:
            raise ValueError("it does not end after it starts")
        told = cell.get(ColumnRole.DURATION, "")
        fitting = [
            one
            for one in stretches
            if not lengths or any(abs(one[1] - one[0] - length) < _TOLERATED for length in lengths)
        ]
        if not fitting:
            raise ValueError(f"its times are not {told[:20]} apart, as it says")
        if len(fitting) > 1:
            raise ValueError("it lies in an hour that the clocks showed twice, and could be either")
        if after_midnight:
            self.adjustments.after_midnight.append(number)
        if fitting[0][1] - fitting[0][0] > _DAY:
            self.adjustments.long.append(number)
        walls = (start.wall, end.wall)
        return *fitting[0], (walls[0], walls[1]) if walls[0] and walls[1] else None

    def _find_ends(
        self, cell: Mapping[ColumnRole, str], zone: ZoneInfo, lengths: Sequence[timedelta]
    ) -> tuple[_Point, _Point, bool]:
        """Find start and end. The third value is true if the end was moved to the next day, because it would be
        before the start."""
        if not cell[ColumnRole.START]:
            raise ValueError("it has no start")
        if ColumnRole.END in self.roles and not cell[ColumnRole.END]:
            raise ValueError("it has no end")
        day = self._day(cell.get(ColumnRole.DATE, ""))
        first = read_time_point(cell[ColumnRole.START], self.order)
        start = self._point(first, day, zone)
        if ColumnRole.END not in self.roles:
            if len(lengths) != 1:
                raise ValueError(f"I can't tell how long “{cell[ColumnRole.DURATION][:20]}” is")
            if len(start.instants) > 1:
                raise ValueError("it begins in an hour that the clocks showed twice, and could be either")
            ended = start.instants[0] + lengths[0]
            wall = start.wall and ended.astimezone(zone).replace(tzinfo=None)
            return start, _Point(instants=(ended,), wall=wall), False
        last = read_time_point(cell[ColumnRole.END], self.order)
        end_day = self._day(cell.get(ColumnRole.END_DATE, ""))
        if ColumnRole.END_DATE in self.roles and last.at and not last.day and not end_day:
            raise ValueError("it has no end")
        end = self._point(last, end_day or first.day or day, zone)
        alone = last.at is not None and last.day is None and end_day is None
        if alone and start.wall and end.wall and end.wall < start.wall:
            return start, self._at(end.wall + _DAY, zone), True
        return start, end, False

    def _day(self, text: str) -> date | None:
        if not text:
            return None
        found = read_time_point(text, self.order)
        if found.instant:
            raise ValueError(f"“{text[:40]}” is no date")
        return found.day

    def _point(self, said: TimePoint, day: date | None, zone: ZoneInfo) -> _Point:
        if said.instant:
            if said.instant.year < 1970:
                raise ValueError("it is before 1970")
            return _Point(instants=(said.instant,), wall=None)
        day = said.day or day
        if day is None:
            raise ValueError("it has no date")
        if said.at is None:
            raise ValueError("it has a date but no time of day")
        wall = datetime.combine(day, said.at) + timedelta(days=said.next_day)
        return self._at(wall, zone)

    def _at(self, wall: datetime, zone: ZoneInfo) -> _Point:
        self.zoneless = self.zoneless or zone is self.zone
        found = instants_of(wall, zone) if 1970 <= wall.year < 9999 else ()
        if not found:
            shown = wall.isoformat(" ", "minutes")
            raise ValueError(
                f"{shown} did not exist in {zone.key}: the clocks went forward over it"
                if wall.year >= 1970
                else "it is before 1970"
            )
        return _Point(instants=tuple(instant.astimezone(UTC) for instant in found), wall=wall)

    def _lengths(self, cell: Mapping[ColumnRole, str]) -> tuple[timedelta, ...]:
        text = cell.get(ColumnRole.DURATION, "")
        if not text:
            return ()
        unit = "s" if self.seconds else length_unit(self.columns[self.roles[ColumnRole.DURATION]])
        if self.seconds and text.startswith("-"):
            raise ValueError(_RUNNING)
        return read_lengths(text, unit)


def _make_fingerprint(parts: Sequence[str]) -> str:
    """Return a fingerprint of the cells' text. It does not depend on the zone and order of dates used to read them."""
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:32]
