"""The REST operations on accounts: signing up, logging in and out, passwords, and linking to a person in Slack."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.identity.accounts import LONGEST_EMAIL, LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD, SignUp
from domain.identity.callers import Session
from services.identity.sessions import SessionTokens
from services.services import Services
from web.api.fields import Body
from web.api.operation import AnonymousCaller, Call
from web.http.instants import InstantText, format_rfc3339

Password = Annotated[str, Field(max_length=LONGEST_PASSWORD, json_schema_extra={"format": "password"})]
NewPassword = Annotated[
    str,
    Field(
        min_length=SHORTEST_PASSWORD,
        max_length=LONGEST_PASSWORD,
        json_schema_extra={"format": "password"},
    ),
]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL, json_schema_extra={"format": "email"})]


class SignUpBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    email: Email
    password: NewPassword
    zone: Annotated[str | None, Field(max_length=100, description="An IANA name; UTC if left out.")] = None


class LogInBody(Body):
    email: Email
    password: Password


class RefreshBody(Body):
    refresh_token: Annotated[str, Field(max_length=200)]


class PasswordBody(Body):
    current_password: Password
    new_password: NewPassword
    end_tokens: Annotated[
        bool, Field(description="Also ends all your personal tokens, in Slack too where you are linked.")
    ] = False


class LinkBody(Body):
    code: Annotated[str, Field(max_length=100)]


class NewAccount(BaseModel):
    """A new account. `id` is the id of its person, the `user_id` of their time entries."""

    id: UUID
    account_id: UUID
    name: str
    email: str
    created_at: InstantText


class Tokens(BaseModel):
    """`token` is the bearer token, valid for `expires_in` seconds; `refresh_token` gets the next pair, once."""

    token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme
    expires_in: int
    refresh_token: str


class Linked(BaseModel):
    """The person that the account acts as from now on, and the number of entries and projects that moved."""

    name: str
    workspace: str
    entries: int
    projects: int


class AccountsApi:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def sign_up(self, caller: AnonymousCaller, body: SignUpBody) -> NewAccount:
        """Create an account.

        It gets its own workspace. If the address already has an account, the answer says so, because this service
        sends no mail that could inform the owner instead.
        """
        params = SignUp(name=body.name, email=body.email, password=body.password, zone=body.zone)
        account = await self._services.accounts.sign_up(params, address=caller.address)
        return NewAccount(
            id=account.person_id,
            account_id=account.id,
            name=account.name,
            email=account.email,
            created_at=format_rfc3339(account.created_at),
        )

    async def log_in(self, caller: AnonymousCaller, body: LogInBody) -> Tokens:
        """Log in with address and password."""
        return _tokens(
            await self._services.sessions.log_in(body.email, body.password, address=caller.address)
        )

    async def refresh(self, caller: AnonymousCaller, body: RefreshBody) -> Tokens:  # noqa: ARG002 - anybody may ask
        """Get the next pair of tokens.

        A refresh token works once. Using it again ends its session, except within ten seconds if the next token was
        not used: the answer may have been lost.
        """
        return _tokens(await self._services.sessions.refresh(body.refresh_token))

    async def log_out(self, call: Call) -> None:
        """End this session. Its tokens stop working at once."""
        await self._services.sessions.log_out(_session(call))

    async def change_password(self, call: Call, body: PasswordBody) -> None:
        """Change the password. All other sessions end; personal tokens only with `end_tokens`."""
        await self._services.accounts.change_password(
            _session(call),
            current=body.current_password,
            new=body.new_password,
            end_tokens_of=call.caller if body.end_tokens else None,
        )

    async def link(self, call: Call, body: LinkBody) -> Linked:
        """Link this account to the person in Slack whose code this is (`/track link`).

        From then on this account acts as that person. All its time entries move, or none if one can not.
        """
        joined = await self._services.links.join(_session(call), body.code)
        return Linked(
            name=joined.name, workspace=joined.workspace, entries=joined.entries, projects=joined.projects
        )


def _tokens(given: SessionTokens) -> Tokens:
    return Tokens(token=given.access_token, expires_in=given.expires_in, refresh_token=given.refresh_token)


def _session(call: Call) -> Session:
    # Only callers with a session have the scope `account` (domain.identity.callers).
    assert call.caller.session
    return call.caller.session
