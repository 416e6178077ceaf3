"""No secret and nobody's words in the log, at any level, whoever writes it."""

import json
import logging

import asyncpg
import pytest
from pydantic import TypeAdapter

from config import Settings
from operate.logs import RedactingFormatter, is_worth_logging
from operate.redaction import Redactor
from storage.outbox.messages import CONTENT
from tests.growth import assert_grows_no_faster, assert_takes_at_most

SECRET_KEY = "sample-key-sample-key-sample-key-00"
REDACTOR = Redactor([SECRET_KEY, "sample-signing-secret", "pa/ss@word"])
SECRETS = {
    "bot token": "xoxb-2345678901-2345678901-AbCdEfGhIjKl",
    "user token": "xoxp-2345678901-sample",
    "configuration token": "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTAtc2FtcGxl",
    "refresh of one": "xoxe-1-My0xLTEyMzQ1Njc4OTAtc2FtcGxl",
    "app token": "xapp-1-A0123456789-1234567890-sample",
    "personal token": "tt_AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "refresh token": "ttr_AbCdEfGhIjKlMnOpQrStUvWxYz0-2345_",
    "webhook secret": "whsec_c2FtcGxlLXNlY3JldC1zYW1wbGUtc2VjcmV0LTAw",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYW1wbGUifQ.c2FtcGxlLXNpZ25hdHVyZQ",
    "bearer": "Bearer c29tZXRoaW5n.opaque",
    "bearer in lower case": "bearer c29tZXRoaW5n.opaque",
    "link code": "ABCD-2345-WXYZ",
    "link code as somebody types it": "abcd-2345-wxyz",
    "response address": "https://hooks.slack.com/commands/T0123/9876543210/AbCdEfGhIj",
    "response address without its scheme": "hooks.slack.com/actions/T0123/9876543210/AbCdEfGhIj",
    "response address in a form": "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0123%2F9876543210%2FAbCdEfGhIj",
    "response address in capitals": "HTTPS://HOOKS.SLACK.COM/commands/T0123/9876543210/AbCdEfGhIj",
    "address of the socket": "wss://wss-primary.slack.com/link/?ticket=7a-b0c1&app_id=0a1b2c3d",
    "address of an upload": "https://files.slack.com/upload/v1/CwABAAAAWgoAAZnBg",
    "local response address": "http://127.0.0.1:3001/response/AbCdEfGhIj",
    "trigger id": "13345224609.738474920.8088930838d88f008e0",
    "secret key": SECRET_KEY,
    "signing secret": "sample-signing-secret",
    "database": "postgresql://tracker:hunter-two@db.example.com/tracker",
    "signature": "v0=" + "0a1b2c3d" * 8,
    "webhook signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
}
PARTS = {
    "database": "hunter-two",
    "bearer": "c29tZXRoaW5n",
    "bearer in lower case": "c29tZXRoaW5n",
    "address of the socket": "7a-b0c1",
}
NOTE = "quarterly layoffs"


def written(record: logging.LogRecord, *, as_json: bool) -> str:
    return RedactingFormatter(REDACTOR, json=as_json).format(record)


def record(
    message: object, *args: object, name: str = "bot.interaction.context", **more: object
) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, "bot/interaction/context.py", 1, message, args, None)
    made.__dict__.update(more)
    return made


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_hidden_wherever_it_stands_in_a_record(kind: str, as_json: bool) -> None:
    secret, part = SECRETS[kind], PARTS.get(kind, SECRETS[kind])
    deep = {"inner": [{"more": (f"before {secret}, after",)}]}
    try:
        raise RuntimeError(f"it failed with {secret}")
    except RuntimeError as error:
        failed = (type(error), error, error.__traceback__)
    told = [
        record(f"plainly {secret} in the text"),
        record("as an argument: %s", secret),
        record("as deep as %s and %r", deep, secret),
        record("by name: %(it)s", {"it": secret}),
        record("an error as argument: %s", RuntimeError(secret)),
        record(RuntimeError(secret)),
        record(deep),
        record("with more", path=f"/api/{secret}", reference=secret),
        record("with a traceback", exc_info=failed),
        record("written by another handler before", exc_info=failed, exc_text=f"RuntimeError: {secret}"),
    ]
    for one in told:
        line = written(one, as_json=as_json)
        assert part not in line, line
        if as_json:
            json.loads(line)


@pytest.mark.parametrize("as_json", [True, False])
def test_what_people_wrote_is_hidden_by_the_name_of_its_field(as_json: bool) -> None:
    body = {"user": "U0ADA", "text": NOTE, "view": {"state": {"note": NOTE}}, "password": NOTE, "code": NOTE}
    for one in (
        record("a payload: %s", body),
        record("a payload: %s", [body]),
        record(f"a payload: {body}"),
        record(f"a payload: {json.dumps(body)}"),
        record(f"a payload: {json.dumps(json.dumps(body))}"),
        record(f"Work(text='{NOTE}', note=\"{NOTE}\")"),
        record(json.dumps({"user": "U0ADA", "description": NOTE})),
        record("token=abc&text=quarterly+layoffs&response_url=https%3A%2F%2Fhooks.slack.com%2Fx"),
    ):
        line = written(one, as_json=as_json)
        assert "layoffs" not in line, line
    assert "U0ADA" in written(record("a payload: %s", body), as_json=as_json)


def test_what_an_error_quotes_of_the_data_is_left_out_and_its_place_is_told() -> None:
    database = asyncpg.CheckViolationError("new row violates the check")
    database.detail = f"Failing row contains ({NOTE})."
    quoting: list[BaseException] = [
        database,
        asyncpg.DataError(f"invalid input for query argument $3: '{NOTE}' (expected an int)"),
        ValueError(f"first line\n{NOTE}"),
    ]
    for kind in (TypeAdapter(int), CONTENT):
        try:
            kind.validate_python({"text": 7, "note": NOTE})
        except ValueError as error:
            quoting.append(error)
    assert len(quoting) == 5
    for quoted in quoting:
        try:
            try:
                raise quoted
            except Exception as first:
                raise LookupError("could not be read") from first
        except LookupError as second:
            told = written(record("it failed", exc_info=second), as_json=True)
        assert NOTE not in told, told
        assert type(quoted).__name__ in told
        assert "LookupError: could not be read" in told
        assert "test_logs.py" in told


def test_bolt_and_the_sdk_say_where_they_failed_and_nothing_of_the_payload() -> None:
    loud = record(f"Unhandled request ({NOTE})", name="slack_bolt.AsyncApp")
    named_after_the_program = record(f"Unhandled request ({NOTE})", name="app.py:AsyncApp")
    named_after_the_program.pathname = "/venv/slack_bolt/app/async_app.py"
    for one in (loud, named_after_the_program):
        assert NOTE not in written(one, as_json=False)
        one.levelno = logging.WARNING
        assert not is_worth_logging(one)


@pytest.mark.parametrize(
    "name", ["sqlalchemy.engine.Engine", "asyncio", "aiohttp.access", "apscheduler.scheduler", "alembic"]
)
def test_libraries_tell_nothing_below_a_warning_whatever_level_they_are_given(name: str) -> None:
    one = record("select 1", name=name)
    one.levelno = logging.INFO
    assert not is_worth_logging(one)
    assert is_worth_logging(record("select 1", name="storage.postgres.database"))


@pytest.mark.parametrize("as_json", [True, False])
def test_arguments_that_do_not_fit_are_left_out(as_json: bool) -> None:
    for one in (record("%d of %d", NOTE, 7), record("%s", NOTE, NOTE), record("%(it)s", NOTE)):
        line = written(one, as_json=as_json)
        assert NOTE not in line
        assert "%" in line


def test_our_own_lines_stay_readable() -> None:
    line = written(record("the job to %s failed with %s", "send the messages", "OSError"), as_json=False)
    assert "the job to send the messages failed with OSError" in line
    line = written(record("not ready: %s after %.1f s", ConnectionError("refused"), 2.0), as_json=False)
    assert "refused after 2.0 s" in line


def test_the_settings_hand_their_secrets_to_the_log() -> None:
    settings = Settings(
        _env_file=None,
        database_url="postgresql://tracker:p%40ss-word@127.0.0.1/tracker",
        secret_keys=SECRET_KEY,
        slack_bot_token="xoxb-sample",
        slack_signing_secret="sample-signing-secret",
    )
    texts = settings.secret_texts()
    assert {"p%40ss-word", "p@ss-word", SECRET_KEY, "sample-signing-secret"} <= set(texts)


@pytest.mark.parametrize(
    "worst",
    ["://" * 5_000, '"text":"' * 2_000, "text=" * 3_000, '\\"note\\":\\"' * 1_500, "xoxb-" * 4_000,
     "1234567." * 2_500, "eyJa." * 4_000, "ABCD-" * 4_000, "token: " * 3_000, "Bearer " * 3_000,
     "https://hooks.slack" * 1_000, "https%3A%2F%2Fhooks.slack" * 700, "hooks.slack." * 1_500, "wss://" * 3_000,
     "abcd-" * 4_000, "https://files.slack/upload" * 700, 'text="' + "\\" * 15_000],
)  # fmt: skip
def test_four_times_as_long_takes_about_four_times_as_long(worst: str) -> None:
    assert_grows_no_faster(
        REDACTOR.redact_text, lambda length: worst[:length], len(worst) // 4, times=4, most=9
    )
    assert_takes_at_most(0.3, REDACTOR.redact_text, worst)
