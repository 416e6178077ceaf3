"""Every statement there is, by how it asks."""

import importlib
import pkgutil
import re

import storage
from storage.database import Query


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
    by_choice = {"storage.sending._CLAIM.0"}  # which says why
    hidden = {
        name: found[0]
        for name, one in asked.items()
        if name not in by_choice
        and (found := re.search(r"(?:messages|other|surfaces)\.(?:status|kind) !?= \$\d+", one.text))
    }
    assert hidden == {}
