"""The content of the workspace, in memory: people, channels, messages."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from local_slack.files import File, Files
from local_slack.views import Views

TEAM_ID, TEAM_DOMAIN, TEAM_NAME = "T0LOCAL", "local", "Local workspace"
BOT_USER, BOT_ID, APP_ID, BOT_NAME = "U0TRACKER", "B0TRACKER", "A0TRACKER", "Truth Time Tracker"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the workspace.

    `admin` is an admin of the workspace, `guest` a guest of several channels, `single_channel` a guest of one. `team`
    is the other workspace of somebody whose company shares a channel. If `tz` is None, Slack knows no zone of theirs,
    only the `offset` from UTC in seconds, if any. `quiet` is the begin and end of their do-not-disturb, in seconds
    since 1970.
    """

    id: str
    name: str
    tz: str | None
    locale: str = "en-US"
    email: str = ""
    deleted: bool = False
    admin: bool = False
    quiet: tuple[float, float] = (0.0, 0.0)
    guest: bool = False
    single_channel: bool = False
    bot: bool = False
    team: str = TEAM_ID
    offset: int | None = None
    enterprise_teams: tuple[str, ...] = ()  # in an organization, the workspaces to which they belong

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel. `person` is set for the direct messages between that person and the bot."""

    id: str
    name: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message by `user`. An ephemeral one is visible to `ephemeral_for` alone."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    ephemeral_for: str | None = None
    thread_ts: str | None = None
    edited: bool = False
    deleted: bool = False
    files: tuple[File, ...] = ()
    attachments: tuple[Json, ...] = ()  # https://docs.slack.dev/messaging/formatting-message-text#attachments

    def as_json(self) -> Json:
        """Return the message object of Slack's Web API; blocks without an id get one."""
        from_bot = {"bot_id": BOT_ID, "app_id": APP_ID} if self.user == BOT_USER else {}
        thread = {"thread_ts": self.thread_ts} if self.thread_ts else {}
        edited = {"edited": {"user": self.user, "ts": self.ts}} if self.edited else {}
        blocks = [{"block_id": f"b{index}", **block} for index, block in enumerate(self.blocks)]
        return {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": TEAM_ID,
            "blocks": blocks,
            **from_bot,
            **thread,
            **edited,
            **({"files": [file.as_json() for file in self.files], "upload": True} if self.files else {}),
            **({"attachments": [*self.attachments]} if self.attachments else {}),
        }


THREE_PEOPLE = (
    Person("U0ADA", "Ada Park", "Europe/Berlin", "de-DE", "ada@example.com", admin=True),
    Person("U0BEN", "Ben Okafor", "America/New_York", "en-US", "ben@example.com"),
    Person("U0CHIKA", "Chika Mori", "Asia/Tokyo", "ja-JP", "chika@example.com"),
)
TWO_CHANNELS = (Channel("C0GENERAL", "general"), Channel("C0API", "api"))


@dataclass
class Workspace:
    """The workspace. `clock` returns seconds since 1970. Message timestamps are made from it, and are unique."""

    clock: Callable[[], float]
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    changed: list[Callable[[], None]] = field(default_factory=list)
    _messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _dms: dict[str, str] = field(default_factory=dict)
    _last_ts: int = 0
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.views = Views(self.clock, self.next_id)
        self.files = Files(self.clock, self.next_id)
        for person in THREE_PEOPLE:
            self.add_person(person)
        self.channels |= {channel.id: channel for channel in TWO_CHANNELS}

    def add_person(
        self, person: Person | str, name: str = "", tz: str = "UTC", locale: str = "en-US", email: str = ""
    ) -> Person:
        """Add a person, or replace the one with that id."""
        one = Person(person, name, tz, locale, email) if isinstance(person, str) else person
        self.people[one.id] = one
        dm = Channel("D" + one.id[1:], BOT_NAME, person=one.id)
        self.channels[dm.id] = dm
        self._dms[one.id] = dm.id
        self.notify()
        return one

    def dm(self, user_id: str) -> str:
        """Return the channel id of that person's direct messages with the bot. Raises KeyError."""
        return self._dms[user_id]

    def find_channel(self, channel_or_user: str) -> Channel | None:
        return self.channels.get(self._dms.get(channel_or_user, channel_or_user))

    def next_id(self) -> int:
        return next(self._ids)

    def post(self, message: Message) -> Message:
        """Store the message under a new timestamp."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        ts = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
        stored = replace(message, ts=ts)
        self._messages.setdefault(message.channel, {})[ts] = stored
        self.notify()
        return stored

    def find(self, channel: str, ts: str) -> Message | None:
        found = self._messages.get(channel, {}).get(ts)
        return None if found is None or found.deleted else found

    def rewrite(
        self, message: Message, text: str, blocks: tuple[Json, ...], *, metadata: Json | None = None
    ) -> Message:
        # Slack marks a message as edited when its plain text was changed, not when its blocks were.
        edited = message.edited or not blocks
        rewritten = replace(
            message, text=text, blocks=blocks, edited=edited, metadata=metadata or message.metadata
        )
        self._messages[message.channel][message.ts] = rewritten
        self.notify()
        return rewritten

    def delete(self, message: Message) -> None:
        stored = self.find(message.channel, message.ts)
        if stored:
            self._messages[message.channel][message.ts] = replace(stored, deleted=True)
            self.notify()

    def messages(self, channel: str, *, deleted: bool = False) -> list[Message]:
        """Return the messages, oldest first, including ephemeral ones. Deleted ones are included only on request."""
        found = self._messages.get(channel, {}).values()
        return [message for message in found if deleted or not message.deleted]

    def clear(self) -> None:
        self._messages.clear()
        self.views.clear()
        self.files.clear()
        self.notify()

    def notify(self) -> None:
        """Tell open pages that something that they show has changed."""
        for listener in self.changed:
            listener()
