"""Cards about a timer or an entry: the last change, the present state, and buttons."""

from datetime import datetime, timedelta

from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
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
    SWITCHING,
    UNDO,
    EntryChoice,
    make_resume_button,
    make_stop_button,
)
from bot.views.entry_text import (
    entry_name,
    format_clock,
    format_interval,
    format_link,
    format_since,
    format_work,
    format_work_mrkdwn,
)
from bot.views.message_refs import MessageRef
from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.identity.people import Person
from domain.time.durations import format_duration

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
        *([make_stop_button(running)] if running else [make_resume_button(entry)] if entry else []),
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
        make_stop_button(entry),
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
        make_resume_button(entry),
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
            *actions([make_resume_button(last), button("Start…", OPEN_START, "")], message_ref),
        ]
    else:
        blocks += [context(hint), *actions([button("Start…", OPEN_START, "")], message_ref)]
    return message(f"{lead}. Today {format_duration(answer.today)}. {'' if last else hint}".strip(), blocks)


_UNCONFIRMED = "Ended, unconfirmed"
_WHY_UNCONFIRMED = (
    " · I ended it because you did not answer. Confirm it, edit it, or `/track undo` lets it run on"
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


def _make_confirm_buttons(entry: TimeEntry) -> list[Block]:
    if not entry.unconfirmed:
        return []
    return [button("Confirm", CONFIRM_ENTRY, str(entry.id), style="primary")]


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
