"""Messages about API tokens and codes for linked accounts. Slack shows them only to the person who asked.

The fallback text leaves the secret out, because a lock screen may show it.
"""

from bot.views.blocks import (
    COMMAND,
    ActionId,
    Block,
    Message,
    actions,
    button,
    clean_text,
    confirm,
    context,
    escape,
    format_instant,
    message,
    section,
)
from bot.views.message_refs import MessageRef
from domain.identity.callers import Scope
from domain.identity.credentials import PersonAccess
from domain.identity.links import format_link_code
from domain.identity.tokens import DEFAULT_NAME, Token

END_TOKEN = ActionId("end_api_token")
END_LINK = ActionId("end_link")


def render_new_token(secret: str, token: Token, *, replaced: bool) -> Message:
    name = escape(token.name, 40)
    note = f"The token *{name}* you had before has stopped working. " if replaced else ""
    may = "It may read and write" if Scope.WRITE in token.scopes else "It may only read"
    off = f"{COMMAND} token off" if token.name == DEFAULT_NAME else f"{COMMAND} token off {name}"
    return message(
        "Your new API token is in this message. Copy it now: no command shows it again.",
        [
            section(f"*Your API token “{name}”*\n```{secret}```"),
            context(
                f"{note}Copy it now: only you see it, and nothing shows it again. Use it as `Authorization: Bearer …`."
            ),
            context(f"{may} what you may. `{off}` takes it back."),
        ],
    )


def render_ended_token(token: Token) -> Message:
    text = f"The token *{escape(token.name, 40)}* (…{escape(token.last4, 4)}) has stopped working."
    again = f"`{COMMAND} token {escape(token.name, 40)}` makes a new one of that name."
    return message(text.replace("*", ""), [section(text), context(again)])


def render_link_code(code: str) -> Message:
    code_text = format_link_code(code)
    return message(
        "Your code for joining an account is in this message. No command shows it again.",
        [
            section(f"*Your code for joining an account*\n```{code_text}```"),
            section(
                "Log in to the account and send the code within 10 minutes: `POST /api/link` with "
                f'`{{"code": "{code_text}"}}`. Its entries move to you here, and whoever is logged in to the '
                "account acts as you from then on."
            ),
            context("It works once. Give it to nobody else."),
        ],
    )


def render_ended_link(count: int) -> Message:
    account = "The account of the REST API is" if count == 1 else f"{count} accounts of the REST API are"
    text = (
        f"{account} no longer linked to you, and whoever was logged in there is logged out. What was tracked stays "
        "here with you."
    )
    note = (
        "With its password the account can be used again, in a workspace of its own, and linked anew. Your API tokens "
        f"go on working; `{COMMAND} token off` ends one."
    )
    return message(text, [section(text), context(note)])


def render_access(access: PersonAccess, message_ref: MessageRef | None = None) -> Message:
    """Render another person's tokens and linked account, with a button to end each. For admins."""
    name, blocks = escape(access.person.name, 80), []
    zone, value = access.seen_by.zone, str(access.person.id)
    for row, token in enumerate(access.tokens):
        used = (
            f"used last {format_instant(token.last_used_at, zone, _DAY_AND_TIME)}"
            if token.last_used_at
            else "not used yet"
        )
        may = "reads and writes" if Scope.WRITE in token.scopes else "only reads"
        line = f"*{escape(token.name, 40)}*  …{escape(token.last4, 4)} · {may} · {used}"
        revoke = _make_end_button(
            "Revoke", f"Revoke {clean_text(token.name, 40)}?", END_TOKEN, f"{value} {token.id}"
        )
        blocks += [section(line), *actions([revoke], message_ref, row)]
    if access.linked_at:
        line = f"*Account of the REST API*  linked {format_instant(access.linked_at, zone, _DAY_AND_TIME)}"
        unlink = _make_end_button("End link", "End this link?", END_LINK, value)
        blocks += [section(line), *actions([unlink], message_ref, len(access.tokens))]
    if not blocks:
        text = f"{name} has no API token, and no account is linked to them."
        return message(text, [section(text)])
    tokens = "1 API token" if len(access.tokens) == 1 else f"{len(access.tokens)} API tokens"
    text = f"{name} has {tokens}{' and a linked account' if access.linked_at else ''}."
    return message(text, [section(text), *blocks, context("They get a message when you end one.")])


_DAY_AND_TIME = "{date_short_pretty} {time}"


def _make_end_button(words: str, question: str, action: ActionId, value: str) -> Block:
    dialog = confirm(question, "It stops working at once, and this can't be taken back.", words)
    return button(words, action, value, style="danger", confirm=dialog)
