"""Checks that requests go to Slack's addresses only, because most of them carry the bot's token."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

# The hosts of Slack and of GovSlack (docs.slack.dev/govslack), by their purpose.
RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
FILE_HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
_PORTS = {"http": 80, "https": 443}
# Stricter than any URL parser: no user, no backslash, only printable ASCII, so that no two parsers can find different
# hosts in it.
_FORM = re.compile(r"(https?)://([a-zA-Z0-9.-]++|\[[0-9a-fA-F:.]++\])(?::([0-9]{1,5}))?(?:/[!#-\[\]-~]*+)?")

Place = tuple[str, str, int]


class NotSlack(Exception):
    """The address is not one of Slack's, or redirects to another one."""


@dataclass(frozen=True, slots=True)
class ResponseUrlAnswer:
    """The answer of a response URL."""

    status: int
    headers: Mapping[str, str]
    body: str


class SlackAddresses:
    """The scheme, host and port of Slack's servers and of the configured API."""

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
    """Posts to the response URLs of presses and commands."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._addresses = SlackAddresses(client)
        self._session = session
        self._proxy = client.proxy

    async def post(self, url: str, body: Mapping[str, Any], *, seconds: float) -> ResponseUrlAnswer:
        """Post once, within so many seconds; a redirect is not followed but returned as the answer.

        Raises NotSlack for an address that is not Slack's, and aiohttp's errors.
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
            return ResponseUrlAnswer(answered.status, answered.headers, await answered.text(errors="replace"))


def open_session() -> aiohttp.ClientSession:
    """Open the session for all requests to Slack; it raises ClientError at a redirect.

    The SDK would follow a redirect and send the arguments of the call, with people's messages, to another host.
    """
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(trace_configs=[tracing])


async def _refuse_redirect(
    _session: aiohttp.ClientSession, _context: object, redirect: aiohttp.TraceRequestRedirectParams
) -> None:
    redirect.response.close()
    raise aiohttp.ClientError("a redirect was answered, and is not followed")


def find_place(url: str) -> Place | None:
    """Return scheme, host and port of an address; None if it is no address or could be read in two ways."""
    found = _FORM.fullmatch(url)
    if not found:
        return None
    place = found[1], found[2].lower().strip("[]"), int(found[3] or _PORTS[found[1]])
    try:
        parsed = URL(url)
        # aiohttp connects to the host that yarl reads, so both must agree.
        same = place == (parsed.scheme, parsed.raw_host, parsed.port)
    except ValueError:
        return None
    return place if same else None
