"""The page draws every emoji that our messages name."""

import re
from pathlib import Path


def test_every_emoji_of_our_messages_is_drawn(root: Path) -> None:
    page = (root / "local_slack" / "static" / "text.js").read_text()
    named = {
        name
        for path in (root / "bot").rglob("*.py")
        for name in re.findall(r":([a-z]\w+):", path.read_text())
    }
    assert "large_green_circle" in named
    assert {name for name in named if not re.search(rf"\b{name}: \"", page)} == set()
