"""What somebody can mean by a command, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from domain.entries import LogWish, StartWish
from domain.moments import Moment
from domain.reports import Period
from domain.time_words import Day


@dataclass(frozen=True, slots=True)
class Status:
    pass


@dataclass(frozen=True, slots=True)
class Start:
    wish: StartWish


@dataclass(frozen=True, slots=True)
class Log:
    wish: LogWish


@dataclass(frozen=True, slots=True)
class Stop:
    when: Moment | None


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class ShowDay:
    """`day` as it was named; None is today."""

    day: Day | None = None


@dataclass(frozen=True, slots=True)
class ShowPeriod:
    period: Period


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class SetDigest:
    """`at` is a local time of day; None leaves the one that was chosen."""

    on: bool
    at: time | None = None


@dataclass(frozen=True, slots=True)
class DigestNow:
    pass


@dataclass(frozen=True, slots=True)
class ListProjects:
    pass


@dataclass(frozen=True, slots=True)
class MakeProject:
    title: str


@dataclass(frozen=True, slots=True)
class RenameProject:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ArchiveProject:
    name: str


@dataclass(frozen=True, slots=True)
class MakeToken:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    about: "Command | None"


@dataclass(frozen=True, slots=True)
class Unknown:
    """`suggestion` is a whole command line that may have been meant, without the slash command."""

    typed: str
    suggestion: str | None


ProjectIntent = ListProjects | MakeProject | RenameProject | ArchiveProject
Shown = ShowDay | ShowPeriod
Intent = (
    Status
    | Start
    | Stop
    | Log
    | Resume
    | Undo
    | Shown
    | ProjectIntent
    | SetDigest
    | DigestNow
    | MakeToken
    | Help
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Command:
    """`rest` parses what follows the name; it raises NotUnderstood with an example that works."""

    name: str
    usage: str
    about: str
    examples: tuple[str, ...]
    rest: Callable[[str], Intent]
