"""Settings: a wrong one ends the start with one sentence that shows no value."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import Settings

SECRET = "hunter2-very-secret-value"


def started(root: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "app.py")],
        env={"PATH": "/usr/bin:/bin", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": f"mysql://x:{SECRET}@h/d"}, "DATABASE_URL must start with postgresql://"),
        ({"DATABASE_URL": f"postgresql://x:{SECRET}@127.0.0.1:1/d"}, "SECRET_KEYS is missing"),
        ({"SECRET_KEYS": SECRET}, "SECRET_KEYS needs 32 characters"),
        ({"SLACK_BOT_TOKEN": SECRET, "SLACK_SIGNING_SECRET": "x"}, "SLACK_BOT_TOKEN must be a bot token"),
        ({"SLACK_BOT_TOKEN": f"xoxb-{SECRET}"}, "SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN is missing"),
        (
            {"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": SECRET},
            "SLACK_APP_TOKEN must be an app-level token",
        ),
        ({"SLACK_API_URL": SECRET}, "SLACK_API_URL must start with http"),
        ({"SLACK_SINGING_SECRET": SECRET}, "SLACK_SINGING_SECRET is not a setting"),
        ({"WEBHOOK_SECRET": f"whsec_{SECRET}"}, "WEBHOOK_SECRET is wrong"),
        ({"PORT": SECRET}, "PORT"),
        ({"PORT": "99999"}, "PORT"),
        ({"LOG_LEVEL": SECRET}, "LOG_LEVEL"),
        (
            {"DATABASE_URL": f"postgresql://x:{SECRET}@127.0.0.1:1/d", "SECRET_KEYS": "k" * 32},
            "The database can not be prepared",
        ),
    ],
)
def test_a_wrong_setting_is_one_sentence_without_its_value(
    root: Path, tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    ended = started(root, tmp_path, **environment)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert SECRET not in ended.stderr + ended.stdout


def test_a_key_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    assert settings.keys() == settings.keys()
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
