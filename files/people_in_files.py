"""Whose lines are whose in a report about a team."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """As a row names them; both are empty where it names nobody."""

    user: str = ""
    email: str = ""

    @property
    def label(self) -> str:
        return f"{self.user} ({self.email})" if self.user and self.email else self.user or self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """`person` is the one whose rows are read, `known` whether that is certain; with neither of them nobody is named,
    or it has to be asked (`asks`). `people` are all that are named, in order."""

    people: tuple[str, ...] = ()
    person: str | None = None
    known: bool = True
    asks: bool = False

    def is_theirs(self, named: NamedPerson) -> bool:
        """In a file that names one person alone, rows without a name are theirs too."""
        return not self.asks and (len(self.people) < 2 or named.label == self.person)


def find_person(rows: Sequence[NamedPerson], *, names: frozenset[str], chosen: str | None) -> Whose:
    """`names` are what they are called here, casefolded: name, e-mail, Slack id. An e-mail says more than a name, which
    two people may share; a name alone is enough where only one of that name is there, under whatever address."""
    found = {one.label: one for one in rows if one.label}
    people = tuple(sorted(found, key=str.casefold))
    if chosen in found:
        return Whose(people=people, person=chosen)
    by_email = [label for label, one in found.items() if one.email.casefold() in names]
    by_user = [label for label, one in found.items() if one.user.casefold() in names]
    for fitting in (by_email, by_user):
        if len(fitting) == 1:
            return Whose(people=people, person=fitting[0])
    if len(people) < 2:
        return Whose(people=people, person=people[0] if people else None, known=not people)
    return Whose(people=people, asks=True)


def count_others(rows: Sequence[NamedPerson], whose: Whose) -> tuple[tuple[str, int], ...]:
    """Rows of others, most first."""
    counted = Counter(one.label for one in rows if not whose.is_theirs(one))
    return tuple(counted.most_common())
