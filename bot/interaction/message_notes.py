"""Reads the text of a Slack message for a note.

Messages of apps often have only blocks or attachments, and a dropped file needs no text. The fields are those of
Slack's reference of messages, Block Kit, secondary attachments and files (2026).
"""

from collections.abc import Callable, Iterator
from typing import Any

MAX_DEPTH = 12  # lists within quotes within attachments; deeper levels are not read
MOST_PARTS = 200  # more than a note can hold
Json = dict[str, Any]


def read_message_text(message: Json) -> str:
    """Return the text of a message, in Slack's markup.

    Without a text it is that of the blocks; else the titles of the files; else the title, text or fallback of the
    attachments; else "".
    """
    sources: tuple[Callable[[Json], str], ...] = (
        _read_own_text,
        _read_blocks,
        _read_file_titles,
        _read_attachments,
    )
    return next((text for source in sources if (text := source(message).strip())), "")


def _read_own_text(message: Json) -> str:
    return _string(message.get("text"))


def _read_blocks(holder: Json) -> str:
    return " ".join(_cut(_read_block_texts(holder.get("blocks"), MAX_DEPTH)))


def _read_file_titles(message: Json) -> str:
    titles = (_first(file, "title", "name") for file in _objects(message.get("files")))
    return ", ".join(title for title in _cut(titles) if title)


def _read_attachments(message: Json) -> str:
    texts = (
        _first(attachment, "title", "text")
        or _read_blocks(attachment)
        or _first(attachment, "pretext", "fallback")
        for attachment in _objects(message.get("attachments"))
    )
    return next((text for text in texts if text), "")


def _read_block_texts(value: object, max_depth: int) -> Iterator[str]:
    """Yield the texts within blocks, in reading order."""
    if max_depth == 0:
        return
    if isinstance(value, list):
        for child in value:
            yield from _read_block_texts(child, max_depth - 1)
    if not isinstance(value, dict):
        return
    match value.get("type"):
        case "user":
            yield f"<@{_string(value.get('user_id'))}>"
        case "emoji":
            yield f":{_string(value.get('name'))}:"
        case "link":
            yield _first(value, "text", "url")
        case "image":
            yield _string(value.get("alt_text"))
        case "actions" | "input":
            return  # buttons and fields are not a part of the message's text
        case _ if isinstance(value.get("text"), str):
            yield value["text"].strip()
        case _:
            for name in ("text", "title", "fields", "elements"):
                yield from _read_block_texts(value.get(name), max_depth - 1)


def _cut(texts: Iterator[str]) -> list[str]:
    found = []
    for text in texts:
        if text:
            found.append(text)
        if len(found) == MOST_PARTS:
            break
    return found


def _first(source: Json, *names: str) -> str:
    return next((text for name in names if (text := _string(source.get(name)).strip())), "")


def _objects(value: object) -> Iterator[Json]:
    return (child for child in value if isinstance(child, dict)) if isinstance(value, list) else iter(())


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
