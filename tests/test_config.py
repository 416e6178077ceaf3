"""Settings: a wrong one ends the start with one sentence that shows no value."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import Settings
from operate.keys import secret_keys

SECRET = "hunter2-very-secret-value"


# The settings alone, as app.py loads them: the whole program takes its time to be imported.
LOAD = "import os, sys; sys.path.insert(0, sys.argv[1]); import config; config.load_settings(os.environ)"


def ended(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={"PATH": "/usr/bin:/bin", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# The same for many environments in one process, each answered with what a process would end with.
LOAD_EACH = """
import json, os, sys, traceback
sys.path.insert(0, sys.argv[1])
import config
for environment in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(environment)
    try:
        config.load_settings(os.environ)
        print(json.dumps(""))
    except config.WrongSetting:
        print(json.dumps(traceback.format_exc()))
"""
WRONG: list[tuple[dict[str, str], str]] = [
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
    ({"TRUSTED_PROXIES": f"10.0.0.1,{SECRET}"}, "TRUSTED_PROXIES must be addresses or networks"),
    ({"PORT": SECRET}, "PORT"),
    ({"PORT": "99999"}, "PORT"),
    ({"LOG_LEVEL": SECRET}, "LOG_LEVEL"),
]


@pytest.fixture(scope="module")
def ends(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each of those environments ends with."""
    tried = subprocess.run(
        [sys.executable, "-c", LOAD_EACH, str(root)],
        input=json.dumps([environment for environment, _ in WRONG]),
        cwd=tmp_path_factory.mktemp("empty"),
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert tried.stderr == ""
    return [json.loads(line) for line in tried.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][1])
def test_a_wrong_setting_is_one_sentence_without_its_value(ends: list[str], number: int) -> None:
    assert ends[number].splitlines()[-1].startswith(f"config.WrongSetting: {WRONG[number][1]}"), ends[number]
    assert SECRET not in ends[number]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"WEBHOOK_SECRET": f"whsec_{SECRET}"}, "WEBHOOK_SECRET is wrong"),
        ({"SLACK_SINGING_SECRET": SECRET}, "SLACK_SINGING_SECRET is not a setting"),
        (
            {"DATABASE_URL": f"postgresql://x:{SECRET}@127.0.0.1:1/d", "SECRET_KEYS": "k" * 32},
            "The database can not be prepared",
        ),
    ],
)
def test_the_start_ends_with_one_line_and_without_a_secret(
    root: Path, tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    tried = ended([str(root / "app.py")], tmp_path, environment)
    assert tried.returncode == 1
    assert tried.stderr.startswith(f"Can not start: {said}")
    assert tried.stderr.count("\n") == 1
    assert SECRET not in tried.stderr + tried.stdout


def test_a_misspelt_setting_in_the_file_is_found_as_well(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"WEBHOOK_SECRETS={SECRET}\n")
    tried = ended(["-c", LOAD, str(root)], tmp_path, {})
    assert "WrongSetting: WEBHOOK_SECRETS is not a setting" in tried.stderr
    assert SECRET not in tried.stderr


def test_a_key_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    assert secret_keys(settings) == secret_keys(settings)
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.exhaustive
def test_a_new_key_is_put_in_front_and_the_older_ones_are_kept(root: Path, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    (first,) = secret_keys(settings)
    for _ in range(2):
        rotated = ended([str(root / "app.py"), "rotate-keys"], tmp_path, {"DATA_DIR": str(tmp_path / "data")})
        assert rotated.returncode == 0, rotated.stderr
    assert len(set(secret_keys(settings))) == 3
    assert secret_keys(settings)[2] == first
    kept = tmp_path / "data" / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]
    assert not any(key in rotated.stdout + rotated.stderr for key in kept.read_text().split())


@pytest.mark.exhaustive
def test_keys_of_the_environment_are_left_alone_and_not_shown(root: Path, tmp_path: Path) -> None:
    told = ended([str(root / "app.py"), "rotate-keys"], tmp_path, {"SECRET_KEYS": f"{SECRET}-and-more-of-it"})
    assert told.returncode == 0
    assert "SECRET_KEYS" in told.stdout
    assert SECRET not in told.stdout + told.stderr
    assert list(tmp_path.iterdir()) == []


def test_twenty_processes_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(lambda _: secret_keys(settings), range(20)))) == 1


def test_sign_up_is_off_once_a_slack_token_is_set_and_open_locally() -> None:
    def words(**settings: object) -> tuple[str, ...]:
        return Settings(_env_file=None, **settings).sign_up_words  # type: ignore[arg-type]

    slack = {"slack_bot_token": "xoxb-sample", "slack_signing_secret": "sample"}
    assert (words(), words(**slack)) == (("open",), ("off",))
    assert words(**slack, sign_up="OPEN") == ("open",)
    assert words(sign_up="@Example.com, example.org") == ("example.com", "example.org")
    for wrong in ("open,off", "everybody", "a@b.example", "https://example.com/x y"):
        with pytest.raises(ValueError, match="sign_up"):
            words(sign_up=wrong)
    for wrong in ("https://time.example.com", "time.example.com:443", "*.example.com"):
        with pytest.raises(ValueError, match="allowed_hosts"):
            Settings(_env_file=None, allowed_hosts=wrong)
