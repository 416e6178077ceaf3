"""Properties that are tried with a few examples every day, and with many in the exhaustive suite."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

Check = Callable[..., None]


def try_examples(
    few: int, many: int, *places: SearchStrategy[Any], **names: SearchStrategy[Any]
) -> Callable[[Check], Check]:
    """Make a test of a check: hand it values by place or by name, `few` times or, marked `exhaustive`, `many` times."""

    def test_of(check: Check) -> Check:
        runs = {
            examples: settings(max_examples=examples, deadline=None)(given(*places, **names)(check))
            for examples in (few, many)
        }

        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.exhaustive)])
        def test(examples: int) -> None:
            runs[examples]()

        test.__doc__ = check.__doc__
        return test

    return test_of
