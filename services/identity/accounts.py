"""Accounts: signing up, and changing the password."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from domain.errors import EmailTaken, FieldErrors, Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.accounts import (
    Account,
    SignUp,
    SignUpRule,
    ValidSignUp,
    normalize_password,
    validate_new_password,
    validate_sign_up,
)
from domain.identity.callers import Caller, Session
from domain.identity.people import account_actor_id
from domain.quotas import address_block
from services.identity.common_passwords import common_passwords
from services.identity.passwords import Passwords
from services.identity.quotas import PER_ACCOUNT_AND_ADDRESS, SIGN_UPS_PER_ADDRESS, Quotas
from services.identity.tokens import make_token_record
from services.operations.context import ImpersonalContext
from services.operations.declaration import OperationGroup, impersonal_operation
from services.operations.runner import OperationRunner
from storage.history.operations import begin, finish
from storage.identity import accounts, people, sessions, tokens, workspaces
from storage.identity.accounts import Credentials
from storage.postgres.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """A changed password. `ended` is how many other sessions ended with it, `tokens` how many personal tokens."""

    ended: int
    tokens: int = 0


@impersonal_operation
async def add_account(
    context: ImpersonalContext, account_id: UUID, fields: ValidSignUp, *, password_hash: str
) -> Account:
    """Insert the account, its workspace, and its person as that workspace's admin. Raises EmailTaken."""
    tx, workspace_id = context.tx, context.workspace_id
    who = account_actor_id(account_id)
    await workspaces.insert_workspace(tx, workspace_id, team_id=who, name=fields.name)
    person_id = await people.insert_admin(
        tx, workspace_id, who=who, name=fields.name, zone=fields.zone.key, email=fields.email
    )
    try:
        await accounts.insert_account(
            tx,
            workspace_id,
            account_id,
            person_id=person_id,
            email=fields.email,
            password_hash=password_hash,
            at=context.at,
        )
    except asyncpg.UniqueViolationError:
        raise EmailTaken(
            "There is an account with this e-mail address already. Log in with it instead."
        ) from None
    return Account(
        id=account_id,
        workspace_id=workspace_id,
        person_id=person_id,
        name=fields.name,
        email=fields.email,
        created_at=context.at,
    )


@impersonal_operation
async def replace_password(
    context: ImpersonalContext,
    session: Session,
    seen: Credentials,
    *,
    password_hash: str,
    end_tokens_of: Caller | None,
) -> PasswordChange:
    """Replace the password if it is still the one in `seen`, and end the account's other sessions. Raises Refusal."""
    # End the tokens first, under their person's lock: offboarding also locks the person before their sessions.
    ended_tokens = await _end_tokens(context.tx, end_tokens_of) if end_tokens_of else 0
    await context.tx.enter_workspace(session.workspace_id)
    if not await accounts.change_password(context.tx, seen, password_hash=password_hash, at=context.at):
        raise Refusal("The password was changed a moment ago by somebody else. Nothing was changed.")
    return PasswordChange(ended=await sessions.end_others(context.tx, session), tokens=ended_tokens)


async def _end_tokens(tx: Transaction, bearer: Caller) -> int:
    """End the personal tokens of the account's person. That person may be in another workspace, so this is an
    operation there, with its own history. Returns how many ended."""
    request = OperationRequest(
        workspace_id=bearer.workspace_id,
        source=Source.REST,
        key=f"end-tokens:{uuid4()}",
        who=bearer.person.slack_user_id,
    )
    await tx.enter_workspace(bearer.workspace_id)
    begun = await begin(tx, request)
    ended = await tokens.revoke_all(tx, bearer.workspace_id, bearer.person.id)
    await finish(
        tx, request, begun, int, len(ended), [make_token_record(token, "revoked") for token in ended]
    )
    return len(ended)


class Accounts(OperationGroup):
    """Operations on accounts. `address` is the caller's IP address. All of them also raise QuotaExceeded or Busy."""

    _add = add_account
    _replace_password = replace_password

    def __init__(
        self,
        database: Database,
        runner: OperationRunner,
        passwords: Passwords,
        quotas: Quotas,
        rule: SignUpRule,
    ) -> None:
        super().__init__(runner)
        self._database = database
        self._passwords = passwords
        self._quotas = quotas
        self._rule = rule

    async def sign_up(self, params: SignUp, *, address: str) -> Account:
        """Make an account in a new workspace of its own, whose admin is the account's person.

        Raises NotAllowed if this service does not let that address sign up, FieldErrors, or EmailTaken. The service
        sends no e-mail, so EmailTaken tells the caller that an account exists. It takes as long as a sign-up and
        counts against the quota.
        """
        self._rule.require_open()
        fields = validate_sign_up(params, await common_passwords())
        self._rule.require_allowed_email(fields.email)
        await self._quotas.take_or_refuse(
            SIGN_UPS_PER_ADDRESS, address_block(address), "Too many accounts were made from this address."
        )
        password_hash = await self._passwords.hash(fields.password)
        account_id = uuid4()
        request = OperationRequest(
            workspace_id=uuid4(), source=Source.REST, key=f"sign-up:{account_id}", who=""
        )
        return await self._add(request, account_id, fields, password_hash=password_hash)

    async def change_password(
        self, session: Session, *, current: str, new: str, end_tokens_of: Caller | None = None
    ) -> PasswordChange:
        """Change the password and end all other sessions of the account, in one transaction. With `end_tokens_of` it
        also ends that person's personal tokens.

        Raises FieldErrors for `current_password` or `new_password`.
        """
        who = str(session.account_id)
        await self._quotas.take_or_refuse(
            PER_ACCOUNT_AND_ADDRESS, who, "Too many tries with a wrong password."
        )
        async with self._database.transaction(session.workspace_id) as tx:
            seen = await accounts.find_credentials(tx, session.workspace_id, session.account_id)
            name = await accounts.find_name(tx, session.workspace_id, session.account_id)
        password = validate_new_password(new, (name, seen.email), await common_passwords())
        normal = normalize_password(current)
        if normal is None or not await self._passwords.verify(normal, seen.password_hash):
            raise FieldErrors({"current_password": "This is not your password. Nothing was changed."})
        password_hash = await self._passwords.hash(password)
        request = OperationRequest(
            workspace_id=session.workspace_id, source=Source.REST, key=f"password:{uuid4()}", who=""
        )
        done = await self._replace_password(
            request, session, seen, password_hash=password_hash, end_tokens_of=end_tokens_of
        )
        await self._quotas.give_back(PER_ACCOUNT_AND_ADDRESS, who)
        return done
