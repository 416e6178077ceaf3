"""Finds a person's rows in a report about a team."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """The person that a row names; both fields are empty if it names nobody."""

    user: str = ""
    email: str = ""

    @property
    def label(self) -> str:
        return f"{self.user} ({self.email})" if self.user and self.email else self.user or self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """The person whose rows are read.

    `person` is their label, None if the file names nobody or the person must choose (`asks`). `known` is true if
    the choice is certain. `people` are all people whom the file names, in order.
    """

    people: tuple[str, ...] = ()
    person: str | None = None
    known: bool = True
    asks: bool = False

    def is_theirs(self, named: NamedPerson) -> bool:
        """Return whether the row is the person's. In a file that names only one person, rows without a name are
        theirs too."""
        return not self.asks and (len(self.people) < 2 or named.label == self.person)


def find_person(rows: Sequence[NamedPerson], *, names: frozenset[str], chosen: str | None) -> PersonChoice:
    """Find the person in the rows. `names` are their name, e-mail and Slack id, casefolded.

    An e-mail has priority over a name, which two people may share. A name alone is enough if the file has only one
    person with that name, whatever their address.
    """
    found = {one.label: one for one in rows if one.label}
    people = tuple(sorted(found, key=str.casefold))
    if chosen in found:
        return PersonChoice(people=people, person=chosen)
    by_email = [label for label, one in found.items() if one.email.casefold() in names]
    by_user = [label for label, one in found.items() if one.user.casefold() in names]
    for fitting in (by_email, by_user):
        if len(fitting) == 1:
            return PersonChoice(people=people, person=fitting[0])
    if len(people) < 2:
        return PersonChoice(people=people, person=people[0] if people else None, known=not people)
    return PersonChoice(people=people, asks=True)


def count_others(rows: Sequence[NamedPerson], whose: PersonChoice) -> tuple[tuple[str, int], ...]:
    """Count the rows of each other person, the highest count first."""
    counted = Counter(one.label for one in rows if not whose.is_theirs(one))
    return tuple(counted.most_common())
