"""Takes what a test needs out of an answer, or fails the test and says what is missing."""

from uuid import UUID

from domain.entries.entries import TimeEntry, TimerAnswer
from domain.projects.projects import Project
from domain.reports.timesheets import Timesheet, WeekReport


def entry_of(answer: TimerAnswer) -> TimeEntry:
    """The entry that the answer is about."""
    assert answer.entry is not None, f"{answer.change} is about no entry"
    return answer.entry


def replaced_by(answer: TimerAnswer) -> TimeEntry:
    """The timer that a start ended."""
    assert answer.replaced is not None, f"{answer.change} ended no other timer"
    return answer.replaced


def act_id_of(answer: TimerAnswer) -> UUID:
    """The id by which Undo takes the operation back."""
    assert answer.act_id is not None, f"{answer.change} can not be undone"
    return answer.act_id


def project_of(entry: TimeEntry) -> Project:
    assert entry.project is not None, f"the entry “{entry.note}” has no project"
    return entry.project


def sheet_of(report: WeekReport) -> Timesheet:
    """The timesheet of a week that was submitted."""
    assert report.sheet is not None, f"the week of {report.week} was not submitted"
    return report.sheet
