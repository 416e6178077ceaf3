"""Reading what a person typed out of the text that Slack sends."""

import re

from domain.text import sanitize_text


def read_marked_text(text: str) -> str:
    """Return the text on one line as the person typed it: mentions and links as they read, entities undone."""
    return " ".join(sanitize_text(_undo_entities(_MARKED.sub(_read_mark, text))).split())


def _undo_entities(text: str) -> str:
    """Undo the three entities that Slack makes ("Formatting text", 2026). Whatever else looks like one was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# Slack, "Formatting text" (2026): people, channels, groups and dates, and addresses that it made links of.
_MARKED = re.compile(r"<([@#!]|https?:|mailto:|tel:)([^<>|]*)(?:\|([^<>]*))?>")
_EVERYBODY = {"here", "channel", "everyone"}


def _read_mark(found: re.Match[str]) -> str:
    kind, name, words = found.groups()
    match kind:
        case "@" | "#":
            return f"{kind}{words or name}"
        case "!":
            return f"@{name.partition('^')[0]}" if name in _EVERYBODY or not words else str(words)
        case "mailto:" | "tel:":
            return str(words or name)
    return f"{kind}{name}"
