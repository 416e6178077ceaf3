"""Rules that every statement keeps, so that kept plans use the indexes."""

import importlib
import pkgutil
import re

import storage
from storage.postgres.query import Query


def find_statements() -> dict[str, Query]:
    found: dict[str, Query] = {}
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        for name, value in vars(importlib.import_module(module.name)).items():
            inside = value.values() if isinstance(value, dict) else [value]
            found |= {
                f"{module.name}.{name}.{n}": one for n, one in enumerate(inside) if isinstance(one, Query)
            }
    return found


def test_no_partial_index_is_hidden_from_a_statement_behind_a_parameter() -> None:
    """A kept plan can not use a partial index if its condition is compared with a parameter."""
    statements = find_statements()
    assert len(statements) > 100
    by_choice = {"storage.outbox.leases._CLAIM.0"}  # which says why
    hidden = {
        name: found[0]
        for name, one in statements.items()
        if name not in by_choice
        and (found := re.search(r"(?:messages|other|surfaces)\.(?:status|kind) !?= \$\d+", one.text))
    }
    assert hidden == {}


def test_starts_of_entries_are_never_compared_with_coalesce() -> None:
    """Under row-level security no index is used for a comparison with coalesce: years of entries would be read."""
    statements = find_statements()
    violations = {
        name for name, one in statements.items() if re.search(r"started_at [<>]=? coalesce\(", one.text)
    }
    assert violations == set()


def test_the_first_start_is_looked_up_once_and_not_for_each_entry() -> None:
    """As a join it is computed for every pair of entries until the tables have statistics.

    Right after a restore, a month of 60 people with 2,000 entries each took a minute and a half.
    """
    joined = {
        name
        for name, one in find_statements().items()
        if re.search(r"LATERAL \(SELECT coalesce\(max\(", one.text)
    }
    assert joined == set()
