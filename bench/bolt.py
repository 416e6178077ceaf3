"""The baseline for comparison: Bolt with one command that does nothing, behind aiohttp."""

import asyncio
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T0LOCAL", bot_id="B", bot_user_id="U", bot_token="xoxb-sample"
    )


async def main() -> None:
    app = AsyncApp(signing_secret=sys.argv[1], authorize=authorize, process_before_response=True)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Started*  fix login"}}] * 3

    @app.command("/track")
    async def track(ack: AsyncAck) -> None:
        await ack(text="Started: fix login", blocks=blocks)

    async def events(request: web.Request) -> web.Response:
        response = await app.async_dispatch(await to_bolt_request(request))
        answer: web.Response = await to_aiohttp_response(response)
        return answer

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"Ready: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
