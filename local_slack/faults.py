"""Faults that tests and the page switch on, each for a share of the calls."""

import random
from dataclasses import dataclass, field
from enum import Enum

# The name under which `methods` lists the response_urls of presses and commands.
RESPONSE_URL = "response_url"


class Fault(Enum):
    NONE = "none"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"  # status 500, and the call has no effect
    ACCEPTED_THEN_500 = "accepted_then_500"
    ACCEPTED_THEN_CUT = (
        "accepted_then_cut"  # the call takes effect, and the connection is cut without a reply
    )


@dataclass
class Faults:
    """Which faults occur, and how often. Shares are between 0 and 1; `latency` and `retry_after` are in seconds.

    `refused` maps methods that this app may not call to Slack's error, such as a missing scope. `slow` maps methods
    to the seconds by which they are slower. `unknown_blocks` are types that this workspace refuses, because Slack
    introduces new types workspace by workspace. `seed` makes the draws repeatable.
    """

    latency: float = 0.0
    rate_limited: float = 0.0
    retry_after: int = 1
    server_error: float = 0.0
    server_error_accepted: float = 0.5
    lost_reply: float = 0.0
    methods: set[str] = field(default_factory=lambda: {"chat.postMessage"})
    unknown_blocks: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - faults are repeatable, not secret

    def draw(self, method: str) -> Fault:
        """Draw the fault for the next call of this method."""
        if method not in self.methods:
            return Fault.NONE
        number = self._random.random()
        for share, fault in (
            (self.rate_limited, Fault.RATE_LIMITED),
            (self.lost_reply, Fault.ACCEPTED_THEN_CUT),
            (self.server_error * self.server_error_accepted, Fault.ACCEPTED_THEN_500),
            (self.server_error * (1 - self.server_error_accepted), Fault.REFUSED),
        ):
            if number < share:
                return fault
            number -= share
        return Fault.NONE
