"""Asks Slack whether a person is in do-not-disturb before the bot sends an unrequested message.

If Slack does not answer, the message is sent anyway, and Slack keeps its notification silent.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import FAILURES, read_refusal
from services.outbox.delivery import RateLimit, Retry

# Without the scope Slack refuses every call, so the next one waits this long.
_PAUSE_WITHOUT_SCOPE = timedelta(hours=1)

log = logging.getLogger(__name__)


class DoNotDisturb:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._next_call_at = 0.0  # by the event loop's clock

    async def find_time_left(self, who: str, *, at: datetime) -> timedelta | None:
        """Return how long from `at` on the person wants no notifications; None if they want them or Slack does not
        answer.
        """
        clock = asyncio.get_running_loop().time
        if clock() < self._next_call_at:
            return None
        try:
            reply = await self._client.dnd_info(user=who)
        except SlackApiError as error:
            match read_refusal(error, again_after=timedelta()):
                case RateLimit(delay=delay) | Retry(delay=delay):
                    self._next_call_at = clock() + delay.total_seconds()
                case "missing_scope" | "unknown_method" | "not_allowed_token_type":
                    self._next_call_at = clock() + _PAUSE_WITHOUT_SCOPE.total_seconds()
            log.info("do-not-disturb is not known: %s", error.response.get("error"))
            return None
        except FAILURES as error:
            log.info("do-not-disturb is not known: %s", type(error).__name__)
            return None
        ends = [
            _to_instant(reply.get(end))
            for begin, end, on in (
                (reply.get("next_dnd_start_ts"), "next_dnd_end_ts", reply.get("dnd_enabled")),
                (0, "snooze_endtime", reply.get("snooze_enabled")),
            )
            if on and _to_instant(begin) <= at
        ]
        left = max((end - at for end in ends), default=timedelta())
        return left if left > timedelta() else None


def _to_instant(seconds: object) -> datetime:
    """Convert Slack's whole seconds since 1970; anything else becomes an instant long ago."""
    return datetime.fromtimestamp(seconds if isinstance(seconds, int) else 0, UTC)
