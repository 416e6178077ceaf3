"""When a job runs next."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires every `seconds`, counted from now on when ticks were missed.

    APScheduler's own interval trigger names each missed tick before the scheduler drops all but one: 2 million for each
    job of a second after 24 days, which no answer survives. This one goes on from now, whatever has passed.
    """

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        if previous_fire_time is None:
            return now + self.interval
        following = previous_fire_time + self.interval
        return following if following > now else now + self.interval
