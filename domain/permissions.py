"""What somebody may ask for, by what they are to the workspace and by what is known of their clock."""

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
    """What must be known of a person before an operation is done for them: nothing yet, that they belong here, or
    also their time zone."""

    NOTHING = "nothing"
    STANDING = "standing"
    ZONE = "zone"


def require_needs(person: Person, needs: Needs) -> None:
    """Raises AccessEnded for who is gone or a stranger, NotYetVerified or ZoneUnknown where too little is known."""
    if person.standing is Standing.GONE:
        raise AccessEnded(PERSON_GONE)
    if person.standing is Standing.STRANGER:
        raise AccessEnded(PERSON_STRANGER)
    if needs is not Needs.NOTHING and person.standing is Standing.UNVERIFIED:
        raise NotYetVerified(NOT_YET)
    if needs is Needs.ZONE:
        require_zone(person)


def require_zone(person: Person) -> None:
    """Raises NotYetVerified or ZoneUnknown while nobody has said which zone the person's clock goes by."""
    if person.zone_from is ZoneSource.UNKNOWN:
        if person.standing is Standing.UNVERIFIED:
            raise NotYetVerified(NOT_YET)
        raise ZoneUnknown(NO_ZONE)


def require_own(person: Person, changes: Iterable[HistoryRecord]) -> None:
    """Raises NotAllowed where a guest, or somebody not verified yet, would change what others share: projects,
    channels, endpoints, or another person."""
    if person.standing is not Standing.MEMBER and any(_is_shared(one, person.id) for one in changes):
        raise NotAllowed(GUESTS)


def require_member(person: Person) -> None:
    """Raises NotAllowed for guests: where something shared is shown, and nothing is changed."""
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
