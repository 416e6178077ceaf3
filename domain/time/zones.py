"""Time zones by their IANA names, and by their offset from UTC."""

from importlib.resources import files
from zoneinfo import ZoneInfo

# The list that the package tzdata ships. `ZoneInfo(text)` would open a file of that name, and a folder ("Europe")
# raises another error than an unknown name.
ZONE_NAMES = frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


UTC = ZoneInfo("UTC")
_HOUR = 3600


def zone_of_offset(seconds: object) -> ZoneInfo | None:
    """Return the zone that is always that many seconds ahead of UTC, such as Etc/GMT+8 for -28800; None if that is
    not a whole number of hours, because then only zones of places have that offset."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds % _HOUR:
        return None
    hours = seconds // _HOUR
    # These names have the opposite sign (POSIX): Etc/GMT+8 is eight hours behind UTC.
    return find_zone(f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT")


def find_zone(name: str) -> ZoneInfo | None:
    """Return the zone with exactly this IANA name, such as `Europe/Berlin`; None if there is none."""
    return ZoneInfo(name) if name in ZONE_NAMES else None
