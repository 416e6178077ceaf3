"""Whatever people and integrations write stays text: nobody is called, nothing links, no message is refused.

What is asserted here is little: everything that was sent is judged when a test ends (tests.bot.judge).
"""

from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import block_suggestion, view_submission
from local_slack.workspace import Message
from tests.bot.judge import emitted_messages, emitted_views, judge_so_far, wrong_in
from tests.bot.kit import (
    buttons,
    calls,
    delivered,
    direct,
    fields,
    form,
    hooked,
    messages,
    opened,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica, make_local_slack

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


def newest_card(app: Replica) -> Message:
    """Figures of an earlier report may come in between, so it is not the newest message."""
    return next(one for one in reversed(messages(app)) if "Edit…" in buttons(one))


@few_or_each
async def test_a_note_is_inert_wherever_it_is_shown(timed: Replica, clock: Clock, texts: list[str]) -> None:
    await timed.local_slack.screens.open_home("U0ADA")
    for hostile in texts:
        await typed(timed, f"log 9-11 note {hostile}")
        card = await typed(timed, f"start note {hostile} +tag")
        for asked in ("", "today", "week by tag", "team", "delete", "resume", "digest now"):
            await typed(timed, asked)
        await pressed(timed, card, "entry_menu", choice="Share in this channel")
        await sent(timed, await opened(timed, card, "Edit…"))
        question = await typed(timed, f"log 10-12 note {hostile}")
        await pressed(timed, question, "Split")
        await typed(timed, "log")
        await sent(timed, form(timed), {LENGTH: "10-11", "What did you work on?": "docs"})
        assert form(timed).title == "That time is taken"
        clock.now += timedelta(minutes=3)
        await delivered(timed)
        await rewritten(timed)
        await pressed(timed, direct(timed)[-1], "Stop")
        await typed(timed, hostile)
        assert "Did you mean" in (await typed(timed, f"strat {hostile} now")).text
        assert calls(timed, "views.publish")
        judge_so_far(timed.local_slack)
        clock.now += timedelta(days=1)


@few_or_each
async def test_a_title_is_inert_wherever_it_is_shown(timed: Replica, clock: Clock, texts: list[str]) -> None:
    await timed.local_slack.screens.open_home("U0ADA")
    for hostile in texts:
        title = hostile[:78]
        if "needs a name" in (await typed(timed, f"project new {title}")).text:
            continue  # nothing in it can be seen
        await typed(timed, f"start “{title}” fix")
        for asked in ("today", "projects", "week", "team", "", "digest now", "report today by project"):
            await typed(timed, asked)
        for asked in (f"here {title}", f"here “{title}”", "here", f"start {title.split(' ')[0]}: fix"):
            await typed(timed, asked)
        await typed(timed, "switch")
        place = timed.local_slack.make_place(form(timed))
        for letters in (title, title[:5], hostile, ""):
            options = await timed.local_slack.screens.options("U0ADA", place, "Project", letters)
        await sent(timed, form(timed), {"Project": options[0]})
        card = newest_card(timed)
        assert fields(await opened(timed, card, "Edit…"))["Project"]
        clock.now += timedelta(minutes=3)
        await delivered(timed)
        await rewritten(timed)
        await typed(timed, f"project rename “{title}” to {title[:70]} 2")
        await typed(timed, f"project archive {title[:70]} 2")
        judge_so_far(timed.local_slack)


@few_or_each
async def test_tags_names_and_messages_are_inert_wherever_they_are_shown(
    timed: Replica, clock: Clock, texts: list[str]
) -> None:
    await typed(timed, "remind 11:00", "U0BEN")
    for number, hostile in enumerate(texts):
        profile = {"display_name": hostile, "real_name": hostile}
        for user in ("U0ADA", "U0BEN"):
            news = {"id": user, "tz": "America/New_York", "profile": profile}
            await timed.local_slack.event({"type": "user_change", "user": news})
        await timed.local_slack.screens.open_home("U0BEN")
        said = Message("C0GENERAL", "", "U0BEN", f"{hostile} <@U0BEN> <@U0ADA>")
        said = timed.local_slack.workspace.post(said)
        await timed.local_slack.screens.message_shortcut("U0ADA", said, "track_message")
        card = newest_card(timed)
        await pressed(timed, card, "entry_menu", choice="Share in this channel")
        await sent(timed, await opened(timed, card, "Edit…"), {"Tags": hostile.replace(" ", "_")[:40]})
        await typed(timed, "team lead @Ben Okafor")
        for asked in ("team", "report today by person", "week by tag", "today", "digest now", "stop"):
            await typed(timed, asked)
        assert await hooked(timed, "message.post", f"msg_{number}", text=f"{hostile}\n{hostile}") == 202
        clock.now += timedelta(minutes=3)
        await delivered(timed)
        await rewritten(timed)
        judge_so_far(timed.local_slack)
    clock.now += timedelta(hours=1, minutes=30)
    assert await timed.service.services.reminders.queue_due() == 1
    await delivered(timed)
    assert "Nothing is tracked today yet" in direct(timed, "U0BEN")[-1].text


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
        told = await typed(timed, asked)
        assert len(told.text) < 400
    await typed(timed, "switch")
    view = form(timed)
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    for field in ("note", "tags", "when"):
        payload["view"]["state"]["values"][field][field]["value"] = long
    answer = await timed.local_slack.deliver(encode_interaction(payload))
    assert answer.json is not None
    assert set(answer.json["errors"]) <= {"note", "tags", "when"}
    assert (
        await timed.local_slack.screens.options("U0ADA", timed.local_slack.make_place(view), "Project", long)
        == []
    )


@pytest.mark.parametrize("nonsense", ["\x00", "a\x00b", "\ud800", "\x1b[31m", "\u200b", "\uffff"])
async def test_what_no_database_and_no_screen_can_hold_is_left_out(timed: Replica, nonsense: str) -> None:
    await typed(timed, "project new API")
    await typed(timed, "switch")
    view = form(timed)
    block = next(block for block in view.blocks if block["block_id"] == "project")
    asked = block_suggestion(
        timed.local_slack.workspace,
        "U0ADA",
        timed.local_slack.make_place(view),
        block,
        block["element"],
        nonsense,
    )
    answer = await timed.local_slack.deliver(encode_interaction(asked))
    assert answer.json is not None
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    values = payload["view"]["state"]["values"]
    values["note"]["note"]["value"] = values["tags"]["tags"]["value"] = nonsense
    values["project"]["project"]["selected_option"] = {"text": {}, "value": f"new:web{nonsense}"}
    assert (await timed.local_slack.deliver(encode_interaction(payload))).body == b""
    assert "web" in (await typed(timed, "")).text
    assert "API" in words(await typed(timed, "projects"))


async def test_the_judge_sees_what_is_wrong() -> None:
    """It would be worth nothing if it were blind."""
    local_slack = make_local_slack()
    assert wrong_in(local_slack) == []
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
        assert wrong_in(local_slack) != []
        local_slack.calls.clear()
    local_slack.api.record("views.open", {"view": {"type": "modal", "blocks": []}}, "ok")
    assert wrong_in(local_slack) != []
    assert (len(list(emitted_messages(local_slack))), len(list(emitted_views(local_slack)))) == (0, 1)
