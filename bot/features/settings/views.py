"""Messages about settings."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import (
    Message,
    actions,
    button,
    context,
    message,
    section,
)
from bot.views.card_actions import OPEN_SETTINGS
from bot.views.entry_text import format_since
from bot.views.message_refs import MessageRef
from bot.views.zones import describe_clock
from domain.identity.people import Person
from domain.identity.preferences import Preferences
from domain.time.days import format_date
from domain.time.durations import format_duration, format_time_and_day

MOST_RUNS = 8


def render_settings(
    preferences: Preferences, message_ref: MessageRef | None = None, *, unchanged: bool = False
) -> Message:
    """Render all settings. `unchanged` is for a form that was saved without a change."""
    person = preferences.person
    lines, plain = (["_Nothing changed._"], ["Nothing changed."]) if unchanged else ([], [])
    for words, plain_words in (
        _format_digest(preferences),
        _format_weekly(preferences),
        _format_reminder(preferences),
        _format_week(preferences),
    ):
        lines.append(words)
        plain.append(plain_words)
    zone = describe_clock(person, begin="Your times are")
    change = button("Change…", OPEN_SETTINGS, "")
    return message(
        " ".join(plain), [section("\n".join(lines)), context(zone), *actions([change], message_ref)]
    )


def render_zone(person: Person) -> Message:
    text = describe_clock(person)
    return message(text, [section(text)])


def _format_digest(preferences: Preferences) -> tuple[str, str]:
    person = preferences.person
    if preferences.next_digest is None and person.digest.on and not person.gets_reminders:
        text = f"Daily digest is on, at {person.digest.at:%H:%M}, as soon as I know your time zone."
        return text, text
    if preferences.next_digest is None:
        text = "Daily digest is off. `/track digest on` brings it back."
        return text, text
    days = "every day" if person.digest.daily else "on working days, and on others when you tracked something"
    text = f"Daily digest is on, at {person.digest.at:%H:%M} ({person.zone.key}), {days}."
    return (
        f"{text} Next: {format_since(preferences.next_digest, person, preferences.at)}.",
        f"{text} Next: {format_time_and_day(preferences.next_digest, person.zone, seen_at=preferences.at)}.",
    )


def _format_reminder(preferences: Preferences) -> tuple[str, str]:
    person = preferences.person
    if preferences.next_reminder is None and person.remind_at and not person.gets_reminders:
        text = f"Reminder at {person.remind_at:%H:%M}, as soon as I know your time zone."
        return text, text
    if preferences.next_reminder is None or person.remind_at is None:
        text = "No reminder. `/track remind 11:00` asks you once on working days when nothing is tracked by then."
        return text, text
    text = f"Reminder at {person.remind_at:%H:%M} on working days, when nothing is tracked by then."
    return (
        f"{text} Next: {format_since(preferences.next_reminder, person, preferences.at)}.",
        f"{text} Next: {format_time_and_day(preferences.next_reminder, person.zone, seen_at=preferences.at)}.",
    )


def _format_weekly(preferences: Preferences) -> tuple[str, str]:
    params = preferences.person.weekly
    own = "Your last week comes on Monday mornings" if params.on else "Your last week does not come by itself"
    if not (params.team and preferences.person.sees_others):
        return f"{own}.", f"{own}."
    if params.channel is None:
        return f"{own}, the team's to you.", f"{own}, the team's to you."
    everybody = "Everybody there sees how much each of you tracked."
    return (
        f"{own}, the team's in <#{params.channel}>. {everybody}",
        f"{own}, the team's in a channel. {everybody}",
    )


def _format_week(preferences: Preferences) -> tuple[str, str]:
    week = preferences.person.week
    target = f", {format_duration(week.target)} a day" if week.target and week.days else ""
    off = f" Off: {format_days(preferences.days_off)}." if preferences.days_off else ""
    text = f"You work {week.day_names}{target}.{off}"
    return text, text


def format_days(days: Sequence[date]) -> str:
    """Format dates with consecutive days joined: "24 Dec–31 Dec 2026, 4 Jan 2027"."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [
        format_date(run[0]) if len(run) == 1 else f"{run[0].day} {run[0]:%b}–{format_date(run[-1])}"
        for run in runs[:MOST_RUNS]
    ]
    return ", ".join(parts) + (" …" if len(runs) > MOST_RUNS else "")
