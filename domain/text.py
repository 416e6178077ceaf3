"""Text from outside, cleaned for storage."""

import unicodedata

_DROPPED = {
    "Cs",
    "Cn",
}  # lone surrogates and unassigned code points: PostgreSQL or readers of the text fail on them


def sanitize_text(text: str) -> str:
    """Remove characters that can not be stored or printed, and turn control characters except line ends into spaces."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and character != "\n":
            kept.append(" ")
        elif category not in _DROPPED:
            kept.append(character)
    return "".join(kept)
