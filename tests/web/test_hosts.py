"""Under which names the service answers, what every answer says of itself, and the same of the local Slack."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.replica import SETTINGS, Replica, run_replica
from web.http.hosts import Hosts

LOOPBACK = (
    "localhost",
    "LOCALHOST:3000",
    "localhost.",
    "app.localhost",
    "127.0.0.1",
    "127.8.8.8:80",
    "[::1]",
    "[::1]:3000",
)
STRANGERS = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "notlocalhost",
    "10.0.0.7",
    "[fe80::1]",
    "2130706433",
)
NO_HOSTS = (
    "", ":3000", "a b", "localhost@evil.example", "localhost:x", "evil.example/localhost", "[::1", "[localhost]",
    "localhost, evil.example", "ｌocalhost", "x" * 301, "::1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("hosts", "more", "never"),
    [
        (Hosts("127.0.0.1"), (), STRANGERS),
        (Hosts("localhost"), (), STRANGERS),
        (Hosts("10.0.0.7"), ("10.0.0.7", "10.0.0.7:3000"), ("10.0.0.8", "evil.example")),
        (Hosts("0.0.0.0"), ("10.0.0.7", "[fe80::1]:80", "0.0.0.0:3000"), ("evil.example", "2130706433")),  # noqa: S104
        (Hosts("::"), ("10.0.0.7", "[2001:db8::1]"), ("evil.example",)),
        (Hosts("time.internal"), ("time.internal", "TIME.internal.:3000"), ("internal", "x.time.internal")),
        (Hosts("127.0.0.1", "https://Time.Example.com:8443/app"), ("time.example.com",), ("example.com",)),
        (Hosts("127.0.0.1", "https://bücher.example"), ("xn--bcher-kva.example",), STRANGERS),
        (
            Hosts("127.0.0.1", None, ("Proxy.Internal", "10.1.1.1")),
            ("proxy.internal:1", "10.1.1.1"),
            STRANGERS,
        ),
        (Hosts("127.0.0.1", None, ("::ffff:10.1.1.1",)), ("10.1.1.1", "[::ffff:a01:101]"), STRANGERS),
    ],
)
def test_its_own_names_and_loopback_pass_and_no_other(
    hosts: Hosts, more: tuple[str, ...], never: tuple[str, ...]
) -> None:
    assert all(hosts.is_allowed(name) for name in (*LOOPBACK, *more))
    assert not any(hosts.is_allowed(name) for name in never)
    for wrong in NO_HOSTS:
        with pytest.raises(ValueError, match="not a"):
            hosts.is_allowed(wrong)


async def ask(address: str, *lines: str, target: str = "/healthz", version: str = "1.1") -> str:
    """Send a request with these header lines, and return the whole answer."""
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = [f"GET {target} HTTP/{version}", *lines, "Connection: close"]
    writer.write("\r\n".join([*head, "", ""]).encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def test_a_page_that_gives_its_name_our_address_gets_nothing(app: Replica) -> None:
    here = urlsplit(app.service.address).netloc
    for target in ("/healthz", "/api/openapi.json", "/slack/events", "/api/webhooks", "/nowhere", "/"):
        answer = await ask(app.service.address, "Host: evil.example:3000", target=target)
        assert answer.startswith("HTTP/1.1 421"), target
        assert "ALLOWED_HOSTS" in answer
        assert "application/problem+json" in answer
    for lines in ((), ("Host:",), (f"Host: {here}", "Host: evil.example"), ("Host: a b",)):
        assert (await ask(app.service.address, *lines))[8:12] == " 400", lines
    absolute = {
        "http://evil.example/healthz": "421",
        f"http://{here}/healthz": "200",
        "http://localhost@evil.example/healthz": "400",
    }
    for target, status in absolute.items():
        answer = await ask(app.service.address, f"Host: {here}", target=target)
        assert answer.startswith(f"HTTP/1.1 {status}"), target
    # Health checks of load balancers name no host.
    assert (await ask(app.service.address, version="1.0")).startswith("HTTP/1.0 200")
    assert (await ask(app.service.address, "Host: evil.example", version="1.0")).startswith("HTTP/1.0 421")
    assert (await ask(app.service.address, "Host: localhost:1")).startswith("HTTP/1.1 200")


async def test_names_in_the_settings_pass_and_https_is_asked_for(
    app: Replica, empty_database_url: str
) -> None:
    settings = SETTINGS.model_copy(
        update={"public_url": "https://time.example.com", "allowed_hosts": ("proxy.internal",)}
    )
    assert "Strict-Transport-Security" not in await ask(app.service.address, "Host: localhost")
    async with run_replica(empty_database_url, app.local_slack, settings=settings) as other:
        for host in ("time.example.com", "proxy.internal:3000"):
            answer = await ask(other.service.address, f"Host: {host}")
            assert answer.startswith("HTTP/1.1 200")
            assert "Strict-Transport-Security: max-age=31536000\r\n" in answer


async def test_no_answer_names_the_libraries_that_make_it(app: Replica) -> None:
    for address, name in ((app.service.address, "truth-time-tracker"), (app.local_slack.url, "local-slack")):
        host = f"Host: {urlsplit(address).netloc}"
        answers = [
            await ask(address, host),
            await ask(address, host, target="/nowhere"),
            await ask(address, "Host: evil.example"),
            await ask(address, host, "Expect: miracles"),
            await ask(address, host, version="9.9"),
            await ask(address, host, f"X-Long: {'x' * 10_000}"),
            await ask(address, host, "no header at all"),
            await ask(address, host, "Content-Length: -1"),
            await ask(address, host, target="no target"),
        ]
        for answer in answers:
            assert f"Server: {name}\r\n" in answer, answer
            assert "aiohttp" not in answer.lower(), answer
            assert "Traceback" not in answer


async def test_the_local_workspace_answers_this_machine_alone(app: Replica) -> None:
    for target in ("/", "/local-slack/state", "/api/auth.test", "/files/F1/download", "/socket"):
        assert (await ask(app.local_slack.url, "Host: evil.example", target=target)).startswith(
            "HTTP/1.1 403"
        )
        absolute = await ask(app.local_slack.url, "Host: 127.0.0.1", target=f"http://evil.example{target}")
        assert absolute.startswith("HTTP/1.1 403")
    assert (await ask(app.local_slack.url, "Host: localhost:1")).startswith("HTTP/1.1 404")
