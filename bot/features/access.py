"""What lets people in from outside of Slack: tokens and links, one's own, and for admins another person's."""

from uuid import UUID

from bot.commands.intents import Access, EndMyLink, MakeLinkCode, MakeToken, RevokeToken, ShowAccess
from bot.interaction.context import OUT_OF_DATE, Desk, Visit, id_in
from bot.views import access
from bot.views.blocks import Told
from domain.errors import Refusal


async def answer_access(desk: Desk, visit: Visit, intent: Access) -> Told:
    act, tracker = visit.act, desk.tracker
    match intent:
        case MakeToken(wish):
            secret, issued = await tracker.tokens.issue(act, wish)
            return Told(access.token(secret, issued.token, replaced=issued.replaced))
        case RevokeToken(name):
            return Told(access.token_off(await tracker.tokens.revoke(act, name=name)))
        case MakeLinkCode():
            code, _ = await tracker.links.issue(act)
            return Told(access.link_code(code))
        case EndMyLink():
            return Told(access.link_off(await tracker.credentials.end_my_link(act)))
        case ShowAccess(who):
            return Told(access.of_person(await tracker.credentials.of(act, who=who), visit.origin))


async def revoke_token(desk: Desk, visit: Visit, value: str) -> Told:
    """A button beside a token of another person, for admins."""
    person_id, token_id = _ids_in(value)
    found = await desk.tracker.credentials.revoke_token(visit.act, person_id, token_id)
    return Told(access.of_person(found, visit.origin))


async def end_link(desk: Desk, visit: Visit, value: str) -> Told:
    """The same for their link."""
    found = await desk.tracker.credentials.end_link(visit.act, id_in(value))
    return Told(access.of_person(found, visit.origin))


def _ids_in(value: str) -> tuple[UUID, UUID]:
    first, _, second = value.partition(" ")
    if not second:
        raise Refusal(OUT_OF_DATE)
    return id_in(first), id_in(second)
