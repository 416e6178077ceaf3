"""What there is in the workspace: people, channels, messages. Plain memory."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

TEAM_ID, TEAM_DOMAIN, TEAM_NAME = "T0LOCAL", "local", "Local workspace"
BOT_USER, BOT_ID, APP_ID, BOT_NAME = "U0TRACKER", "B0TRACKER", "A0TRACKER", "Truth Time Tracker"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    tz: str
    locale: str
    email: str

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True, slots=True)
class Channel:
    """`person` is set for the direct messages between that person and the bot."""

    id: str
    name: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`author` is a user id. An ephemeral one is seen by `ephemeral_for` alone."""

    channel: str
    ts: str
    author: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    ephemeral_for: str | None = None
    thread_ts: str | None = None
    edited: bool = False

    def as_json(self) -> Json:
        """The message object of Slack's Web API."""
        from_bot = {"bot_id": BOT_ID, "app_id": APP_ID} if self.author == BOT_USER else {}
        thread = {"thread_ts": self.thread_ts} if self.thread_ts else {}
        return {
            "type": "message",
            "user": self.author,
            "ts": self.ts,
            "text": self.text,
            "team": TEAM_ID,
            "blocks": list(self.blocks),
            **from_bot,
            **thread,
        }


THREE_PEOPLE = (
    Person("U0ADA", "Ada Park", "Europe/Berlin", "de-DE", "ada@example.com"),
    Person("U0BEN", "Ben Okafor", "America/New_York", "en-US", "ben@example.com"),
    Person("U0CHIKA", "Chika Mori", "Asia/Tokyo", "ja-JP", "chika@example.com"),
)


@dataclass
class Workspace:
    """`clock` gives seconds since 1970; message timestamps are made of it, and never repeat."""

    clock: Callable[[], float]
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    changed: list[Callable[[], None]] = field(default_factory=list)
    _messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _last_ts: int = 0
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        for person in THREE_PEOPLE:
            self.add_person(person)
        for channel in (Channel("C0GENERAL", "general"), Channel("C0API", "api")):
            self.channels[channel.id] = channel

    def add_person(self, person: Person) -> None:
        self.people[person.id] = person
        dm = Channel("D" + person.id[1:], BOT_NAME, person=person.id)
        self.channels[dm.id] = dm

    def dm(self, user_id: str) -> str:
        """The channel id of that person's direct messages with the bot. Raises KeyError."""
        return next(
            channel.id for channel in self.channels.values() if channel.person == self.people[user_id].id
        )

    def place(self, channel_or_user: str) -> Channel | None:
        if channel_or_user in self.people:
            return self.channels[self.dm(channel_or_user)]
        return self.channels.get(channel_or_user)

    def unique(self) -> int:
        return next(self._ids)

    def post(self, message: Message) -> Message:
        """Stores it under a timestamp of its own."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        ts = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
        stored = replace(message, ts=ts)
        self._messages.setdefault(message.channel, {})[ts] = stored
        self._tell()
        return stored

    def find(self, channel: str, ts: str) -> Message | None:
        return self._messages.get(channel, {}).get(ts)

    def rewrite(self, message: Message, text: str, blocks: tuple[Json, ...]) -> Message:
        rewritten = replace(message, text=text, blocks=blocks, edited=True)
        self._messages[message.channel][message.ts] = rewritten
        self._tell()
        return rewritten

    def delete(self, message: Message) -> None:
        self._messages.get(message.channel, {}).pop(message.ts, None)
        self._tell()

    def messages(self, channel: str) -> list[Message]:
        """Oldest first, ephemeral ones too."""
        return list(self._messages.get(channel, {}).values())

    def clear(self) -> None:
        self._messages.clear()
        self._tell()

    def _tell(self) -> None:
        for listener in self.changed:
            listener()
