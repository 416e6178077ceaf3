"""When two titles are one project, which slugs are free, and which project a name means."""

import unicodedata
from uuid import uuid4

import pytest
from hypothesis import strategies as st

from domain.projects.project_names import (
    NamedProject,
    NameLookup,
    NameMatch,
    find_free_slug,
    fold_title,
    look_up_name,
)
from domain.projects.projects import LONGEST_SLUG, Project, make_slug
from tests.properties import try_examples


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("API", "api"), ("Straße", "STRASSE"), ("Café", "CAFE\u0301"), ("Å", "\u212b"), ("ΣΑΣ", "σας"), ("ﬁx", "FIX"),
        ("Web  Site ", "web site"), ("й", "и\u0306"), ("ǆ", "Ǆ"), ("Web\u00a0Site", "web site"),
    ],
)  # fmt: skip
def test_letter_case_and_normalization_do_not_make_another_title(one: str, other: str) -> None:
    assert fold_title(one) == fold_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++", "C#"), ("C", "C++"), ("Café", "Cafe"), ("🚀", "🛸"), ("Ship 🚀", "Ship 🛸"), ("研究", "開発"),
        ("API", "ＡＰＩ"), ("m²", "m2"), ("İ", "i"), ("ı", "i"), ("Web-Site", "Web Site"), ("web.site", "web site"),
        ("ü", "ue"), ("Ø", "O"), ("x" * 79 + "a", "x" * 79 + "b"), ("A/B", "A B"), ("№ 1", "No 1"),
    ],
)  # fmt: skip
def test_everything_else_makes_another_title(one: str, other: str) -> None:
    assert fold_title(one) != fold_title(other)


@try_examples(40, 1_000, title=st.text())
def test_a_folded_title_is_its_own_whatever_form_it_came_in(title: str) -> None:
    folded = fold_title(title)
    assert fold_title(folded) == folded
    for form in ("NFC", "NFD"):
        assert fold_title(unicodedata.normalize(form, title)) == folded


def test_a_taken_slug_gets_the_first_free_number() -> None:
    assert find_free_slug("C#", set()) == "c"
    assert find_free_slug("C#", {"c"}) == "c-2"
    assert find_free_slug("C#", {"c", "c-2", "c-3", "c-5"}) == "c-4"
    long = "x" * 80
    assert find_free_slug(long, {make_slug(long)}) == "x" * 38 + "-2"
    assert find_free_slug("研究" * 30, {make_slug("研究" * 30)}) == ("研究" * 30)[:38] + "-2"


@try_examples(
    40, 1_000, title=st.text(min_size=1, max_size=80), taken=st.sets(st.sampled_from(["a", "a-2", "b", ""]))
)
def test_a_free_slug_is_free_and_never_too_long(title: str, taken: set[str]) -> None:
    slug = find_free_slug(title, taken)
    assert slug not in taken
    assert len(slug) <= LONGEST_SLUG


def _project(title: str, slug: str = "", **more: object) -> NamedProject:
    made = Project(id=uuid4(), slug=slug or make_slug(title), title=title)
    return NamedProject(project=made, **more)  # type: ignore[arg-type]


def _title(lookup: NameLookup) -> str | None:
    return lookup.found.project.title if lookup.found else None


def test_an_exact_name_wins_over_a_beginning_and_one_letter_is_none() -> None:
    projects = [_project("API"), _project("API-DOCS"), _project("WEB")]
    assert _title(look_up_name("api", projects)) == "API"
    assert _title(look_up_name("API-D", projects)) == "API-DOCS"
    assert _title(look_up_name("we", projects)) == "WEB"
    assert look_up_name("we", projects, whole=True) == NameLookup()
    assert look_up_name("w", projects) == NameLookup()
    assert [one.title for one in look_up_name("ap", projects).several] == ["API", "API-DOCS"]


def test_a_title_wins_over_a_slug_and_both_win_over_a_name_of_before() -> None:
    plus, sharp = _project("C++", "c"), _project("C#", "c-2")
    assert _title(look_up_name("c", [plus, sharp])) == "C++"
    assert _title(look_up_name("c#", [plus, sharp])) == "C#"
    assert _title(look_up_name("C-2", [plus, sharp])) == "C#"
    letter = _project("C", "c-3", former={"c#": "C#"})
    assert _title(look_up_name("c", [plus, sharp, letter])) == "C"
    assert _title(look_up_name("c#", [plus, sharp, letter])) == "C#"


def test_a_name_of_before_means_the_project_and_says_what_it_was() -> None:
    omega = _project("Omega", former={"web site": "Web Site", "web-site": "Web Site"})
    for name in ("Web Site", "web-site", "web-s"):
        assert look_up_name(name, [omega]).found == NameMatch(project=omega.project, former_title="Web Site")
    assert look_up_name("omega", [omega]).found == NameMatch(project=omega.project)
    webinar = _project("Webinar")
    assert _title(look_up_name("web", [omega, webinar])) == "Webinar", "what is called so now goes first"


def test_an_archived_project_is_found_by_a_whole_name_only() -> None:
    gone, live = _project("Omega", archived=True), _project("Omega Two")
    assert look_up_name("omega", [gone, live]).found == NameMatch(project=gone.project, archived=True)
    assert _title(look_up_name("ome", [gone, live])) == "Omega Two"
    assert look_up_name("ome", [gone]) == NameLookup()
