"""Lets schemathesis make up instants near today. Of arbitrary instants hardly any would be a valid entry."""

from datetime import UTC, datetime, timedelta

import schemathesis
from hypothesis import strategies as st

NOW = datetime.now(UTC).replace(microsecond=0)


def _write_instant(hours: float, offset: int) -> str:
    return (NOW + timedelta(hours=hours)).isoformat().replace("+00:00", f"{offset:+03}:00")


schemathesis.openapi.format(
    "date-time", st.builds(_write_instant, st.floats(-1_000, 12), st.integers(-11, 13))
)
