"""What is read in a file that somebody brings, and what is refused with which reason."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from domain.entries.exports import ExportFormat
from domain.entries.import_files import ImportFile, ImportFormat, ImportLine, ImportOptions, ImportQuestion
from domain.entries.imports import ExistingEntry, plan_import
from domain.errors import Refusal
from domain.projects.projects import Project
from files.exports import write_export
from files.imports import AS_THE_FILE_SHOWS, read_import
from tests.files.conftest import API, AT, ORDINARY, OVER_THE_CHANGE, RUNNING, SPACE, entry, export
from tests.files.reports import TOGGL, clockify
from tests.files.test_exports import HOSTILE
from tests.properties import try_examples

ADA = frozenset({"ada park", "ada@example.com"})


def understood(
    content: bytes | str,
    *,
    day_first: bool = True,
    names: frozenset[str] = frozenset(),
    zone: str = "Europe/Berlin",
    options: ImportOptions = AS_THE_FILE_SHOWS,
) -> ImportFile:
    raw = content.encode() if isinstance(content, str) else content
    return read_import(raw, zone=ZoneInfo(zone), day_first=day_first, names=names, options=options)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("format", [ExportFormat.CSV, ExportFormat.JSON])
def test_what_we_wrote_is_read_to_the_microsecond_and_the_letter(format: ExportFormat) -> None:  # noqa: A002
    hostile = [
        entry(f"2026-11-{day:02}T09:00:00+01:00", f"2026-11-{day:02}T09:30:00.000001+01:00", " ".join(text.split()),
              project=Project(id=SPACE, slug="x", title=f"={day}"), tags=("a,b", "-c"), zone="Asia/Tokyo")
        for day, text in enumerate(HOSTILE, start=1)
    ]  # fmt: skip
    entries = [OVER_THE_CHANGE, ORDINARY, *hostile, RUNNING]
    file = understood(write_export(export(*entries, format=format), SPACE).content)
    assert [(one.start, one.end, one.project, one.note, one.tags, one.zone, one.own_id) for one in file.lines] == [
        (one.started_at, one.ended_at, one.project.title if one.project else "", one.note, one.tags, one.zone, one.id)
        for one in entries[:-1]
    ]  # fmt: skip
    assert [one.reason for one in file.unread] == ["it was still running when it was exported"]


def test_a_report_of_toggl() -> None:
    file = understood(TOGGL)
    assert (file.format, file.unread, file.order) == (ImportFormat.TOGGL, (), None)
    first, second, third = file.lines
    assert (first.start, first.end) == (
        instant("2026-11-16T09:00:00+01:00"),
        instant("2026-11-16T10:30:00+01:00"),
    )
    assert (first.project, first.note, first.tags) == ("API", "Fix login", ("client", "in-review"))
    assert (second.note, second.length.total_seconds()) == ('A "footer", blue', 2730)
    assert (third.number, third.project, third.note) == (4, "", "")


@pytest.mark.parametrize(
    ("first", "day_first", "month", "asked"),
    [
        ("16/11/2026", False, 11, False),  # the file shows it, whatever its person is used to
        ("11/16/2026", True, 11, False),
        ("03/11/2026", True, 11, True),
        ("03/11/2026", False, 3, True),
        ("11/11/2026", False, 11, False),  # the same either way
    ],
)
def test_the_order_of_dates_is_the_file_s_own_or_asked_about(
    first: str, day_first: bool, month: int, asked: bool
) -> None:
    file = understood(clockify((first, "09:00 AM", first, "01:00 PM", "04:00:00")), day_first=day_first)
    (line,) = file.lines
    assert line.start.month == month
    assert line.length.total_seconds() == 4 * 3600
    assert file.order is not None
    assert bool(file.order.example) is asked


def test_hours_that_the_clocks_skip_or_repeat() -> None:
    file = understood(
        clockify(
            ("2026-10-25", "01:30", "2026-10-25", "02:30", "01:00:00"),  # the length tells which 02:30
            ("2026-10-25", "01:30", "2026-10-25", "02:30", "02:00:00"),
            ("2026-10-25", "02:10", "2026-10-25", "02:20", "00:10:00"),  # either of the two hours
            ("2026-03-29", "02:30", "2026-03-29", "04:00", "01:30:00"),  # never was
        )
    )
    assert [line.length.total_seconds() for line in file.lines] == [3600, 7200]
    assert [one.reason.split(":")[0] for one in file.unread] == [
        "it lies in an hour that the clocks showed twice, and could be either",
        "2026-03-29 02",
    ]
    assert "the clocks went forward" in file.unread[1].reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("2026-11-16", "09:00", "2026-11-16", "10:00", "01:30:00"), "its times are not 01:30:00 apart"),
        (("2026-11-16", "09:00", "2026-11-16", "09:00", "00:00:00"), "it does not end after it starts"),
        (("2026-11-16", "09:00", "", "", "00:10:00"), "it has no end"),
        (("2026-11-31", "09:00", "2026-11-31", "10:00", "01:00:00"), "there is no 2026-11-31"),
        (("soon", "9", "2026-11-16", "10:00", "01:00:00"), "is no date and time that I know"),
        (("2026-11-16", "13:00 PM", "2026-11-16", "14:00", "01:00:00"), "there is no 13:00 PM"),
        (("0001-01-01", "09:00", "0001-01-01", "10:00", "01:00:00"), "it is before 1970"),
    ],
)
def test_a_line_that_is_no_entry_is_left_out_with_its_reason(
    row: tuple[str, str, str, str, str], reason: str
) -> None:
    file = understood(clockify(row))
    assert file.lines == ()
    (unread,) = file.unread
    assert unread.number == 2
    assert reason in unread.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "by its columns (none)"),
        (b"a\n1\n", "by its columns (“a”)"),
        (b"PK\x03\x04...", "a spreadsheet or an archive"),
        (b"\x89PNG\r\n\x1a\n\x00", "not text in UTF-8"),
        (b'{"a":', "not whole JSON"),
        (b"[" * 100_000, "not whole JSON"),
        (b'{"a": 1}', "no list of entries"),
        (TOGGL.encode() + b'"' + b"x" * 200_000, "breaks off"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_with_what_would_work(content: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        understood(content)
    assert said in refused.value.sentence
    assert "Clockify" in refused.value.sentence or "breaks off" in refused.value.sentence


def test_semicolons_ragged_rows_and_an_utf_16_file_are_understood() -> None:
    text = TOGGL.replace(", ", "·").replace(",", ";").replace("·", ", ")
    short = text + "Ada Park;ada@example.com\n\n"
    file = understood(short.encode("utf-16"))
    assert len(file.lines) == 3
    assert [(one.number, one.reason[:18]) for one in file.unread] == [(5, "it has 2 cells, an")]


def test_our_own_csv_after_somebody_changed_one_of_two_times() -> None:
    text = write_export(export(ORDINARY), SPACE).content.decode().replace("T09:00:00.0", "T09:30:00.0", 1)
    (unread,) = understood(text).unread
    assert "are two different times" in unread.reason


def test_more_than_one_import_takes_is_refused() -> None:
    entries = [{"id": str(SPACE), "start_time": "x", "end_time": "y"}] * 3_001
    with pytest.raises(Refusal, match="more than 3,000 entries"):
        understood(json.dumps(entries))


def test_of_a_report_about_several_people_one_gets_their_own_lines() -> None:
    file = understood(TOGGL + TOGGL.splitlines()[1].replace("ada@", "ben@") + "\n", names=ADA)
    assert len(file.lines) == 3
    assert file.person == "Ada Park (ada@example.com)"
    assert file.others == (("Ada Park (ben@example.com)", 1),)


def test_in_a_team_s_report_a_name_is_enough_under_an_old_address_and_else_it_is_asked() -> None:
    team = TOGGL.replace("ada@example.com", "ada@old.example") + TOGGL.splitlines()[1].replace(
        "Ada Park,ada@example.com", "Ben Ode,ben@example.com"
    )
    file = understood(team, names=ADA)
    assert (file.person, len(file.lines), file.question) == ("Ada Park (ada@old.example)", 3, None)
    asked = understood(team, names=frozenset({"cy", "cy@example.com"}))
    assert (asked.question, asked.lines) == (ImportQuestion.PERSON, ())
    assert asked.people == ("Ada Park (ada@old.example)", "Ben Ode (ben@example.com)")
    chosen = ImportOptions(person="Ben Ode (ben@example.com)")
    assert len(understood(team, names=frozenset({"cy"}), options=chosen).lines) == 1
    # Two of one name under addresses that are not theirs here: either could be meant.
    namesakes = team.replace("Ben Ode", "Ada Park")
    assert understood(namesakes, names=ADA).question is ImportQuestion.PERSON
    assert understood(namesakes, names=ADA | {"ben@example.com"}).person == "Ada Park (ben@example.com)"


@try_examples(40, 1_000, st.binary(max_size=300))
def test_whatever_bytes_are_brought_it_is_entries_or_a_sentence(content: bytes) -> None:
    for before in (b"", TOGGL.encode(), b'{"entries": ['):
        with suppress(Refusal):
            understood(before + content)


def line(number: int, start: str, end: str, **more: object) -> ImportLine:
    return ImportLine(number=number, start=instant(f"{start}+01:00"), end=instant(f"{end}+01:00"), **more)  # type: ignore[arg-type]


def here(entry_id: UUID, start: str, end: str | None) -> ExistingEntry:
    finish = instant(f"{end}+01:00") if end else None
    return ExistingEntry(id=entry_id, external_id=None, start=instant(f"{start}+01:00"), end=finish)


def test_a_plan_leaves_out_what_is_here_what_overlaps_and_what_is_to_come() -> None:
    lines = (
        line(2, "2026-11-16T09:00", "2026-11-16T10:00", project="API"),
        line(3, "2026-11-16T09:00", "2026-11-16T10:00"),  # twice in the file
        line(4, "2026-11-16T09:30", "2026-11-16T11:00"),  # over another line of it
        line(5, "2026-11-16T10:00", "2026-11-16T10:30", project="New one"),  # end to end
        line(6, "2026-11-17T09:00", "2026-11-17T10:00"),  # here already
        line(7, "2026-11-17T10:30", "2026-11-17T12:00"),  # over what is here
        line(8, "2026-11-18T14:00", "2026-11-18T15:30"),  # over what runs
        line(9, "2026-11-19T09:00", "2026-11-19T10:00"),  # not yet
        line(10, "2026-11-10T09:00", "2026-11-10T10:00", own_id=ORDINARY.id),  # moved since
    )
    present = [
        here(RUNNING.id, "2026-11-18T15:10", None),
        here(SPACE, "2026-11-17T09:00", "2026-11-17T10:00"),
        here(API.id, "2026-11-17T11:00", "2026-11-17T11:01"),
        here(ORDINARY.id, "2026-11-01T00:00", "2026-11-01T00:01"),
    ]
    file = ImportFile(format=ImportFormat.TOGGL, lines=lines, unread=())
    plan = plan_import(file, present=present, projects={"api": API}, at=AT)
    assert [one.number for one in plan.takes] == [2, 5]
    assert [one.number for one in plan.duplicates] == [10, 3, 6]
    assert [one.number for one in plan.overlaps] == [4, 7, 8]
    assert [(one.number, one.reason) for one in plan.unread] == [(9, "it ends in the future")]
    assert plan.makes == ("New one",)


def test_a_plan_knows_a_line_again_that_is_here_at_another_instant() -> None:
    wall = (datetime(2026, 11, 16, 9), datetime(2026, 11, 16, 10))
    lines = tuple(
        line(number, "2026-11-16T09:00", "2026-11-16T10:00", note=note, wall=wall, fingerprint=mark)
        for number, note, mark in ((2, "fix", "a"), (3, "typed by hand", "b"), (4, "new", "c"))
    )
    start, end = instant("2026-11-16T09:00-05:00"), instant("2026-11-16T10:00-05:00")
    present = [
        ExistingEntry(
            id=API.id, start=start, end=end, external_id="import:a", zone="America/New_York", note="x"
        ),
        ExistingEntry(
            id=SPACE, start=start, end=end, external_id=None, zone="America/New_York", note="typed by hand"
        ),
    ]
    file = ImportFile(format=ImportFormat.TOGGL, lines=lines, unread=())
    plan = plan_import(file, present=present, projects={}, at=AT)
    assert [one.number for one in plan.shifted] == [2, 3]
    assert [one.number for one in plan.takes] == [4]
    # The same lines at other instants are another plan, though their numbers are the same.
    moved = replace(file, lines=tuple(replace(one, end=one.end + timedelta(seconds=1)) for one in lines))
    assert plan_import(moved, present=present, projects={}, at=AT).fingerprint != plan.fingerprint
