"""The team: who tracks what now, and the answer to a change of role."""

from bot.views.blocks import (
    Message,
    context,
    escape,
    message,
    section,
    sections,
)
from bot.views.entry_text import format_since, format_work
from domain.identity.people import Role
from domain.reports.team import PersonActivity, RoleChange, TeamActivity
from domain.time.durations import format_duration, format_time_and_day

MOST_IDLE_NAMES = 30


def render_team(report: TeamActivity) -> Message:
    at, zone = report.at, report.person.zone
    tracking = [line for line in report.lines if line.entry]
    idle_names = [escape(line.name, 80) for line in report.lines if line.entry is None]
    lead = f"{len(tracking)} tracking now" if tracking else "Nobody is tracking now"
    if report.alone:
        lead = "You are tracking" if tracking else "You are not tracking now"
    blocks = sections([f"*{lead}*", *(_format_team_line(line, report) for line in tracking)], most=6)
    if idle_names and not report.alone:
        more = f" and {len(idle_names) - MOST_IDLE_NAMES} more" if len(idle_names) > MOST_IDLE_NAMES else ""
        blocks.append(context(f"Not tracking: {', '.join(idle_names[:MOST_IDLE_NAMES])}{more}"))
    if report.alone:
        blocks.append(context("You see only yourself here. Leads and admins see who works on what."))
    fallback_lines = [
        f"{escape(line.name, 80)}: {format_work(line.entry)}, "
        f"since {format_time_and_day(line.entry.started_at, zone, seen_at=at)}"
        for line in tracking
        if line.entry
    ]
    return message(f"{lead}. {'; '.join(fallback_lines)}", blocks)


def render_role_change(change: RoleChange) -> Message:
    name = escape(change.to.name, 80)
    if change.fixed:
        text = (
            f"{name} is an admin or owner of this Slack workspace, and so an admin here. Nothing was changed."
        )
        return message(text, [section(text)])
    fallback = {
        Role.MEMBER: f"{name} is a member now: they see their own time.",
        Role.LEAD: f"{name} is a lead now: they see who works on what, and how long.",
        Role.ADMIN: f"{name} is an admin now: they see everybody's time and give roles.",
    }[change.role]
    return message(fallback, [section(fallback)])


def _format_team_line(line: PersonActivity, report: TeamActivity) -> str:
    assert line.entry is not None
    length = format_duration(line.entry.length(report.at))
    began = format_since(line.entry.started_at, report.person, report.at)
    return f":large_green_circle: *{escape(line.name, 80)}*  {format_work(line.entry)} · since {began} · {length}"
