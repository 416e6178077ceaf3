"""What an act's value becomes in the place it was asked from: a card, a day as it is now, a question."""

from datetime import date

from bot.interaction.context import Desk, Visit
from bot.views import day as day_view
from bot.views import look_back, overlap, week
from bot.views.blocks import Told
from bot.views.form_context import FormContext, written
from bot.views.message_refs import Origin, Stands
from bot.views.timer import shared_card, timer_card
from domain.entries.entries import TimerAnswer
from domain.entries.overlaps import Taken, Way
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport


async def told(desk: Desk, visit: Visit, answer: TimerAnswer) -> Told:
    """A card of what was done; in a message about a day or a week, that as it is now. What others see stays fit for
    them."""
    origin = visit.origin
    if origin and origin.stands is Stands.SHARED:
        return Told(shared_card(answer, origin))
    if origin and origin.stands is Stands.WEEK and origin.day:
        as_it_is = await desk.tracker.timesheets.of_week(desk.workspace.id, visit.who, origin.day)
        return week_told(as_it_is, visit)
    if origin is None or origin.day is None:
        return Told(timer_card(answer, origin))
    said = "" if origin.stands is Stands.DIGEST else timer_card(answer)["text"]  # a digest shows it by itself
    return await _as_it_is(desk, visit, origin, origin.day, said=said)


async def unchanged(desk: Desk, visit: Visit) -> Told:
    """Somebody thought better of it: the message shows again what it was about."""
    origin = visit.origin
    if origin is None or origin.day is None or origin.stands is Stands.WEEK:
        return Told(overlap.kept())
    return await _as_it_is(desk, visit, origin, origin.day, said=overlap.kept()["text"])


async def _as_it_is(desk: Desk, visit: Visit, origin: Origin, day: date, *, said: str) -> Told:
    """What the message is about, as it is now."""
    if origin.stands is Stands.LOOK_BACK:
        return await looked_back(desk, visit, origin, day, said=said)
    report = await desk.tracker.reports.day(desk.workspace.id, visit.who, day)
    return of_day(report, visit, said=said)


async def looked_back(desk: Desk, visit: Visit, origin: Origin, monday: date, *, said: str) -> Told:
    week = await desk.tracker.weekly.of(desk.workspace.id, visit.who, monday)
    plain = look_back.look_back(week, origin, plain=True, said=said)
    return Told(plain, look_back.look_back(week, origin, plain=False, said=said))


def of_day(report: DayReport, visit: Visit, *, said: str = "") -> Told:
    """That day in its place, which is a digest's or a day's; `said` stands above it."""
    origin = visit.origin
    if origin and origin.stands is Stands.DIGEST:
        plain = day_view.digest(report, origin, plain=True, said=said)
        return Told(plain, day_view.digest(report, origin, said=said))
    return day_told(report, visit, said=said)


async def show(desk: Desk, visit: Visit, told: Told) -> None:
    """After the ack: in the place of the message that was acted on, or as one of its own."""
    if visit.beside:
        await desk.replies.beside(visit.response_url, told.message, who=visit.who, channel=visit.channel)
    else:
        await desk.replies.replace(visit.response_url, told, who=visit.who, channel=visit.channel)


def day_told(report: DayReport, visit: Visit, *, said: str = "") -> Told:
    origin = visit.showing(Stands.DAY, report.day)
    words = day_view.whole_day(report, origin, said=said)
    drawn = day_view.whole_day(report, origin, plain=False, said=said)
    return Told(words, drawn if len(report.by_project) > 1 else None)


def week_told(report: WeekReport, visit: Visit) -> Told:
    origin = visit.showing(Stands.WEEK, report.week)
    return Told(week.week_card(report, origin), week.week_card(report, origin, plain=False))


def room_question(taken: Taken, visit: Visit) -> Told:
    """Time that is taken: the ways to make room, each with the claim it would serve."""
    context = written(FormContext(claim=taken.claim, seen=taken.seen))
    return Told(overlap.question(taken, {way: f"{way} {context}" for way in Way}, visit.origin))
