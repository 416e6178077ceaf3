"""What is in a file, read back by readers that others wrote."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zipfile import ZipFile

import pytest
from hypothesis import example
from hypothesis import strategies as st
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from domain.entries.exports import ExportFormat
from domain.projects.projects import Project
from files.cells import guard_text, join_tags, split_tags, unguard_text
from files.exports import write_export
from files.tables import COLUMNS
from tests.files.conftest import ORDINARY, OVER_THE_CHANGE, RUNNING, SPACE, entry, export
from tests.properties import try_examples
from web.entries.entry_records import Entry

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠x",
    "\t=1", "\r=1", "'=1", "''@", " =1", "'quoted'",
)  # fmt: skip


def content(format: ExportFormat, *entries: object) -> bytes:  # noqa: A002
    return write_export(export(*entries, format=format), SPACE).content  # type: ignore[arg-type]


def csv_rows(*entries: object) -> list[dict[str, str]]:
    text = content(ExportFormat.CSV, *entries).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_row_says_when_how_long_and_on_what() -> None:
    raw = content(ExportFormat.CSV, ORDINARY)
    assert raw.startswith(b"\xef\xbb\xbfdate,start,end,")
    assert raw.count(b"\r\n") == 2
    (row,) = csv_rows(ORDINARY)
    assert tuple(row) == COLUMNS
    assert row == {
        "date": "2026-11-16",
        "start": "2026-11-16T09:00:00.000000+01:00",
        "end": "2026-11-16T10:30:00.250000+01:00",
        "duration": "1:30",
        "hours": "1.5001",
        "seconds": "5400.25",
        "project": "API",
        "note": "fix login",
        "tags": "client,b2b",
        "person": "Ada Park",
        "zone": "Europe/Berlin",
        "running": "no",
        "unconfirmed": "no",
        "source": "slack",
        "id": str(ORDINARY.id),
        "start_utc": "2026-11-16T08:00:00.000000Z",
        "end_utc": "2026-11-16T09:30:00.250000Z",
    }


def test_the_night_the_clocks_go_back_is_two_hours_long() -> None:
    (row,) = csv_rows(OVER_THE_CHANGE)
    assert (row["start"][11:], row["end"][11:], row["duration"]) == (
        "01:30:00.000000+02:00",
        "02:30:00.000000+01:00",
        "2:00",
    )


def test_instants_have_one_form_in_a_column_so_that_a_parser_that_infers_it_reads_all_of_them() -> None:
    # pandas takes the form of the first cell for the whole column, and stops at the first that differs.
    rows = csv_rows(ORDINARY, OVER_THE_CHANGE, RUNNING)
    for name in ("start_utc", "end_utc"):
        for cell in (row[name] for row in rows if row[name]):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", cell)
    for name in ("start", "end"):
        assert {len(row[name]) for row in rows if row[name]} == {len("2026-11-16T09:00:00.000000+01:00")}


def test_what_was_ended_without_an_answer_is_marked() -> None:
    (row,) = csv_rows(replace(ORDINARY, unconfirmed=True))
    assert row["unconfirmed"] == "yes"


def test_what_runs_has_no_end_and_says_so() -> None:
    (row,) = csv_rows(RUNNING)
    assert (row["running"], row["end"], row["end_utc"], row["duration"]) == ("yes", "", "", "0:30")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_inert_in_csv_and_text_in_xlsx(text: str) -> None:
    hostile = entry(
        "2026-11-16T09:00:00+01:00",
        "2026-11-16T10:00:00+01:00",
        text,
        project=Project(id=uuid4(), slug="x", title=text),
    )
    (row,) = csv_rows(hostile)
    for name in ("note", "project"):
        assert row[name].lstrip("' \t\r")[:1] not in "=+-@＝＋－＠" or row[name].startswith("'")
        assert unguard_text(row[name]) == text
    sheet = content(ExportFormat.XLSX, hostile)
    cells = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[1]
    assert [cells[COLUMNS.index(name)] for name in ("note", "project")] == [text, text]
    assert b"<f>" not in _sheet(sheet)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\ufeff=1", "'\ufeff=1"),
        ("\u200b \u2060+1", "'\u200b \u2060+1"),
        ("x;\u00ad@y", "x;'\u00ad@y"),
        ("x\t\ufeff-1", "x\t'\ufeff-1"),
        ("\ufeffx=1", "\ufeffx=1"),
    ],
)
def test_a_sign_behind_what_is_not_seen_begins_no_formula(text: str, kept: str) -> None:
    assert guard_text(text) == kept
    assert unguard_text(kept) == text


def _sheet(workbook: bytes) -> bytes:
    return ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml")


@try_examples(40, 1_000, st.text(max_size=12))
@example("''=")
@example("'a")
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unguard_text(guard_text(text)) == text


SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫\t\r\n\0"
_ALIVE = st.text(st.sampled_from([*"=+-@＝\t\r\n\v\x85\u2028,;\"'x1 \0"]), max_size=24)


def alive(cell: str) -> bool:
    """Whether a spreadsheet could run it: spaces and quotes before the sign do not count for safety."""
    return cell[:1] in set(SIGNS) or cell.lstrip(' "')[:1] in set(SIGNS)


def cells_by_any_separator(text: str) -> list[str]:
    """All cells that a reader finds who splits at the right or a wrong separator, with quotes or without."""
    found = []
    for separator in ",;\t":
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        found += [cell for row in rows for cell in row]
        found += [cell for line in text.splitlines() for cell in line.split(separator)]
        found += [cell for line in re.split("\r\n|\r|\n", text) for cell in line.split(separator)]
    return [cell for cell in found if cell]


@try_examples(40, 1_000, note=_ALIVE, title=_ALIVE, tag=_ALIVE)
@example(note="x;=cmd|' /C calc'!A0;y", title="a\t=1", tag="x\n+1")
@example(note='a;"=1";b', title='say ", =1"', tag=";'@x")
@example(note="one\n\n-two, -3", title="'", tag="''=")
def test_no_cell_runs_under_any_separator_and_the_text_comes_back_to_the_letter(
    note: str, title: str, tag: str
) -> None:
    hostile = entry(
        "2026-11-16T09:00:00+01:00",
        "2026-11-16T10:00:00+01:00",
        note,
        project=Project(id=SPACE, slug="x", title=title),
        tags=(tag,),
    )
    text = content(ExportFormat.CSV, hostile).decode("utf-8-sig")
    assert [cell for cell in cells_by_any_separator(text) if alive(cell)] == []
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (unguard_text(row["note"]), unguard_text(row["project"])) == (note, title)
    assert unguard_text(row["tags"]) == join_tags((tag,))


@try_examples(
    40,
    1_000,
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1),
        max_size=4,
    ),
)
def test_tags_come_back_from_their_cell(tags: list[str]) -> None:
    assert split_tags(join_tags(tags)) == tuple(tags)


def test_a_sheet_holds_dates_and_numbers_that_can_be_worked_with() -> None:
    file = content(ExportFormat.XLSX, ORDINARY, OVER_THE_CHANGE, RUNNING)
    head, first, second, third = (
        CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    )
    assert tuple(head) == COLUMNS
    row = dict(zip(COLUMNS, first, strict=True))
    assert row["date"] == date(2026, 11, 16)
    assert row["start"] == datetime(2026, 11, 16, 9)
    assert row["start_utc"] == datetime(2026, 11, 16, 8)
    assert row["duration"] == timedelta(hours=1, minutes=30)
    assert (row["seconds"], row["tags"], row["running"]) == (5400.25, "client,b2b", "no")
    assert dict(zip(COLUMNS, second, strict=True))["seconds"] == 7200
    assert dict(zip(COLUMNS, third, strict=True))["end"] == ""


def test_a_calendar_has_an_event_for_each_in_utc_under_the_same_id_each_time() -> None:
    long = entry("2026-11-17T09:00:00+01:00", "2026-11-17T10:00:00+01:00", "a;b,c\\d ü" * 12, tags=("x",))
    raw = content(ExportFormat.ICS, ORDINARY, long, RUNNING)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    first, second, third = Calendar.from_ical(raw).walk("VEVENT")
    assert first["uid"] == f"{ORDINARY.id}@truth-time-tracker"
    assert first["dtstart"].to_ical() == b"20261116T080000Z"
    assert first.decoded("dtend") == datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    assert str(first["summary"]) == "API: fix login"
    assert str(second["summary"]) == f"API: {long.note}"
    assert (str(third["status"]), third.decoded("dtend")) == ("TENTATIVE", export().at)


def test_json_has_entries_as_the_api_tells_them() -> None:
    document = json.loads(content(ExportFormat.JSON, ORDINARY, RUNNING))
    first, second = document["entries"]
    assert first["start_time"] == "2026-11-16T08:00:00Z"
    assert (first["duration_seconds"], first["duration_minutes"]) == (5400, 90)
    assert first["project"] == {"slug": "api", "title": "API"}
    assert (second["end_time"], second["running"]) == (None, True)
    # Whoever reads an entry from the API finds every field here too.
    assert set(Entry.model_fields) <= set(first)


@try_examples(40, 1_000, note=_ALIVE, tag=_ALIVE)
@example(note="x\r\nATTENDEE:mailto:y;a=1,b\\", tag="a,b;c\nX")
def test_no_text_becomes_a_property_of_its_own_in_a_calendar(note: str, tag: str) -> None:
    raw = content(
        ExportFormat.ICS,
        entry("2026-11-16T09:00:00+01:00", "2026-11-16T10:00:00+01:00", note, tags=(tag,)),
    )
    plain = content(ExportFormat.ICS, ORDINARY)
    names = [line.partition(b":")[0] for line in raw.replace(b"\r\n ", b"").split(b"\r\n")]
    assert names == [line.partition(b":")[0] for line in plain.replace(b"\r\n ", b"").split(b"\r\n")]
