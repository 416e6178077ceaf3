"""Only names from the list of zones are zones: nothing is opened to find out."""

import pytest

from domain.identity.people import zone_or_utc
from domain.time.zones import ZONE_NAMES, find_zone

NO_ZONES = """
Europe America Etc . .. /etc/passwd ../UTC europe/berlin Europe/Berlin/ Mars/Base
localtime posixrules tzdata.zi zone.tab
"""


@pytest.mark.parametrize("name", ["", *NO_ZONES.split(), "Europe/Berlin\0", "A" * 5_000])
def test_what_is_no_name_of_a_zone_is_none(name: str) -> None:
    assert find_zone(name) is None
    assert zone_or_utc(name).key == "UTC"


def test_every_name_of_the_list_is_a_zone() -> None:
    for name in ZONE_NAMES:
        zone = find_zone(name)
        assert zone is not None
        assert zone.key == name
