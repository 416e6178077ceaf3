"""Thousands of phrases, made with what they mean: right or refused, and never a part of the time in the note."""

import random
import re
from collections import Counter
from datetime import datetime

import pytest

from bot.interaction.context import CommandTable
from bot.routes import COMMANDS
from domain.entries.entries import Work
from domain.entries.params import LogParams, StartParams
from domain.errors import NotUnderstood, Refusal
from domain.time.intervals import resolve_interval
from domain.time.time_points import resolve_time_point
from tests.domain.language.phrase_maker import make_phrase
from tests.domain.language.time_maker import BERLIN, NOW

TABLE = CommandTable(COMMANDS)


def test_hundreds_of_phrases_are_right_or_refused() -> None:
    wrong, counts = read_many(600, seed=1)
    assert wrong == []
    assert_the_common_is_understood(counts)


@pytest.mark.parametrize("phrases", [150, pytest.param(3_000, marks=pytest.mark.exhaustive)])
def test_what_a_refusal_proposes_is_understood_itself(phrases: int) -> None:
    pick, useless = random.Random(3), []
    for _ in range(phrases):
        typed = make_phrase(pick).typed
        try:
            read_phrase(typed)
        except Refusal as refused:
            useless += [
                f"{typed}: {refused.sentence}"
                for example in re.findall("`([^`]+)`", refused.sentence)
                if not is_understood(example.replace("…", "api"), beside=typed)
            ]
    assert useless == []


def is_understood(example: str, *, beside: str) -> bool:
    """As a command of its own, or in the place of what was typed after the name of the command."""
    name, _, _ = beside.partition(" ")
    for line in (f"{name} {example}", example):
        try:
            TABLE.read(line)
        except NotUnderstood:
            continue
        return True
    return False


@pytest.mark.exhaustive
def test_a_hundred_thousand_phrases_are_right_or_refused() -> None:
    wrong, counts = read_many(100_000, seed=2)
    print(
        *(f"{kind}: {read / made:.1%} understood" for kind, (made, read) in sorted(counts.items())), sep="\n"
    )
    assert wrong == []
    assert_the_common_is_understood(counts)


def assert_the_common_is_understood(counts: dict[str, tuple[int, int]]) -> None:
    for kind, (made, read) in counts.items():
        if kind.startswith(("start, ", "log, ")):
            # A weekday or 12/11 at the end of a note may belong to it, and is asked about.
            least = 0.85 if kind.endswith("other end") else 0.97
            # Of a few phrases one may be refused: it is a large share of them.
            assert made - read <= max(1, (1 - least) * made), f"{kind}: only {read} of {made} understood"


def read_many(count: int, *, seed: int) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """What was misread, and how many phrases of each kind were made and understood."""
    pick, wrong = random.Random(seed), []
    made: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for _ in range(count):
        phrase = make_phrase(pick)
        made[phrase.kind] += 1
        try:
            found = read_phrase(phrase.typed)
        except Refusal:
            continue
        read[phrase.kind] += 1
        if found != (phrase.meant, phrase.words, phrase.tags):
            wrong.append(f"{phrase.kind}: {phrase.typed!r} read as {found}, meant is {phrase.meant}")
    return wrong, {kind: (made[kind], read[kind]) for kind in made}


def read_phrase(typed: str) -> tuple[tuple[datetime | None, datetime | None], str, tuple[str, ...]]:
    """The local start and end of what was typed, the words that are left, and the tags."""
    match TABLE.read(typed)[1]:
        case StartParams() as params:
            assert not isinstance(params.when, datetime)
            start = (
                resolve_time_point(params.when, now=NOW, zone=BERLIN, day_first=True) if params.when else None
            )
            return (wall(start) if start else None, None), left(params.work), params.work.tags
        case LogParams() as params:
            span = resolve_interval(params.interval, now=NOW, zone=BERLIN, day_first=True, tracked=[])
            return (wall(span.start), wall(span.end)), left(params.work), params.work.tags
    raise AssertionError(f"{typed} is neither a start nor a log")


def wall(instant: datetime) -> datetime:
    return instant.astimezone(BERLIN).replace(tzinfo=None)


def left(work: Work) -> str:
    name = work.project and (work.project.typed or work.project.name)
    return f"{name or ''} {work.note}".strip()
