"""An act: one thing asked for once, by somebody, through some door."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Source(StrEnum):
    SLACK = "slack"
    WEBHOOK = "webhook"
    CLOCK = "clock"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`key` is unique for the thing asked for, not for the attempt: a delivery that is repeated carries the
    same key. `who` is the Slack id of the person it is for, or empty where it concerns nobody in particular."""

    workspace_id: UUID
    source: Source
    key: str
    who: str
