"""Time zones by their IANA names, as texts from outside may hold them."""

from importlib.resources import files
from zoneinfo import ZoneInfo

# The list that tzdata ships. `ZoneInfo(text)` would open a file of that name first, and fails in other ways for a
# folder ("Europe") than for a name that is no zone.
ZONE_NAMES = frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


def find_zone(name: str) -> ZoneInfo | None:
    """The zone with exactly this IANA name, such as `Europe/Berlin`, or None where there is none."""
    return ZoneInfo(name) if name in ZONE_NAMES else None
