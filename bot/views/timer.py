"""Cards about the timer: what happened, what is true now, what can be done next."""

from datetime import datetime, timedelta

from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    button,
    context,
    escaped,
    inert,
    message,
    moment,
    section,
)
from domain.calendar import day_of
from domain.durations import clock, spoken
from domain.entries import Change, TimeEntry, TimerAnswer
from domain.people import Person


def timer_card(answer: TimerAnswer) -> Message:
    return _CARDS[answer.change](answer)


def _running(answer: TimerAnswer) -> Message:
    entry = _entry(answer)
    lead = _RUNNING_LEADS.get(answer.change, "Running")
    since = _since(entry.started_at, answer.person, answer.at)
    length = entry.length(answer.at)
    so_far = f" · {spoken(length)} so far" if length >= timedelta(minutes=1) else ""
    notes = [f"Today {spoken(answer.today)}"]
    if answer.replaced:
        ended = answer.replaced
        notes.append(f"ended {escaped(name_of(ended), 80)} after {spoken(ended.length(answer.at))}")
    return message(
        f"{lead}: {_plain(entry)}, since {clock(entry.started_at, answer.person.zone)}. "
        f"Today {spoken(answer.today)}.",
        [
            section(f":large_green_circle: *{lead}*  {_work(entry)}\nSince {since}{so_far}"),
            context(" · ".join(notes)),
            *actions([_stop(entry), *_file_under(answer, entry), *_undo(answer)]),
            *_project_hint(answer),
        ],
    )


def _stopped(answer: TimerAnswer) -> Message:
    entry = _entry(answer)
    length = spoken(entry.length(answer.at))
    lead = _STOPPED_LEADS.get(answer.change, "Already stopped")
    return message(
        f"{lead}: {_plain(entry)}, {length}. Today {spoken(answer.today)}.",
        [
            section(f":white_circle: *{lead}*  {_work(entry)}\n*{length}* · {_stretch(entry, answer)}"),
            context(f"Today {spoken(answer.today)}"),
            *actions([_resume(entry), *_file_under(answer, entry), *_undo(answer)]),
            *_project_hint(answer),
        ],
    )


def _idle(answer: TimerAnswer) -> Message:
    """Nothing runs; the last entry is offered again."""
    lead = "Undone. Nothing is running" if answer.change is Change.UNDONE else "Nothing is running"
    lead = "Already undone. Nothing is running" if answer.change is Change.ALREADY_UNDONE else lead
    last = answer.entry
    hint = "Start with `/track start api fix login`."
    blocks = [section(f":white_circle: *{lead}*  Today {spoken(answer.today)}")]
    if last:
        blocks += [
            context(f"Last: {_work(last)} · {spoken(last.length(answer.at))}"),
            *actions([_resume(last)]),
        ]
    else:
        blocks.append(context(hint))
    return message(f"{lead}. Today {spoken(answer.today)}. {'' if last else hint}".strip(), blocks)


def _either(answer: TimerAnswer) -> Message:
    entry = answer.entry
    if entry and entry.running:
        return _running(answer)
    if answer.change is Change.FILED and entry:
        return _stopped(answer)
    return _idle(answer)


_CARDS = {
    Change.STARTED: _running,
    Change.RESUMED: _running,
    Change.ALREADY_RUNNING: _running,
    Change.STOPPED: _stopped,
    Change.ALREADY_STOPPED: _stopped,
    Change.RECORDED: _stopped,
    Change.NOTHING_RUNNING: _idle,
    Change.NOTHING_TO_RESUME: _idle,
    Change.STATUS: _either,
    Change.FILED: _either,
    Change.UNDONE: _either,
    Change.ALREADY_UNDONE: _either,
}
_STOPPED_LEADS = {Change.STOPPED: "Stopped", Change.RECORDED: "Recorded", Change.FILED: "Filed"}
_RUNNING_LEADS = {
    Change.STARTED: "Started",
    Change.RESUMED: "Resumed",
    Change.ALREADY_RUNNING: "Already running",
    Change.UNDONE: "Undone, running again",
    Change.ALREADY_UNDONE: "Already undone, running",
}


def name_of(entry: TimeEntry) -> str:
    """What a person would call it: the project, or the note where there is none."""
    return entry.project.title if entry.project else entry.note or "no project"


def _entry(answer: TimerAnswer) -> TimeEntry:
    if answer.entry is None:
        raise ValueError(f"an answer of {answer.change} has an entry")
    return answer.entry


def _work(entry: TimeEntry) -> str:
    tags = " ".join(f"`+{escaped(tag, 40)}`" for tag in entry.tags)
    project = f"*{escaped(entry.project.title, 80)}*" if entry.project else ""
    note = escaped(entry.note)
    return " · ".join(part for part in (project, note, tags) if part) or "_no project, no note_"


def _plain(entry: TimeEntry) -> str:
    parts = (entry.project.title if entry.project else "", entry.note)
    # The fallback is read as mrkdwn too: escaped like everything else that people wrote.
    return escaped(", ".join(inert(part, 200) for part in parts if part)) or "no project, no note"


def _since(instant: datetime, person: Person, at: datetime) -> str:
    same_day = day_of(instant, person.zone) == day_of(at, person.zone)
    return moment(instant, person.zone, "{time}" if same_day else "{date_short_pretty} {time}")


def _stretch(entry: TimeEntry, answer: TimerAnswer) -> str:
    until = entry.ended_at or answer.at
    return f"{_since(entry.started_at, answer.person, answer.at)}–{_since(until, answer.person, answer.at)}"


def _stop(entry: TimeEntry) -> Block:
    return button("Stop", ActionId.STOP, str(entry.id), style="primary")


def _resume(entry: TimeEntry) -> Block:
    return button("Resume", ActionId.RESUME, str(entry.id))


def _undo(answer: TimerAnswer) -> list[Block]:
    return [button("Undo", ActionId.UNDO, str(answer.act_id))] if answer.act_id else []


def _file_under(answer: TimerAnswer, entry: TimeEntry) -> list[Block]:
    if not answer.unknown_project:
        return []
    value = f"{entry.id} {answer.unknown_project}"
    return [button(f"Make “{answer.unknown_project[:30]}” a project", ActionId.FILE_UNDER, value)]


def _project_hint(answer: TimerAnswer) -> list[Block]:
    if not answer.unknown_project:
        return []
    return [
        context(
            f"No project is called “{escaped(answer.unknown_project, 40)}” yet, so it is part of the note."
        )
    ]
