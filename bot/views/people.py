"""About people: what they chose, who works on what, who may see more."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escaped,
    message,
    section,
    sections,
)
from bot.views.card_actions import OPEN_LOG, OPEN_SETTINGS, OPEN_START
from bot.views.message_refs import MessageRef
from bot.views.timer import plain_work, since
from bot.views.zones import clock_in_words
from domain.identity.people import Person, Role
from domain.identity.preferences import Preferences
from domain.reports.team import PersonActivity, RoleChange, TeamActivity
from domain.time.days import format_date
from domain.time.durations import format_duration, format_time_and_day

MOST_RESTING = 30
MOST_RUNS = 8


def preferences(
    told: Preferences, message_ref: MessageRef | None = None, *, unchanged: bool = False
) -> Message:
    """`unchanged` is for a form that was saved as it came up."""
    person = told.person
    lines, plain = (["_Nothing changed._"], ["Nothing changed."]) if unchanged else ([], [])
    for words, plain_words in (_digest(told), _weekly(told), _reminder(told), _week(told)):
        lines.append(words)
        plain.append(plain_words)
    zone = clock_in_words(person, begin="Your times are")
    change = button("Change…", OPEN_SETTINGS, "")
    return message(
        " ".join(plain), [section("\n".join(lines)), context(zone), *actions([change], message_ref)]
    )


def zone(person: Person) -> Message:
    text = clock_in_words(person)
    return message(text, [section(text)])


def team_now(report: TeamActivity) -> Message:
    at, zone = report.at, report.person.zone
    tracking = [line for line in report.lines if line.entry]
    resting = [escaped(line.name, 80) for line in report.lines if line.entry is None]
    lead = f"{len(tracking)} tracking now" if tracking else "Nobody is tracking now"
    if report.alone:
        lead = "You are tracking" if tracking else "You are not tracking now"
    blocks = sections([f"*{lead}*", *(_team_line(line, report) for line in tracking)], most=6)
    if resting and not report.alone:
        more = f" and {len(resting) - MOST_RESTING} more" if len(resting) > MOST_RESTING else ""
        blocks.append(context(f"Not tracking: {', '.join(resting[:MOST_RESTING])}{more}"))
    if report.alone:
        blocks.append(
            context("Only you: what others track is theirs. Leads and admins see who works on what.")
        )
    spoken_lines = [
        f"{escaped(line.name, 80)}: {plain_work(line.entry)}, "
        f"since {format_time_and_day(line.entry.started_at, zone, seen_at=at)}"
        for line in tracking
        if line.entry
    ]
    return message(f"{lead}. {'; '.join(spoken_lines)}", blocks)


def role_given(given: RoleChange) -> Message:
    name = escaped(given.to.name, 80)
    if given.fixed:
        text = (
            f"{name} is an admin or owner of this Slack workspace, and so an admin here. Nothing was changed."
        )
        return message(text, [section(text)])
    said = {
        Role.MEMBER: f"{name} is a member now: they see their own time.",
        Role.LEAD: f"{name} is a lead now: they see who works on what, and how long.",
        Role.ADMIN: f"{name} is an admin now: they see everybody's time and give roles.",
    }[given.role]
    return message(said, [section(said)])


def _team_line(line: PersonActivity, report: TeamActivity) -> str:
    assert line.entry is not None
    length = format_duration(line.entry.length(report.at))
    began = since(line.entry.started_at, report.person, report.at)
    return f":large_green_circle: *{escaped(line.name, 80)}*  {plain_work(line.entry)} · since {began} · {length}"


def _digest(told: Preferences) -> tuple[str, str]:
    person = told.person
    if told.next_digest is None and person.digest.on and not person.gets_reminders:
        text = f"Daily digest is on, at {person.digest.at:%H:%M}, as soon as I know your time zone."
        return text, text
    if told.next_digest is None:
        text = "Daily digest is off. `/track digest on` brings it back."
        return text, text
    days = "every day" if person.digest.daily else "on working days, and on others when you tracked something"
    text = f"Daily digest is on, at {person.digest.at:%H:%M} ({person.zone.key}), {days}."
    return (
        f"{text} Next: {since(told.next_digest, person, told.at)}.",
        f"{text} Next: {format_time_and_day(told.next_digest, person.zone, seen_at=told.at)}.",
    )


def _reminder(told: Preferences) -> tuple[str, str]:
    person = told.person
    if told.next_reminder is None and person.remind_at and not person.gets_reminders:
        text = f"Reminder at {person.remind_at:%H:%M}, as soon as I know your time zone."
        return text, text
    if told.next_reminder is None or person.remind_at is None:
        text = "No reminder. `/track remind 11:00` asks you once on working days when nothing is tracked by then."
        return text, text
    text = f"Reminder at {person.remind_at:%H:%M} on working days, when nothing is tracked by then."
    return (
        f"{text} Next: {since(told.next_reminder, person, told.at)}.",
        f"{text} Next: {format_time_and_day(told.next_reminder, person.zone, seen_at=told.at)}.",
    )


def _weekly(told: Preferences) -> tuple[str, str]:
    wish = told.person.weekly
    own = "Your last week comes on Monday mornings" if wish.on else "Your last week does not come by itself"
    if not (wish.team and told.person.sees_others):
        return f"{own}.", f"{own}."
    if wish.channel is None:
        return f"{own}, the team's to you.", f"{own}, the team's to you."
    everybody = "Everybody there sees how much each of you tracked."
    return (
        f"{own}, the team's in <#{wish.channel}>. {everybody}",
        f"{own}, the team's in a channel. {everybody}",
    )


def _week(told: Preferences) -> tuple[str, str]:
    week = told.person.week
    target = f", {format_duration(week.target)} a day" if week.target and week.days else ""
    off = f" Off: {days_in_words(told.days_off)}." if told.days_off else ""
    text = f"You work {week.in_words}{target}.{off}"
    return text, text


def days_in_words(days: Sequence[date]) -> str:
    """ "24 Dec–31 Dec 2026, 4 Jan 2027": days that follow each other are joined."""
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


def reminder(message_ref: MessageRef | None = None) -> Message:
    """Sent once on a day without entries, to who asked for it."""
    text = "Nothing is tracked today yet. A line is enough, or leave it: I won't ask again today."
    buttons: list[Block] = [
        button("Start…", OPEN_START, "", style="primary"),
        button("Log…", OPEN_LOG, ""),
    ]
    return message(
        f"{text} `/track remind off` ends these.",
        [section(text), *actions(buttons, message_ref), context("`/track remind off` ends these.")],
    )
