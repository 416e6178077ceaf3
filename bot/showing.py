"""What an act's value becomes in the place it was asked from: a card, a day as it is now, a question."""

from bot.desk import Desk, Visit
from bot.form_context import FormContext, written
from bot.origins import Stands
from bot.views import day, look_back, overlap, week
from bot.views.blocks import Told
from bot.views.timer import shared_card, timer_card
from domain.entries import TimerAnswer
from domain.overlaps import Taken, Way
from domain.reports import DayReport
from domain.timesheets import WeekReport


async def told(desk: Desk, visit: Visit, answer: TimerAnswer) -> Told:
    """A card of what was done; in a message about a day or a week, that as it is now. What others see stays fit for
    them."""
    origin = visit.origin
    if origin and origin.stands is Stands.SHARED:
        return Told(shared_card(answer, origin))
    if origin and origin.stands is Stands.WEEK and origin.day:
        as_it_is = await desk.tracker.timesheets.of_week(desk.workspace.id, visit.who, origin.day)
        return week_told(as_it_is, visit)
    if origin and origin.stands is Stands.LOOK_BACK and origin.day:
        seen = await desk.tracker.weekly.of(desk.workspace.id, visit.who, origin.day)
        said = timer_card(answer)["text"]
        plain = look_back.look_back(seen, origin, plain=True, said=said)
        return Told(plain, look_back.look_back(seen, origin, plain=False, said=said))
    if origin is None or origin.day is None:
        return Told(timer_card(answer, origin))
    report = await desk.tracker.reports.day(desk.workspace.id, visit.who, origin.day)
    if origin.stands is Stands.DIGEST:
        return of_day(report, visit)
    return of_day(report, visit, said=timer_card(answer)["text"])


def of_day(report: DayReport, visit: Visit, *, said: str = "") -> Told:
    """That day in its place, which is a digest's or a day's; `said` stands above it."""
    origin = visit.origin
    if origin and origin.stands is Stands.DIGEST:
        plain = day.digest(report, origin, plain=True, said=said)
        return Told(plain, day.digest(report, origin, said=said))
    return day_told(report, visit, said=said)


async def show(desk: Desk, visit: Visit, told: Told) -> None:
    """After the ack: in the place of the message that was acted on, or as one of its own."""
    if visit.beside:
        await desk.replies.beside(visit.response_url, told.message, who=visit.who, channel=visit.channel)
    else:
        await desk.replies.replace(visit.response_url, told, who=visit.who, channel=visit.channel)
    if told.figures:
        await desk.replies.figures(visit.response_url, told.figures)


def day_told(report: DayReport, visit: Visit, *, said: str = "") -> Told:
    origin = visit.showing(Stands.DAY, report.day)
    return Told(day.whole_day(report, origin, said=said), figures=None if said else day.figures(report))


def week_told(report: WeekReport, visit: Visit) -> Told:
    origin = visit.showing(Stands.WEEK, report.week)
    return Told(week.week_card(report, origin), week.week_card(report, origin, plain=False))


def room_question(taken: Taken, visit: Visit) -> Told:
    """Time that is taken: the ways to make room, each with the claim it would serve."""
    context = written(FormContext(claim=taken.claim, seen=taken.seen))
    return Told(overlap.question(taken, {way: f"{way} {context}" for way in Way}, visit.origin))
