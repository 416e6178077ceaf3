"""Thousands of phrases, made with what they mean: right or refused, and never a part of the time in the note."""

import random
from collections import Counter
from datetime import datetime

import pytest

from bot.grammar import understood
from bot.intents import Log, Start
from domain.entries import Work
from domain.errors import Refusal
from domain.moments import resolve
from domain.stretches import laid_out
from tests.domain.phrase_maker import BERLIN, NOW, make_phrase


def test_two_thousand_phrases_are_right_or_refused() -> None:
    wrong, rates = read_many(2_000, seed=1)
    assert wrong == []
    assert_the_common_is_understood(rates)


@pytest.mark.exhaustive
def test_a_hundred_thousand_phrases_are_right_or_refused() -> None:
    wrong, rates = read_many(100_000, seed=2)
    print(*(f"{kind}: {share:.1%} understood" for kind, share in sorted(rates.items())), sep="\n")
    assert wrong == []
    assert_the_common_is_understood(rates)


def assert_the_common_is_understood(rates: dict[str, float]) -> None:
    for kind, share in rates.items():
        if kind.startswith(("start, ", "log, ")):
            assert share > 0.97, f"{kind}: only {share:.1%} understood"


def read_many(count: int, *, seed: int) -> tuple[list[str], dict[str, float]]:
    """What was misread, and how much of each kind was understood."""
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
    return wrong, {kind: read[kind] / made[kind] for kind in made}


def read_phrase(typed: str) -> tuple[tuple[datetime | None, datetime | None], str, tuple[str, ...]]:
    """The local start and end of what was typed, the words that are left, and the tags."""
    match understood(typed):
        case Start(wish):
            start = wish.when and resolve(wish.when, now=NOW, zone=BERLIN, day_first=True)
            return (start and wall(start), None), left(wish.work), wish.work.tags
        case Log(wish):
            span = laid_out(wish.stretch, now=NOW, zone=BERLIN, day_first=True, taken=[])
            return (wall(span.start), wall(span.end)), left(wish.work), wish.work.tags
    raise AssertionError(f"{typed} is neither a start nor a log")


def wall(instant: datetime) -> datetime:
    return instant.astimezone(BERLIN).replace(tzinfo=None)


def left(work: Work) -> str:
    name = work.project and (work.project.typed or work.project.name)
    return f"{name or ''} {work.note}".strip()
