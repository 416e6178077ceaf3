"""Entries that move to another workspace when their account is linked to a person in Slack."""

from dataclasses import dataclass

from domain.entries.entries import EntryData


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEntry:
    """A finished entry that moves. Its `data` has no project: the project is found, or created, by its title."""

    project_title: str | None
    data: EntryData
