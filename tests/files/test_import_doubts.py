"""Lines of other trackers' files whose hours would be false: deleted there, with breaks, with doubtful numbers."""

import pytest

from tests.files.test_import_tables import TOGGL_API
from tests.files.test_imports import understood

RUNNING = "it was still running when the file was made"


@pytest.mark.parametrize(
    "content",
    [
        TOGGL_API.replace(
            '"workspace_id": 2,', '"workspace_id": 2, "server_deleted_at": "2026-11-16T10:00:00Z",'
        ),
        '{"records": [{"key": "a", "t1": 1794560400, "t2": 1794564000, "ds": "HIDDEN #api login"}]}',
        "project,start,end,deleted\nAPI,2026-11-16 09:00,2026-11-16 10:00,true\n",
        '[{"start": "2026-11-16T08:00:00Z", "end": "2026-11-16T09:30:00Z", "deleted": true}]',
    ],
)
def test_what_was_deleted_in_the_other_tracker_stays_out(content: str) -> None:
    file = understood(content)
    assert file.lines == ()
    assert {one.reason for one in file.unread} <= {"it was deleted there", RUNNING}
    assert file.unread[0].reason == "it was deleted there"


def test_what_only_could_be_taken_for_deleted_comes_in() -> None:
    kept = "project,note,start,end,deleted\nAPI,HIDDEN files,2026-11-16 09:00,2026-11-16 10:00,no\n"
    assert understood(kept).lines[0].note == "HIDDEN files"
    toggl = TOGGL_API.replace('"workspace_id": 2,', '"workspace_id": 2, "server_deleted_at": null,')
    assert len(understood(toggl).lines) == 1


@pytest.mark.parametrize("cell", ["1.200", "1,200", "12.000"])
def test_a_number_of_minutes_that_may_be_a_thousand_is_not_guessed(cell: str) -> None:
    file = understood(f"project;start;minutes\nAPI;2026-11-16 09:00;{cell}\nAPI;2026-11-17 09:00;90,5\n")
    assert [line.length.total_seconds() for line in file.lines] == [90.5 * 60]
    assert [one.reason for one in file.unread] == [f"I can't tell how long “{cell}” is"]


def test_breaks_that_are_not_taken_off_are_told() -> None:
    file = understood(
        "datum;von;bis;pause;projekt\n16.11.2026;9:00;17:00;0:30;API\n17.11.2026;9:00;12:00;0:00;API\n"
    )
    assert [line.length.total_seconds() / 3600 for line in file.lines] == [8, 3]
    assert any(
        one.startswith(
            "pause: 1 line has one, and it is not taken off, since the file does not say when it was."
        )
        for one in file.notices
    )


def test_a_dash_is_how_toggl_writes_that_there_are_no_tags() -> None:
    table = "Description,Duration,Member,Project,Tags,Start date,Start time,Stop date,Stop time\n"
    row = "fix,1:30:00,Ada Park,-,-,2026-11-10,09:00:00,2026-11-10,10:30:00\n"
    assert [(one.project, one.tags) for one in understood(table + row).lines] == [("", ())]


def test_harvest_s_list_is_read_where_it_has_times() -> None:
    file = understood(
        '{"time_entries": [{"id": 1, "spent_date": "2026-11-10", "hours": 1.5, "rounded_hours": 1.5, "notes": "x",'
        ' "started_time": "9:00am", "ended_time": "10:30am", "is_running": false, "project": {"id": 3, "name": "Web"},'
        ' "client": {"id": 2, "name": "ACME"}, "user": {"id": 1, "name": "Ada Park"}}]}'
    )
    assert [(one.project, one.note, one.length.total_seconds()) for one in file.lines] == [("Web", "x", 5400)]
