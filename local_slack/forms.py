"""The state of the fields in a modal, Home or message: the values that the app set, and then those that a person
entered."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

# For each kind of element: the key of its value in the state, and the property with its initial value.
STATES: dict[str, tuple[str, str]] = {
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "external_select": ("selected_option", "initial_option"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}
State = dict[str, dict[str, Json]]


def action_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each element that has an action id, with its block before it."""
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def initial_state(blocks: list[Json]) -> State:
    """Return the state of the fields before anybody changed them."""
    state: State = {}
    for block, element in action_elements(blocks):
        if element["type"] in STATES:
            key, initial = STATES[element["type"]]
            empty: object = [] if key.endswith("s") else None
            value = {"type": element["type"], key: element.get(initial, empty)}
            state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def merge_state(blocks: list[Json], before: State) -> State:
    """Return the state after an update: a field keeps its value if its block id and action id stay the same."""
    state = initial_state(blocks)
    for block_id, inside in state.items():
        for action_id in inside:
            old = before.get(block_id, {}).get(action_id)
            if old and old["type"] == inside[action_id]["type"]:
                inside[action_id] = old
    return state


def fill_fields(blocks: list[Json], state: State, wanted: Mapping[str, object]) -> State:
    """Return the state after a person set fields, named by their label or action id. Raises LookupError."""
    changed = {block_id: dict(inside) for block_id, inside in state.items()}
    for name, value in wanted.items():
        block, element = find_field(blocks, name)
        changed[block["block_id"]][element["action_id"]] = element_state(element, value)
    return changed


def find_field(blocks: list[Json], name: str, block_id: str | None = None) -> tuple[Json, Json]:
    """Return the block and element with that label, action id or block id. Raises LookupError, which lists the
    others."""
    named = [
        (_element_names(block, element), block, element)
        for block, element in action_elements(blocks)
        if block_id in (None, block["block_id"])
    ]
    for names, block, element in named:
        if name in names:
            return block, element
    raise LookupError(f"no field {name!r}; there are {[names[0] for names, _, _ in named]}")


def element_state(element: Json, value: object) -> Json:
    """Return the state of an element whose value is `value`: a text, a date, an option's text or value, or a list of
    them."""
    kind = element["type"]
    key, _ = STATES[kind]
    held: object = value
    if key == "selected_option" and value is not None:
        held = find_option(element, value)
    elif key == "selected_options":
        held = [find_option(element, one) for one in value] if isinstance(value, list | tuple) else []
    return {"type": kind, key: held if held != "" else None}


def find_option(element: Json, wanted: object) -> Json:
    """Return the option with this text or value. A whole option is returned unchanged. Raises LookupError."""
    if isinstance(wanted, dict):
        return wanted
    options = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if wanted in (option["text"]["text"], option["value"]):
            return dict(option)
    raise LookupError(f"no option {wanted!r}; there are {[one['text']['text'] for one in options]}")


def find_field_errors(blocks: list[Json], state: State) -> dict[str, str]:
    """Return, by block id, Slack's own errors for required fields that are empty and for invalid values."""
    found = {}
    for block, element in action_elements(blocks):
        if block["type"] != "input" or element["type"] not in STATES:
            continue
        held = state[block["block_id"]][element["action_id"]][STATES[element["type"]][0]]
        if not held:
            said = None if block.get("optional") else "Please complete this required field."
        else:
            said = _find_text_error(element, held)
        if said:
            found[block["block_id"]] = said
    return found


def _find_text_error(element: Json, held: object) -> str | None:
    """Return what is wrong with the text in that field."""
    if not isinstance(held, str):
        return None
    match element["type"]:
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", held):
            return "Please enter a valid email address."
        case "url_text_input" if not re.match(r"https?://[^\s/]+", held):
            return "Please enter a valid URL."
        case "number_input":
            return _find_number_error(element, held)
        case "plain_text_input" if len(held) > element.get("max_length", 3_000):
            return f"Please enter at most {element.get('max_length', 3_000)} characters."
        case "plain_text_input" if len(held) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
    return None


def _find_number_error(element: Json, held: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", held):
        return "Please enter a valid number."
    if "." in held and not element.get("is_decimal_allowed"):
        return "Please enter a whole number."
    if "min_value" in element and float(held) < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and float(held) > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None


def _element_names(block: Json, element: Json) -> tuple[str, ...]:
    label = block.get("label", {}).get("text", "")
    words = element.get("text", {}).get("text", "") or element.get("placeholder", {}).get("text", "")
    return tuple(name for name in (label, words, element["action_id"], block["block_id"]) if name)
