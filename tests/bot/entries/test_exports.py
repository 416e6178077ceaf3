"""`/track export`: what is answered, what arrives, and that it arrives once, whatever Slack does."""

import csv
import io
from datetime import timedelta

import pytest

from local_slack.files import File
from tests.bot.outbox.test_notifier import make_due
from tests.bot.reading import read_text
from tests.conftest import Clock
from tests.replica import Replica


async def log_two_months(app: Replica) -> None:
    await app.type_command("log 9-11 yesterday api review +client")
    await app.type_command("log 9:15-10 support tickets")
    await app.type_command("log 30 min 31 oct api deploy")


def list_files(app: Replica, user: str = "U0ADA") -> list[File]:
    return [file for one in app.list_direct_messages(user) for file in one.files]


def read_rows(file: File) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


async def test_this_month_comes_as_a_csv_by_direct_message(timed: Replica) -> None:
    await log_two_months(timed)
    told = read_text(await timed.type_command("export"))
    assert "on its way" in told
    assert "This month, 1 Nov to 18 Nov: CSV, 2 entries, 2 h 45 min." in told
    await timed.send_due_messages()
    (message,) = timed.list_direct_messages()
    (file,) = message.files
    assert "This month, 1 Nov to 18 Nov, as of 15:40. 2 entries, 2 h 45 min." in message.text
    assert (file.title, file.name[:29]) == (
        "Time of Ada, 1 Nov 2026 to 18 Nov 2026",
        "ada-2026-11-01-to-2026-11-18-",
    )
    assert [(row["date"], row["duration"], row["project"], row["note"]) for row in read_rows(file)] == [
        ("2026-11-17", "2:00", "", "api review"),
        ("2026-11-18", "0:45", "", "support tickets"),
    ]
    assert timed.list_messages()[-1].ephemeral_for == "U0ADA"


@pytest.mark.parametrize(
    ("said", "ending", "count"),
    [("october as xlsx", ".xlsx", 1), ("ics last month", ".ics", 1), ("1 oct to 18 nov json", ".json", 3)],
)
async def test_period_and_format_are_said_in_any_order(
    timed: Replica, said: str, ending: str, count: int
) -> None:
    await log_two_months(timed)
    assert f"{count} entr" in read_text(await timed.type_command(f"export {said}"))
    await timed.send_due_messages()
    (file,) = list_files(timed)
    assert file.name.endswith(ending)
    assert len(file.content) > 400


async def test_the_file_holds_what_is_true_when_it_is_sent_and_only_ones_own(timed: Replica) -> None:
    await log_two_months(timed)
    await timed.type_command("log 10 min api secret", user="U0BEN")
    await timed.type_command("start api fix login")
    assert "marked as running" in read_text(await timed.type_command("export today"))
    await timed.type_command("stop")
    await timed.type_command("export today", user="U0BEN")
    await timed.send_due_messages()
    (file,) = list_files(timed)
    assert [row["running"] for row in read_rows(file)] == ["no", "no"]
    assert "secret" not in file.content.decode()
    (bens,) = list_files(timed, "U0BEN")
    assert [row["note"] for row in read_rows(bens)] == ["api secret"]


async def test_an_entry_over_midnight_is_in_the_file_of_the_day_it_began(timed: Replica) -> None:
    await timed.type_command("log 23:00-01:00 31 oct api launch")
    told = read_text(await timed.type_command("export october"))
    assert "1 entry, 2 h" in told
    assert "the day on which it began" in told
    assert "no file to send" in read_text(await timed.type_command("export"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "no file to send"),
        ("csv json", "One file at a time"),
        ("banana", "I didn't understand “banana”"),
        ("2 years", "Say both ends"),
        ("december", "no file to send"),
    ],
)
async def test_what_can_not_be_exported_is_said_and_nothing_is_sent(
    timed: Replica, said: str, told: str
) -> None:
    assert told in read_text(await timed.type_command(f"export {said}"))
    await timed.send_due_messages()
    assert timed.list_direct_messages() == []


async def test_a_repeated_delivery_sends_one_file(timed: Replica) -> None:
    await log_two_months(timed)
    for _ in range(2):
        answer = await timed.local_slack.command("U0ADA", "export", trigger_id="1.2.same")
        assert answer.message
        assert "on its way" in read_text(answer.message)
    await timed.send_due_messages()
    assert len(list_files(timed)) == 1


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize(
    "trouble",
    [
        {"lost_reply": 1.0},
        {"server_error": 1.0, "server_error_accepted": 1.0},
        {"server_error": 1.0, "server_error_accepted": 0.0},
    ],
)
async def test_one_file_arrives_whatever_step_fails_and_however(
    app: Replica, method: str, trouble: dict[str, float]
) -> None:
    await app.type_command("log 5 min api")
    await app.type_command("export today")
    app.local_slack.faults.methods = {method}
    for name, share in trouble.items():
        setattr(app.local_slack.faults, name, share)
    await app.service.services.outbox.send_due()
    app.local_slack.faults.methods = set()
    await make_due(app)
    await app.service.services.outbox.send_due()
    assert len(list_files(app)) == 1
    looked = "conversations.history" in [call.method for call in app.local_slack.calls]
    # Only what may have shown the file is looked up first: its completion, and a 500 without a word.
    assert looked == (method != "upload" and not (method.startswith("files.get") and "lost_reply" in trouble))
    assert not await app.service.services.outbox.send_due()


async def test_slack_is_left_alone_when_it_asks_for_that(timed: Replica, clock: Clock) -> None:
    app = timed
    await app.type_command("log 5 min api")
    await app.type_command("export today")
    app.local_slack.faults.methods, app.local_slack.faults.rate_limited = {"files.getUploadURLExternal"}, 1.0
    for _ in range(3):
        await app.service.services.outbox.send_due()
        await make_due(app, clock.now)
    assert [call.method for call in app.local_slack.calls].count("files.getUploadURLExternal") == 1
    app.local_slack.faults.rate_limited = 0.0
    clock.now += timedelta(seconds=1, milliseconds=50)
    await make_due(app, clock.now)
    assert await app.service.services.outbox.send_due() == 1
    assert len(list_files(app)) == 1


@pytest.mark.parametrize(
    ("first", "last", "step", "in_february", "of_year"),
    [
        ("2026-01-31 22:00Z", "2026-02-03", "2 minutes", 1_471, "It comes"),
        pytest.param(
            *("2026-01-10 08:00Z", "2026-02-21", "3 minutes", 9_621, "a file holds 20,000 at most"),
            marks=pytest.mark.exhaustive,
        ),
    ],
)
async def test_a_month_of_many_entries_is_one_file_and_too_many_are_refused(
    timed: Replica, first: str, last: str, step: str, in_february: int, of_year: str
) -> None:
    await timed.type_command("log 5 min api")
    async with timed.database.transaction(timed.service.workspace.id) as tx:
        await tx.connection.execute("set local statement_timeout = 0")
        await tx.connection.execute(
            """
            insert into time_entries (workspace_id, person_id, note, started_at, ended_at, zone, source)
            select workspace_id, id, 'work', s, s + interval '1 minute', 'Europe/Berlin', 'slack'
            from people, generate_series($1::text::timestamptz, $2::text::timestamptz, $3::text::interval) s
            where slack_user_id = 'U0ADA'
            """,
            first,
            last,
            step,
        )
    assert of_year in read_text(await timed.type_command("export this year"))
    assert "entries" in read_text(await timed.type_command("export february"))
    await timed.send_due_messages()
    assert in_february in [len(read_rows(file)) for file in list_files(timed)]
