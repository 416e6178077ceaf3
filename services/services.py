"""The object that holds all services."""

from collections.abc import Sequence
from datetime import timedelta

from domain.entries.exports import MOST_EXPORTED
from domain.identity.accounts import OPEN_SIGN_UP, SignUpRule
from services.entries.days import Days
from services.entries.entries import Entries
from services.entries.exports import Exports
from services.entries.forgotten_timers import ForgottenTimers
from services.entries.imports import Imports
from services.entries.suggestions import Suggestions
from services.entries.timers import Timers
from services.identity.access_tokens import AccessTokens
from services.identity.accounts import Accounts
from services.identity.authentication import Authentication
from services.identity.credentials import Credentials
from services.identity.days_off import DaysOff
from services.identity.links import MOST_ENTRIES, Links
from services.identity.membership import Membership
from services.identity.passwords import OWASP_COST, HashCost, Passwords
from services.identity.people import People
from services.identity.quotas import Quotas
from services.identity.sessions import Sessions
from services.identity.settings import Settings
from services.identity.tokens import Tokens
from services.maintenance import Maintenance
from services.operations.runner import DEADLINE_SECONDS, OperationRunner
from services.outbox.live_messages import LiveMessages
from services.outbox.notifier import Notifier
from services.outbox.outbox import ATTEMPT, LEASE, Outbox
from services.outbox.slack_rate_limits import SlackRateLimits
from services.projects.projects import Projects
from services.reports.digests import Digests
from services.reports.reminders import Reminders
from services.reports.reports import Reports
from services.reports.team import Team
from services.reports.timesheets import Timesheets
from services.reports.weekly import Weekly
from services.webhooks.endpoints import Endpoints
from services.webhooks.incoming import IncomingWebhooks
from storage.postgres.database import Database


class Services:
    """Holds all services. The first of `keys` makes new tokens and signatures; all of them are accepted.

    The other parameters are for tests: `lease` for tests that freeze replicas, `deadline` for tests that run on a
    busy machine, `hash_cost` for tests that log in often, `most_joining` and `most_exported` for tests of the largest
    number of entries that come along with an account or are in one file.
    """

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        keys: Sequence[bytes],
        *,
        lease: timedelta = LEASE,
        attempt: timedelta = ATTEMPT,
        sign_up: SignUpRule = OPEN_SIGN_UP,
        deadline: float = DEADLINE_SECONDS,
        hash_cost: HashCost = OWASP_COST,
        most_joining: int = MOST_ENTRIES,
        most_exported: int = MOST_EXPORTED,
    ) -> None:
        self.runner = OperationRunner(database, deadline)
        self._passwords = Passwords(hash_cost)
        access_tokens = AccessTokens(keys)
        self.quotas = Quotas(database)
        self.accounts = Accounts(database, self.runner, self._passwords, self.quotas, sign_up)
        self.credentials = Credentials(self.runner)
        self.days = Days(self.runner)
        self.days_off = DaysOff(self.runner)
        self.slack_rate_limits = SlackRateLimits(database)
        self.outbox = Outbox(database, notifier, self.slack_rate_limits, lease=lease, attempt=attempt)
        self.digests = Digests(database, self.runner)
        self.endpoints = Endpoints(database, self.runner, keys)
        self.entries = Entries(database)
        self.exports = Exports(self.runner, most=most_exported)
        self.incoming_webhooks = IncomingWebhooks(database, self.runner)
        self.imports = Imports(database, self.runner)
        self.maintenance = Maintenance(database)
        self.links = Links(database, self.runner, self.quotas, keys, most=most_joining)
        self.people = People(database, self.runner)
        self.membership = Membership(database, self.runner, self.people, self.slack_rate_limits)
        self.projects = Projects(database, self.runner)
        self.reminders = Reminders(database)
        self.reports = Reports(database, self.runner)
        self.sessions = Sessions(database, self._passwords, self.quotas, access_tokens, keys)
        self.settings = Settings(self.runner)
        self.suggestions = Suggestions(database, self.runner)
        self.live_messages = LiveMessages(
            database, notifier, self.slack_rate_limits, lease=lease, attempt=attempt
        )
        self.team = Team(self.runner)
        self.timers = Timers(self.runner)
        self.timesheets = Timesheets(database, self.runner)
        self.tokens = Tokens(database, self.runner, keys)
        self.forgotten_timers = ForgottenTimers(database, self.runner)
        self.weekly = Weekly(database)
        self.authentication = Authentication(database, self.tokens, access_tokens)

    async def close(self) -> None:
        await self.runner.close()
        await self.endpoints.unsigned.close()
        self._passwords.close()
