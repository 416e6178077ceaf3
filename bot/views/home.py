"""The Home tab: the timer, today with its menus, the week, buttons to start, digest and reminder.

Slack's reference does not say whether Home accepts charts (2026), so the week's bars are text.
"""

from typing import Any

from bot.views.blocks import (
    ActionId,
    Block,
    actions,
    beside,
    button,
    context,
    escape,
    format_instant,
    header,
    section,
)
from bot.views.card_actions import OPEN_EDIT, OPEN_LOG, OPEN_SETTINGS, OPEN_START, STOP, SWITCHING
from bot.views.day import render_entry_lines
from bot.views.entry_text import format_since
from bot.views.gaps import format_gaps, write_gap
from bot.views.notices import format_greeting
from bot.views.period import format_day_bars, format_groups
from bot.views.week import render_waiting_weeks
from bot.views.zones import describe_clock
from domain.entries.entries import TimeEntry
from domain.identity.people import ZoneSource
from domain.reports.home_tab import HomeTab
from domain.time.calendar import Span
from domain.time.durations import format_duration, format_time

START_ON = ActionId("start_on")

MOST_ENTRIES = 20
MOST_FILL_BUTTONS = 3
DIVIDER: Block = {"type": "divider"}


def render_home(home: HomeTab) -> dict[str, Any]:
    """Render the whole view for views.publish. Without a known time zone, the person gets a view without days."""
    if home.person.zone_from is ZoneSource.UNKNOWN:
        greeting = format_greeting(home.person) if home.first_time else describe_clock(home.person)
        return {"type": "home", "callback_id": "home", "blocks": [section(greeting), *_render_timer(home)]}
    blocks = [
        *([section(format_greeting(home.person))] if home.first_time else []),
        *render_waiting_weeks(home.waiting),
        *_render_timer(home),
        *_render_recent_projects(home),
        DIVIDER,
        *_render_today(home),
        DIVIDER,
        *_render_week(home),
        DIVIDER,
        *_render_settings(home),
    ]
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _render_timer(home: HomeTab) -> list[Block]:
    running = home.today.running
    total = f"Today {format_duration(home.today.total)}"
    if running is None:
        return [
            section(f":white_circle: *Nothing is running*  ·  {total}"),
            *actions(
                [
                    button("Start…", OPEN_START, "", style="primary"),
                    button("Log…", OPEN_LOG, ""),
                ]
            ),
        ]
    return [
        section(
            f":large_green_circle: {_format_work(running)}\nSince {_format_since(home, running)}  ·  {total}"
        ),
        *actions(
            [
                button("Stop", STOP, str(running.id), style="primary"),
                button("Switch…", OPEN_START, SWITCHING),
                button("Edit…", OPEN_EDIT, str(running.id)),
                button("Log…", OPEN_LOG, ""),
            ]
        ),
    ]


def _render_recent_projects(home: HomeTab) -> list[Block]:
    """Render buttons that start a timer on the person's latest projects."""
    buttons = [button(project.title, START_ON, str(project.id)) for project in home.recent]
    return [context("Start again on"), *actions(buttons)] if buttons else []


def _render_today(home: HomeTab) -> list[Block]:
    day = home.today.day
    blocks = [header(f"Today, {day:%a} {day.day} {day:%b}")]
    if not home.today.lines:
        return [*blocks, context("Nothing tracked yet. Start a timer or log time with the buttons above.")]
    blocks += render_entry_lines(home.today, None, most=MOST_ENTRIES)
    if home.today.gaps:
        fill_buttons = [
            button(f"Fill {_format_gap(home, gap)}…", OPEN_LOG, write_gap(gap))
            for gap in home.today.gaps[-MOST_FILL_BUTTONS:]
        ]
        blocks += [context(f"Empty: {format_gaps(home.today)}"), *actions(fill_buttons)]
    return blocks


def _render_week(home: HomeTab) -> list[Block]:
    week = home.week
    blocks = [header(f"This week, {format_duration(week.total)}")]
    if not week.total:
        return [*blocks, context("Nothing tracked this week yet.")]
    return [*blocks, section(format_day_bars(week.days)), section(format_groups(week, most=8))]


def _render_settings(home: HomeTab) -> list[Block]:
    person, zone = home.person, home.person.zone.key
    digest = f"Daily digest at {person.digest.at:%H:%M}" if person.digest.on else "Daily digest is off"
    reminder = f"reminder at {person.remind_at:%H:%M}" if person.remind_at else "no reminder"
    text = f"{digest}, {reminder}. Your zone is {escape(zone)}."
    return [beside(text, button("Settings…", OPEN_SETTINGS, ""), None)]


def _format_work(entry: TimeEntry) -> str:
    project = f"*{escape(entry.project.title, 80)}*" if entry.project else ""
    return " · ".join(part for part in (project, escape(entry.note)) if part) or "_no project, no note_"


def _format_since(home: HomeTab, entry: TimeEntry) -> str:
    began = format_since(entry.started_at, home.person, home.at)
    # Slack keeps {ago} up to date by itself, in the reader's language.
    return f"{began} ({format_instant(entry.started_at, home.person.zone, '{ago}')})"


def _format_gap(home: HomeTab, gap: Span) -> str:
    zone = home.person.zone
    return f"{format_time(gap.start, zone)}–{format_time(gap.end, zone)}"
