"""Which addresses are Slack's: requests, and above all those with the bot's token, go nowhere else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

# Slack's own hosts, and those of GovSlack (docs.slack.dev/govslack), by what they are for.
RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
FILE_HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
_PORTS = {"http": 80, "https": 443}
# Narrower than any parser: no user, no backslash, nothing that is not plain ASCII, so that no two parsers can read
# different hosts in it.
_FORM = re.compile(r"(https?)://([a-zA-Z0-9.-]++|\[[0-9a-fA-F:.]++\])(?::([0-9]{1,5}))?(?:/[!#-\[\]-~]*+)?")

Place = tuple[str, str, int]


class NotSlack(Exception):
    """The address is not one of Slack's, or redirects to another one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a response address answered."""

    status: int
    headers: Mapping[str, str]
    body: str


class SlackAddresses:
    """Slack's addresses and that of the configured API, by scheme, host and port."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._configured = find_place(client.base_url)

    def is_response_url(self, url: str) -> bool:
        return self._is_at(url, RESPONSE_HOSTS)

    def is_file_url(self, url: str) -> bool:
        return self._is_at(url, FILE_HOSTS)

    def _is_at(self, url: str, hosts: frozenset[str]) -> bool:
        place = find_place(url)
        if place is None:
            return False
        return place == self._configured or ((place[0], place[2]) == ("https", 443) and place[1] in hosts)


class ResponseUrls:
    """Posts to the addresses that come with presses and commands."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._addresses = SlackAddresses(client)
        self._session = session
        self._proxy = client.proxy

    async def post(self, url: str, body: Mapping[str, Any], *, seconds: float) -> Answered:
        """Post once, within so many seconds. Follows no redirect: one is an answer like any other.

        Raises NotSlack for an address elsewhere, and what aiohttp raises.
        """
        if not self._addresses.is_response_url(url):
            raise NotSlack
        async with self._session.post(
            url,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json;charset=utf-8"},
            timeout=aiohttp.ClientTimeout(total=seconds),
            proxy=self._proxy,
            allow_redirects=False,
        ) as answered:
            return Answered(answered.status, answered.headers, await answered.text(errors="replace"))


def open_session() -> aiohttp.ClientSession:
    """Open the session for everything that is sent to Slack. It follows no redirect, not even for the SDK, which would
    take the arguments of a call, and so people's messages, along to wherever one leads. Raises ClientError there."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(trace_configs=[tracing])


async def _refuse_redirect(
    _session: aiohttp.ClientSession, _context: object, redirect: aiohttp.TraceRequestRedirectParams
) -> None:
    redirect.response.close()
    raise aiohttp.ClientError("a redirect was answered, and is not followed")


def find_place(url: str) -> Place | None:
    """Return scheme, host and port of an address; None for what is no address, or can be read in two ways."""
    found = _FORM.fullmatch(url)
    if not found:
        return None
    place = found[1], found[2].lower().strip("[]"), int(found[3] or _PORTS[found[1]])
    try:
        parsed = URL(url)
        # aiohttp connects to what yarl reads: it has to be the same.
        same = place == (parsed.scheme, parsed.raw_host, parsed.port)
    except ValueError:
        return None
    return place if same else None
