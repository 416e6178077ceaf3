"""Separates projects that have the same name but several clients, by adding the client's name to their titles."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.entries.import_files import ImportLine
from domain.projects.project_names import fold_title
from domain.projects.projects import LONGEST_TITLE


def separate_clients(
    lines: Sequence[ImportLine], clients: Mapping[int, str]
) -> tuple[tuple[ImportLine, ...], tuple[str, ...]]:
    """Add the client to the title of each project that the file has under several clients.

    Return the lines and the new titles. A line without a client keeps its title. `clients` are by line number.
    """
    under: dict[str, set[str]] = {}
    for line in lines:
        if line.project:
            under.setdefault(fold_title(line.project), set()).add(fold_title(clients.get(line.number, "")))
    several = {title for title, names in under.items() if len(names) > 1}
    titles = DistinctTitles()
    found = []
    for line in lines:
        client = clients.get(line.number, "")
        if client and fold_title(line.project) in several:
            identity = (fold_title(line.project), fold_title(client))
            found.append(
                replace(line, project=titles.find(line.project, f" ({client[:40].rstrip()})", identity))
            )
        else:
            found.append(line)
    names = sorted({line.project for line, before in zip(found, lines, strict=True) if line is not before})
    return tuple(found), tuple(names)


class DistinctTitles:
    """Titles that are all different and within the longest length, one for each thing."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def find(self, title: str, suffix: str, identity: tuple[str, ...]) -> str:
        """Find the title of the thing `identity`: `title` with `suffix` at its end, and a number if that title is
        taken."""
        if identity in self._made:
            return self._made[identity]
        base = fold_title(f"{title[:LONGEST_TITLE]}{suffix}")
        while True:
            self._numbers[base] += 1
            number = self._numbers[base]
            end = suffix if number == 1 else f"{suffix} ({number})"
            candidate = f"{title[: LONGEST_TITLE - len(end)].rstrip()}{end}"
            if fold_title(candidate) not in self._taken:
                self._taken.add(fold_title(candidate))
                self._made[identity] = candidate
                return candidate
