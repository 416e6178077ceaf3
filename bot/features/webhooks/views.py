"""Messages about webhook endpoints, for admins. Secrets are in blocks only, as a lock screen may show the fallback."""

from zoneinfo import ZoneInfo

from bot.views.blocks import (
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
from domain.time.durations import format_time_and_day
from domain.webhooks.endpoints import (
    DeliveryOutcome,
    Endpoint,
    EndpointClosure,
    EndpointLine,
    EndpointList,
    EndpointSecret,
)

_DAY_AND_TIME = "{date_short_pretty} {time}"
_ONCE = (
    "Copy the secret now: only you see it, and no command shows it again. Anybody who has it can start and stop "
    "everybody's timers here: keep it like a password."
)

ROTATE = ActionId("rotate")
DISCONNECT = ActionId("disconnect")


def render_new_endpoint(created: EndpointSecret, secret: str, address: str) -> Message:
    name = _format_name(created.endpoint)
    return message(
        f"{name} is connected. Its address and its secret are in this message. No command shows the secret again.",
        [
            section(f"*{name} is connected*"),
            *_render_setup(secret, address),
            context(_ONCE),
        ],
    )


def render_new_secret(created: EndpointSecret, secret: str, address: str) -> Message:
    assert created.old_until is not None
    name, zone = _format_name(created.endpoint), created.person.zone
    until = format_instant(created.old_until, zone, _DAY_AND_TIME)
    plain_until = format_time_and_day(created.old_until, zone, seen_at=created.at)
    return message(
        f"{name} has a new secret, in this message. The old one is accepted until {plain_until}.",
        [
            section(
                f"*{name} has a new secret.* The old one is accepted until {until}: nothing is lost meanwhile."
            ),
            *_render_setup(secret, address),
            context(_ONCE),
        ],
    )


def _render_setup(secret: str, address: str) -> list[Block]:
    return [
        section(f"1. Paste this where the sender asks for a URL:\n```{escape(address)}```"),
        section(f"2. And this where it asks for a signing secret (Standard Webhooks):\n```{secret}```"),
        context(
            "It takes `timer.start`, `timer.stop`, `time_entry.create`, `time_entry.suggest` and `message.post`. "
            "docs/api.md, “Endpoints of your own”, has a script that sends one, and `/track connect list` shows what "
            "came."
        ),
    ]


def render_endpoints(endpoints: EndpointList, message_ref: MessageRef | None = None) -> Message:
    if not endpoints.lines:
        text = "Nothing is connected. `/track connect` makes an address that takes signed webhooks."
        return message(text, [section(text)])
    blocks: list[Block] = []
    for row, line in enumerate(endpoints.lines):
        blocks += [
            section(_format_line(line, endpoints)),
            *actions(_make_buttons(line.endpoint), message_ref, row),
        ]
    count = "1 endpoint" if len(endpoints.lines) == 1 else f"{len(endpoints.lines)} endpoints"
    names = ", ".join(_format_name(line.endpoint) for line in endpoints.lines)
    hint = (
        "Deliveries that are not signed with the endpoint's secret have no effect. They are counted to show you a "
        "sender with a wrong secret; anybody who knows the address can send them."
    )
    return message(f"{count}: {names}", [*blocks, context(hint)])


def render_disconnected(closed: EndpointClosure) -> Message:
    name = _format_name(closed.endpoint)
    if closed.already:
        text = f"{name} was disconnected already. Nothing was changed."
    else:
        text = f"{name} is disconnected: deliveries to it are refused from now on. What it recorded stays."
    return message(text, [section(text), context("`/track connect list` shows the others.")])


def _format_line(line: EndpointLine, endpoints: EndpointList) -> str:
    zone, endpoint = endpoints.person.zone, line.endpoint
    made_at = format_instant(line.made_at, zone, _DAY_AND_TIME)
    created_by = f"{endpoint.provider.value}, by {escape(line.made_by, 80)}, {made_at}"
    counts = f"Last 24 hours: {line.accepted} accepted, {line.refused} refused{_format_unsigned(line, zone)}"
    if line.last is None:
        last = "No signed delivery has come yet."
    else:
        at = format_instant(line.last.at, zone, _DAY_AND_TIME)
        result = (
            f"accepted ({escape(line.last.event_type, 40)})"
            if line.last.outcome is DeliveryOutcome.ACCEPTED
            else f"refused: {escape(line.last.problem, 300)}"
        )
        last = f"Last delivery {at}: {result}"
    return f"*{_format_name(endpoint)}*  {created_by}\n{last}\n{counts}"


def _format_unsigned(line: EndpointLine, zone: ZoneInfo) -> str:
    if not line.unsigned or line.unsigned_at is None:
        return ""
    last = format_instant(line.unsigned_at, zone, _DAY_AND_TIME)
    return f", {line.unsigned:,} not signed with its secret (the last one {last})"


def _make_buttons(endpoint: Endpoint) -> list[Block]:
    value = str(endpoint.id)
    question = confirm(
        f"Disconnect {clean_text(endpoint.name, 40)}?",
        "Deliveries to it are refused from then on. This can't be taken back; what it recorded stays.",
        "Disconnect",
    )
    return [
        button("Rotate secret", ROTATE, value),
        button("Disconnect", DISCONNECT, value, style="danger", confirm=question),
    ]


def _format_name(endpoint: Endpoint) -> str:
    return escape(endpoint.name, 80)
