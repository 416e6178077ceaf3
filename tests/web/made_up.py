"""What schemathesis makes up instants from: those in which people live, or hardly any entry would be possible."""

from datetime import UTC, datetime, timedelta

import schemathesis
from hypothesis import strategies as st

NOW = datetime.now(UTC).replace(microsecond=0)


def _written(hours: float, offset: int) -> str:
    return (NOW + timedelta(hours=hours)).isoformat().replace("+00:00", f"{offset:+03}:00")


schemathesis.openapi.format("date-time", st.builds(_written, st.floats(-1_000, 12), st.integers(-11, 13)))
