"""The API does what its OpenAPI document says: schemathesis makes up requests from it and checks the answers."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.replica import Replica
from tests.web.client import log_entry, sign_up

EXAMPLES = os.environ.get("SCHEMATHESIS", "30")  # for each operation; SCHEMATHESIS=200 plays for minutes


@pytest.mark.exhaustive
async def test_nothing_that_the_document_allows_surprises_anybody(
    app: Replica, root: Path, tmp_path: Path
) -> None:
    api = await sign_up(app)
    project = await api.post("/api/projects", {"title": "API"})
    await log_entry(api, 3, 2, project_id=project.id)
    judge = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "schemathesis",
        "--config-file",
        Path(__file__).parent / "schemathesis.toml",
        "run",
        f"{api.address}/api/openapi.json",
        "--header",
        f"Authorization: Bearer {api.token}",
        "--exclude-path-regex",
        # The one would be the last thing that is tried, the others ask for signatures.
        "^/api/(logout|webhooks.*)$",
        "--max-examples",
        EXAMPLES,
        "--generation-deterministic",
        "--no-color",
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.web.schemathesis_formats", "PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await judge.communicate())[0].decode()
    assert judge.returncode == 0, said[-6_000:]
    assert "WARNINGS" not in said.upper().replace("NO WARNINGS", ""), said[-6_000:]
