"""Reads a file to import: recognizes its format and reads each line as an entry."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from domain.entries.import_files import (
    ColumnRole,
    DateOrder,
    ImportFile,
    ImportFormat,
    ImportLine,
    ImportOptions,
    ImportQuestion,
    UnreadableLine,
)
from domain.entries.imports import MOST_IMPORTED
from domain.errors import Refusal
from domain.text import sanitize_text
from files import own_files
from files.cells import unguard_text
from files.columns import find_name_columns, has_entry_columns, recognize_columns, recognize_format
from files.json_tables import build_table, find_entry_list, parse_json
from files.people_in_files import NamedPerson, count_others, find_person
from files.rows import RowReader
from files.text_files import Row, Table, decode, parse_table
from files.time_cells import read_time_point
from files.titles import separate_clients
from files.unread_columns import describe_unread_columns

KNOWN = (
    "I read our own CSV and JSON (`/track export`, `/track export json`), the detailed reports of Toggl Track and "
    "Clockify as CSV, other tables (CSV) with a start and an end or a length, and as JSON what Timewarrior, Watson "
    "and Toggl's API give."
)

AS_THE_FILE_SHOWS = ImportOptions()


def read_import(
    content: bytes,
    *,
    options: ImportOptions = AS_THE_FILE_SHOWS,
    zone: ZoneInfo,
    day_first: bool,
    names: frozenset[str] = frozenset(),
) -> ImportFile:
    """Read the entries of the person who has one of `names` (casefolded).

    `zone` is for times without a zone, and `day_first` says whether 3/11 is in November. Both only apply if neither
    `options` nor the file say otherwise. Raises Refusal for a file of unknown format, or with too many entries.
    """
    reader = _ImportReader(options=options, zone=zone, day_first=day_first, names=names)
    try:
        text, guessed = decode(content)
        found = (
            reader.read_document(text)
            if text.lstrip()[:1] in {"{", "["}
            else reader.read_table(parse_table(text))
        )
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {KNOWN}") from None
    if len(found.lines) + len(found.unread) > MOST_IMPORTED:
        raise Refusal(
            f"That file has more than {MOST_IMPORTED:,} entries, the most for one import. Nothing was imported. "
            "Please export fewer days at a time."
        )
    return (
        found.with_notice(f"The file is read as {guessed}: please look whether its letters are right.")
        if guessed
        else found
    )


class _ImportReader:
    """Reads one file with the options that its person chose."""

    def __init__(
        self, *, options: ImportOptions, zone: ZoneInfo, day_first: bool, names: frozenset[str]
    ) -> None:
        self._options, self._zone, self._day_first, self._names = options, zone, day_first, names

    def read_document(self, text: str) -> ImportFile:
        document = parse_json(text)
        entries = find_entry_list(document)
        if entries is None:
            raise Refusal("That JSON has no list of entries. Nothing was imported.")
        if own_files.is_own_document(document, entries):
            return self._own_document(document, entries)
        table, format = build_table(entries)  # noqa: A001
        return self.read_table(table, format)

    def read_table(self, table: Table, format: ImportFormat | None = None) -> ImportFile:  # noqa: A002
        names = [name.casefold() for name in table.columns]
        if format is None and own_files.is_own_table(names):
            return self._own_table(names, table.rows)
        roles = dict(self._options.columns) or recognize_columns(table.columns)
        roles = {role: number for role, number in roles.items() if number < len(table.columns)}
        _use_dates_as_starts(table, roles)
        known = format or recognize_format(table.columns)
        return (
            self._rows(table, known, roles)
            if has_entry_columns(roles)
            else _ask_for_columns(table, known, roles)
        )

    def _rows(self, table: Table, format: ImportFormat, roles: dict[ColumnRole, int]) -> ImportFile:  # noqa: A002
        rows, ragged = _separate_ragged_rows(table)
        names = None if ColumnRole.USER in roles else find_name_columns(table.columns)
        people = [_read_person(row, roles, names) for row in rows]
        whose = find_person(people, names=self._names, chosen=self._options.person)
        if whose.asks:
            return ImportFile(
                format=format,
                lines=(),
                unread=(),
                columns=table.columns,
                roles=tuple(roles.items()),
                people=whose.people,
                question=ImportQuestion.PERSON,
            )
        mine = [row for row, person in zip(rows, people, strict=True) if whose.is_theirs(person)]
        reader = RowReader.for_rows(
            table.columns,
            [row.cells for row in mine],
            roles,
            zone=self._zone,
            day_first=self._options.day_first,
            usual=self._day_first,
            seconds=format is ImportFormat.TOGGL_JSON,
        )
        lines, unread = _collect([(row.number, row.cells) for row in mine], reader.read)
        lines, apart = separate_clients(lines, reader.adjustments.clients)
        notices = reader.adjustments.describe(apart)
        notices += describe_unread_columns(table.columns, [row.cells for row in mine], roles)
        return ImportFile(
            format=format,
            lines=lines,
            unread=tuple(sorted((*unread, *ragged), key=lambda one: one.number)),
            order=reader.order,
            zone=self._zone.key if reader.zoneless else None,
            notices=tuple(notices),
            columns=table.columns,
            roles=tuple(roles.items()),
            people=whose.people,
            person=whose.person,
            person_known=whose.known,
            others=count_others(people, whose),
        )

    def _own_table(self, names: list[str], rows: Sequence[Row]) -> ImportFile:
        whole, ragged = _separate_ragged_rows(Table(tuple(names), tuple(rows)))
        named = [(row.number, dict(zip(names, row.cells, strict=True))) for row in whole]
        lines, unread = _collect(named, own_files.read_own_row)
        people = {unguard_text(row["person"]).strip() for _, row in named if row.get("person")}
        return self._own(ImportFormat.OWN_CSV, lines, (*unread, *ragged), people)

    def _own_document(self, document: Any, entries: list[Any]) -> ImportFile:  # noqa: ANN401
        lines, unread = _collect(
            list(enumerate(entries[: MOST_IMPORTED + 1], start=1)), own_files.read_own_entry
        )
        person = document.get("person") if isinstance(document, dict) else None
        name = str(person.get("name") or "") if isinstance(person, dict) else ""
        return self._own(ImportFormat.OWN_JSON, lines, unread, {name} if name else set())

    def _own(
        self,
        format: ImportFormat,  # noqa: A002
        lines: tuple[ImportLine, ...],
        unread: Sequence[UnreadableLine],
        people: set[str],
    ) -> ImportFile:
        """Return the result for a file that this service exported, which holds the entries of one person."""
        whose = find_person(
            [NamedPerson(user=name) for name in people], names=self._names, chosen=self._options.person
        )
        return ImportFile(
            format=format,
            lines=lines,
            unread=tuple(sorted(unread, key=lambda one: one.number)),
            person=whose.person or ", ".join(sorted(people)) or None,
            person_known=whose.known and not whose.asks,
        )


def _ask_for_columns(table: Table, format: ImportFormat, roles: dict[ColumnRole, int]) -> ImportFile:  # noqa: A002
    """Return the result for a table whose columns the person has to name. Raises Refusal for a file that is hardly
    a table."""
    shown = ", ".join(f"“{name[:40]}”" for name in table.columns[:8] if name) or "none"
    if len(table.columns) < 2 or not table.rows:
        raise Refusal(f"I don't know this file by its columns ({shown}). Nothing was imported.")
    only_lengths = ColumnRole.DURATION in roles and ColumnRole.START not in roles
    said = "It says how long, but not from when: an entry here has a start." if only_lengths else ""
    return ImportFile(
        format=format,
        lines=(),
        unread=(),
        notices=tuple(one for one in (f"I don't know this file by its columns ({shown}).", said) if one),
        columns=table.columns,
        roles=tuple(roles.items()),
        question=ImportQuestion.COLUMNS,
    )


def _separate_ragged_rows(table: Table) -> tuple[list[Row], list[UnreadableLine]]:
    """Separate the rows that have a cell for each column from all other rows, whose cells may be in wrong columns."""
    width = len(table.columns)
    rows: list[Row] = []
    ragged: list[UnreadableLine] = []
    for row in table.rows:
        if len(row.cells) < width or any(cell.strip() for cell in row.cells[width:]):
            reason = f"it has {len(row.cells)} cells, and the first line {width}"
            ragged.append(UnreadableLine(number=row.number, reason=reason))
        else:
            rows.append(Row(row.number, row.cells[:width]))
    return rows, ragged


def _read_person(row: Row, roles: dict[ColumnRole, int], names: tuple[int, int] | None) -> NamedPerson:
    """Read the person that a row names. `names` are the columns of first and last name."""
    user, email = (
        row.cells[roles[role]] if role in roles else "" for role in (ColumnRole.USER, ColumnRole.EMAIL)
    )
    if names:
        user = f"{row.cells[names[0]]} {row.cells[names[1]]}"
    return NamedPerson(user=_shorten(user), email=_shorten(email))


def _shorten(text: str) -> str:
    return " ".join(sanitize_text(text[:200]).split())[:100]


def _use_dates_as_starts(table: Table, roles: dict[ColumnRole, int]) -> None:
    """Use a column of dates as the start if its cells have times and there is no other start."""
    if ColumnRole.START in roles or ColumnRole.DATE not in roles:
        return
    number = roles[ColumnRole.DATE]
    first = next(
        (row.cells[number] for row in table.rows if number < len(row.cells) and row.cells[number]), ""
    )
    with suppress(ValueError):
        said = read_time_point(first, DateOrder(day_first=True))
        if said.instant or (said.day and said.at):
            roles[ColumnRole.START] = roles.pop(ColumnRole.DATE)


def _collect(
    rows: Sequence[tuple[int, Any]], read_row: Callable[[int, Any], ImportLine]
) -> tuple[tuple[ImportLine, ...], tuple[UnreadableLine, ...]]:
    lines: list[ImportLine] = []
    unread: list[UnreadableLine] = []
    for number, row in rows:
        try:
            lines.append(read_row(number, row))
        except (ValueError, OverflowError) as error:
            unread.append(UnreadableLine(number=number, reason=str(error)))
        except Refusal as refusal:
            unread.append(UnreadableLine(number=number, reason=refusal.sentence))
    return tuple(lines), tuple(unread)
