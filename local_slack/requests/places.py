"""The place of an interaction, and the element that somebody presses there."""

from dataclasses import dataclass, field
from typing import Any

from local_slack.forms import State, action_elements
from local_slack.views import View
from local_slack.workspace import Message

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an interaction: a message or a view. `state` holds the values of its fields."""

    message: Message | None = None
    view: View | None = None
    state: State = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        if self.view:
            return self.view.blocks
        return list(self.message.as_json()["blocks"]) if self.message else []


def find_pressable(place: Place, wanted: str, block_id: str | None = None) -> tuple[Json, Json]:
    """Return the block and element with that visible text, placeholder or action id. Raises LookupError."""
    found = [
        (block, element)
        for block, element in action_elements(place.blocks)
        if (block["type"] != "input" or block.get("dispatch_action"))
        and block_id in (None, block["block_id"])
    ]
    texts = [_element_text(element) for _, element in found]
    for names in (texts, [element["action_id"] for _, element in found]):
        if wanted in names:
            return found[names.index(wanted)]
    raise LookupError(f"no button {wanted!r}; there are {texts}")


def _element_text(element: Json) -> str:
    words = element.get("text") or element.get("placeholder") or {}
    return str(words.get("text", element["action_id"]))
