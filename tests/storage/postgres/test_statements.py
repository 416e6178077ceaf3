"""Every statement there is, by how it asks."""

import importlib
import pkgutil
import re

import storage
from storage.postgres.query import Query


def statements() -> dict[str, Query]:
    found: dict[str, Query] = {}
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        for name, value in vars(importlib.import_module(module.name)).items():
            inside = value.values() if isinstance(value, dict) else [value]
            found |= {
                f"{module.name}.{name}.{n}": one for n, one in enumerate(inside) if isinstance(one, Query)
            }
    return found


def test_no_partial_index_is_hidden_from_a_statement_behind_a_parameter() -> None:
    """A kept plan can not know what the parameter will be, and reads everything instead."""
    asked = statements()
    assert len(asked) > 100
    by_choice = {"storage.outbox.leases._CLAIM.0"}  # which says why
    hidden = {
        name: found[0]
        for name, one in asked.items()
        if name not in by_choice
        and (found := re.search(r"(?:messages|other|surfaces)\.(?:status|kind) !?= \$\d+", one.text))
    }
    assert hidden == {}


def test_when_an_entry_began_is_compared_with_what_the_index_can_be_asked_for() -> None:
    """Under row-level security coalesce is computed for each entry that is read: years of them, not a week."""
    asked = statements()
    unasked = {name for name, one in asked.items() if re.search(r"started_at [<>]=? coalesce\(", one.text)}
    assert unasked == set()


def test_where_somebody_s_entries_begin_to_count_is_asked_once_and_not_for_each_entry() -> None:
    """Joined, it is computed for every pair of entries until the tables have statistics: right after a restore, a
    month of 60 people with 2,000 entries each took a minute and a half."""
    joined = {
        name for name, one in statements().items() if re.search(r"LATERAL \(SELECT coalesce\(max\(", one.text)
    }
    assert joined == set()
