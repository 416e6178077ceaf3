"""Errors whose text is shown to the person: one sentence of what happened and what to do next."""

from domain.quotas import Allowance


class Refusal(Exception):
    """Understood and refused: nothing was changed. The message is for the person, in plain text."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotUnderstood(Refusal):
    """The words were not a time, a command or a name that we know."""


class NotFound(Refusal):
    """There is no such thing here, or it belongs to somebody else: both look the same."""


class Overlap(Refusal):
    """The entry would share time with other entries of the same person."""


class WeekLocked(Refusal):
    """It would change time in a week that is submitted or approved."""


class FieldErrors(Refusal):
    """A form was refused. `fields` holds a sentence for each field that is wrong, by the field's name; `doubled`
    names those whose time the clocks show twice."""

    def __init__(self, fields: dict[str, str], *, doubled: frozenset[str] = frozenset()) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
        self.doubled = doubled


class UnknownProjectId(FieldErrors):
    """Chosen by its id, and not there, or archived."""

    def __init__(self) -> None:
        super().__init__({"project": "That project is archived by now. Please choose another one."})


class ChangedMeanwhile(Refusal):
    """The entry is not the one that the person looked at any more."""


class NotAllowed(Refusal):
    """Something that this person may see but not do."""


class AccessEnded(NotAllowed):
    """Slack says that this person was deactivated, or belongs to another company."""


class NotYetVerified(Refusal):
    """Slack has not said yet who this person is: it may be asked for again in a moment."""


class ZoneUnknown(Refusal):
    """Nobody has said which time zone this person's clock goes by."""


class NameTaken(Refusal):
    """Another one is called so."""


class InUse(Refusal):
    """Something else refers to it."""


class KeyReused(Refusal):
    """The key was spent on something else: what is asked for now was not done."""


class PersonUnknown(Exception):
    """This workspace has no such person yet."""

    def __init__(self, who: str) -> None:
        super().__init__("this person is not known here yet")
        self.who = who


class NotSaved(Refusal):
    """Certainly nothing was saved: the transaction was never committed and never will be."""


class CommitUnknown(Refusal):
    """The commit was sent and its answer did not come back in time: it is looked up, and the person is told."""


class UnknownProject(NotFound):
    """Named as a project, and there is none of that name. `name` is what could be made."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no project called “{name}”. Nothing was changed.")
        self.name = name


class LoginFailed(Refusal):
    """The address, the password or the refresh token is wrong or has ended: which of them is not said."""


class EmailTaken(Refusal):
    """Another account has this e-mail address."""


class QuotaExceeded(Refusal):
    """Asked for more often than is allowed. `allowance` says when it may be tried again."""

    def __init__(self, sentence: str, allowance: Allowance) -> None:
        super().__init__(sentence)
        self.allowance = allowance


class Busy(Refusal):
    """Too many ask for it at this moment. It may be tried again after `retry_after` seconds."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
