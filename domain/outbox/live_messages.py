"""Kinds of live messages, by the thing that they show."""

from enum import StrEnum


class LiveMessageKind(StrEnum):
    """The kinds of live messages. Each is rewritten when its contents change, except a look back, which stays as it
    was."""

    CARD = "card"  # of an entry, for its person
    SHARED_CARD = "shared"  # of an entry, for everybody in a channel
    QUESTION = "question"  # about a running timer; replaced by its card once it is answered
    DAY = "day"  # the answer to a command
    DIGEST = "digest"  # of a day, sent in the evening
    WEEK = "week"  # card of a submitted week
    LOOK_BACK = "look_back"  # summary of a week
    HOME = "home"  # the Home tab
