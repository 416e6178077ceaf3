"""What a person reads in a message, a form or the Home tab."""

import re
from typing import Any

from local_slack.forms import STATES, action_elements
from local_slack.requests.places import Place
from local_slack.views import View
from local_slack.workspace import Message
from tests.replica import read_texts


def read_text(place: Message | View) -> str:
    """All text of it, parts separated by " | ", instants as their fallback texts."""
    blocks = place.blocks if isinstance(place, View) else [*place.blocks]
    return read_instants(
        " | ".join([*([place.text] if isinstance(place, Message) else []), *read_texts(blocks)])
    )


def read_instants(text: str) -> str:
    """Put the fallback text in the place of each `<!date^…>`."""
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text)


def list_buttons(place: Message | View) -> list[str]:
    """The texts of everything that can be pressed; a menu, which has none, by its action id."""
    blocks = place.blocks if isinstance(place, View) else Place(place).blocks
    return [
        one["text"]["text"] if "text" in one else one["action_id"]
        for block, one in action_elements(blocks)
        if block["type"] != "input"
    ]


def read_fields(form: View) -> dict[str, Any]:
    """The values in a form's fields, by label."""
    values = {}
    for block, element in action_elements(form.blocks):
        if block["type"] == "input":
            value = form.state[block["block_id"]][element["action_id"]][STATES[element["type"]][0]]
            values[block["label"]["text"]] = value["text"]["text"] if isinstance(value, dict) else value
    return values


def read_errors(form: View) -> dict[str, str]:
    """The errors at a form's fields, by label."""
    labels = {block["block_id"]: block["label"]["text"] for block in form.blocks if block["type"] == "input"}
    return {labels[block_id]: error for block_id, error in form.errors.items()}
