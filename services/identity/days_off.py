"""Days on which a person does not work."""

from domain.history.changes import SettingRecorded
from domain.history.operations import Act
from domain.identity.preferences import Preferences
from domain.language.days_off import DaysOffWish, resolve_days_off
from domain.permissions import Needs
from domain.time.calendar import day_of
from services.identity.settings import told
from services.operations import Acts, Scene
from services.reports.reminders import remind_from
from services.reports.weekly import weekly_from
from storage.reports import days


class DaysOff:
    """Operations raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def take_off(self, act: Act, wish: DaysOffWish) -> Preferences:
        """Days on which the person does not work, or works after all."""
        return await self._acts.perform(
            act, Preferences, lambda scene: _take_off(scene, wish), needs=Needs.ZONE
        )


async def _take_off(scene: Scene, wish: DaysOffWish) -> Preferences:
    person = scene.person
    today = day_of(scene.at, person.zone)
    meant = resolve_days_off(wish, today=today, day_first=person.day_first)
    change = days.take_off if wish.off else days.work_again
    await change(scene.tx, scene.workspace_id, person.id, meant)
    scene.days |= set(meant)
    first, last = meant[0], meant[-1]
    scene.changes.append(
        SettingRecorded(
            subject="person",
            subject_id=person.id,
            change="days_off" if wish.off else "days_worked",
            before={},
            after={"first": str(first), "last": str(last)},
        )
    )
    await remind_from(scene.tx, scene.workspace_id, person, now=scene.at)
    await weekly_from(scene.tx, scene.workspace_id, person, now=scene.at)
    return await told(scene, person)
