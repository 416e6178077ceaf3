"""The main journeys at LOG_LEVEL=DEBUG, with a canary for each kind of secret."""

import logging
import re

from slack_bolt.logger import get_bolt_logger

from tests.canaries import Canaries, watch_log
from tests.replica import Replica
from tests.web.client import create_client, sign_up


async def test_tokens_codes_secrets_passwords_and_notes_stay_out_of_the_log(app: Replica) -> None:
    with watch_log() as listening:
        # Bolt makes loggers of its own, with the level of the root.
        assert get_bolt_logger(type("Middleware", (), {})).level == logging.DEBUG
        card = await app.type_command("start docs quarterly layoffs")
        await app.press_button(card, "Stop")
        await app.type_command("token laptop")
        await app.type_command("connect secret plan")
        shown = await app.type_command("link")
        assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", str(shown.blocks))
        api = await create_client(app)
        assert (await api.get("/api/timer")).status == 200
        other = await sign_up(app)
        assert (await other.post("/api/link", {"code": "ABCD-2345-WXYZ"})).status in {400, 422}
        assert (
            await other.post("/api/login", {"email": "eve@example.com", "password": "quarterly layoffs"})
        ).status
        assert (await other.get("/api/nowhere/tt_AbCdEfGhIjKlMnOpQrStUvWxYz012345")).status == 404
        await app.local_slack.command("U0ADA", "start docs quarterly layoffs", "C0GENERAL")
        await app.service.services.outbox.send_due()
        await app.service.services.live_messages.refresh_due()
    assert listening.found == []


def test_the_canaries_would_find_what_is_not_hidden() -> None:
    listening = Canaries()
    listening.emit(logging.LogRecord("bot", logging.DEBUG, "bot.py", 1, "about quarterly layoffs", (), None))
    assert len(listening.found) == 1
