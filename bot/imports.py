"""A file is dropped into the direct messages; its preview is answered."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.desk import OUT_OF_DATE, Desk, Visit, id_in
from bot.downloads import NOT_HANDED_OVER, TOO_LARGE
from bot.shapes import word
from bot.views import imports
from bot.views.blocks import Told
from domain.acts import Act, Source
from domain.errors import NotFound, PersonUnknown, Refusal
from domain.imports import LARGEST_FILE, ImportChanged
from domain.text import storable

Payload = dict[str, Any]
MOST_FILES = 5  # of one message
LONGEST_NAME = 200


async def dropped(desk: Desk, body: Payload) -> None:
    """Offers what the files of a direct message hold. Raises what can not be told, so that Slack sends it again."""
    event = body["event"]
    who, files = event.get("user"), event.get("files")
    ours = event.get("bot_id") or who in {one.get("user_id") for one in body.get("authorizations") or ()}
    if event.get("channel_type") != "im" or ours or not isinstance(who, str) or not isinstance(files, list):
        return
    for file in files[:MOST_FILES]:
        if isinstance(file, dict) and word(file.get("id")):
            act = desk.act("file", f"{event.get('channel')}:{event.get('ts')}:{file['id']}", who)
            try:
                await _offered(desk, act, file)
            except PersonUnknown:
                try:
                    await desk.introduce(who)
                except NotFound:
                    return  # a bot, or somebody who is not a member any more
                await _offered(desk, act, file)


async def _offered(desk: Desk, act: Act, file: Payload) -> None:
    name = " ".join(storable(str(file.get("name") or "the file")).split())[:LONGEST_NAME]
    try:
        content = await _fetched(desk, file, name)
    except Refusal as refusal:
        await desk.tracker.imports.decline(act, refusal.sentence)
        return
    await desk.tracker.imports.offer(act, name=name, content=content)


async def _fetched(desk: Desk, file: Payload, name: str) -> bytes:
    size, url = file.get("size"), file.get("url_private_download") or file.get("url_private")
    if isinstance(size, int) and size > LARGEST_FILE:
        raise Refusal(TOO_LARGE.format(name=name))
    if not isinstance(url, str):
        raise Refusal(NOT_HANDED_OVER.format(name=name))
    return await desk.downloads.fetch(url, name=name)


async def carry_out(desk: Desk, visit: Visit, value: str) -> Told | None:
    import_id, day_first, seen = _meant(value)
    act = replace(visit.act, source=Source.IMPORT)
    try:
        answer = await desk.tracker.imports.carry_out(act, import_id, day_first=day_first, seen=seen)
    except ImportChanged as changed:
        return Told(imports.preview(changed.preview, visit.origin, said=changed.sentence))
    return Told(imports.settled(answer, visit.origin))


async def read_dates(desk: Desk, visit: Visit, value: str) -> Told | None:
    """The same file, with its dates read in that order."""
    import_id, day_first, _ = _meant(value)
    found = await desk.tracker.imports.preview(desk.workspace.id, visit.who, import_id, day_first=day_first)
    return Told(imports.preview(found, visit.origin))


async def cancel(desk: Desk, visit: Visit, value: str) -> Told | None:
    return Told(imports.settled(await desk.tracker.imports.cancel(visit.act, id_in(value)), visit.origin))


def _meant(value: str) -> tuple[UUID, bool, str]:
    """The file, the order of its dates, and the plan that was seen."""
    import_id, order, seen = [*value.split(" "), "", ""][:3]
    if order not in imports.ORDERS:
        raise Refusal(OUT_OF_DATE)
    return id_in(import_id), imports.ORDERS[order], seen
