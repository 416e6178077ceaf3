"""Projects by command: known by their titles, found by the names they had, brought back from the archive."""

from tests.bot.reading import list_buttons, read_text
from tests.replica import Replica


async def test_titles_that_have_one_slug_are_two_projects(timed: Replica) -> None:
    assert (await timed.type_command("project new C++")).text.startswith("C++ is a project now.")
    assert (await timed.type_command("project new C#")).text.startswith(
        "C# is a project now. `/track start c-2`"
    )
    assert (await timed.type_command("log 11-12 C#: parser")).text.startswith("Recorded: C#, parser")
    assert (await timed.type_command("log 8-9 C++ lexer")).text.startswith("Recorded: C++, lexer")
    assert (await timed.type_command("log 10-11 c-2 more")).text.startswith("Recorded: C#, more")
    assert (await timed.type_command("log 9-10 c and more")).text.startswith("Recorded: C++, and more")
    shown = read_text(await timed.type_command("projects"))
    assert "*C++*  `c`" in shown
    assert "*C#*  `c-2`" in shown
    assert "already" in (await timed.type_command("project new c#")).text


async def test_titles_that_differ_in_accents_signs_script_or_after_the_slugs_cut_are_two(
    timed: Replica,
) -> None:
    pairs = [
        ("Café", "Cafe"), ("Ship 🚀", "Ship 🛸"), ("研究", "開発"), ("x" * 45 + " one", "x" * 45 + " two"),
        ("API", "ＡＰＩ"),
    ]  # fmt: skip
    for titles in pairs:
        for title in titles:
            assert (await timed.type_command(f"project new {title}")).text.startswith(
                f"{title} is a project now."
            )
    for number, titles in enumerate(pairs):
        for half, title in enumerate(titles):
            done = await timed.type_command(
                f'log {number + 9}:{half}0-{number + 9}:{half}5 "{title}": note {number}'
            )
            assert done.text.startswith(f"Recorded: {title}, note {number}")


async def test_the_form_makes_the_title_that_was_chosen_and_not_one_with_its_slug(timed: Replica) -> None:
    await timed.type_command("project new C++")
    await timed.type_command("log")
    view = timed.find_form()
    place = timed.local_slack.make_place(view)
    options = await timed.local_slack.screens.options("U0ADA", place, "Project", "C")
    assert [one["text"]["text"] for one in options] == ["C++", "Make “C”"]
    await timed.submit_form(view, {"How long, or from when to when": "9-10", "Project": options[1]})
    assert await timed.list_entries() == ["09:00–10:00 C"]


async def test_the_old_name_still_files_and_the_answer_says_so(timed: Replica) -> None:
    await timed.type_command("project new alpha")
    assert "the old name still means it" in read_text(
        await timed.type_command("project rename alpha to Omega")
    )
    filed = await timed.type_command("log 10m alpha two")
    assert filed.text.startswith("Recorded: Omega (was alpha), two, 10 min.")
    assert "*Omega* (was alpha)" in read_text(filed)
    assert (await timed.type_command("start ALPHA: three")).text.startswith(
        "Started: Omega (was alpha), three"
    )
    assert (await timed.type_command("log 8-9 omega four")).text.startswith("Recorded: Omega, four")
    await timed.type_command("project rename omega to Psi")
    for number, name in enumerate(("alpha", "omega", "psi")):
        assert (await timed.type_command(f"log 10:{number}0-10:{number}5 {name} x")).text.startswith(
            "Recorded: Psi"
        )
    anew = await timed.type_command("project new Alpha")
    assert anew.text.startswith("Alpha is a project now.")
    assert "It no longer means Psi, which had this name before." in anew.text
    assert (await timed.type_command("log 9-10 alpha own")).text.startswith("Recorded: Alpha, own")
    assert "`alpha`" in read_text(await timed.type_command("projects")), "and its slug is free for it"


async def test_swapped_names_mean_what_is_called_so_now(timed: Replica) -> None:
    for command in (
        "project new A one", "project new B two", "log 11-12 a-one was A", "project rename A one to Between",
    ):  # fmt: skip
        await timed.type_command(command)
    for command, other in (("rename B two to A one", "Between"), ("rename Between to B two", "A one")):
        told = (await timed.type_command(f"project {command}")).text
        assert f"It no longer means {other}, which had this name before." in told
    assert (await timed.type_command('log 8-9 "A one" x')).text.startswith("Recorded: A one, x")
    assert (await timed.type_command('log 9-10 "B two" x')).text.startswith("Recorded: B two, x")
    assert (await timed.type_command("log 10-11 between x")).text.startswith(
        "Recorded: B two (was Between), x"
    )
    assert (await timed.list_entries())[-1] == "11:00–12:00 B two · was A"


async def test_an_archived_project_is_brought_back_by_a_press_and_what_was_typed_is_done(
    timed: Replica,
) -> None:
    await timed.type_command("project new alpha")
    await timed.type_command("project rename alpha to Omega")
    await timed.type_command("project archive alpha")
    asked = await timed.type_command("log 10m omega x")
    assert asked.text == "“Omega” is archived: bring it back? Nothing was changed."
    assert list_buttons(asked) == ["Bring it back and log", "“omega” is my note"]
    also = await timed.type_command("start alpha: y")
    assert also.text.startswith("“Omega (was alpha)” is archived: bring it back?")
    assert list_buttons(also) == ["Bring it back and start"], "after a colon it can be nothing but a project"
    assert await timed.list_entries() == []
    await timed.press_button(asked, "Bring it back and log")
    assert timed.reload(asked).text.startswith("Recorded: Omega, x, 10 min.")
    await timed.press_button(asked, "Bring it back and log")
    assert len(await timed.list_entries()) == 1, "pressed twice it acts once"
    assert "*Omega*" in read_text(await timed.type_command("projects"))
    await timed.press_button(also, "Bring it back and start")
    assert timed.reload(also).text.startswith("Started: Omega, y"), (
        "it is back already, and that is no trouble"
    )


async def test_the_name_of_an_archived_project_can_still_begin_a_note(timed: Replica) -> None:
    await timed.type_command("project new review")
    await timed.type_command("project archive review")
    asked = await timed.type_command("log 9-10 review of the week")
    await timed.press_button(asked, "“review” is my note")
    assert timed.reload(asked).text.startswith("Recorded: review of the week, 1 h.")
    assert "is archived already" in (await timed.type_command("project archive review")).text
    assert "brings it back" in read_text(await timed.type_command("project rename review to Reviews"))
    assert "back from the archive" in (await timed.type_command("project new REVIEW")).text


async def test_what_is_resumed_on_an_archived_project_is_asked_about(timed: Replica) -> None:
    await timed.type_command("project new Omega")
    card = await timed.type_command("log 9-10 omega x")
    await timed.type_command("project archive omega")
    await timed.press_button(card, "Resume")
    assert "`/track project new Omega` brings it back" in timed.list_messages()[-1].text.replace("&lt;", "<")
    asked = await timed.type_command("resume")
    assert asked.text == "“Omega” is archived: bring it back? Nothing was changed."
    await timed.press_button(asked, "Bring it back and resume")
    assert timed.reload(asked).text.startswith("Resumed: Omega, x")


async def test_a_channel_gets_an_archived_project_back(timed: Replica) -> None:
    await timed.type_command("project new Omega")
    await timed.type_command("project archive omega")
    asked = await timed.type_command("here omega", channel="C0API")
    await timed.press_button(asked, "Bring it back and track on it here")
    assert "now tracks on Omega" in timed.reload(asked).text


async def test_a_beginning_of_several_projects_is_asked_about(timed: Replica) -> None:
    for title in ("Web Shop", "Website"):
        await timed.type_command(f"project new {title}")
    asked = await timed.type_command("log 9-10 web: footer")
    assert asked.text == "“web” could be “Web Shop”, “Website”. Which one is it? Nothing was changed."
    assert list_buttons(asked) == ["Web Shop", "Website", "Make “web”"]
    await timed.press_button(asked, "Website")
    assert timed.reload(asked).text.startswith("Recorded: Website, footer")


async def test_the_same_name_again_is_no_change(timed: Replica) -> None:
    await timed.type_command("project new Alpha")
    assert "Nothing was changed" in (await timed.type_command("project rename alpha to Alpha")).text
    assert "is called ALPHA now" in (await timed.type_command("project rename alpha to ALPHA")).text
    await timed.type_command("project new Beta")
    await timed.type_command("project archive beta")
    taken = await timed.type_command("project rename alpha to bEtA")
    assert taken.text == "There is a project called “Beta” already in the archive. Nothing was changed."


async def test_a_channels_project_counts_however_many_there_are(timed: Replica) -> None:
    for number in range(62):
        await timed.service.services.projects.ensure(timed.service.workspace.id, f"Apple {number:02}")
    await timed.service.services.projects.ensure(timed.service.workspace.id, "Zoo")
    await timed.service.services.projects.ensure(timed.service.workspace.id, "ap")
    await timed.type_command("here zoo", channel="C0API")
    assert (await timed.type_command("start", channel="C0API")).text.startswith("Started: Zoo")
    assert (await timed.type_command("start fix login", channel="C0API")).text.startswith(
        "Started: Zoo, fix login"
    )
    assert (await timed.type_command("start ap login", channel="C0API")).text.startswith("Started: ap, login")


async def test_a_title_with_a_sign_in_it_is_found_by_its_title_however_it_is_typed(timed: Replica) -> None:
    for title in ("net", ".NET", "A/B", "a:b"):
        await timed.type_command(f"project new {title}")
    for said, title in {
        "log 10m .net thing": ".NET",
        "log 10m .net: thing": ".NET",
        "log 10m, net thing": "net",
        "start .NET thing": ".NET",
        "log 10m a/b: thing": "A/B",
        "log 10m a:b: thing": "a:b",
        "log 10m. a/b thing": "A/B",
    }.items():
        assert f"*{title}* · thing" in read_text(await timed.type_command(said)), said
    # Where no project is called so, it is the note as it was typed.
    assert "Recorded: re/use: thing," in (await timed.type_command("log 10m re/use: thing")).text
    assert (
        "Recorded: https://ci.example/net: red,"
        in (await timed.type_command("log 10m https://ci.example/net: red")).text
    )


async def test_what_the_list_says_to_type_starts_what_it_names(timed: Replica) -> None:
    for title in (".NET", "net"):
        await timed.type_command(f"project new {title}")
    said = read_text(await timed.type_command("projects"))
    assert "`/track start net-2 …` starts a timer." in said
    assert (await timed.type_command("start net-2 x")).text.startswith("Started: net, x")
