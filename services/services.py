"""Everything that can be asked for, in one place."""

from collections.abc import Sequence
from datetime import timedelta

from domain.entries.exports import MOST_EXPORTED
from domain.identity.accounts import ANYBODY, SignUpRule
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
from services.operations import DEADLINE_SECONDS, OperationRunner
from services.outbox.deliveries import ATTEMPT, LEASE, Deliveries
from services.outbox.live_messages import LiveMessages
from services.outbox.notifier import Notifier
from services.outbox.slack_rate_limits import SlackRateLimits
from services.projects.catalog import Catalog
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
    """`keys` sign and derive: the first makes, all are recognized. `lease` is for tests that freeze replicas,
    `deadline` for tests that are about something else and run on a machine that has other things to do, `hash_cost` for
    tests that log in and are not about passwords, and `most_joining` and `most_exported` for tests of how many entries
    come along with an account and are in a file."""

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        keys: Sequence[bytes],
        *,
        lease: timedelta = LEASE,
        attempt: timedelta = ATTEMPT,
        sign_up: SignUpRule = ANYBODY,
        deadline: float = DEADLINE_SECONDS,
        hash_cost: HashCost = OWASP_COST,
        most_joining: int = MOST_ENTRIES,
        most_exported: int = MOST_EXPORTED,
    ) -> None:
        self._runner = OperationRunner(database, deadline)
        self._passwords = Passwords(hash_cost)
        access_tokens = AccessTokens(keys)
        self.limits = Quotas(database)
        self.accounts = Accounts(database, self._runner, self._passwords, self.limits, sign_up)
        self.catalog = Catalog(database, self._runner)
        self.credentials = Credentials(self._runner)
        self.days = Days(self._runner)
        self.days_off = DaysOff(self._runner)
        self.lanes = SlackRateLimits(database)
        self.deliveries = Deliveries(database, notifier, self.lanes, lease=lease, attempt=attempt)
        self.digests = Digests(database, self._runner)
        self.endpoints = Endpoints(database, self._runner, keys)
        self.entries = Entries(database)
        self.exports = Exports(self._runner, most=most_exported)
        self.hooks = IncomingWebhooks(database, self._runner)
        self.imports = Imports(database, self._runner)
        self.operations = Maintenance(database)
        self.links = Links(database, self._runner, self.limits, keys, most=most_joining)
        self.people = People(database, self._runner)
        self.membership = Membership(database, self._runner, self.people, self.lanes)
        self.projects = Projects(database, self._runner)
        self.reminders = Reminders(database)
        self.reports = Reports(database, self._runner)
        self.sessions = Sessions(database, self._passwords, self.limits, access_tokens, keys)
        self.settings = Settings(self._runner)
        self.suggestions = Suggestions(database, self._runner)
        self.surfaces = LiveMessages(database, notifier, self.lanes, lease=lease, attempt=attempt)
        self.team = Team(self._runner)
        self.timers = Timers(self._runner)
        self.timesheets = Timesheets(database, self._runner)
        self.tokens = Tokens(database, self._runner, keys)
        self.watching = ForgottenTimers(database, self._runner)
        self.weekly = Weekly(database)
        self.bearers = Authentication(database, self.tokens, access_tokens)

    async def close(self) -> None:
        await self._runner.close()
        await self.endpoints.unsigned.close()
        self._passwords.close()
