"""Channels with a project of their own, who sees whom, and what each person chose: by command."""

from tests.bot.reading import list_buttons, read_text
from tests.replica import Replica


async def test_a_channels_project_is_meant_where_none_is_named(timed: Replica) -> None:
    for title in ("API", "Website"):
        await timed.type_command(f"project new {title}")
    assert "has no project of its own" in (await timed.type_command("here", channel="C0API")).text
    bound = await timed.type_command("here api", channel="C0API")
    assert bound.text == "<#C0API> now tracks on API when nobody names a project."
    assert (await timed.type_command("start fix login", "U0BEN", "C0API")).text.startswith(
        "Started: API, fix login"
    )
    assert (await timed.type_command("log 9-10 review", channel="C0API")).text.startswith(
        "Recorded: API, review"
    )
    assert (await timed.type_command("start website footer", channel="C0API")).text.startswith(
        "Started: Website, "
    )
    assert (await timed.type_command("start fix login")).text.startswith("Started: fix login")
    assert "tracks on API" in (await timed.type_command("here", "U0BEN", "C0API")).text
    assert "now tracks on Website" in (await timed.type_command("here project website", channel="C0API")).text
    ended = await timed.type_command("here none", channel="C0API")
    assert ended.text == "<#C0API> has no project of its own any more. It was Website."
    assert (await timed.type_command("start fix login", channel="C0API")).text.startswith(
        "Started: fix login"
    )


async def test_a_channel_is_given_a_project_that_is_made_for_it(timed: Replica) -> None:
    offered = await timed.type_command("here billing", channel="C0API")
    await timed.press_button(offered, "Make “billing” and track on it here")
    assert "now tracks on billing" in timed.reload(offered).text
    assert "Only channels" in (await timed.type_command("here api", channel="D0ADA")).text


async def test_a_member_sees_only_themselves_and_leads_and_admins_see_who_works_on_what(
    timed: Replica,
) -> None:
    for user, note in (("U0BEN", "secret"), ("U0CHIKA", "plans")):
        await timed.type_command(f"start 15 min ago {note}", user)
    await timed.type_command("log 9-10 review")
    alone = read_text(await timed.type_command("team", "U0BEN"))
    assert "You are tracking" in alone
    assert "plans" not in alone
    shown = read_text(await timed.type_command("team"))  # Ada is an admin of the workspace
    assert "*2 tracking now*" in shown
    assert "*Ben*  secret" in shown
    assert "*Chika*  plans" in shown
    assert "Not tracking: Ada" in shown
    assert "Only admins give roles" in (await timed.type_command("team lead @Chika Mori", "U0BEN")).text
    assert "Ben is a lead now" in (await timed.type_command("team lead @Ben Okafor")).text
    assert "plans" in read_text(await timed.type_command("team", "U0BEN"))
    assert "Only admins give roles" in (await timed.type_command("team admin @Ben Okafor", "U0BEN")).text
    assert "Ben is a member now" in (await timed.type_command("team member @Ben Okafor")).text
    assert "plans" not in read_text(await timed.type_command("team", "U0BEN"))
    assert "Nothing was changed" in (await timed.type_command("team member @Ada Park")).text


async def test_a_report_by_person_shows_others_to_leads_only(timed: Replica) -> None:
    await timed.type_command("log 8-9 mine", "U0BEN")
    await timed.type_command("log 9-11 hers")
    member = read_text(await timed.type_command("report today by person", "U0BEN"))
    assert "Ada" not in member
    assert "your own time only" in member
    admin = read_text(await timed.type_command("report today by person"))
    assert "Ada | 2 h | 67 %" in admin
    assert "Ben | 1 h | 33 %" in admin


async def test_somebody_who_has_not_come_yet_can_not_be_given_a_role(timed: Replica) -> None:
    assert "have not used this yet" in (await timed.type_command("team lead @Chika Mori")).text


async def test_a_name_that_slack_does_not_resolve_is_told_as_that(timed: Replica) -> None:
    for said in ("team @Bob", "team lead @Bob"):
        told = (await timed.type_command(said)).text
        assert told.startswith("I don't know who “@Bob” is: choose the name from the list"), said
        assert "Nothing was changed" in told


async def test_what_a_person_chooses_is_told_as_it_is_and_is_theirs_alone(timed: Replica) -> None:
    for said, expected in (
        ("remind 11:00", "Reminder at 11:00 on working days"),
        ("remind off", "No reminder"),
        ("digest off", "Daily digest is off"),
        ("digest 9:05", "Daily digest is on, at 09:05 (America/New_York), every day"),
        ("settings", "Daily digest is on, at 09:05 (America/New_York), every day"),
    ):
        told = await timed.type_command(said, "U0BEN")
        assert expected in told.text
        assert list_buttons(told) == ["Change…"]
    assert "at 18:00 (Europe/Berlin)" in (await timed.type_command("digest on")).text


async def test_a_question_before_deleting_names_the_entry_and_can_be_kept(timed: Replica) -> None:
    await timed.type_command("log 9-10 docs")
    question = await timed.type_command("delete")
    assert question.text == "Delete docs, 1 h?"
    assert list_buttons(question) == ["Delete", "Keep it", "Choose another…"]
    await timed.press_button(question, "Keep it")
    assert timed.reload(question).text.startswith("Finished: docs, 1 h.")
    question = await timed.type_command("delete")
    await timed.type_command("edit")
    await timed.press_button(question, "Delete")
    assert timed.reload(question).text.startswith("Deleted: docs, 1 h. Today 0 s.")
    await timed.press_button(timed.reload(question), "Undo")
    assert await timed.list_entries() == ["09:00–10:00 docs"]
    await timed.refresh_messages()
    assert read_text(timed.reload(question)).count("docs") >= 1
