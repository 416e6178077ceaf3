"""The kinds of rules for Block Kit's limits. A rule takes a value and its path, and returns a list of problems.

A problem reads like Slack's own: what is wrong, then the place as a JSON pointer.
"""

import math
from collections.abc import Callable, Mapping

Rule = Callable[[object, str], list[str]]
Rules = Mapping[str, Rule]


def wrong(what: str, path: str) -> list[str]:
    return [f"{what} [json-pointer:{path}]"]


def anything(_value: object, _path: str) -> list[str]:
    return []


def string(most: int, least: int = 1) -> Rule:
    def rule(value: object, path: str) -> list[str]:
        if not isinstance(value, str):
            return wrong("must be a string", path)
        if len(value) < least:
            return wrong(f"must be more than {least - 1} characters", path)
        return wrong(f"must be less than {most + 1} characters", path) if len(value) > most else []

    return rule


def boolean(value: object, path: str) -> list[str]:
    return [] if isinstance(value, bool) else wrong("must be a boolean", path)


def whole(least: int, most: int) -> Rule:
    def rule(value: object, path: str) -> list[str]:
        right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return [] if right else wrong(f"must be a whole number from {least} to {most}", path)

    return rule


def number(value: object, path: str) -> list[str]:
    right = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return [] if right else wrong("must be a number", path)


def positive(value: object, path: str) -> list[str]:
    return number(value, path) or (
        [] if isinstance(value, int | float) and value > 0 else wrong("must be more than 0", path)
    )


def one_of(*choices: str) -> Rule:
    def rule(value: object, path: str) -> list[str]:
        return [] if value in choices else wrong(f"must be one of {', '.join(choices)}", path)

    return rule


def items(each: Rule, most: int, least: int = 1) -> Rule:
    def rule(value: object, path: str) -> list[str]:
        if not isinstance(value, list):
            return wrong("must be an array", path)
        if len(value) < least:
            return wrong(f"no fewer than {least} items allowed", path)
        if len(value) > most:
            return wrong(f"no more than {most} items allowed", path)
        return [said for index, one in enumerate(value) for said in each(one, f"{path}/{index}")]

    return rule


def shape(required: Rules, further: Rules, *, also: Rule = anything) -> Rule:
    """Return a rule for an object with these keys and no others. `also` is applied if every key is right on its own."""
    known = {**required, **further}

    def rule(value: object, path: str) -> list[str]:
        if not isinstance(value, dict):
            return wrong("must be an object", path)
        found = [
            said
            for name in required
            if name not in value
            for said in wrong(f"missing required field: {name}", path)
        ]
        for name, inner in value.items():
            check = known.get(name)
            found += check(inner, f"{path}/{name}") if check else wrong(f"unknown field: {name}", path)
        return found or also(value, path)

    return rule


def typed(kinds: Rules, what: str) -> Rule:
    """Return a rule for an object whose `type` chooses its rule."""

    def rule(value: object, path: str) -> list[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            return wrong(f"missing required field: type of the {what}", path)
        check = kinds.get(kind)
        return check(value, path) if check else wrong(f"unsupported type: {kind}", path)

    return rule


def any_key(*names: str) -> Rule:
    """Return a rule for an object with at least one of these keys."""

    def rule(value: object, path: str) -> list[str]:
        there = isinstance(value, dict) and any(value.get(name) for name in names)
        return [] if there else wrong(f"missing required field: one of {', '.join(names)}", path)

    return rule


def distinct(name: str) -> Rule:
    """Return a rule for a list in which no two items have the same value under this name."""

    def rule(value: object, path: str) -> list[str]:
        seen: set[object] = set()
        for index, one in enumerate(value if isinstance(value, list) else []):
            given = one.get(name) if isinstance(one, dict) else None
            if isinstance(given, str):
                if given in seen:
                    return wrong(f"{name} “{given}” already exists", f"{path}/{index}/{name}")
                seen.add(given)
        return []

    return rule


def all_of(*rules: Rule) -> Rule:
    """Return a rule that reports the problems of the first of these rules that finds any."""

    def rule(value: object, path: str) -> list[str]:
        for one in rules:
            if found := one(value, path):
                return found
        return []

    return rule
