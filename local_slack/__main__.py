"""`python -m local_slack` runs the local Slack in a process of its own, for tests and loads across processes."""

import argparse
import asyncio
import signal
import time

from local_slack.server import LocalSlack


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local_slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--request-url", default="")
    parser.add_argument("--signing-secret", default="sample-signing-secret")
    parser.add_argument("--bot-token", default="xoxb-sample")
    parser.add_argument("--app-token")
    parser.add_argument("--transport", choices=("http", "socket"), default="http")
    given = parser.parse_args()
    local_slack = LocalSlack(
        clock=time.time,  # noqa: TID251 - a process of its own reads its own clock
        signing_secret=given.signing_secret,
        bot_token=given.bot_token,
        app_token=given.app_token,
        request_url=given.request_url,
    )
    local_slack.transport = given.transport
    await local_slack.start(port=given.port)
    print(f"Ready: {local_slack.url}", flush=True)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await stopping.wait()
    await local_slack.stop()


if __name__ == "__main__":
    asyncio.run(main())
