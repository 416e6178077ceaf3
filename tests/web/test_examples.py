"""The commands in docs/api.md: each is run as it stands on the page."""

import asyncio
import os
import re
from pathlib import Path

from tests.replica import Replica
from tests.web.client import create_client, log_entry


async def test_every_command_of_the_page_about_the_api_succeeds(app: Replica, root: Path) -> None:
    api = await create_client(app)
    await api.post("/api/projects", {"title": "API"})
    entry = await log_entry(api, 200, 199)
    page = (root / "docs/api.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        commands = block.replace("curl -sS", "curl -sS --fail-with-body")
        shell = await asyncio.create_subprocess_exec(
            "bash",
            "-euc",
            commands,
            env=os.environ | {"API": f"{api.address}/api", "TOKEN": str(api.token), "ENTRY": entry.id},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await shell.communicate())[0].decode()
        assert shell.returncode == 0, f"{commands}\n{said}"
