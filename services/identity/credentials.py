"""Tokens and links of other people, which admins see and end; and one's own link."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.errors import NotAllowed, NotFound
from domain.history.operations import OperationRequest
from domain.identity.credentials import PersonAccess
from domain.identity.people import Person, Role
from domain.outbox.messages import TextContent
from services.identity.offboarding import end_links
from services.identity.tokens import recorded
from services.operations import OperationContext, OperationRunner
from storage.identity import offboarding, people, tokens
from storage.outbox import messages

ADMINS_ONLY = "Only admins see and end what lets other people in. Nothing was changed."
NOBODY = "There is no such person here."
NO_LINK = "No account is linked to you. `/track link` shows a code for linking one."


class Credentials:
    """Acts raise Refusal (NotAllowed for who is no admin, NotFound), PersonUnknown, NotSaved or Unsure."""

    def __init__(self, runner: OperationRunner) -> None:
        self._runner = runner

    async def of(
        self, request: OperationRequest, *, who: str = "", person_id: UUID | None = None
    ) -> PersonAccess:
        """What lets in the person with that Slack id, or that id."""

        async def effect(context: OperationContext, _person: Person) -> None:
            pass

        return await self._about(request, effect, who=who, person_id=person_id)

    async def revoke_token(self, request: OperationRequest, person_id: UUID, token_id: UUID) -> PersonAccess:
        """Ends that token of that person, and tells them."""

        async def effect(context: OperationContext, person: Person) -> None:
            ended = await tokens.revoke(context.tx, context.workspace_id, person.id, token_id=token_id)
            if ended is None:
                raise NotFound("There is no such token, or it has ended already. Nothing was changed.")
            context.changes.append(recorded(ended, "revoked"))
            await _tell(
                context, person, f"your API token “{ended.name}” (…{ended.last4}). It has stopped working."
            )

        return await self._about(request, effect, person_id=person_id)

    async def end_link(self, request: OperationRequest, person_id: UUID) -> PersonAccess:
        """Ends the link of an account to that person, and tells them."""

        async def effect(context: OperationContext, person: Person) -> None:
            if not await end_links(context, of=person.id):
                raise NotFound("No account is linked to them, or not any more. Nothing was changed.")
            await _tell(
                context,
                person,
                "the link between you and an account of the REST API. What was tracked stays with you; whoever uses "
                "the account is logged out, and is not you any more.",
            )

        return await self._about(request, effect, person_id=person_id)

    async def end_my_link(self, request: OperationRequest) -> int:
        """Ends the link of an account to the act's person. What was tracked stays with them. Raises NotFound."""

        async def effect(context: OperationContext) -> int:
            if not (ended := await end_links(context)):
                raise NotFound(NO_LINK)
            return ended

        return await self._runner.perform(request, int, effect)

    async def _about(
        self,
        request: OperationRequest,
        change: Callable[[OperationContext, Person], Awaitable[None]],
        *,
        who: str = "",
        person_id: UUID | None = None,
    ) -> PersonAccess:
        async def effect(context: OperationContext) -> PersonAccess:
            if context.person.role is not Role.ADMIN:
                raise NotAllowed(ADMINS_ONLY)
            if person_id:
                person = await people.find_by_id(context.tx, context.workspace_id, person_id)
            else:
                person = await people.find_by_slack_id(context.tx, context.workspace_id, who)
            if person is None:
                raise NotFound(NOBODY)
            await change(context, person)
            live = await tokens.find_live(context.tx, context.workspace_id, person.id)
            return PersonAccess(
                person=person,
                tokens=tuple(live),
                linked_at=await offboarding.find_linked_since(context.tx, context.workspace_id, person.id),
                seen_by=context.person,
                at=context.at,
            )

        return await self._runner.perform(request, PersonAccess, effect)


async def _tell(context: OperationContext, person: Person, what: str) -> None:
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
