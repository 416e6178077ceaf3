"""The parts of blocks: text objects, dialogs, options, buttons, menus, rich text. Their limits are a table."""

from local_slack.judge.rules import (
    Rule,
    Rules,
    all_of,
    any_key,
    anything,
    boolean,
    distinct,
    items,
    number,
    one_of,
    shape,
    string,
    typed,
    whole,
)

ID = string(255)
TYPE: Rules = {"type": anything}


def plain(most: int) -> Rule:
    """Return the rule for text without markup: headers, buttons, placeholders."""
    keys = shape({**TYPE, "text": string(most)}, {"emoji": boolean})
    return typed({"plain_text": keys}, "text object")


def text(most: int) -> Rule:
    marked = shape({**TYPE, "text": string(most)}, {"verbatim": boolean})
    keys = shape({**TYPE, "text": string(most)}, {"emoji": boolean})
    return typed({"plain_text": keys, "mrkdwn": marked}, "text object")


STYLE = one_of("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
)
ACTION: Rules = {**TYPE, "action_id": ID}
MENU: Rules = {"placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": boolean}

IMAGE = shape(
    {**TYPE, "alt_text": string(2_000)},
    {"image_url": string(3_000), "slack_file": anything},
    also=any_key("image_url", "slack_file"),
)
BUTTON = shape(
    {**ACTION, "text": plain(75)},
    {
        "url": string(3_000),
        "value": string(2_000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)


def option(words: Rule) -> Rule:
    return shape({"text": words, "value": string(150)}, {"description": text(75), "url": string(3_000)})


OPTIONS = items(option(plain(75)), 100)
GROUPS = items(shape({"label": plain(75), "options": OPTIONS}, {}), 100)
CHOICES: Rules = {
    "options": OPTIONS,
    "option_groups": GROUPS,
    "initial_option": option(plain(75)),
    "initial_options": OPTIONS,
    "max_selected_items": whole(1, 100),
}
CHOICE = shape(ACTION, {**CHOICES, **MENU}, also=any_key("options", "option_groups"))
TICKS = shape(
    {**ACTION, "options": items(option(text(75)), 10)},
    {
        "initial_options": items(option(text(75)), 10),
        "initial_option": option(text(75)),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
)


def menu(*names: str) -> Rule:
    return shape(ACTION, {**MENU, **dict.fromkeys(names, anything)})


# The elements that Slack allows in an actions block and beside a section.
ELEMENTS: Rules = {
    "button": BUTTON,
    "overflow": shape({**ACTION, "options": items(option(plain(75)), 5)}, {"confirm": CONFIRM}),
    "static_select": CHOICE,
    "multi_static_select": CHOICE,
    "external_select": menu("initial_option", "min_query_length"),
    "multi_external_select": menu("initial_options", "min_query_length", "max_selected_items"),
    "users_select": menu("initial_user"),
    "multi_users_select": menu("initial_users", "max_selected_items"),
    "conversations_select": menu("initial_conversation", "default_to_current_conversation", "filter"),
    "multi_conversations_select": menu(
        "initial_conversations", "default_to_current_conversation", "filter", "max_selected_items"
    ),
    "channels_select": menu("initial_channel"),
    "multi_channels_select": menu("initial_channels", "max_selected_items"),
    "datepicker": menu("initial_date"),
    "timepicker": menu("initial_time", "timezone"),
    "datetimepicker": shape(
        ACTION, {"initial_date_time": whole(0, 9_999_999_999), "confirm": CONFIRM, "focus_on_load": boolean}
    ),
    "checkboxes": TICKS,
    "radio_buttons": TICKS,
}
FIELDS: Rules = {
    **ELEMENTS,
    "plain_text_input": menu(
        "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"
    ),
    "email_text_input": menu("initial_value", "dispatch_action_config"),
    "url_text_input": menu("initial_value", "dispatch_action_config"),
    "rich_text_input": menu("initial_value", "dispatch_action_config"),
    "number_input": menu(
        "is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config"
    ),
    "file_input": menu("filetypes", "max_files"),
}
FEEDBACK = shape({"text": plain(75), "value": string(2_000)}, {"accessibility_label": string(75)})
QUICK: Rules = {
    "feedback_buttons": shape(ACTION, {"positive_button": FEEDBACK, "negative_button": FEEDBACK}),
    "icon_button": shape(
        {**ACTION, "icon": string(75), "text": plain(75)},
        {
            "value": string(2_000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": anything,
        },
    ),
}


def actions(kinds: Rules, most: int) -> Rule:
    return all_of(items(typed(kinds, "element"), most), distinct("action_id"))


_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLED: Rules = {"style": shape({}, dict.fromkeys(_STYLES, boolean))}
_INLINE = typed(
    {
        "text": shape({**TYPE, "text": string(40_000)}, _STYLED),
        "link": shape({**TYPE, "url": string(3_000)}, {"text": string(40_000), "unsafe": boolean, **_STYLED}),
        "emoji": shape(
            {**TYPE, "name": string(255)}, {"unicode": string(99), "skin_tone": number, "url": anything}
        ),
        "user": shape({**TYPE, "user_id": ID}, _STYLED),
        "usergroup": shape({**TYPE, "usergroup_id": ID}, _STYLED),
        "channel": shape({**TYPE, "channel_id": ID}, _STYLED),
        "broadcast": shape({**TYPE, "range": one_of("here", "channel", "everyone")}, _STYLED),
        "color": shape({**TYPE, "value": string(9)}, {}),
        "date": shape(
            {**TYPE, "timestamp": number, "format": string(500)},
            {"url": string(3_000), "fallback": string(3_000), **_STYLED},
        ),
    },
    "rich text element",
)
_RUN = items(_INLINE, 10_000, 0)
_SECTION = shape({**TYPE, "elements": _RUN}, {})
_BOXED = shape({**TYPE, "elements": _RUN}, {"border": whole(0, 1), "language": string(99)})
RICH = shape(
    {
        **TYPE,
        "elements": items(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_quote": _BOXED,
                    "rich_text_preformatted": _BOXED,
                    "rich_text_list": shape(
                        {
                            **TYPE,
                            "style": one_of("bullet", "ordered"),
                            "elements": items(typed({"rich_text_section": _SECTION}, "list item"), 1_000),
                        },
                        {"indent": whole(0, 8), "offset": whole(0, 100_000), "border": whole(0, 1)},
                    ),
                },
                "rich text",
            ),
            1_000,
        ),
    },
    {"block_id": ID},
)
