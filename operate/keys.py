"""The secret keys of the settings, as bytes."""

import hashlib

from config import Settings, WrongSetting
from operate.key_file import read_or_create_keys
from web.webhooks.signatures import decode_secret


def secret_keys(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys: the first makes new signatures and tokens, all are accepted. If none is set, read those in
    DATA_DIR."""
    texts = [key.get_secret_value() for key in settings.secret_keys] or read_or_create_keys(settings.data_dir)
    return tuple(hashlib.sha256(text.encode()).digest() for text in texts)


def webhook_keys(settings: Settings) -> list[bytes]:
    """Return the keys that sign incoming webhooks. Raises WrongSetting."""
    try:
        return [decode_secret(secret.get_secret_value()) for secret in settings.webhook_secret]
    except ValueError as error:
        raise WrongSetting(f"WEBHOOK_SECRET is wrong: {error}.") from None
