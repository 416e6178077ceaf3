"""Computes when a job runs next."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger


class Every(BaseTrigger):  # type: ignore[misc]
    """An APScheduler trigger that fires every `seconds`. After missed runs, it counts from now on.

    APScheduler's own interval trigger computes each missed run before it drops all but one: after 24 days, 2
    million for a job that runs every second, which blocks the event loop.
    """

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        if previous_fire_time is None:
            return now + self.interval
        following = previous_fire_time + self.interval
        return following if following > now else now + self.interval
