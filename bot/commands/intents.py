"""What somebody can mean by a command, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.entries.entries import LogWish, StartWish
from domain.entries.exports import ExportWish
from domain.identity.people import Role
from domain.identity.preferences import PreferencesWish
from domain.identity.tokens import TokenWish
from domain.language.days_off import DaysOffRequest
from domain.reports.reports import Dimension
from domain.time.days import DayPhrase
from domain.time.periods import PeriodPhrase, WeekPhrase
from domain.time.time_points import TimePoint
from domain.webhooks.endpoints import Provider


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
    when: TimePoint | None


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class ShowDay:
    """`day` as it was named; None is today."""

    day: DayPhrase | None = None


@dataclass(frozen=True, slots=True)
class Report:
    said: PeriodPhrase
    by: Dimension


@dataclass(frozen=True, slots=True)
class Export:
    wish: ExportWish


@dataclass(frozen=True, slots=True)
class HowToImport:
    """A file is dropped, not typed."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Asks first."""


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class SetPreferences:
    wish: PreferencesWish


@dataclass(frozen=True, slots=True)
class TakeOff:
    wish: DaysOffRequest


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
class Here:
    """What this channel tracks on: `name` gives it a project, `nothing` takes it away, neither only asks."""

    name: str = ""
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class ShowTeam:
    pass


@dataclass(frozen=True, slots=True)
class GiveRole:
    """`to` is a Slack id."""

    to: str
    role: Role


@dataclass(frozen=True, slots=True)
class SubmitWeek:
    """`said` is the week as it was named; None is the one that is due."""

    said: WeekPhrase | None


class Form(StrEnum):
    START = "start"
    LOG = "log"
    SUGGESTION = "suggestion"  # the same, filled in from one
    IMPORT = "import"
    EDIT = "edit"
    PROJECT = "project"
    SETTINGS = "settings"
    RETURN = "return"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class OpenForm:
    form: Form


@dataclass(frozen=True, slots=True)
class MakeToken:
    wish: TokenWish


@dataclass(frozen=True, slots=True)
class RevokeToken:
    name: str


@dataclass(frozen=True, slots=True)
class MakeLinkCode:
    """To join an account of the REST API."""


@dataclass(frozen=True, slots=True)
class EndMyLink:
    """The account of the REST API that is linked to the person is its own again."""


@dataclass(frozen=True, slots=True)
class ShowAccess:
    """What lets another person in from outside of Slack; `of` is their Slack id. For admins."""

    of: str


@dataclass(frozen=True, slots=True)
class SetZone:
    """`zone` is the one that is theirs; None only asks."""

    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class Connect:
    """Makes a webhook endpoint; `name` is what people call it."""

    provider: Provider
    name: str


@dataclass(frozen=True, slots=True)
class ListEndpoints:
    pass


@dataclass(frozen=True, slots=True)
class Disconnect:
    name: str


@dataclass(frozen=True, slots=True)
class Help:
    about: "Command | None"


@dataclass(frozen=True, slots=True)
class Unknown:
    """`suggestion` is a whole command line that may have been meant, without the slash command, as Slack would send
    it: it is read once more when it is pressed."""

    typed: str
    suggestion: str | None


ProjectIntent = ListProjects | MakeProject | RenameProject | ArchiveProject | Here
TimerIntent = Status | Start | Stop | Log | Resume | Undo | Delete
Shown = ShowDay | Report | ShowTeam | Export | HowToImport | SubmitWeek
EndpointIntent = Connect | ListEndpoints | Disconnect
Access = MakeToken | RevokeToken | MakeLinkCode | EndMyLink | ShowAccess
Chosen = SetPreferences | TakeOff | DigestNow | GiveRole | SetZone
Intent = TimerIntent | Shown | ProjectIntent | EndpointIntent | Chosen | Access | OpenForm | Help | Unknown


@dataclass(frozen=True, slots=True)
class Command:
    """`rest` parses what follows the name; it raises NotUnderstood with an example that works. With `mentions` it is
    given people as Slack writes them, `<@U…|name>`."""

    name: str
    usage: str
    about: str
    examples: tuple[str, ...]
    rest: Callable[[str], Intent]
    mentions: bool = False
