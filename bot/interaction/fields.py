"""Readers of the fields of a submitted form. For a wrong field they raise FieldErrors with its name."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from bot.interaction.parsers import parse_amount
from bot.views import form_context
from bot.views.inputs import NEW, TAGS_SHOWN, EntryField, Field, View
from domain.entries.entries import Work
from domain.errors import FieldErrors, NotUnderstood
from domain.language.intervals import extract_interval
from domain.language.time_points import parse_time_point
from domain.projects.projects import ProjectMention
from domain.text import sanitize_text
from domain.time.days import CalendarDate
from domain.time.intervals import ExactSpan, IntervalPhrase, set_day
from domain.time.local_times import LocalTime
from domain.time.time_points import TimePoint

Parsed = TypeVar("Parsed")


class FormValues:
    """The values of a submitted form, by field. `form_state` is what the form stored when it was opened."""

    def __init__(self, view: View) -> None:
        self.form_state = form_context.read(view.get("private_metadata", ""))
        self._states: dict[str, dict[str, Any]] = {}
        self._blocks: dict[str, str] = {}
        for block in view.get("blocks", []):
            self._blocks.setdefault(_read_field_name(block.get("block_id", "")), block.get("block_id", ""))
        for block_id, inside in view.get("state", {}).get("values", {}).items():
            for state in inside.values():
                self._states[_read_field_name(block_id)] = state

    def block(self, field: Field) -> str:
        """Return the block id of a field in this form, for its error."""
        return self._blocks.get(field.value, field.value)

    def block_or(self, name: str, other: Field) -> str:
        """Return the block id of the field `name`, or of `other` if the form has no such field.

        Slack refuses errors for blocks that the form does not have.
        """
        return self._blocks.get(name) or self.block(other)

    def text(self, field: Field) -> str:
        return " ".join(sanitize_text(str(self._get_state(field).get("value") or "")).split())

    def choice(self, field: Field) -> str | None:
        option = self._get_state(field).get("selected_option") or {}
        return sanitize_text(str(option.get("value") or "")).strip() or None

    def choices(self, field: Field) -> tuple[str, ...]:
        options = self._get_state(field).get("selected_options") or []
        return tuple(sanitize_text(str(option.get("value") or "")).strip() for option in options)

    def amount(self, field: Field) -> timedelta | None:
        """Return an amount of time; None if the field is empty."""
        return self._parse_field(field, self.text(field) or None, parse_amount)

    def clock(self, field: Field) -> time | None:
        return self._parse_field(field, self._get_state(field).get("selected_time"), time.fromisoformat)

    def day(self, field: Field) -> date | None:
        return self._parse_field(field, self._get_state(field).get("selected_date"), date.fromisoformat)

    def local_time(self, day: Field, at: Field, which: Field) -> LocalTime | None:
        """Return a local time from a date, a time of day and the choice between two readings; None without a time of
        day.
        """
        date_, clock, later = self.day(day), self.clock(at), self.choice(which)
        if date_ is None or clock is None:
            return None
        return LocalTime(day=date_, at=clock, later=None if later is None else later == "second")

    def require_local_time(self, day: Field, at: Field, which: Field) -> LocalTime:
        local = self.local_time(day, at, which)
        if local is None:
            raise FieldErrors({at.value: "Please give a date and a time."})
        return local

    def work(self) -> Work:
        chosen = self.choice(EntryField.PROJECT) or ""
        note, tags = self.text(EntryField.NOTE), self._tags()
        if chosen.startswith(NEW):
            title = ProjectMention(name=chosen.removeprefix(NEW), required=True, whole=True)
            return Work(project=title, note=note, tags=tags)
        project_id = self._parse_field(EntryField.PROJECT, chosen or None, UUID)
        return Work(project_id=project_id, note=note, tags=tags)

    def time_point(self, field: Field) -> TimePoint | None:
        text = self.text(field)
        return self._parse_field(field, text or None, parse_time_point)

    def interval(self) -> IntervalPhrase:
        """Return the interval that was entered; if nobody changed the offered one, return that to the microsecond."""
        text, day = self.text(EntryField.INTERVAL), self.day(EntryField.DAY)
        offered = self.form_state.offered
        if (
            offered
            and day == self.form_state.today
            and (EntryField.INTERVAL.value, text) in self.form_state.shown
        ):
            return ExactSpan(start=offered.start, end=offered.end)
        interval = self._parse_field(EntryField.INTERVAL, text, _parse_whole_interval)
        if interval is None:
            raise FieldErrors({EntryField.INTERVAL.value: "How long was it? For example 1h30 or 9-11:30."})
        interval_of_day = set_day(interval, _make_calendar_date(day)) if day else None
        if interval_of_day is None and day not in (None, self.form_state.today):
            sentence = "There is a day in the words above too. Please leave one of them."
            raise FieldErrors({EntryField.DAY.value: sentence})
        return interval_of_day or interval

    def has_untouched_tags(self) -> bool:
        """Return whether the tags are unchanged; reading them again would turn them into lower case."""
        stored_tags = dict(self.form_state.shown).get(TAGS_SHOWN, "")
        return bool(stored_tags) and " ".join(stored_tags.split()) == (self.text(EntryField.TAGS) or "none")

    def _tags(self) -> tuple[str, ...]:
        words = self.text(EntryField.TAGS).replace(",", " ").split()
        return tuple(word.removeprefix("+").lower() for word in words if word != "+")

    def _get_state(self, field: Field) -> dict[str, Any]:
        return self._states.get(field.value, {})

    def _parse_field(self, field: Field, text: str | None, parse: Callable[[str], Parsed]) -> Parsed | None:
        if text is None:
            return None
        try:
            return parse(text)
        except NotUnderstood as refused:
            raise FieldErrors({field.value: refused.sentence}) from None
        except ValueError:
            raise FieldErrors({field.value: "I don't understand that. Please choose again."}) from None


def _read_field_name(block_id: str) -> str:
    return block_id.partition("|")[0]


def _parse_whole_interval(text: str) -> IntervalPhrase:
    interval, rest = extract_interval(text)
    if rest:
        raise NotUnderstood(f"I understood a part of it, but not “{rest[:40]}”. Try `1h30` or `9-11:30`.")
    return interval


def _make_calendar_date(day: date) -> CalendarDate:
    return CalendarDate(day=day.day, month=day.month, year=day.year)
