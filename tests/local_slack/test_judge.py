"""The judge accepts what Slack accepts, and names the place of what Slack would refuse."""

from typing import Any

import pytest

from local_slack.judge.blocks import BLOCKS, find_problems

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), "action_id": "a", **more}


def confirm(**more: object) -> Json:
    return {"title": plain(), "text": marked(), "confirm": plain(), "deny": plain(), **more}


def option(value: str = "v") -> Json:
    return {"text": plain(), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def chart(**more: object) -> Json:
    data = [{"label": "a", "value": 1}]
    shape = {"type": "bar", "series": [{"name": "s", "data": data}], "axis_config": {"categories": ["a"]}}
    return {"type": "data_visualization", "title": "t", "chart": shape | more}


def pie(*values: object) -> Json:
    segments = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def series(count: int) -> list[Json]:
    return [{"name": f"s{number}", "data": [{"label": "a", "value": 1}]} for number in range(count)]


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


OVERFLOW = {"type": "overflow", "action_id": "o", "options": [option()] * 5}
PICTURE = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a"}
MENU = {"type": "static_select", "action_id": "m", "options": [option()]}
TASK = {"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}
QUICK = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": option(),
    "negative_button": option(),
}

GOOD: list[Json] = [
    {"type": "section", "text": marked("x" * 3_000)},
    {"type": "section", "text": marked(), "block_id": "b", "expand": True, "accessory": PICTURE},
    {"type": "section", "fields": [plain("x" * 2_000)] * 10, "accessory": button()},
    {"type": "section", "text": plain(), "accessory": OVERFLOW},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [plain(), marked(), PICTURE]},
    actions(button(value="v" * 2_000, style="danger", confirm=confirm(style="danger")), MENU),
    actions({"type": "static_select", "action_id": "m", "option_groups": [{"label": plain(), "options": [option()]}]}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-18", "placeholder": plain()}),
    actions({"type": "checkboxes", "action_id": "c", "options": [{"text": marked(), "value": "v"}]}),
    PICTURE,
    {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": rich()["elements"]}]},
    rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}),
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "table", "rows": [[cell()] * 20] * 100, "column_settings": [{"align": "right"}, None]},
    {"type": "table", "rows": [[{"type": "raw_number", "value": 1.5}], [rich({"type": "text", "text": "x"})]]},
    {"type": "data_table", "caption": "c", "rows": [[cell()]] * 101, "page_size": 100},
    chart(),
    chart(type="line", series=series(6)),
    chart(series=[{"name": "s", "data": [{"label": "a", "value": -1.5}]}]),
    pie(1, 0.5),
    {"type": "card", "title": plain(), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "body": marked()}]},
    {"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}]},
    {"type": "plan", "title": "p", "tasks": [TASK]},
    TASK,
    {"type": "context_actions", "elements": [QUICK]},
]  # fmt: skip
BAD: list[object] = [
    {},
    "section",
    {"type": "unknown"},
    {"type": "section"},
    {"type": "section", "text": "x"},
    {"type": "section", "text": {"type": "markdown", "text": "x"}},
    {"type": "section", "text": plain("")},
    {"type": "section", "text": plain("x" * 3_001)},
    {"type": "section", "text": plain(), "color": "red"},
    {"type": "section", "text": {**plain(), "verbatim": True}},
    {"type": "section", "fields": [plain()] * 11},
    {"type": "section", "fields": []},
    {"type": "section", "fields": "x"},
    {"type": "section", "fields": [plain("x" * 2_001)]},
    {"type": "section", "text": plain(), "accessory": {"type": "plain_text_input", "action_id": "a"}},
    {"type": "header", "text": marked()},
    {"type": "header", "text": plain("x" * 151)},
    {"type": "context", "elements": []},
    {"type": "context", "elements": [plain()] * 11},
    {"type": "context", "elements": [button()]},
    actions(),
    actions(button(), button()),
    actions(*[button(action_id=str(number)) for number in range(26)]),
    actions(button(text=plain("x" * 76))),
    actions(button(text=marked())),
    actions(button(text=plain(""))),
    actions(button(action_id="x" * 256)),
    actions(button(value="x" * 2_001)),
    actions(button(url="x" * 3_001)),
    actions(button(style="green")),
    actions(button(colour="green")),
    actions(button(confirm={"title": plain()})),
    actions(button(confirm=confirm(title=plain("x" * 101)))),
    actions(button(confirm=confirm(text=plain("x" * 301)))),
    actions(button(confirm=confirm(deny=plain("x" * 31)))),
    actions(button(confirm=confirm(title=marked()))),
    actions({"type": "button", "text": plain()}),
    actions({"type": "static_select", "action_id": "m"}),
    actions({**MENU, "options": []}),
    actions({**MENU, "options": [option()] * 101}),
    actions({**MENU, "options": [option("v" * 151)]}),
    actions({**MENU, "placeholder": plain("x" * 151)}),
    actions({"type": "overflow", "action_id": "o", "options": [option()] * 6}),
    {"type": "divider", "block_id": "x" * 256},
    {"type": "divider", "block_id": ""},
    {"type": "image", "image_url": "https://x.example"},
    {"type": "image", "alt_text": "a"},
    rich({"type": "bold", "text": "x"}),
    {"type": "markdown", "text": "x" * 12_001},
    {"type": "table", "rows": []},
    {"type": "table", "rows": [[cell("")]]},
    {"type": "table", "rows": [[cell()], []]},
    {"type": "table", "rows": [[cell()], [cell(), cell()]]},
    {"type": "table", "rows": [[cell()] * 21]},
    {"type": "table", "rows": [[cell()]] * 101},
    {"type": "table", "rows": [[cell()]], "column_settings": [{"align": "top"}]},
    {"type": "table", "rows": [[{"type": "raw_number", "value": "1"}]]},
    {"type": "data_table", "caption": "c", "rows": [[cell()]]},
    {"type": "data_table", "rows": [[cell()]] * 2},
    {"type": "data_table", "caption": "c", "rows": [[rich({"type": "text", "text": "x"})], [cell()]]},
    {"type": "data_table", "caption": "c", "rows": [[cell()]] * 2, "page_size": 101},
    chart(series=[]),
    chart(series=series(7)),
    chart(series=series(1) * 2),
    chart(series=[{"name": "x" * 21, "data": [{"label": "a", "value": 1}]}]),
    chart(series=[{"name": "s", "data": [{"label": "a", "value": True}]}]),
    chart(type="radar"),
    chart(axis_config={"categories": ["b"]}),
    chart(axis_config={"categories": ["a", "b"]}),
    chart(axis_config={"categories": []}),
    {**chart(), "title": "x" * 51},
    {**chart(), "title": ""},
    {**chart(), "alt_text": "x"},
    pie(0),
    pie(*[1] * 7),
    {"type": "card", "subtitle": plain()},
    {"type": "card", "body": plain("x" * 201)},
    {"type": "carousel", "elements": []},
    {"type": "container", "child_blocks": [{"type": "divider"}]},
    {"type": "container", "title": plain(), "child_blocks": [{"type": "nothing"}]},
    {"type": "alert", "text": plain()},
    {"type": "input", "label": plain("x" * 2_001), "element": {"type": "plain_text_input", "action_id": "a"}},
    {**TASK, "status": "done"},
    {"type": "context_actions", "elements": [QUICK] * 6},
]  # fmt: skip


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block)[:50])
def test_a_good_block_is_taken(block: Json) -> None:
    assert find_problems([block]) == []


@pytest.mark.parametrize("block", BAD, ids=lambda block: str(block)[:50])
def test_a_bad_block_is_refused_with_its_place(block: object) -> None:
    said = find_problems([block])
    assert said
    assert all("[json-pointer:/blocks/0" in one for one in said)


def test_every_block_of_a_message_has_a_good_case() -> None:
    shown = {block["type"] for block in GOOD}
    assert BLOCKS.keys() - shown == {"alert", "input"}  # of modals


def test_a_problem_reads_like_slacks_own() -> None:
    assert find_problems([{"type": "header", "text": plain("x" * 151)}]) == [
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]
    assert find_problems([{"type": "divider"}, {"type": "image", "image_url": "https://x.example"}]) == [
        "missing required field: alt_text [json-pointer:/blocks/1]"
    ]


def test_what_counts_over_the_whole_message_is_counted() -> None:
    assert find_problems([{"type": "divider"}] * 50) == []
    assert find_problems([{"type": "divider"}] * 51)
    assert find_problems([{"type": "divider", "block_id": "a"}] * 2)
    assert find_problems([chart()] * 2) == []
    assert find_problems([chart()] * 3)
    long = {"type": "table", "rows": [[cell("x" * 5_000)]]}
    assert find_problems([long] * 2) == []
    assert find_problems([long] * 3)
    assert find_problems([{"type": "markdown", "text": "x" * 6_001}] * 2)
    assert find_problems({"type": "divider"})


def test_an_action_id_may_stand_in_two_blocks_but_not_twice_in_one() -> None:
    assert find_problems([actions(button()), actions(button())]) == []
    assert find_problems([actions(button(), button())])


def test_surfaces_differ_in_what_they_take() -> None:
    dividers: list[Json] = [{"type": "divider"}] * 100
    assert find_problems(dividers, "modal") == []
    assert find_problems(dividers, "home") == []
    assert find_problems([{"type": "alert", "text": plain(), "level": "info"}], "modal") == []
    assert find_problems([chart()], "modal")
    assert find_problems([{"type": "markdown", "text": "x"}], "home")
