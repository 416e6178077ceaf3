"""Lets admins see and end the tokens and links of other people, and everybody end their own link."""

from uuid import UUID

from domain.errors import NotAllowed, NotFound
from domain.identity.credentials import PersonAccess
from domain.identity.people import Person, Role
from domain.outbox.messages import TextContent
from services.identity.offboarding import end_links
from services.identity.tokens import make_token_record
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from storage.identity import offboarding, people, tokens
from storage.outbox import messages

ADMINS_ONLY = "Only admins see and revoke other people's tokens and links. Nothing was changed."
NOBODY = "There is no such person here."
NO_LINK = "No account is linked to you. `/track link` shows a code for linking one."


@operation
async def show_access(
    context: OperationContext, *, who: str = "", person_id: UUID | None = None
) -> PersonAccess:
    """Return the tokens and the link of the person with that Slack id, or that id. Admins only. Raises NotFound."""
    return await _read_access(context, await _find_person(context, who=who, person_id=person_id))


@operation
async def revoke_token_of(context: OperationContext, person_id: UUID, token_id: UUID) -> PersonAccess:
    """End that person's token with that id, and tell them. Admins only. Raises NotFound."""
    person = await _find_person(context, person_id=person_id)
    ended = await tokens.revoke(context.tx, context.workspace_id, person.id, token_id=token_id)
    if ended is None:
        raise NotFound("There is no such token, or it has ended already. Nothing was changed.")
    context.changes.append(make_token_record(ended, "revoked"))
    await _notify_person(
        context, person, f"your API token “{ended.name}” (…{ended.last4}). It has stopped working."
    )
    return await _read_access(context, person)


@operation
async def end_link_of(context: OperationContext, person_id: UUID) -> PersonAccess:
    """End the link of an account to that person, and tell them. Admins only. Raises NotFound."""
    person = await _find_person(context, person_id=person_id)
    if not await end_links(context, person_id=person.id):
        raise NotFound("No account is linked to them, or not any more. Nothing was changed.")
    await _notify_person(
        context,
        person,
        "the link between you and an account of the REST API. What was tracked stays with you; whoever uses "
        "the account is logged out, and no longer acts as you.",
    )
    return await _read_access(context, person)


@operation
async def end_own_link(context: OperationContext) -> int:
    """End the link of an account to the person who asks. Their entries stay with them. Raises NotFound."""
    if not (ended := await end_links(context)):
        raise NotFound(NO_LINK)
    return ended


async def _find_person(context: OperationContext, *, who: str = "", person_id: UUID | None = None) -> Person:
    """Return the person with that Slack id or id, if an admin asks. Raises NotAllowed or NotFound."""
    if context.person.role is not Role.ADMIN:
        raise NotAllowed(ADMINS_ONLY)
    if person_id:
        person = await people.find_by_id(context.tx, context.workspace_id, person_id)
    else:
        person = await people.find_by_slack_id(context.tx, context.workspace_id, who)
    if person is None:
        raise NotFound(NOBODY)
    return person


async def _read_access(context: OperationContext, person: Person) -> PersonAccess:
    live = await tokens.find_live(context.tx, context.workspace_id, person.id)
    return PersonAccess(
        person=person,
        tokens=tuple(live),
        linked_at=await offboarding.find_linked_since(context.tx, context.workspace_id, person.id),
        seen_by=context.person,
        at=context.at,
    )


async def _notify_person(context: OperationContext, person: Person, what: str) -> None:
    if person.id == context.person.id:
        return
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=f"ended-by-admin:{context.request.key}",
        channel=person.slack_user_id,
        content=TextContent(text=f"{context.person.name} has ended {what}"),
        person_id=person.id,
    )


class Credentials(OperationGroup):
    """Operations on the credentials of people: tokens and links."""

    show = show_access
    revoke_token = revoke_token_of
    end_link = end_link_of
    end_my_link = end_own_link
