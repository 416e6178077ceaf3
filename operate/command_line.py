"""Reads the verb from the command line."""

import argparse
from collections.abc import Callable, Mapping
from typing import TypeVar

Verb = TypeVar("Verb", bound=Callable[..., object])


def read_verb(verbs: Mapping[str, Verb], default: str) -> Verb:
    """Return the function of the verb in `sys.argv`. Their docstrings are the help; `--help` exits."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="Time tracking in Slack whose numbers are true."
    )
    subparsers = parser.add_subparsers(dest="verb", metavar="verb")
    for name, function in verbs.items():
        about = " ".join((function.__doc__ or "").split())
        subparsers.add_parser(name, help=about, description=about)
    return verbs[parser.parse_args().verb or default]
