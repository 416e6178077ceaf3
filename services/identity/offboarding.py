"""Ends a person's access, all in one transaction. Steps of an operation."""

from dataclasses import dataclass
from uuid import UUID

from domain.entries.entries import SHORTEST
from domain.history.changes import SettingRecord
from domain.identity.people import Person, Role, Standing, account_actor_id
from domain.outbox.messages import TextContent
from services.entries.entry_writes import end_timer
from services.identity.tokens import make_token_record
from services.operations.context import OperationContext
from services.operations.declaration import operation_about_person
from storage.identity import offboarding, people, tokens
from storage.outbox import messages


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCredentials:
    """How many personal tokens and links of accounts ended."""

    tokens: int = 0
    links: int = 0


async def end_access(context: OperationContext, standing: Standing) -> EndedCredentials:
    """End the person's tokens, codes and links, cancel their messages, and record their new standing: gone or stranger.

    Their entries stay as they are. A running timer is ended now, unconfirmed, because nobody else can end it.
    """
    person = context.person
    ended = await end_keys(context)
    if context.running:
        running = context.running
        await end_timer(context, running, max(context.at, running.started_at + SHORTEST), unconfirmed=True)
    await offboarding.stop_sending(context.tx, context.workspace_id, person.id, who=person.slack_user_id)
    await offboarding.set_standing(
        context.tx, context.workspace_id, person.id, standing, unreachable=standing.value
    )
    if person.standing is not standing:
        context.changes.append(make_standing_record(person, standing))
        await _warn_admins(context)
    return ended


async def _warn_admins(context: OperationContext) -> None:
    """Tell the admins which endpoints stay connected although the person who made them and saw their secrets has
    left."""
    known = await offboarding.find_endpoints_made_by(context.tx, context.workspace_id, context.person.id)
    if not known:
        return
    called = ", ".join(f"“{name}”" for name in known)
    text = (
        f"{context.person.name} has no access any more, and has seen the secret of webhook endpoints that are still "
        f"connected: {called}. `/track connect list` gives new secrets, or disconnects them."
    )
    for admin in await people.find_leads_and_admins(context.tx, context.workspace_id):
        if admin.role is Role.ADMIN:
            await messages.queue(
                context.tx,
                context.workspace_id,
                key=f"endpoints-known:{context.request.key}:{admin.id}",
                channel=admin.slack_user_id,
                content=TextContent(text=text),
                person_id=admin.id,
            )


def make_standing_record(person: Person, standing: Standing) -> SettingRecord:
    """Return the history record for the person's new standing in the workspace."""
    return SettingRecord(
        subject="person",
        subject_id=person.id,
        change="standing",
        before={"standing": person.standing.value},
        after={"standing": standing.value},
    )


@operation_about_person
async def end_keys(context: OperationContext) -> EndedCredentials:
    """End the person's tokens, open link codes and links, and the sessions of the linked accounts."""
    ended = await end_tokens(context)
    await offboarding.end_codes(context.tx, context.workspace_id, context.person.id, at=context.at)
    return EndedCredentials(tokens=ended, links=await end_links(context))


async def end_tokens(context: OperationContext, *, person_id: UUID | None = None) -> int:
    """End the tokens of the operation's person, or of the person with the id `person_id`. Returns how many ended."""
    ended = await tokens.revoke_all(context.tx, context.workspace_id, person_id or context.person.id)
    context.changes += [make_token_record(token, "revoked") for token in ended]
    return len(ended)


async def end_links(context: OperationContext, *, person_id: UUID | None = None) -> int:
    """End the links of the operation's person, or of the person with the id `person_id`. Returns how many ended.

    Each account acts for its own person again, and is logged out everywhere.
    """
    person_id = person_id or context.person.id
    released = await offboarding.end_links(context.tx, context.workspace_id, person_id)
    for account in released:
        await context.tx.enter_workspace(account.home_id)
        who = account_actor_id(account.account_id)
        await offboarding.release_account(context.tx, account, who=who, at=context.at)
        context.changes.append(
            SettingRecord(
                subject="person",
                subject_id=person_id,
                change="unlinked",
                before={"account": str(account.account_id)},
                after={},
            )
        )
    await context.tx.enter_workspace(context.workspace_id)
    return len(released)
