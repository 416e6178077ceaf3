"""Turns Slack's markup back into the text that a person typed."""

import re

from domain.text import sanitize_text


def read_marked_text(text: str) -> str:
    """Return the text on one line as it was typed: mentions and links by their labels, entities decoded."""
    return " ".join(sanitize_text(_undo_entities(_MARKED.sub(_read_mark, text))).split())


def _undo_entities(text: str) -> str:
    """Decode the three entities that Slack writes ("Formatting text", 2026). Any other was typed by the person."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# Slack's marks for people, channels, groups and dates, and for addresses that it turned into links ("Formatting text",
# 2026).
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
