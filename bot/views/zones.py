"""Describes which time zone is used for a person, and why: it may differ from the zone of their Slack profile."""

from bot.views.blocks import COMMAND, escape
from domain.identity.people import Person, Standing, ZoneSource

SETS_IT = f"`{COMMAND} zone Europe/Berlin` sets yours"


def describe_clock(person: Person, *, begin: str = "Your clock is") -> str:
    """Describe the zone in a sentence or two; `begin` stands before the zone's name."""
    zone = escape(person.zone.key)
    match person.zone_from:
        case ZoneSource.SLACK:
            return f"{begin} {zone}, as in your Slack profile."
        case ZoneSource.PERSON:
            return f"{begin} {zone}, as you set it with `{COMMAND} zone`."
        case ZoneSource.OFFSET:
            return (
                f"{begin} {zone}, {_format_distance(person)}: Slack names no time zone for you that I know, only how "
                f"far it is from UTC now. Summer time would move it; {SETS_IT}."
            )
        case ZoneSource.UNKNOWN if person.standing is Standing.UNVERIFIED:
            return "Slack has not told me your time zone yet; days and times of day work as soon as it does."
        case ZoneSource.UNKNOWN:
            return f"Slack names no time zone for you, and I don't guess one: {SETS_IT}."


def _format_distance(person: Person) -> str:
    # Names such as Etc/GMT+8, eight hours behind UTC, have the sign reversed.
    hours = -int(person.zone.key.removeprefix("Etc/GMT") or 0)
    if not hours:
        return "the same as UTC"
    return (
        f"{abs(hours)} {'hour' if abs(hours) == 1 else 'hours'} {'ahead of' if hours > 0 else 'behind'} UTC"
    )
