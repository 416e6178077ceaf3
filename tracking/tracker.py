"""Everything that can be asked for, in one place."""

from collections.abc import Sequence
from datetime import timedelta

from domain.accounts import ANYBODY, SignUpRule
from storage.database import Database
from tracking.access_tokens import AccessTokens
from tracking.accounts import Accounts
from tracking.acts import DEADLINE_SECONDS, Acts
from tracking.bearers import Bearers
from tracking.catalog import Catalog
from tracking.credentials import Credentials
from tracking.days import Days
from tracking.deliveries import ATTEMPT, LEASE, Deliveries
from tracking.digests import Digests
from tracking.endpoints import Endpoints
from tracking.entries import Entries
from tracking.exports import Exports
from tracking.hooks import Hooks
from tracking.imports import Imports
from tracking.lanes import Lanes
from tracking.limits import Limits
from tracking.links import Links
from tracking.membership import Membership
from tracking.notifier import Notifier
from tracking.operations import Operations
from tracking.passwords import OWASP_COST, HashCost, Passwords
from tracking.people import People
from tracking.projects import Projects
from tracking.reminders import Reminders
from tracking.reports import Reports
from tracking.sessions import Sessions
from tracking.settings import Settings
from tracking.suggestions import Suggestions
from tracking.surfaces import Surfaces
from tracking.team import Team
from tracking.timers import Timers
from tracking.timesheets import Timesheets
from tracking.tokens import Tokens
from tracking.watching import Watching
from tracking.weekly import Weekly


class Tracker:
    """`keys` sign and derive: the first makes, all are recognized. `lease` is for tests that freeze replicas,
    `deadline` for tests that are about something else and run on a machine that has other things to do, and `hash_cost`
    for tests that log in and are not about passwords."""

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
    ) -> None:
        self._acts = Acts(database, deadline)
        self._passwords = Passwords(hash_cost)
        access_tokens = AccessTokens(keys)
        self.limits = Limits(database)
        self.accounts = Accounts(database, self._acts, self._passwords, self.limits, sign_up)
        self.catalog = Catalog(database, self._acts)
        self.credentials = Credentials(self._acts)
        self.days = Days(self._acts)
        self.lanes = Lanes(database)
        self.deliveries = Deliveries(database, notifier, self.lanes, lease=lease, attempt=attempt)
        self.digests = Digests(database, self._acts)
        self.endpoints = Endpoints(database, self._acts, keys)
        self.entries = Entries(database)
        self.exports = Exports(self._acts)
        self.hooks = Hooks(database, self._acts)
        self.imports = Imports(database, self._acts)
        self.operations = Operations(database)
        self.links = Links(database, self._acts, self.limits, keys)
        self.people = People(database, self._acts)
        self.membership = Membership(database, self._acts, self.people, self.lanes)
        self.projects = Projects(database, self._acts)
        self.reminders = Reminders(database)
        self.reports = Reports(database, self._acts)
        self.sessions = Sessions(database, self._passwords, self.limits, access_tokens, keys)
        self.settings = Settings(self._acts)
        self.suggestions = Suggestions(database, self._acts)
        self.surfaces = Surfaces(database, notifier, self.lanes, lease=lease, attempt=attempt)
        self.team = Team(self._acts)
        self.timers = Timers(self._acts)
        self.timesheets = Timesheets(database, self._acts)
        self.tokens = Tokens(database, self._acts, keys)
        self.watching = Watching(database, self._acts)
        self.weekly = Weekly(database)
        self.bearers = Bearers(database, self.tokens, access_tokens)

    async def close(self) -> None:
        await self._acts.close()
        await self.endpoints.unsigned.close()
        self._passwords.close()
