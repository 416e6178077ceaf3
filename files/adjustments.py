"""Adapts notes, projects and tags of another tracker to our limits, and counts the changes for the preview."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.entries.entries import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from domain.errors import Refusal
from domain.projects.projects import LONGEST_TITLE, validate_title
from domain.text import sanitize_text
from files.cells import split_tags
from files.titles import DistinctTitles

_NONE = {"(no project)", "(without project)", "without project", "no project", "kein projekt", "-"}
_NO_TAGS = {"-", "–", "(no tags)", "(without tags)"}
MOST_EXAMPLES = 4


@dataclass(slots=True)
class Adjustments:
    """The changes so far. Each list holds line numbers. `tag_forms` maps a tag in the file to the tag here,
    `clients` a line number to its client; `titles` are the titles that were cut."""

    long: list[int] = field(default_factory=list)
    after_midnight: list[int] = field(default_factory=list)
    cut_notes: list[int] = field(default_factory=list)
    cut_tags: list[int] = field(default_factory=list)
    cut_titles: list[int] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    tag_forms: dict[str, str] = field(default_factory=dict)
    clients: dict[int, str] = field(default_factory=dict)
    titles: DistinctTitles = field(default_factory=DistinctTitles)

    def adjust_note(self, number: int, text: str) -> str:
        """Cut a note that is too long."""
        note = sanitize_text(text).strip()
        if len(note) <= LONGEST_NOTE:
            return note
        self.cut_notes.append(number)
        return note[:LONGEST_NOTE].rstrip()

    def adjust_project(self, number: int, title: str, *, client: str) -> str:
        """Put a project's title on one line, and cut it if it is too long. Return "" if the file says that there is
        no project."""
        title = " ".join(sanitize_text(title).split())
        self.clients[number] = " ".join(sanitize_text(client).split())
        if not title or title.casefold() in _NONE:
            return ""
        if len(title) > LONGEST_TITLE:
            self.cut_titles.append(number)
            title = self.titles.find(title, "…", (title,))
        try:
            return validate_title(title)
        except Refusal:
            self.nameless.append(number)
            return ""

    def adjust_tags(self, number: int, cell: str) -> tuple[str, ...]:
        """Split the tags in a cell, and change them to a form that people can type after a plus sign. If each word
        begins with a hash, each word is a tag."""
        made: list[str] = []
        if cell.strip() in _NO_TAGS:
            return ()
        words = cell.split()
        hashed = bool(words) and all(word.startswith("#") and len(word) > 1 for word in words)
        for tag in words if hashed else split_tags(cell):
            typed = "-".join(sanitize_text(tag.removeprefix("#") if hashed else tag).lower().split())
            if typed != tag:
                self.tag_forms.setdefault(tag, typed[:LONGEST_TAG])
            if typed:
                made.append(typed)
        kept = tuple(dict.fromkeys(tag[:LONGEST_TAG] for tag in made[:MOST_TAGS]))
        if len(made) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in made):
            self.cut_tags.append(number)
        return kept

    def describe(self, apart: Sequence[str]) -> list[str]:
        """Describe the changes in sentences. `apart` are the titles of projects to which their client's name was
        added."""
        said = []
        if apart:
            said.append(
                f"One project name stands under several clients in this file. They are kept apart: "
                f"{format_list(apart)}."
            )
        if self.tag_forms:
            changes = [f"“{tag}” → +{typed}" for tag, typed in self.tag_forms.items()]
            said.append(f"Tags are written as they can be typed here: {format_list(changes)}.")
        counted = (
            (
                self.cut_notes,
                f"a note longer than {LONGEST_NOTE} characters: its hours come in, its end is cut",
            ),
            (self.cut_titles, f"a project's name longer than {LONGEST_TITLE} characters: its end is cut"),
            (
                self.cut_tags,
                f"more than {MOST_TAGS} tags, or one longer than {LONGEST_TAG} characters: the rest is cut",
            ),
            (self.nameless, "a project's name that is no name: they come in without a project"),
            (self.after_midnight, "an end before the start on the clock: it is taken for the next day's"),
            (self.long, "more than 24 hours: please look whether that is right"),
        )
        said += [f"{format_lines(numbers)}: {what}." for numbers, what in counted if numbers]
        return said


def format_lines(numbers: Sequence[int]) -> str:
    """Format the number of lines, and the first of them: "1 line (7)", "9 lines (2, 3, 4, 5 and 5 more)"."""
    count = f"{len(numbers):,} {'line' if len(numbers) == 1 else 'lines'}"
    return f"{count} ({format_list([str(number) for number in numbers])})"


def format_list(names: Sequence[str], most: int = MOST_EXAMPLES) -> str:
    """Format the first `most` names, with long ones cut, and the number of further names."""
    shown = ", ".join(name if len(name) <= 60 else f"{name[:59]}…" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
