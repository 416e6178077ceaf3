"""Rules for what a person may do, by their standing in the workspace and by whether their time zone is known."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from domain.errors import AccessEnded, NotAllowed, NotYetVerified, ZoneUnknown
from domain.history.changes import EntryRecord, ProjectRecord, SettingRecord, TimesheetRecord
from domain.identity.people import Person, Standing, ZoneSource

HistoryRecord = EntryRecord | ProjectRecord | SettingRecord | TimesheetRecord

PERSON_GONE = "Slack says that this account is deactivated, so nothing was changed."
PERSON_STRANGER = (
    "This app is for the people of the workspace that installed it, and Slack says that you belong to another one. "
    "Nothing was changed."
)
NOT_YET = (
    "Slack has not told me yet who you are and in which time zone. Starting and stopping a timer works already; "
    "for the rest please try again in a moment. Nothing was changed."
)
NO_ZONE = (
    "Slack names no time zone for you, and days and times of day need one. Tell me yours, for example "
    "`/track zone Europe/Berlin`, or set it in your Slack profile. Nothing was changed."
)
GUESTS = "Guests track their own time and change nothing that others share. Nothing was changed."
_SHARED = ("channel", "endpoint")


class Needs(StrEnum):
    """The requirements of an operation on its person: none, membership in the workspace, or also a known zone."""

    NOTHING = "nothing"
    STANDING = "standing"
    ZONE = "zone"


def require_needs(person: Person, needs: Needs) -> None:
    """Check that the person may run the operation.

    Raises AccessEnded for a person who was deactivated or belongs to another company, NotYetVerified or ZoneUnknown
    if their standing or zone is not known yet.
    """
    if person.standing is Standing.GONE:
        raise AccessEnded(PERSON_GONE)
    if person.standing is Standing.STRANGER:
        raise AccessEnded(PERSON_STRANGER)
    if needs is not Needs.NOTHING and person.standing is Standing.UNVERIFIED:
        raise NotYetVerified(NOT_YET)
    if needs is Needs.ZONE:
        require_zone(person)


def require_zone(person: Person) -> None:
    """Raise NotYetVerified or ZoneUnknown while the person's time zone is not known."""
    if person.zone_from is ZoneSource.UNKNOWN:
        if person.standing is Standing.UNVERIFIED:
            raise NotYetVerified(NOT_YET)
        raise ZoneUnknown(NO_ZONE)


def require_own(person: Person, changes: Iterable[HistoryRecord]) -> None:
    """Raise NotAllowed if a guest or an unverified person would change shared data: projects, channels, endpoints,
    or another person."""
    if person.standing is not Standing.MEMBER and any(_is_shared(one, person.id) for one in changes):
        raise NotAllowed(GUESTS)


def require_member(person: Person) -> None:
    """Raise NotAllowed for guests, for operations that show shared data."""
    if person.standing is not Standing.MEMBER:
        raise NotAllowed("Guests see only what they have tracked themselves. Nothing was changed.")


def _is_shared(change: HistoryRecord, person_id: UUID) -> bool:
    match change:
        case ProjectRecord():
            return True
        case SettingRecord(subject="person", subject_id=subject_id):
            return subject_id != person_id
        case SettingRecord(subject=subject):
            return subject in _SHARED
        case _:
            return False
