"""Text from outside, made fit to be kept."""

import unicodedata

_DROPPED = {"Cs", "Cn"}  # lone surrogates, unassigned: PostgreSQL or the next reader would choke on them


def sanitize_text(text: str) -> str:
    """The same text without what can not be stored or printed; control characters but line ends become spaces."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and character != "\n":
            kept.append(" ")
        elif category not in _DROPPED:
            kept.append(character)
    return "".join(kept)
