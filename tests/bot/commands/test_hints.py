"""What is offered after a slip of the finger runs as it reads; and what each command says when it can not."""

import re

import pytest

from bot.routes import COMMANDS
from tests.bot.reading import list_buttons, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica

COMMAND_NAMES = {command.name for command in COMMANDS}


@pytest.mark.parametrize(
    ("said", "runs", "note"),
    [
        ("strat a & b <c>", "/track start a & b <c>", "a & b <c>"),
        ("strat a &lt;b&gt;", "/track start a &lt;b&gt;", "a &lt;b&gt;"),
        ("strat ask <@U0BEN|x>", "/track start ask <@U0BEN|x>", "ask <@U0BEN|x>"),
        (
            "strat see https://example.com/x",
            "/track start see https://example.com/x",
            "see https://example.com/x",
        ),
        ("fix a & b", "/track start fix a & b", "fix a & b"),
    ],
)
async def test_a_suggestion_that_is_pressed_is_what_was_typed(
    timed: Replica, clock: Clock, said: str, runs: str, note: str
) -> None:
    suggested = await timed.type_command(said)
    await timed.press_button(suggested, runs)
    clock.now = clock.now.replace(minute=50)
    escaped = note.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert await timed.list_entries() == [f"15:40–now {escaped}"]


async def test_a_suggestion_about_a_person_finds_them(timed: Replica) -> None:
    await timed.type_command("", "U0BEN")
    suggested = await timed.type_command("taem lead @Ben Okafor")
    assert list_buttons(suggested) == ["/track team lead @ben.okafor"]
    await timed.press_button(suggested, "/track team lead @ben.okafor")
    assert timed.reload(suggested).text == "Ben is a lead now: they see who works on what, and how long."


async def test_what_does_not_fit_into_a_button_is_not_offered_by_half(timed: Replica) -> None:
    await timed.type_command("project new API")
    for said in (f"strat api {'&' * 450}", f"log 1h billing: {'&' * 450}"):
        told = await timed.type_command(said)
        assert list_buttons(told) == []
        assert "Nothing was changed" in told.text
    offered = await timed.type_command(f"log 9-10 billing: {'&' * 300}")
    await timed.press_button(offered, "Make “billing” and log")
    assert read_fields(await timed.open_form(timed.reload(offered), "Edit…"))["Note"] == "&" * 300


async def test_a_suggestion_can_open_a_form_and_lead_to_another_question(timed: Replica) -> None:
    suggested = await timed.type_command("swich")
    await timed.press_button(suggested, "/track switch")
    assert timed.find_form().title == "Start a timer"
    await timed.type_command("log 9-12 docs")
    suggested = await timed.type_command("lgo 10-11 billing: mail")
    await timed.press_button(suggested, "/track log 10-11 billing: mail")
    await timed.press_button(timed.reload(suggested), "Make “billing” and log")
    await timed.press_button(timed.reload(suggested), "Split")
    assert await timed.list_entries() == [
        "09:00–10:00 docs",
        "10:00–11:00 billing · mail",
        "11:00–12:00 docs",
    ]


# What can not be done, and whether there is anything else that could be typed instead.
REFUSED = {
    "stop 17:00": False,
    "stop banana": True,
    "start 17:00 api": False,
    "start since banana api": True,
    "log api": True,
    "log 17-18 api": False,
    "log 1h billing: x": True,
    "start billing: x": True,
    "edit the last one": True,
    "edit": True,
    "delete": False,
    "undo": False,
    "2026-02-30": False,
    "2030-01-01": False,
    "week next": True,
    "report banana": True,
    "report october by color": True,
    "project explode api": True,
    "project rename api": True,
    "project archive nobody": True,
    "here nobody": True,
    "team boss @Ben Okafor": True,
    "team lead nobody": True,
    "digest 25:00": True,
    "remind 25:00": True,
    "settings please": False,
    "token please do": True,
    "blargh": True,
}
_NOT_UNDERSTOOD = ("I don't know", "I know", "I didn't understand", "I need")
_EXAMPLE = re.compile(r"`(?:/track )?([^`\[\]…]+)`")


async def test_a_refusal_changes_nothing_and_what_it_names_instead_works(timed: Replica) -> None:
    await timed.type_command("", "U0BEN")  # and is greeted with examples
    for said, instead in REFUSED.items():
        told = await timed.type_command(said, "U0BEN")
        assert await timed.list_entries(user="U0BEN") == [], said
        found = _EXAMPLE.findall(read_text(told))
        examples = [one for one in found if one != said and not one.startswith("by ")]
        assert examples or list_buttons(told) or not instead, read_text(told)
        await _all_work(timed, said, examples)


async def _all_work(app: Replica, said: str, examples: list[str]) -> None:
    first = said.split(maxsplit=1)[0]
    verb = f"{first} " if first in COMMAND_NAMES else ""
    for example in examples:
        command = example if example.split()[0] in COMMAND_NAMES else f"{verb}{example}"
        command = command.replace("@name", "@Ben Okafor")
        if command == "project archive api" or command.startswith("project rename"):
            await app.type_command("project new API")
        answered = (await app.type_command(command)).text
        assert not answered.startswith(_NOT_UNDERSTOOD), answered


@pytest.mark.parametrize(
    "user", ["U0BEN", *(pytest.param(user, marks=pytest.mark.exhaustive) for user in ("U0ADA", "U0CHIKA"))]
)
async def test_every_example_of_the_help_answers_sensibly_in_every_zone(timed: Replica, user: str) -> None:
    for number, command in enumerate(COMMANDS):
        if not number or COMMANDS[number - 1].name == "project":  # which archives and renames them
            for title in ("API", "Support", "Web site"):
                await timed.type_command(f"project new {title}", user)
        for example in command.examples:
            if example.startswith("project archive"):
                await timed.type_command("project new API", user)
            told = await timed.type_command(example, user)
            assert not told.text.startswith(_NOT_UNDERSTOOD), told.text
            assert "There is no project" not in told.text


async def test_the_help_names_every_command_and_shows_its_examples(timed: Replica) -> None:
    whole = read_text(await timed.type_command("help"))
    for command in COMMANDS:
        assert command.name in COMMAND_NAMES
        assert f"`/track {command.usage}`" in whole
        assert command.about in whole
        page = read_text(await timed.type_command(f"help {command.name}"))
        for example in command.examples:
            assert f"• `/track {example}`" in page
