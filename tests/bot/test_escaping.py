"""Whatever people and integrations write stays text: nobody is called, nothing links, no message is refused.

What is asserted here is little: everything that was sent is checked when a test ends (tests.bot.emitted).
"""

from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import block_suggestion, view_submission
from local_slack.workspace import Message
from tests.bot.emitted import check_emitted, find_problems_in, list_emitted_messages, list_emitted_views
from tests.bot.reading import list_buttons, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica, make_local_slack

LENGTH = "How long, or from when to when"
HOSTILE = {
    "everybody": "<!channel> <!here> <!everyone>",
    "people": "<@U0BEN> <#C0GENERAL> <!subteam^S1>",
    "links": "<https://evil.example|https://good.example> <javascript:x|y>",
    "dates": "<!date^0^{date_num}|never> |x> ^",
    "entities": "&lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!here&#62;",
    "bidi": "a\u202eb\u200bc\u2066d\ufeffe\u00adf",
    "unseen": "\u200b\u2060\u200d",
    "marks": "```code``` `tick` *bold* _it_ ~gone~ > quote",
    "brackets": "<&>" * 150,
    "quotes": '"\\' * 200 + "'",
    "wide": "👩‍👩‍👧 Z̷͉͑ͫ̓ 漢字 ﷽ " * 12,
}

# The everyday suite writes all signs that are dangerous at once, in as few texts as hold them; each by itself is for
# the exhaustive one. The third is the text that grows most when it is escaped.
FEW = [
    "<!channel> <@U0BEN> <https://evil.example|x> <!date^0^{d}|y> &lt;!here&gt;",
    'a\u202eb\u200bc ```c``` `t` *b* _i_ ~g~ > q "\\ <&> 👩‍👩‍👧 Z̷͉͑ 漢字 ﷽',
    HOSTILE["brackets"],
]
few_or_each = pytest.mark.parametrize(
    "texts",
    [
        pytest.param(FEW, id="few"),
        pytest.param([*FEW[:2], *HOSTILE.values()], id="each", marks=pytest.mark.exhaustive),
    ],
)


def find_newest_card(app: Replica) -> Message:
    """Figures of an earlier report may come in between, so it is not the newest message."""
    return next(one for one in reversed(app.list_messages()) if "Edit…" in list_buttons(one))


@few_or_each
async def test_a_note_is_inert_wherever_it_is_shown(timed: Replica, clock: Clock, texts: list[str]) -> None:
    await timed.open_home()
    for hostile in texts:
        await timed.type_command(f"log 9-11 note {hostile}")
        card = await timed.type_command(f"start note {hostile} +tag")
        for asked in ("", "today", "week by tag", "team", "delete", "resume", "digest now"):
            await timed.type_command(asked)
        await timed.press_button(card, "entry_menu", choice="Share in this channel")
        await timed.submit_form(await timed.open_form(card, "Edit…"))
        question = await timed.type_command(f"log 10-12 note {hostile}")
        await timed.press_button(question, "Split")
        await timed.type_command("log")
        await timed.submit_form(timed.find_form(), {LENGTH: "10-11", "What did you work on?": "docs"})
        assert timed.find_form().title == "That time is taken"
        clock.now += timedelta(minutes=3)
        await timed.send_due_messages()
        await timed.refresh_messages()
        await timed.press_button(timed.list_direct_messages()[-1], "Stop")
        await timed.type_command(hostile)
        assert "Did you mean" in (await timed.type_command(f"strat {hostile} now")).text
        assert timed.list_calls("views.publish")
        check_emitted(timed.local_slack)
        clock.now += timedelta(days=1)


@few_or_each
async def test_a_title_is_inert_wherever_it_is_shown(timed: Replica, clock: Clock, texts: list[str]) -> None:
    await timed.open_home()
    for hostile in texts:
        title = hostile[:78]
        if "needs a name" in (await timed.type_command(f"project new {title}")).text:
            continue  # nothing in it can be seen
        await timed.type_command(f"start “{title}” fix")
        for asked in ("today", "projects", "week", "team", "", "digest now", "report today by project"):
            await timed.type_command(asked)
        for asked in (f"here {title}", f"here “{title}”", "here", f"start {title.split(' ')[0]}: fix"):
            await timed.type_command(asked)
        await timed.type_command("switch")
        place = timed.local_slack.make_place(timed.find_form())
        for letters in (title, title[:5], hostile, ""):
            options = await timed.local_slack.screens.options("U0ADA", place, "Project", letters)
        await timed.submit_form(timed.find_form(), {"Project": options[0]})
        card = find_newest_card(timed)
        assert read_fields(await timed.open_form(card, "Edit…"))["Project"]
        clock.now += timedelta(minutes=3)
        await timed.send_due_messages()
        await timed.refresh_messages()
        await timed.type_command(f"project rename “{title}” to {title[:70]} 2")
        await timed.type_command(f"project archive {title[:70]} 2")
        check_emitted(timed.local_slack)


@few_or_each
async def test_tags_names_and_messages_are_inert_wherever_they_are_shown(
    timed: Replica, clock: Clock, texts: list[str]
) -> None:
    await timed.type_command("remind 11:00", "U0BEN")
    for number, hostile in enumerate(texts):
        profile = {"display_name": hostile, "real_name": hostile}
        for user in ("U0ADA", "U0BEN"):
            news = {"id": user, "tz": "America/New_York", "profile": profile}
            await timed.local_slack.event({"type": "user_change", "user": news})
        await timed.open_home("U0BEN")
        said = Message("C0GENERAL", "", "U0BEN", f"{hostile} <@U0BEN> <@U0ADA>")
        said = timed.local_slack.workspace.post(said)
        await timed.local_slack.screens.message_shortcut("U0ADA", said, "track_message")
        card = find_newest_card(timed)
        await timed.press_button(card, "entry_menu", choice="Share in this channel")
        await timed.submit_form(
            await timed.open_form(card, "Edit…"), {"Tags": hostile.replace(" ", "_")[:40]}
        )
        await timed.type_command("team lead @Ben Okafor")
        for asked in ("team", "report today by person", "week by tag", "today", "digest now", "stop"):
            await timed.type_command(asked)
        assert (
            await timed.receive_webhook("message.post", f"msg_{number}", text=f"{hostile}\n{hostile}") == 202
        )
        clock.now += timedelta(minutes=3)
        await timed.send_due_messages()
        await timed.refresh_messages()
        check_emitted(timed.local_slack)
    clock.now += timedelta(hours=1, minutes=30)
    assert await timed.service.services.reminders.queue_due() == 1
    await timed.send_due_messages()
    assert "Nothing is tracked today yet" in timed.list_direct_messages("U0BEN")[-1].text


async def test_ten_thousand_characters_are_cut_or_refused_everywhere(timed: Replica) -> None:
    long = "<x> " * 2_500
    for asked in (
        f"start {long}",
        f"log 1h {long}",
        f"project new {long}",
        f"here {long}",
        long,
        f"week {long}",
    ):
        told = await timed.type_command(asked)
        assert len(told.text) < 400
    await timed.type_command("switch")
    view = timed.find_form()
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    for field in ("note", "tags", "when"):
        payload["view"]["state"]["values"][field][field]["value"] = long
    answer = await timed.send_interaction(payload)
    assert set(answer["errors"]) <= {"note", "tags", "when"}
    assert (
        await timed.local_slack.screens.options("U0ADA", timed.local_slack.make_place(view), "Project", long)
        == []
    )


@pytest.mark.parametrize("nonsense", ["\x00", "a\x00b", "\ud800", "\x1b[31m", "\u200b", "\uffff"])
async def test_what_no_database_and_no_screen_can_hold_is_left_out(timed: Replica, nonsense: str) -> None:
    await timed.type_command("project new API")
    await timed.type_command("switch")
    view = timed.find_form()
    block = next(block for block in view.blocks if block["block_id"] == "project")
    asked = block_suggestion(
        timed.local_slack.workspace,
        "U0ADA",
        timed.local_slack.make_place(view),
        block,
        block["element"],
        nonsense,
    )
    await timed.send_interaction(asked)
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    values = payload["view"]["state"]["values"]
    values["note"]["note"]["value"] = values["tags"]["tags"]["value"] = nonsense
    values["project"]["project"]["selected_option"] = {"text": {}, "value": f"new:web{nonsense}"}
    assert (await timed.local_slack.deliver(encode_interaction(payload))).body == b""
    assert "web" in (await timed.type_command("")).text
    assert "API" in read_text(await timed.type_command("projects"))


async def test_the_judge_sees_what_is_wrong() -> None:
    """It would be worth nothing if it were blind."""
    local_slack = make_local_slack()
    assert find_problems_in(local_slack) == []
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "nobody"}
    marked = {"type": "mrkdwn", "text": "ask <@U0BEN>"}
    for arguments in (
        {"text": "ask <!here>", "blocks": []},
        {"text": "a\u202eb", "blocks": []},
        {"text": "", "blocks": [{"type": "divider"}]},
        {"text": "x", "blocks": [{"type": "section", "text": marked}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]},
        {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "y" * 151}}]},
    ):
        local_slack.api.record("chat.postMessage", arguments, "ok")
        assert find_problems_in(local_slack) != []
        local_slack.calls.clear()
    local_slack.api.record("views.open", {"view": {"type": "modal", "blocks": []}}, "ok")
    assert find_problems_in(local_slack) != []
    assert (len(list(list_emitted_messages(local_slack))), len(list(list_emitted_views(local_slack)))) == (
        0,
        1,
    )
