"""What lets a person in from outside of Slack: API tokens, and codes for accounts. Shown once, to them alone.

The fallback text of such a message, which may come up on a lock screen, is without the secret.
"""

from bot.grammar import COMMAND
from bot.views.blocks import Message, context, escaped, message, section
from domain.bearers import Scope
from domain.links import spelled
from domain.tokens import DEFAULT_NAME, Token


def token(secret: str, made: Token, *, replaced: bool) -> Message:
    name = escaped(made.name, 40)
    note = f"The token *{name}* you had before has stopped working. " if replaced else ""
    may = "It may read and write" if Scope.WRITE in made.scopes else "It may only read"
    off = f"{COMMAND} token off" if made.name == DEFAULT_NAME else f"{COMMAND} token off {name}"
    return message(
        "Your new API token is in this message. It is shown only once.",
        [
            section(f"*Your API token “{name}”*\n```{secret}```"),
            context(f"{note}Shown only once, only to you. Use it as `Authorization: Bearer …`."),
            context(f"{may} what you may. `{off}` takes it back."),
        ],
    )


def token_off(ended: Token) -> Message:
    text = f"The token *{escaped(ended.name, 40)}* (…{escaped(ended.last4, 4)}) has stopped working."
    again = f"`{COMMAND} token {escaped(ended.name, 40)}` makes a new one of that name."
    return message(text.replace("*", ""), [section(text), context(again)])


def link_code(code: str) -> Message:
    shown = spelled(code)
    return message(
        "Your code for joining an account is in this message. It is shown only once.",
        [
            section(f"*Your code for joining an account*\n```{shown}```"),
            section(
                "Log in to the account and send the code within 10 minutes: `POST /api/link` with "
                f'`{{"code": "{shown}"}}`. What the account has tracked comes along, and whoever is logged in there '
                "is you from then on."
            ),
            context("It works once. Give it to nobody else."),
        ],
    )
