"""Messages of ours that stand in Slack, by what they show."""

from enum import StrEnum


class LiveMessageKind(StrEnum):
    """What a message shows. Each is rewritten when that changes, except for a look back, which stays as it was."""

    CARD = "card"  # of an entry, for its person
    SHARED_CARD = "shared"  # of an entry, for everybody in a channel
    QUESTION = "question"  # about a running timer; once it is answered, its card
    DAY = "day"  # the answer to a command
    DIGEST = "digest"  # of a day, in the evening
    WEEK = "week"  # that is submitted
    LOOK_BACK = "look_back"  # at a week
    HOME = "home"  # the Home tab
