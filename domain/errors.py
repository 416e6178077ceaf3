"""Errors whose text the person sees: what happened, and what to do next."""

from domain.quotas import Allowance


class Refusal(Exception):
    """The request was understood but refused; nothing was changed. `sentence` is for the person, in plain text."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotUnderstood(Refusal):
    """The text holds no time, command or name that can be read."""


class NotFound(Refusal):
    """The thing does not exist, or it belongs to somebody else: callers can not tell which."""


class Overlap(Refusal):
    """The entry would share time with other entries of the same person."""


class WeekLocked(Refusal):
    """The change touches a week that is submitted or approved."""


class FieldErrors(Refusal):
    """A form was refused. `fields` maps the names of wrong fields to sentences. `repeated_times` names the fields with
    a local time that occurs twice, because the clocks were set back."""

    def __init__(self, fields: dict[str, str], *, repeated_times: frozenset[str] = frozenset()) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
        self.repeated_times = repeated_times


class UnknownProjectId(FieldErrors):
    """The chosen project id does not exist, or its project is archived."""

    def __init__(self) -> None:
        super().__init__({"project": "That project is archived by now. Please choose another one."})


class ChangedMeanwhile(Refusal):
    """The entry has changed since the person looked at it."""


class NotAllowed(Refusal):
    """The person may not do this."""


class AccessEnded(NotAllowed):
    """The person was deactivated in Slack, or belongs to another company."""


class NotYetVerified(Refusal):
    """Slack has not yet confirmed the person's standing; the same request may succeed in a moment."""


class ZoneUnknown(Refusal):
    """The person's time zone is not known, and the operation needs it."""


class NameTaken(Refusal):
    """Another thing of the same kind has that name already."""


class InUse(Refusal):
    """Other data refers to it, so it can not be deleted."""


class KeyReused(Refusal):
    """The idempotency key was used for a different request; this request was not carried out."""


class PersonUnknown(Exception):
    """The workspace has no such person yet."""

    def __init__(self, who: str) -> None:
        super().__init__("this person is not known here yet")
        self.who = who


class NotSaved(Refusal):
    """Nothing was saved, and nothing will be: the transaction was not committed."""


class CommitUnknown(Refusal):
    """The commit was sent, but its answer did not come in time. The service looks up the outcome and tells the
    person."""


class UnknownProject(NotFound):
    """There is no project of that name. `name` is the title under which it could be created."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no project called “{name}”. Nothing was changed.")
        self.name = name


class LoginFailed(Refusal):
    """The address, the password or the refresh token is wrong or expired; callers do not learn which."""


class EmailTaken(Refusal):
    """Another account has this e-mail address."""


class QuotaExceeded(Refusal):
    """The caller's quota is used up. `allowance` says when the next call is possible."""

    def __init__(self, sentence: str, allowance: Allowance) -> None:
        super().__init__(sentence)
        self.allowance = allowance


class Busy(Refusal):
    """The service is overloaded. The same request may succeed after `retry_after` seconds."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
