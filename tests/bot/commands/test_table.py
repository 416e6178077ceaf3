"""What is typed after /track becomes parameters, or a sentence."""

import pytest
from hypothesis import strategies as st

from bot.interaction.context import CommandTable, UnknownCommand
from bot.routes import COMMANDS
from bot.slack.marked_text import read_marked_text
from domain.entries.entries import Work
from domain.entries.params import StartParams
from domain.errors import NotUnderstood
from domain.projects.projects import ProjectMention
from tests.properties import try_examples

TABLE = CommandTable(COMMANDS)


def project(name: str, *, must: bool = False) -> ProjectMention:
    return ProjectMention(name=name, required=must)


@pytest.mark.parametrize(
    ("typed", "work"),
    [
        ("start", Work()),
        ("start api", Work(project=project("api"))),
        ("start api fix login", Work(project=project("api"), note="fix login")),
        ("START api fix", Work(project=project("api"), note="fix")),
        ("start   api    fix  ", Work(project=project("api"), note="fix")),
        ('start "Web site" new footer', Work(project=project("Web site", must=True), note="new footer")),
        ("start “Web site” new footer", Work(project=project("Web site", must=True), note="new footer")),
        ('start "" note', Work(project=project('""'), note="note")),
        ("start billing: invoices", Work(project=project("billing", must=True), note="invoices")),
        ("start billing:", Work(project=project("billing", must=True))),
        ("start https://example.com/x read", Work(project=project("https://example.com/x"), note="read")),
        (
            "start api +Client +deep-work fix",
            Work(project=project("api"), note="fix", tags=("client", "deep-work")),
        ),
        ("start +solo", Work(tags=("solo",))),
        ("start a+b + 1", Work(project=project("a+b"), note="+ 1")),
    ],
)
def test_words_become_project_note_and_tags(typed: str, work: Work) -> None:
    command, params = TABLE.read(typed)
    assert command.name == "start"
    assert isinstance(params, StartParams)
    assert params.work == work


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("ask <@U0BEN|ben.okafor> in <#C0API|api>", "ask @ben.okafor in #api"),
        ("see <https://example.com/x|the page>", "see https://example.com/x"),
        ("&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"),
        ("a\x00b\tc\nd", "a b c d"),
    ],
)
def test_what_slack_escapes_reads_as_it_was_typed(sent: str, typed: str) -> None:
    assert read_marked_text(sent) == typed


def test_a_slip_of_the_finger_gets_a_suggestion_and_changes_nothing() -> None:
    assert suggestion_for("stpo") == "stop"
    assert suggestion_for("strat api x") == "start api x"
    assert suggestion_for("fix the page") == "start fix the page"
    assert suggestion_for("xyzzy") is None


def suggestion_for(typed: str) -> str | None:
    with pytest.raises(UnknownCommand) as unknown:
        TABLE.read(typed)
    assert unknown.value.typed == typed
    return unknown.value.suggestion


NAMES = st.sampled_from([command.name for command in COMMANDS])
TYPED = st.one_of(st.text(max_size=120), st.tuples(NAMES, st.text(max_size=60)).map(" ".join))


@try_examples(50, 4_000, text=TYPED)
def test_whatever_is_typed_is_understood_or_refused(text: str) -> None:
    try:
        command, params = TABLE.read(text)
    except NotUnderstood as refused:
        assert refused.sentence.endswith((".", "?"))  # noqa: PT017 - either way out is right
    else:
        assert command.name != "stop" or params is None or text.strip()
