"""Tokens and links of other people, which admins see and end; and one's own link."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.errors import NotAllowed, NotFound
from domain.history.operations import Act
from domain.identity.credentials import PersonAccess
from domain.identity.people import Person, Role
from domain.outbox.messages import TextContent
from services.identity.offboarding import end_links
from services.identity.tokens import recorded
from services.operations import Acts, Scene
from storage.identity import offboarding, people, tokens
from storage.outbox import messages

ADMINS_ONLY = "Only admins see and end what lets other people in. Nothing was changed."
NOBODY = "There is no such person here."
NO_LINK = "No account is linked to you. `/track link` shows a code for linking one."


class Credentials:
    """Acts raise Refusal (NotAllowed for who is no admin, NotFound), PersonUnknown, NotSaved or Unsure."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def of(self, act: Act, *, who: str = "", person_id: UUID | None = None) -> PersonAccess:
        """What lets in the person with that Slack id, or that id."""

        async def effect(scene: Scene, _person: Person) -> None:
            pass

        return await self._about(act, effect, who=who, person_id=person_id)

    async def revoke_token(self, act: Act, person_id: UUID, token_id: UUID) -> PersonAccess:
        """Ends that token of that person, and tells them."""

        async def effect(scene: Scene, person: Person) -> None:
            ended = await tokens.revoke(scene.tx, scene.workspace_id, person.id, token_id=token_id)
            if ended is None:
                raise NotFound("There is no such token, or it has ended already. Nothing was changed.")
            scene.changes.append(recorded(ended, "revoked"))
            await _tell(
                scene, person, f"your API token “{ended.name}” (…{ended.last4}). It has stopped working."
            )

        return await self._about(act, effect, person_id=person_id)

    async def end_link(self, act: Act, person_id: UUID) -> PersonAccess:
        """Ends the link of an account to that person, and tells them."""

        async def effect(scene: Scene, person: Person) -> None:
            if not await end_links(scene, of=person.id):
                raise NotFound("No account is linked to them, or not any more. Nothing was changed.")
            await _tell(
                scene,
                person,
                "the link between you and an account of the REST API. What was tracked stays with you; whoever uses "
                "the account is logged out, and is not you any more.",
            )

        return await self._about(act, effect, person_id=person_id)

    async def end_my_link(self, act: Act) -> int:
        """Ends the link of an account to the act's person. What was tracked stays with them. Raises NotFound."""

        async def effect(scene: Scene) -> int:
            if not (ended := await end_links(scene)):
                raise NotFound(NO_LINK)
            return ended

        return await self._acts.perform(act, int, effect)

    async def _about(
        self,
        act: Act,
        change: Callable[[Scene, Person], Awaitable[None]],
        *,
        who: str = "",
        person_id: UUID | None = None,
    ) -> PersonAccess:
        async def effect(scene: Scene) -> PersonAccess:
            if scene.person.role is not Role.ADMIN:
                raise NotAllowed(ADMINS_ONLY)
            if person_id:
                person = await people.get(scene.tx, scene.workspace_id, person_id)
            else:
                person = await people.find(scene.tx, scene.workspace_id, who)
            if person is None:
                raise NotFound(NOBODY)
            await change(scene, person)
            live = await tokens.live(scene.tx, scene.workspace_id, person.id)
            return PersonAccess(
                person=person,
                tokens=tuple(live),
                linked_at=await offboarding.linked_since(scene.tx, scene.workspace_id, person.id),
                seen_by=scene.person,
                at=scene.at,
            )

        return await self._acts.perform(act, PersonAccess, effect)


async def _tell(scene: Scene, person: Person, what: str) -> None:
    if person.id == scene.person.id:
        return
    await messages.queue(
        scene.tx,
        scene.workspace_id,
        key=f"ended-by-admin:{scene.act.key}",
        channel=person.slack_user_id,
        content=TextContent(text=f"{scene.person.name} has ended {what}"),
        person_id=person.id,
    )
