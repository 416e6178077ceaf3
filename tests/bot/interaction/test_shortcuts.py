"""The shortcut on a message: what it says becomes the note, in threads too, where commands do not work."""

from datetime import timedelta

from bot.interaction.message_notes import read_message_text
from local_slack.files import File
from local_slack.requests.encoding import encode_interaction
from local_slack.workspace import Message, Person
from tests.bot.reading import read_instants, read_text
from tests.conftest import Clock
from tests.replica import Replica


def post_message(
    app: Replica, text: str, *, thread: str | None = None, channel: str = "C0GENERAL"
) -> Message:
    """Ben says that there, as Slack keeps it."""
    return app.local_slack.workspace.post(Message(channel, "", "U0BEN", text, thread_ts=thread))


async def track_message(app: Replica, message: Message, user: str = "U0ADA") -> Message:
    """What the person is shown who takes the shortcut."""
    answer = await app.local_slack.screens.message_shortcut(user, message, "track_message")
    assert (answer.status, answer.body) == (200, b"")
    told = app.list_messages(message.channel)[-1]
    assert told.ephemeral_for == user
    return told


AS_IT_READS = [
    ("Login is broken", "Login is broken"),
    ("ask <@U0BEN|ben.okafor> in <#C0API|api>", "ask @ben.okafor in #api"),
    (
        "see <https://example.com/x|the page> &amp; mail <mailto:a@b.co|a@b.co>",
        "see https://example.com/x & mail a@b.co",
    ),
    ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    ("<!here> <!channel|channel> <!subteam^S1|@ops> <!subteam^S1>", "@here @channel @ops @subteam"),
    ("at <!date^1795012800^{time}|14:40> in <#C0API>", "at 14:40 in #C0API"),
    ("one\ntwo\n\n• three", "one two • three"),
    ("`code` ```block```", "`code` ```block```"),
    ("api: not a project +notag", "api: not a project +notag"),
    ("", "no project, no note"),
]


async def test_the_note_is_the_message_as_it_reads(timed: Replica) -> None:
    await timed.type_command("")
    for text, note in AS_IT_READS:
        told = await track_message(timed, post_message(timed, text))
        escaped = note.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert told.text.startswith(f"Started: {escaped}, since 15:40.")


def make_rich_text(*elements: dict[str, object]) -> dict[str, object]:
    """A block as Slack's own editor makes it."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*elements]}]}


WITHOUT_TEXT: list[tuple[dict[str, object], str]] = [
    ({"files": [{"title": "Login mockup", "name": "x.png"}]}, "Login mockup"),
    ({"files": [{"name": "notes.pdf", "title": ""}, {"title": "b"}]}, "notes.pdf, b"),
    ({"attachments": [{"title": "PR 7: fix login", "text": "long", "fallback": "f"}]}, "PR 7: fix login"),
    ({"attachments": [{"text": "Build failed", "fallback": "f"}]}, "Build failed"),
    ({"attachments": [{"color": "red"}, {"fallback": "A plain word"}]}, "A plain word"),
    (
        {"attachments": [{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "In it"}}]}]},
        "In it",
    ),
    (
        {
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Incident 12"}},
                {"type": "divider"},
                {"type": "section", "fields": [{"type": "mrkdwn", "text": "*sev* 2"}]},
                {
                    "type": "actions",
                    "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}],
                },
            ],
            "attachments": [{"title": "not this"}],
        },
        "Incident 12 *sev* 2",
    ),
    (
        {
            "blocks": [
                make_rich_text(
                    {"type": "text", "text": "ask "},
                    {"type": "user", "user_id": "U0BEN"},
                    {"type": "link", "url": "https://example.com/x"},
                    {"type": "emoji", "name": "tada"},
                )
            ]
        },
        "ask <@U0BEN> https://example.com/x :tada:",
    ),
    ({"text": "  \n", "files": [{"title": "a"}]}, "a"),
    ({"text": "words", "files": [{"title": "a"}]}, "words"),
    ({"files": "x", "attachments": [1, {"title": 2}], "blocks": {"type": []}, "text": None}, ""),
    ({}, ""),
]


def test_a_message_without_words_has_those_of_what_it_holds() -> None:
    for message, text in WITHOUT_TEXT:
        assert read_message_text(message) == text
    deep: dict[str, object] = {"type": "x", "text": "at the bottom"}
    for _ in range(200):
        deep = {"type": "x", "elements": [deep]}
    assert read_message_text({"blocks": [deep]}) == ""
    assert len(read_message_text({"blocks": [{"type": "x", "text": "a"}] * 10_000})) < 1_000


async def test_a_file_or_an_attachment_alone_becomes_the_note(timed: Replica) -> None:
    await timed.type_command("")
    workspace = timed.local_slack.workspace
    file = File("F1", "mockup.png", "Login mockup", "U0BEN", 0, "http://files.example.com", b"x", shared=True)
    dropped = workspace.post(Message("C0GENERAL", "", "U0BEN", "", files=(file,)))
    assert (await track_message(timed, dropped)).text.startswith("Started: Login mockup, since 15:40.")
    card: dict[str, object] = {
        "title": "<https://example.com/7|PR 7> of <@U0BEN>",
        "fallback": "a pull request",
    }
    built = workspace.post(Message("C0GENERAL", "", "U0BOT", "", attachments=(card,)))
    told = await track_message(timed, built)
    assert told.text.startswith("Started: https://example.com/7 of @someone, since 15:40."), told.text


async def test_people_in_the_message_are_named(timed: Replica) -> None:
    await timed.type_command("", "U0BEN")
    told = await track_message(timed, post_message(timed, "<@U0BEN> asks <@U0NOBODY>"))
    assert told.text.startswith("Started: @Ben asks @someone, since 15:40.")


async def test_a_very_long_message_is_cut_to_a_note(timed: Replica, clock: Clock) -> None:
    await track_message(timed, post_message(timed, "word " * 2_000))
    clock.now += timedelta(minutes=1)
    (entry,) = await timed.list_entries()
    told = await timed.open_form(timed.list_messages()[-1], "Edit…")
    note = told.state[next(one for one in told.state if one.startswith("note"))]["note"]["value"]
    assert len(note) <= 500
    assert note.endswith("word…")
    assert entry.startswith("15:40–now word word")
    await timed.submit_form(told)  # its own form takes it


async def test_the_link_is_kept_and_the_channels_project_is_chosen(timed: Replica, clock: Clock) -> None:
    await timed.type_command("project new API")
    await timed.type_command("here api", channel="C0API")
    message = post_message(timed, "Login is broken", channel="C0API")
    told = await track_message(timed, message)
    link = f"https://local.example.com/archives/C0API/p{message.ts.replace('.', '')}"
    assert told.text.startswith("Started: API, Login is broken, since 15:40.")
    assert f"<{link}|the message>" in read_text(told)
    clock.now += timedelta(minutes=10)
    await timed.press_button(told, "Stop")
    assert f"<{link}|the message>" in read_text(timed.reload(told))
    resumed = await timed.type_command("resume")
    assert f"<{link}|the message>" in read_text(resumed)
    assert (await track_message(timed, post_message(timed, "elsewhere"))).text.startswith(
        "Started: elsewhere"
    )


async def test_taken_twice_it_shows_the_timer_that_runs(timed: Replica, clock: Clock) -> None:
    message = post_message(timed, "Login is broken")
    await track_message(timed, message)
    clock.now += timedelta(minutes=10)
    told = await track_message(timed, message)
    assert told.text.startswith("Already running: Login is broken, since 15:40.")
    assert await timed.list_entries() == ["15:40–now Login is broken"]
    # Another message is another timer.
    await track_message(timed, post_message(timed, "Login is broken"))
    clock.now += timedelta(minutes=10)
    assert await timed.list_entries() == ["15:40–15:50 Login is broken", "15:50–now Login is broken"]


async def test_the_same_delivery_twice_acts_once(timed: Replica, clock: Clock) -> None:
    await track_message(timed, post_message(timed, "Login is broken"))
    payload = timed.local_slack.deliveries[-1].payload
    await timed.type_command("stop")
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    clock.now += timedelta(minutes=10)
    assert (await timed.type_command("")).text.startswith("Nothing is running")


async def test_in_a_thread_the_answer_is_in_the_thread(timed: Replica) -> None:
    parent = post_message(timed, "Login is broken")
    reply = post_message(timed, "since when?", thread=parent.ts)
    told = await track_message(timed, reply)
    assert told.thread_ts == parent.ts
    assert told.text.startswith("Started: since when?")
    assert f"thread_ts={parent.ts}&cid=C0GENERAL|the message>" in read_text(told)
    await timed.press_button(told, "Stop")
    assert timed.reload(told).text.startswith("Stopped: since when?")


async def test_it_works_without_the_link_when_slack_does_not_tell_it(timed: Replica) -> None:
    faults = timed.local_slack.faults
    faults.methods, faults.server_error = {"chat.getPermalink"}, 1.0
    told = await track_message(timed, post_message(timed, "Login is broken"))
    assert told.text.startswith("Started: Login is broken")
    assert "|the message>" not in read_text(told)


async def test_it_works_for_somebody_new_also_while_slack_does_not_say_who_they_are(timed: Replica) -> None:
    told = await track_message(timed, post_message(timed, "Login is broken"), "U0CHIKA")
    assert told.text.startswith("Started: Login is broken, since 23:40.")
    timed.local_slack.workspace.add_person(Person("U0NEW", "New One", "UTC"))
    timed.local_slack.faults.methods, timed.local_slack.faults.server_error = {"users.info"}, 1.0
    told = await track_message(timed, post_message(timed, "Login is broken"), "U0NEW")
    assert told.text.startswith("Started: Login is broken, since 14:40 UTC.")


async def test_in_direct_messages_and_where_its_address_is_dead_it_answers_too(timed: Replica) -> None:
    own = timed.local_slack.workspace.dm("U0ADA")
    told = await track_message(timed, post_message(timed, "from the tracker", channel=own))
    assert told.channel == own
    message = post_message(timed, "Login is broken")
    await track_message(timed, message)
    payload = timed.local_slack.deliveries[-1].payload
    payload |= {"trigger_id": "1.again", "response_url": f"{timed.local_slack.url}/response/unknown"}
    assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    told = timed.list_messages()[-1]
    assert read_instants(told.text).startswith("Already running: Login is broken")
    assert told.ephemeral_for == "U0ADA"
    assert len(timed.list_calls("chat.postEphemeral")) == 1
    assert timed.list_direct_messages()[-1].text.startswith("Started: from the tracker")
