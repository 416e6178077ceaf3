"""Settings, read from the environment and from .env. A test compares them with docs/settings.md."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

SHORTEST_KEY = 32  # characters
SECRETS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SECRET_KEYS",
    "WEBHOOK_SECRET",
)
_OUR_PREFIXES = ("SLACK_", "WEBHOOK_")
Secrets = Annotated[tuple[SecretStr, ...], NoDecode]
Texts = Annotated[tuple[str, ...], NoDecode]


class WrongSetting(Exception):
    """A setting is wrong. The message is one sentence and never holds the value of a setting."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    database_url: SecretStr | None = Field(None, description="PostgreSQL 15 or newer; unset: an embedded one")
    database_owner_url: SecretStr | None = Field(
        None, description="the role that migrates, where DATABASE_URL is a plain role that owns nothing"
    )
    data_dir: Path = Field(Path(".data"), description="where the embedded database lives")
    host: str = Field("127.0.0.1", description="address of the HTTP listener")
    port: int = Field(3000, ge=0, le=65_535, description="port of the HTTP listener; 0 takes a free one")
    public_url: str | None = Field(None, description="what links start with; unset: http://HOST:PORT")
    slack_bot_token: SecretStr | None = Field(None, description="xoxb-…; unset: the local Slack")
    slack_signing_secret: SecretStr | None = Field(None, description="verifies what Slack sends over HTTP")
    slack_app_token: SecretStr | None = Field(None, description="xapp-…; set: Socket Mode, no public address")
    slack_api_url: str = Field("https://slack.com/api/", description="base of Slack's Web API")
    slack_messages_a_minute: int = Field(
        300, ge=1, le=60_000, description="how many messages a workspace is sent in a minute"
    )
    secret_keys: Secrets = Field((), description="comma-separated; the first makes, all are recognized")
    webhook_secret: Secrets = Field((), description="whsec_…, comma-separated; unset: webhooks are refused")
    cors_origins: Texts = Field(
        (), description="comma-separated origins whose pages may use the API; unset: none"
    )
    trusted_proxies: Texts = Field(
        (), description="addresses or networks of reverse proxies whose X-Forwarded-For is believed"
    )
    allowed_hosts: Texts = Field(
        (), description="comma-separated names in Host headers, beside those of PUBLIC_URL, HOST and loopback"
    )
    sign_up: Texts = Field(
        (), description="open, off, or e-mail domains; unset: off once a Slack token is set, else open"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="what is logged")
    log_format: Literal["console", "json"] | None = Field(
        None, description="console or json; unset: console on a terminal, json elsewhere"
    )

    @field_validator(
        "secret_keys",
        "webhook_secret",
        "cors_origins",
        "trusted_proxies",
        "allowed_hosts",
        "sign_up",
        mode="before",
    )
    @classmethod
    def _split_list(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_level(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                ip_network(text, strict=False)
            except ValueError:
                raise ValueError(
                    "must be addresses or networks such as 10.0.0.0/8, comma-separated"
                ) from None
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _check_host_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"[\w.-]+|\[?[0-9a-fA-F:.]+\]?", host, re.ASCII) for host in value):
            raise ValueError("holds names such as time.example.com, without a scheme, a port and without *")
        return value

    @field_validator("sign_up")
    @classmethod
    def _check_sign_up(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        words = tuple(word.lower().removeprefix("@") for word in value)
        if words in (("open",), ("off",)):
            return words
        if any(not re.fullmatch(r"[^\s@.]+(?:\.[^\s@.]+)+", word) for word in words):
            raise ValueError("must be open, off, or e-mail domains such as example.com, comma-separated")
        return words

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("slack_api_url")
    @classmethod
    def _check_slack_api_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") + "/"

    @field_validator("cors_origins")
    @classmethod
    def _check_cors_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"https?://[^/\s*]+", origin) for origin in value):
            raise ValueError("holds origins such as https://app.example.com, without a path and without *")
        return value

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _check_database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _check_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xox"):
            raise ValueError("must be a bot token, which starts with xoxb-")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _check_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("must be an app-level token, which starts with xapp-")
        return value

    @field_validator("secret_keys")
    @classmethod
    def _check_key_length(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value()) < SHORTEST_KEY for key in value):
            raise ValueError(f"needs {SHORTEST_KEY} characters or more in each key")
        return value

    @model_validator(mode="after")
    def _check_together(self) -> "Settings":
        if self.slack_bot_token is None and (self.slack_signing_secret or self.slack_app_token):
            raise ValueError("SLACK_BOT_TOKEN is missing: the other SLACK_ settings need it")
        if self.slack_bot_token and not (self.slack_signing_secret or self.slack_app_token):
            raise ValueError(
                "SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN (for Socket Mode) is missing beside SLACK_BOT_TOKEN"
            )
        if self.database_url and not self.secret_keys:
            raise ValueError(
                f"SECRET_KEYS is missing: with DATABASE_URL it is needed, {SHORTEST_KEY} random characters or more"
            )
        return self

    @property
    def is_local(self) -> bool:
        """Return whether no Slack is set, so that the service starts the local Slack instead."""
        return self.slack_bot_token is None

    @property
    def sign_up_words(self) -> tuple[str, ...]:
        """Return `open`, `off`, or the domains in lower case."""
        return self.sign_up or (("open",) if self.is_local else ("off",))

    def trusted_networks(self) -> list[IPv4Network | IPv6Network]:
        return [ip_network(text, strict=False) for text in self.trusted_proxies]

    def secret_texts(self) -> list[str]:
        """Return every secret, for the log to hide. Of a database URL that is the whole URL and its password."""
        urls = [one.get_secret_value() for one in (self.database_url, self.database_owner_url) if one]
        found = [*urls, *(urlsplit(url).password or "" for url in urls)]
        single = self.slack_bot_token, self.slack_signing_secret, self.slack_app_token
        secrets = [*(one for one in single if one), *self.secret_keys, *self.webhook_secret]
        return [*found, *map(unquote, found), *(one.get_secret_value() for one in secrets)]


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises WrongSetting with a sentence that names the setting and never shows its value."""
    # pydantic-settings expects the names of fields, which are in lower case
    in_file = DotEnvSettingsSource(Settings).env_vars
    for name in [*environment, *(name.upper() for name in in_file)]:
        if name.startswith(_OUR_PREFIXES) and name.lower() not in Settings.model_fields:
            raise WrongSetting(f"{name} is not a setting of this version: see docs/settings.md for the list.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        raise WrongSetting(f"{name} {reason}." if name else f"{reason}.") from None
