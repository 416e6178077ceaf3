"""Whether years of entries make `/track week` and the Home tab slower: the same two for 200 and for 20,000."""

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
# For a Slack id, so many entries, the last of them so long ago.
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
    """Medians in milliseconds, for few and for many entries."""

    week: tuple[float, float]
    home: tuple[float, float]


async def measured(url: str, database: str, secret: str, people: tuple[str, str]) -> Years:
    """`people` are two Slack ids that nothing was tracked for yet."""
    async with aiohttp.ClientSession() as session:

        async def sent(body: bytes, kind: str) -> float:
            headers = signature_headers(secret, int(time.time()), body) | {"Content-Type": kind}
            began = time.perf_counter()
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
                answer = await response.text()
                if response.status != 200 or "went wrong" in answer:
                    raise RuntimeError(answer)
            return (time.perf_counter() - began) * 1e3

        async def week(who: str, number: int) -> float:
            form = {"team_id": "T0LOCAL", "user_id": who, "channel_id": "C0GENERAL", "command": "/track",
                    "text": "week", "trigger_id": f"week.{who}.{number}"}  # fmt: skip
            return await sent(urlencode(form).encode(), "application/x-www-form-urlencoded")

        async def home(who: str, number: int) -> float:
            event = {"type": "app_home_opened", "user": who, "tab": "home", "channel": "D0"}
            payload = {
                "type": "event_callback",
                "team_id": "T0LOCAL",
                "event": event,
                "event_id": f"{who}{number}",
            }
            return await sent(json.dumps(payload).encode(), "application/json")

        for who in people:
            await week(who, -1)
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
                took[f"week{who}"].append(await week(who, number))
                took[f"home{who}"].append(await home(who, number))
            await asyncio.sleep(0)
    few, many = people

    def median(name: str) -> float:
        return sorted(took[name])[TRIES // 2]

    return Years(
        week=(median(f"week{few}"), median(f"week{many}")), home=(median(f"home{few}"), median(f"home{many}"))
    )
