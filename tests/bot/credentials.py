"""Tokens, codes and accounts of the people of a test, and what a request with one of them is answered."""

from typing import Any

import aiohttp

from local_slack.workspace import Person
from tests.bot.reading import read_text
from tests.replica import Replica

PASSWORD = "correct horse battery"
EMAIL = "ben@home.example"


def find_secret(shown: str) -> str:
    return next(word for word in shown.replace("`", " ").split() if word.startswith("tt_"))


async def create_token(app: Replica, user: str, words_: str = "token") -> str:
    return find_secret(read_text(await app.type_command(words_, user)))


async def create_link_code(app: Replica, user: str) -> str:
    shown = read_text(await app.type_command("link", user))
    return next(word for word in shown.replace("`", " ").split() if word.count("-") == 2 and len(word) == 14)


async def ask(
    app: Replica, method: str, path: str, bearer: str | None = None, **body: object
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    url = f"{app.service.address}/api{path}"
    async with app.session.request(method, url, headers=headers, json=body or None) as answer:
        return answer.status, await _json(answer)


async def _json(answer: aiohttp.ClientResponse) -> Any:
    return await answer.json(content_type=None) if await answer.read() else {}


async def sign_up(app: Replica, email: str = EMAIL) -> tuple[str, str]:
    """An access token and a refresh token of a new account."""
    await ask(app, "POST", "/signup", name="Ben", email=email, password=PASSWORD)
    return await log_in(app, email)


async def log_in(app: Replica, email: str = EMAIL, password: str = PASSWORD) -> tuple[str, str]:
    _, given = await ask(app, "POST", "/login", email=email, password=password)
    return str(given["token"]), str(given["refresh_token"])


async def sign_up_and_link(app: Replica, user: str = "U0BEN", email: str = EMAIL) -> tuple[str, str]:
    access, refresh = await sign_up(app, email)
    status, _ = await ask(app, "POST", "/link", access, code=await create_link_code(app, user))
    assert status == 200
    return access, refresh


def find_slack_person(app: Replica, user: str) -> Person:
    return app.local_slack.workspace.people[user]


async def check_membership(app: Replica) -> None:
    """What the clock does every six hours."""
    await app.service.services.membership.compare(app.service.workspace.id, app.service.members)
