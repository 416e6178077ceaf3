"""The verb `rotate-keys`."""

from config import Settings
from operate.key_file import NAME, add_key
from operate.output import print_line

HOW_TO_ROTATE = """The keys are in SECRET_KEYS. To rotate them:
1. Make a new one:  openssl rand -base64 33
2. Put it behind the others, with a comma between, and restart every replica: now all of them recognize it.
   With one replica, leave this step out.
3. Put it in front of the others and restart every replica: now it makes whatever is made.
4. Leave the older ones behind it for as long as anything may be left that they made."""


async def rotate_keys(settings: Settings) -> None:
    """Puts a new secret key in front of the existing ones. The new key makes all new tokens and signatures; those of
    the older keys stay valid. If SECRET_KEYS is set, it prints how to rotate the keys there."""
    if settings.secret_keys:
        print_line(HOW_TO_ROTATE)
        return
    count = add_key(settings.data_dir)
    print_line(
        f"A new key was put in front in {settings.data_dir / NAME}; there are {count} now. Restart the service."
    )
