"""Titles of projects over REST and webhooks: they are unique, and former titles still find their project."""

import asyncio

from tests.replica import Replica
from tests.web.client import create_client, log_entry


async def test_a_title_is_taken_exactly_when_using_it_works(app: Replica) -> None:
    api = await create_client(app)
    made = {}
    for title in ("C++", "C#", "Café", "Cafe", "🚀", "🛸", "研究", "開発", "y" * 79 + "1", "y" * 79 + "2"):
        one = await api.post("/api/projects", {"title": title})
        assert one.status == 201, title
        made[title] = one.id
        for again in (title, title.upper(), title.lower()):
            assert (await api.post("/api/projects", {"title": again})).status == 409, again
    for number, (title, project_id) in enumerate(made.items()):
        used = await log_entry(api, 20 - number, 19.5 - number, project=title)
        assert (used.status, used.body["project_id"]) == (201, project_id), title
    slugs = [one["slug"] for one in (await api.get("/api/projects")).body["items"]]
    assert len(set(slugs)) == len(made)
    assert {"c", "c-2", "cafe", "cafe-2"} <= set(slugs)
    assert (await log_entry(api, 0.4, 0.3, project="c-2")).body["project_id"] == made["C#"]


async def test_a_renamed_project_is_found_by_what_it_was_called(app: Replica) -> None:
    api = await create_client(app)
    web = await api.post("/api/projects", {"title": "Web Site"})
    url = f"/api/projects/{web.id}"
    assert (await api.put(url, {"title": "Omega"})).body["slug"] == "omega"
    for number, name in enumerate(("Web Site", "web-site", "omega")):
        assert (await log_entry(api, 9 - number, 8.5 - number, project=name)).body["project_id"] == web.id, (
            name
        )
    other = await api.post("/api/projects", {"title": "web site"})
    assert (other.status, other.body["slug"]) == (201, "web-site"), "its old name is free, and so is its slug"
    assert (await log_entry(api, 5, 4, project="web-site")).body["project_id"] == other.id
    assert (await api.put(url, {"title": "WEB SITE"})).status == 409
    assert (await api.put(url, {"title": "OMEGA"}, if_match='"2"')).body["version"] == 3
    same = await api.put(url, {"title": "OMEGA", "description": ""}, if_match='"3"')
    assert (same.status, same.body["version"], same.headers["ETag"]) == (200, 3, '"3"')
    unused = await api.post("/api/projects", {"title": "Brief"})
    await api.put(f"/api/projects/{unused.id}", {"title": "Briefer"})
    assert (await api.delete(f"/api/projects/{unused.id}")).status == 204, "with the names it had"


async def test_an_archived_project_is_refused_in_a_sentence_that_says_so(app: Replica) -> None:
    api = await create_client(app)
    made = await api.post("/api/projects", {"title": "Omega"})
    await api.put(f"/api/projects/{made.id}", {"archived": True})
    used = await log_entry(api, 2, 1, project="omega")
    assert used.status == 409
    assert used.body["detail"].startswith("“Omega” is archived")
    taken = await api.post("/api/projects", {"title": "OMEGA"})
    assert (taken.status, "in the archive" in taken.body["detail"]) == (409, True)
    assert await app.receive_webhook("timer.start", "d1", project="omega") in {409, 422}
    await api.put(f"/api/projects/{made.id}", {"archived": False})
    assert (await log_entry(api, 2, 1, project="omega")).status == 201


async def test_webhooks_take_titles_and_slugs_whole(app: Replica) -> None:
    api = await create_client(app)
    for title in ("C++", "C#"):
        await api.post("/api/projects", {"title": title})
    for number, (name, title) in enumerate((("c#", "C#"), ("C++", "C++"), ("c-2", "C#"), ("c", "C++"))):
        assert await app.receive_webhook("timer.start", f"d{number}", project=name) == 202
        running = (await api.get("/api/timer")).body["running"]
        project = await api.get(f"/api/projects/{running['project_id']}")
        assert project.body["title"] == title


async def test_made_at_the_same_time_one_title_is_one_project_and_two_get_two_slugs(app: Replica) -> None:
    api = await create_client(app)
    same = await asyncio.gather(*(api.post("/api/projects", {"title": "Same"}) for _ in range(6)))
    assert sorted(one.status for one in same) == [201, *[409] * 5]
    titles = ["D" + "+" * number for number in range(6)]
    made = await asyncio.gather(*(api.post("/api/projects", {"title": one}) for one in titles))
    assert [one.status for one in made] == [201] * 6
    assert sorted(one.body["slug"] for one in made) == ["d", *(f"d-{number}" for number in range(2, 7))]
    urls = [f"/api/projects/{one.id}" for one in made]
    renamed = await asyncio.gather(*(api.put(url, {"title": "Only"}) for url in urls))
    assert sorted(one.status for one in renamed) == [200, *[409] * 5]
    people, titles = ("U0ADA", "U0BEN"), ["E", "E#", "E##"]
    await asyncio.gather(
        *(app.type_command(f"project new {title}", who) for title in titles for who in people),
        *(api.post("/api/projects", {"title": title}) for title in titles),
    )
    listed = (await api.get("/api/projects")).body["items"]
    slugs = [one["slug"] for one in listed if one["title"] in titles]
    assert sorted(slugs) == ["e", "e-2", "e-3"]
