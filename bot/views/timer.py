"""Cards about a timer or an entry: the last change, the present state, and buttons."""

from datetime import datetime, timedelta

from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    button,
    clean_text,
    context,
    escape,
    format_instant,
    message,
    option,
    overflow,
    section,
)
from bot.views.card_actions import (
    CONFIRM_ENTRY,
    ENTRY_MENU,
    KEEP,
    OPEN_EDIT,
    OPEN_LOG,
    OPEN_START,
    RESUME,
    STOP,
    SWITCHING,
    UNDO,
    EntryChoice,
)
from bot.views.message_refs import MessageRef
from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.identity.people import Person, ZoneSource
from domain.time.calendar import local_date
from domain.time.durations import format_duration, format_time

DELETE = ActionId("delete")
FILE_UNDER = ActionId("file_under")
SHOW_DAY = ActionId("show_day")


def render_timer_card(answer: TimerAnswer, message_ref: MessageRef | None = None) -> Message:
    """Render the card of an answer; `message_ref` is the message that will show it."""
    entry = answer.entry
    if answer.change is TimerOutcome.STATUS:
        return _render_status_card(answer, message_ref)
    if entry is None or answer.change in _IDLE_OUTCOMES:
        return _render_idle_card(answer, message_ref)
    if entry.deleted:
        return _render_deleted_card(answer, entry, message_ref)
    if entry.running:
        return _render_running_card(answer, entry, message_ref)
    return _render_stopped_card(answer, entry, message_ref)


def render_shared_card(answer: TimerAnswer, message_ref: MessageRef) -> Message:
    """Render a card for everybody: the person, the work, and its start or length.

    It leaves out the person's total of the day.
    """
    entry, name = answer.entry, escape(answer.person.name, 80)
    if entry is None or entry.deleted:
        text = f"{name} has taken this entry back."
        return message(text, [context(text)])
    work, fallback = format_work_mrkdwn(entry), f"{name}: {format_work(entry)}"
    if entry.running:
        began = format_since(entry.started_at, answer.person, answer.at)
        text = f":large_green_circle: *{name}* is working on {work}\nSince {began}{format_link(entry)}"
        fallback = f"{fallback}, since {format_clock(entry.started_at, answer.person)}."
        return message(fallback, [section(text), *actions([_make_stop_button(entry)], message_ref)])
    length = format_duration(entry.length(answer.at))
    when = f"{format_interval(entry, answer.person, answer.at)}{format_link(entry)}"
    text = f":white_circle: *{name}* worked on {work}\n*{length}* · {when}"
    return message(
        f"{fallback}, {length}.", [section(text), *actions([_make_resume_button(entry)], message_ref)]
    )


def render_delete_question(
    entry: TimeEntry, person: Person, at: datetime, message_ref: MessageRef | None = None
) -> Message:
    """Render the question before a command deletes an entry."""
    what = f"{format_work_mrkdwn(entry)} · {format_duration(entry.length(at))} · {format_interval(entry, person, at)}"
    fallback = f"Delete {format_work(entry)}, {format_duration(entry.length(at))}?"
    buttons = [
        button("Delete", DELETE, f"{entry.id} {entry.version}", style="danger"),
        button("Keep it", KEEP, str(entry.id)),
        button("Choose another…", OPEN_EDIT, ""),
    ]
    return message(fallback, [section(f"Delete this entry?\n{what}"), *actions(buttons, message_ref)])


def _render_status_card(answer: TimerAnswer, message_ref: MessageRef | None) -> Message:
    entry = answer.entry
    running = entry if entry and entry.running else None
    buttons = [
        button("Switch…", OPEN_START, SWITCHING) if running else button("Start…", OPEN_START, ""),
        *([_make_stop_button(running)] if running else [_make_resume_button(entry)] if entry else []),
        button("Log…", OPEN_LOG, ""),
        button("Today", SHOW_DAY, ""),
    ]
    if running:
        fallback = (
            f"Running: {format_work(running)}, since {format_clock(running.started_at, answer.person)}."
        )
        lead = [_render_running_lead("Running", running, answer)]
    else:
        fallback = "Nothing is running."
        lead = [section(":white_circle: *Nothing is running*")]
        if entry:
            lead.append(
                context(f"Last: {format_work_mrkdwn(entry)} · {format_duration(entry.length(answer.at))}")
            )
    hint = "" if entry else " Start with `/track start api fix login`."
    notes = context(f"Today {format_duration(answer.today)}{' · ' + hint.strip() if hint else ''}")
    return message(
        f"{fallback} Today {format_duration(answer.today)}.{hint}",
        [*lead, notes, *actions(buttons, message_ref)],
    )


def _render_running_card(answer: TimerAnswer, entry: TimeEntry, message_ref: MessageRef | None) -> Message:
    lead = _RUNNING_LEADS.get(answer.change, "Running")
    notes = [f"Today {format_duration(answer.today)}"]
    if answer.replaced:
        ended = answer.replaced
        notes.append(
            f"ended {escape(entry_name(ended), 80)} after {format_duration(ended.length(answer.at))}"
        )
    buttons = [
        _make_stop_button(entry),
        button("Switch…", OPEN_START, SWITCHING),
        *_make_change_buttons(answer, entry),
        *_make_entry_menu(entry, message_ref),
    ]
    return message(
        f"{lead}: {format_work(entry, answer.former_title)}, since {format_clock(entry.started_at, answer.person)}. "
        f"Today {format_duration(answer.today)}.",
        [
            _render_running_lead(lead, entry, answer),
            context(" · ".join(notes)),
            *actions(buttons, message_ref),
            *_render_project_hint(answer),
        ],
    )


def _render_running_lead(lead: str, entry: TimeEntry, answer: TimerAnswer) -> Block:
    began = format_since(entry.started_at, answer.person, answer.at)
    length = entry.length(answer.at)
    so_far = f" · {format_duration(length)} so far" if length >= timedelta(minutes=1) else ""
    work = format_work_mrkdwn(entry, answer.former_title)
    return section(f":large_green_circle: {lead} {work}\nSince {began}{so_far}{format_link(entry)}")


def _render_stopped_card(answer: TimerAnswer, entry: TimeEntry, message_ref: MessageRef | None) -> Message:
    length = format_duration(entry.length(answer.at))
    lead = _UNCONFIRMED if entry.unconfirmed else _STOPPED_LEADS.get(answer.change, "Already stopped")
    buttons = [
        *_make_confirm_buttons(entry),
        _make_resume_button(entry),
        *_make_change_buttons(answer, entry),
        *_make_entry_menu(entry, message_ref),
    ]
    when = f"{format_interval(entry, answer.person, answer.at)}{format_link(entry)}"
    return message(
        f"{lead}: {format_work(entry, answer.former_title)}, {length}. Today {format_duration(answer.today)}.",
        [
            section(
                f":white_circle: {lead} {format_work_mrkdwn(entry, answer.former_title)}\n*{length}* · {when}"
            ),
            context(f"Today {format_duration(answer.today)}{_WHY_UNCONFIRMED if entry.unconfirmed else ''}"),
            *actions(buttons, message_ref),
            *_render_project_hint(answer),
        ],
    )


def _render_deleted_card(answer: TimerAnswer, entry: TimeEntry, message_ref: MessageRef | None) -> Message:
    if answer.others:
        return _render_undone_import_card(answer, message_ref)
    lead = _DELETED_LEADS.get(answer.change, "Deleted")
    is_undone = answer.change in _DELETED_LEADS
    when = f"{format_duration(entry.length(answer.at))} · {format_interval(entry, answer.person, answer.at)}"
    start = [button("Start…", OPEN_START, "")] if is_undone else []
    buttons = _make_undo_buttons(answer) or [*start, button("Today", SHOW_DAY, "")]
    hint = " · `/track undo` takes back your last change" if not answer.act_id and not is_undone else ""
    return message(
        f"{lead}: {format_work(entry)}, {format_duration(entry.length(answer.at))}. "
        f"Today {format_duration(answer.today)}.",
        [
            section(f":wastebasket: {lead} ~{format_work(entry)}~\n{when}"),
            context(f"Today {format_duration(answer.today)}{hint}"),
            *actions(buttons, message_ref),
        ],
    )


def _render_undone_import_card(answer: TimerAnswer, message_ref: MessageRef | None) -> Message:
    text = f"Undone: {answer.others + 1:,} entries that came together are taken back together."
    notes = f"Today {format_duration(answer.today)} · projects that were made for them stay"
    buttons = [button("Start…", OPEN_START, ""), button("Today", SHOW_DAY, "")]
    return message(
        f"{text} Today {format_duration(answer.today)}.",
        [section(f":wastebasket: {text}"), context(notes), *actions(buttons, message_ref)],
    )


def _render_idle_card(answer: TimerAnswer, message_ref: MessageRef | None) -> Message:
    """Render the card for when no timer runs, with a button to resume the last entry."""
    has_no_entry = answer.change is TimerOutcome.NOTHING_TO_RESUME
    lead = "There is nothing to resume yet" if has_no_entry else "Nothing is running"
    last = answer.entry if answer.entry and not answer.entry.deleted else None
    hint = "Start with `/track start api fix login`."
    blocks = [section(f":white_circle: *{lead}*  Today {format_duration(answer.today)}")]
    if last:
        blocks += [
            context(f"Last: {format_work_mrkdwn(last)} · {format_duration(last.length(answer.at))}"),
            *actions([_make_resume_button(last), button("Start…", OPEN_START, "")], message_ref),
        ]
    else:
        blocks += [context(hint), *actions([button("Start…", OPEN_START, "")], message_ref)]
    return message(f"{lead}. Today {format_duration(answer.today)}. {'' if last else hint}".strip(), blocks)


_UNCONFIRMED = "Ended, unconfirmed"
_WHY_UNCONFIRMED = (
    " · I ended it because nobody answered. Confirm it, edit it, or `/track undo` lets it run on"
)
_IDLE_OUTCOMES = {TimerOutcome.NOTHING_RUNNING, TimerOutcome.NOTHING_TO_RESUME}
_STOPPED_LEADS = {
    TimerOutcome.STOPPED: "Stopped",
    TimerOutcome.RECORDED: "Recorded",
    TimerOutcome.FILED: "Filed",
    TimerOutcome.EDITED: "Changed",
    TimerOutcome.UNCHANGED: "Nothing changed",
    TimerOutcome.SHOWN: "Finished",
    TimerOutcome.CONFIRMED: "Confirmed",
    TimerOutcome.UNDONE: "Undone",
    TimerOutcome.ALREADY_UNDONE: "Already undone",
}
_RUNNING_LEADS = {
    TimerOutcome.STARTED: "Started",
    TimerOutcome.RESUMED: "Resumed",
    TimerOutcome.ALREADY_RUNNING: "Already running",
    TimerOutcome.EDITED: "Changed, running",
    TimerOutcome.UNCHANGED: "Nothing changed, running",
    TimerOutcome.KEPT: "Kept running",
    TimerOutcome.UNDONE: "Undone, running again",
    TimerOutcome.ALREADY_UNDONE: "Already undone, running",
}
_DELETED_LEADS = {
    TimerOutcome.UNDONE: "Undone, taken back",
    TimerOutcome.ALREADY_UNDONE: "Already undone, taken back",
}


def entry_name(entry: TimeEntry) -> str:
    """Return a name for the entry: its project's title, or its note."""
    return entry.project.title if entry.project else entry.note or "no project"


def format_work_mrkdwn(entry: TimeEntry, former_title: str | None = None) -> str:
    tags = " ".join(f"`+{escape(tag, 40)}`" for tag in entry.tags)
    project = f"*{escape(entry.project.title, 80)}*" if entry.project else ""
    if project and former_title:
        project += f" (was {escape(former_title, 80)})"
    note = escape(entry.note)
    return " · ".join(part for part in (project, note, tags) if part) or "_no project, no note_"


def format_work(entry: TimeEntry, former_title: str | None = None) -> str:
    """Format project and note as plain text; `former_title` is the project's old title, if the person typed that."""
    title = entry.project.title if entry.project else ""
    parts = (f"{title} (was {former_title})" if title and former_title else title, entry.note)
    # Slack reads the fallback text as mrkdwn too, so people's text in it is escaped.
    return escape(", ".join(clean_text(part, 200) for part in parts if part)) or "no project, no note"


def format_interval(entry: TimeEntry, person: Person, at: datetime) -> str:
    """Format "09:00–10:30" in every reader's own zone and clock."""
    until = entry.ended_at or at
    one_day = local_date(entry.started_at, person.zone) == local_date(until, person.zone)
    end = format_instant(until, person.zone) if one_day else format_since(until, person, at)
    return f"{format_since(entry.started_at, person, at)}–{end}"


def format_clock(instant: datetime, person: Person) -> str:
    """Format a time of day for plain text, which Slack does not convert; with "UTC" if the person's zone is unknown."""
    has_zone = person.zone_from is not ZoneSource.UNKNOWN
    return format_time(instant, person.zone) if has_zone else f"{format_time(instant, person.zone)} UTC"


def format_since(instant: datetime, person: Person, at: datetime) -> str:
    same_day = local_date(instant, person.zone) == local_date(at, person.zone)
    return format_instant(instant, person.zone, "{time}" if same_day else "{date_short_pretty} {time}")


def format_link(entry: TimeEntry) -> str:
    """Format a link to the message that the entry was started from, or to the source of its suggestion.

    The services check both when they store them.
    """
    if entry.link is None:
        return ""
    # Addresses of Slack messages contain it; other links came with a suggestion.
    what = "the message" if "/archives/" in entry.link else "where it is from"
    return f" · <{entry.link}|{what}>"


def _make_stop_button(entry: TimeEntry) -> Block:
    return button("Stop", STOP, str(entry.id), style="primary")


def _make_confirm_buttons(entry: TimeEntry) -> list[Block]:
    if not entry.unconfirmed:
        return []
    return [button("Confirm", CONFIRM_ENTRY, str(entry.id), style="primary")]


def _make_resume_button(entry: TimeEntry) -> Block:
    return button("Resume", RESUME, str(entry.id))


def _make_change_buttons(answer: TimerAnswer, entry: TimeEntry) -> list[Block]:
    edit = button("Edit…", OPEN_EDIT, str(entry.id))
    return [*_make_project_buttons(answer, entry), edit, *_make_undo_buttons(answer)]


def _make_undo_buttons(answer: TimerAnswer) -> list[Block]:
    return [button("Undo", UNDO, str(answer.act_id))] if answer.act_id else []


def _make_entry_menu(entry: TimeEntry, message_ref: MessageRef | None) -> list[Block]:
    """Make the menu of rarer choices. Only a card in a message of its own can be shared."""
    options = [option("Delete", f"{EntryChoice.DELETE} {entry.id}")]
    if message_ref:
        options.insert(0, option("Share in this channel", f"{EntryChoice.SHARE} {entry.id}"))
    return [overflow(ENTRY_MENU, options)]


def _make_project_buttons(answer: TimerAnswer, entry: TimeEntry) -> list[Block]:
    if not answer.unknown_project:
        return []
    value = f"{entry.id} {answer.unknown_project}"
    return [button(f"Make “{answer.unknown_project[:30]}” a project", FILE_UNDER, value)]


def _render_project_hint(answer: TimerAnswer) -> list[Block]:
    if not answer.unknown_project:
        return []
    return [
        context(
            f"No project is called “{escape(answer.unknown_project, 40)}” yet, so it is part of the note."
        )
    ]
