"""Parsers that several commands share. They raise NotUnderstood with an example that works."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from domain.errors import NotUnderstood
from domain.language.intervals import extract_interval
from domain.time.intervals import Amount

NOTHING = {"none", "nothing", "off"}


def parse_alone(name: str) -> Callable[[str], None]:
    """Make the parser of a command that takes no words after its name."""

    def parse(words: str) -> None:
        if words:
            raise NotUnderstood(
                f"`/track {name}` stands alone: I didn't understand “{words[:60]}”. Nothing was changed."
            )

    return parse


def parse_amount(text: str) -> timedelta:
    """Parse an amount of time a day, such as 7h30; zero for `none`."""
    text = text.strip()
    if text.lower() in NOTHING:
        return timedelta()
    with suppress(NotUnderstood):
        match extract_interval(text):
            case (Amount(length=length, day=None), ""):
                return length
    raise NotUnderstood("How much a day? For example `7h30` or `8h`; `none` is for no target.")


def unquote(words: str) -> str:
    return words.strip(' "“”')
