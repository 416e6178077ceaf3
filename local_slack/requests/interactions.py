"""Payloads of interactions: presses, submissions, shortcuts, and menus that the app fills."""

from typing import Any

from local_slack.forms import element_state, find_option
from local_slack.requests.places import Place
from local_slack.requests.tokens import VERIFICATION_TOKEN
from local_slack.views import View
from local_slack.workspace import APP_ID, TEAM_DOMAIN, TEAM_ID, Channel, Message, Workspace

Json = dict[str, Any]


def interaction_payload(workspace: Workspace, kind: str, user: str, **more: object) -> Json:
    """Return a payload with the keys that all interactions have."""
    person = workspace.people[user]
    return {
        "type": kind,
        "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": person.team},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def block_action(
    workspace: Workspace,
    user: str,
    place: Place,
    action: Json,
    *,
    trigger_id: str,
    response_url: str | None,
) -> Json:
    return interaction_payload(
        workspace,
        "block_actions",
        user,
        trigger_id=trigger_id,
        actions=[action],
        **location_keys(workspace, place),
        **({"response_url": response_url} if response_url else {}),
    )


def location_keys(workspace: Workspace, place: Place) -> Json:
    if place.view:
        return {
            "container": {"type": "view", "view_id": place.view.id},
            "view": place.view.as_json(),
        }
    message = place.message
    assert message is not None
    ephemeral, channel = message.ephemeral_for is not None, workspace.channels[message.channel]
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    return {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": ephemeral,
            **thread,
        },
        "channel": channel_keys(channel),
        **({} if ephemeral else {"message": message.as_json()}),
        "state": {"values": place.state},
    }


def action_object(block: Json, element: Json, choice: object, *, action_ts: str) -> Json:
    """Return an entry of `actions`: the pressed element, or the chosen option. Raises LookupError for an unknown
    option."""
    made = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        return {"text": element["text"], **_copy_key(element, "value"), **made}
    if element["type"] == "overflow":
        return {"selected_option": find_option(element, choice), **made}
    return {**element_state(element, choice), **made}


def _copy_key(element: Json, name: str) -> Json:
    return {name: element[name]} if name in element else {}


def view_submission(workspace: Workspace, view: View, *, trigger_id: str) -> Json:
    return interaction_payload(
        workspace,
        "view_submission",
        view.user,
        trigger_id=trigger_id,
        view=view.as_json(),
        response_urls=[],
    )


def view_closed(workspace: Workspace, view: View, *, cleared: bool) -> Json:
    return interaction_payload(workspace, "view_closed", view.user, view=view.as_json(), is_cleared=cleared)


def shortcut(workspace: Workspace, user: str, callback_id: str, *, action_ts: str, trigger_id: str) -> Json:
    """Return the payload of a global shortcut, which has no channel and no response_url."""
    return interaction_payload(
        workspace, "shortcut", user, callback_id=callback_id, action_ts=action_ts, trigger_id=trigger_id
    )


def message_action(
    workspace: Workspace,
    user: str,
    message: Message,
    callback_id: str,
    *,
    action_ts: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    return interaction_payload(
        workspace,
        "message_action",
        user,
        callback_id=callback_id,
        action_ts=action_ts,
        trigger_id=trigger_id,
        response_url=response_url,
        message_ts=message.ts,
        message=message.as_json(),
        channel=channel_keys(workspace.channels[message.channel]),
    )


def block_suggestion(
    workspace: Workspace, user: str, place: Place, block: Json, element: Json, typed: str
) -> Json:
    return interaction_payload(
        workspace,
        "block_suggestion",
        user,
        action_id=element["action_id"],
        block_id=block["block_id"],
        value=typed,
        **location_keys(workspace, place),
    )


def channel_keys(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.person else channel.name}
