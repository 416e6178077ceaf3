"""Measures whether years of entries slow down `/track week` and the Home tab, with 200 and with 20,000 entries."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp
import asyncpg

from local_slack.requests.encoding import signature_headers

FEW, MANY, TRIES = 200, 20_000, 60
# Inserts $2 entries for the Slack id $1; the last of them ended an interval $3 ago.
FILL = """
insert into time_entries (workspace_id, person_id, project_id, note, tags, started_at, ended_at, zone, source)
select people.workspace_id, people.id, (select id from projects where projects.workspace_id = people.workspace_id
       order by slug offset n % 3 limit 1), 'bench', '{}',
       now() - $3::interval - interval '10 minutes' - n * interval '70 minutes',
       now() - $3::interval - n * interval '70 minutes' + interval '40 minutes',
       'Europe/Berlin', 'slack'
from people, generate_series(1, $2) as n where people.slack_user_id = $1
"""


@dataclass(frozen=True, slots=True)
class Years:
    """Medians in milliseconds, each for few and for many entries."""

    week: tuple[float, float]
    home: tuple[float, float]


async def measure(url: str, database: str, secret: str, people: tuple[str, str]) -> Years:
    """Measure with two people, named by their Slack ids, who have tracked nothing yet."""
    async with aiohttp.ClientSession() as session:

        async def send(body: bytes, kind: str) -> float:
            headers = signature_headers(secret, int(time.time()), body) | {"Content-Type": kind}
            began = time.perf_counter()
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
                answer = await response.text()
                if response.status != 200 or "went wrong" in answer:
                    raise RuntimeError(answer)
            return (time.perf_counter() - began) * 1e3

        async def ask_for_week(who: str, number: int) -> float:
            form = {"team_id": "T0LOCAL", "user_id": who, "channel_id": "C0GENERAL", "command": "/track",
                    "text": "week", "trigger_id": f"week.{who}.{number}"}  # fmt: skip
            return await send(urlencode(form).encode(), "application/x-www-form-urlencoded")

        async def open_home(who: str, number: int) -> float:
            event = {"type": "app_home_opened", "user": who, "tab": "home", "channel": "D0"}
            payload = {
                "type": "event_callback",
                "team_id": "T0LOCAL",
                "event": event,
                "event_id": f"{who}{number}",
            }
            return await send(json.dumps(payload).encode(), "application/json")

        for who in people:
            await ask_for_week(who, -1)
        connection = await asyncpg.connect(database)
        for title in ("API", "Website", "Support"):
            await connection.execute(
                "insert into projects (workspace_id, slug, title, folded_title)"
                " select id, lower($1), $1, lower($1) from workspaces"
                " on conflict do nothing",
                title,
            )
        for who, count in zip(people, (FEW, MANY), strict=True):
            await connection.execute(FILL, who, count, timedelta())
        await connection.execute("analyze time_entries")
        await connection.close()
        took: dict[str, list[float]] = {f"{name}{who}": [] for name in ("week", "home") for who in people}
        for number in range(TRIES):
            for who in people:
                took[f"week{who}"].append(await ask_for_week(who, number))
                took[f"home{who}"].append(await open_home(who, number))
            await asyncio.sleep(0)
    few, many = people

    def find_median(name: str) -> float:
        return sorted(took[name])[TRIES // 2]

    return Years(
        week=(find_median(f"week{few}"), find_median(f"week{many}")),
        home=(find_median(f"home{few}"), find_median(f"home{many}")),
    )
