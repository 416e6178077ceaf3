"""What there is in the workspace: people, channels, messages. Plain memory."""

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
    """`admin` is an admin of their workspace, `guest` one of several channels, `single_channel` a guest of one.
    `team` is another workspace's for somebody whose company shares a channel. `tz` None: Slack knows no zone of them,
    and only the `offset` from UTC, in seconds, if any."""

    id: str
    name: str
    tz: str | None
    locale: str = "en-US"
    email: str = ""
    deleted: bool = False
    admin: bool = False
    quiet: tuple[float, float] = (0.0, 0.0)  # from when to when they are in do-not-disturb
    guest: bool = False
    single_channel: bool = False
    bot: bool = False
    team: str = TEAM_ID
    offset: int | None = None
    enterprise_teams: tuple[str, ...] = ()  # in an organization, the workspaces they are in

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
    """`user` is its author. An ephemeral one is seen by `ephemeral_for` alone."""

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
        """The message object of Slack's Web API. Blocks that were sent without an id have got one."""
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
    """`clock` gives seconds since 1970; message timestamps are made of it, and never repeat."""

    clock: Callable[[], float]
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    changed: list[Callable[[], None]] = field(default_factory=list)
    _messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _dms: dict[str, str] = field(default_factory=dict)
    _last_ts: int = 0
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.views = Views(self.clock, self.unique)
        self.files = Files(self.clock, self.unique)
        for person in THREE_PEOPLE:
            self.add_person(person)
        self.channels |= {channel.id: channel for channel in TWO_CHANNELS}

    def add_person(
        self, person: Person | str, name: str = "", tz: str = "UTC", locale: str = "en-US", email: str = ""
    ) -> Person:
        """A person, or what makes one. Who is there already is changed."""
        one = Person(person, name, tz, locale, email) if isinstance(person, str) else person
        self.people[one.id] = one
        dm = Channel("D" + one.id[1:], BOT_NAME, person=one.id)
        self.channels[dm.id] = dm
        self._dms[one.id] = dm.id
        self.tell()
        return one

    def dm(self, user_id: str) -> str:
        """The channel id of that person's direct messages with the bot. Raises KeyError."""
        return self._dms[user_id]

    def place(self, channel_or_user: str) -> Channel | None:
        return self.channels.get(self._dms.get(channel_or_user, channel_or_user))

    def unique(self) -> int:
        return next(self._ids)

    def post(self, message: Message) -> Message:
        """Stores it under a timestamp of its own."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        ts = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
        stored = replace(message, ts=ts)
        self._messages.setdefault(message.channel, {})[ts] = stored
        self.tell()
        return stored

    def find(self, channel: str, ts: str) -> Message | None:
        found = self._messages.get(channel, {}).get(ts)
        return None if found is None or found.deleted else found

    def rewrite(
        self, message: Message, text: str, blocks: tuple[Json, ...], *, metadata: Json | None = None
    ) -> Message:
        # Slack marks a message as edited when its plain text was, not when its blocks were.
        edited = message.edited or not blocks
        rewritten = replace(
            message, text=text, blocks=blocks, edited=edited, metadata=metadata or message.metadata
        )
        self._messages[message.channel][message.ts] = rewritten
        self.tell()
        return rewritten

    def delete(self, message: Message) -> None:
        stored = self.find(message.channel, message.ts)
        if stored:
            self._messages[message.channel][message.ts] = replace(stored, deleted=True)
            self.tell()

    def messages(self, channel: str, *, deleted: bool = False) -> list[Message]:
        """Oldest first, ephemeral ones too; those that were deleted only when asked for."""
        found = self._messages.get(channel, {}).values()
        return [message for message in found if deleted or not message.deleted]

    def clear(self) -> None:
        self._messages.clear()
        self.views.clear()
        self.files.clear()
        self.tell()

    def tell(self) -> None:
        """Something that a page shows is no longer what it was."""
        for listener in self.changed:
            listener()
