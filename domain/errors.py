"""Errors whose text is shown to the person: what happened, and what to do next."""

from domain.quotas import Allowance


class Refusal(Exception):
    """The request was understood and refused; nothing was changed. `sentence` is for the person, in plain text."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotUnderstood(Refusal):
    """The words are no time, command or name that we know."""


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else: callers can not tell which."""


class Overlap(Refusal):
    """The entry would share time with other entries of the same person."""


class WeekLocked(Refusal):
    """The change touches a week that is submitted or approved."""


class FieldErrors(Refusal):
    """A form was refused. `fields` holds a sentence for each wrong field, by its name; `doubled` names the fields whose
    time the clocks show twice."""

    def __init__(self, fields: dict[str, str], *, doubled: frozenset[str] = frozenset()) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
        self.doubled = doubled


class UnknownProjectId(FieldErrors):
    """A project was chosen by its id, and does not exist or is archived."""

    def __init__(self) -> None:
        super().__init__({"project": "That project is archived by now. Please choose another one."})


class ChangedMeanwhile(Refusal):
    """The entry has changed since the person looked at it."""


class NotAllowed(Refusal):
    """The person may not do this."""


class AccessEnded(NotAllowed):
    """The person was deactivated in Slack, or belongs to another company."""


class NotYetVerified(Refusal):
    """Slack has not said yet who this person is; the same request may work in a moment."""


class ZoneUnknown(Refusal):
    """The person's time zone is not known, and the operation needs it."""


class NameTaken(Refusal):
    """Something else of the kind has that name already."""


class InUse(Refusal):
    """Something else refers to it, so it can not be deleted."""


class KeyReused(Refusal):
    """The idempotency key was used for a different request; this one was not carried out."""


class PersonUnknown(Exception):
    """This workspace has no such person yet."""

    def __init__(self, who: str) -> None:
        super().__init__("this person is not known here yet")
        self.who = who


class NotSaved(Refusal):
    """Nothing was saved, and nothing will be: the transaction was not committed."""


class CommitUnknown(Refusal):
    """The commit was sent and its answer did not come in time. The outcome is looked up, and the person is told."""


class UnknownProject(NotFound):
    """There is no project of that name. `name` is the title that could be made."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no project called “{name}”. Nothing was changed.")
        self.name = name


class LoginFailed(Refusal):
    """The address, the password or the refresh token is wrong or has ended; callers are not told which."""


class EmailTaken(Refusal):
    """Another account has this e-mail address."""


class QuotaExceeded(Refusal):
    """The caller's quota is used up. `allowance` says when the next call is possible."""

    def __init__(self, sentence: str, allowance: Allowance) -> None:
        super().__init__(sentence)
        self.allowance = allowance


class Busy(Refusal):
    """Too many requests at this moment. The same request may work after `retry_after` seconds."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
