"""Statuses and latencies of requests."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Timings:
    """The answers to requests. `latencies` are in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return a percentile of the latencies, in milliseconds."""
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1e3
