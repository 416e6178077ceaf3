"""The methods of `chat` that post and change messages."""

from typing import Any

from local_slack.refusals import Refused
from local_slack.web_api.arguments import find_channel, find_own_message, read_content
from local_slack.workspace import BOT_USER, TEAM_DOMAIN, Message, Workspace

Json = dict[str, Any]


def post_message(workspace: Workspace, arguments: Json) -> Json:
    channel = find_channel(workspace, arguments)
    text, blocks = read_content(arguments)
    metadata, thread = arguments.get("metadata"), arguments.get("thread_ts")
    message = Message(channel.id, "", BOT_USER, text, blocks, metadata=metadata, thread_ts=thread)
    stored = workspace.post(message)
    return {"channel": channel.id, "ts": stored.ts, "message": stored.as_json()}


def post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    channel = find_channel(workspace, arguments)
    text, blocks = read_content(arguments)
    if arguments.get("user") not in workspace.people:
        raise Refused("user_not_in_channel")
    alone, thread = arguments["user"], arguments.get("thread_ts")
    stored = workspace.post(
        Message(channel.id, "", BOT_USER, text, blocks, ephemeral_for=alone, thread_ts=thread)
    )
    return {"message_ts": stored.ts}


def permalink(workspace: Workspace, arguments: Json) -> Json:
    channel = find_channel(workspace, arguments)
    message = workspace.find(channel.id, str(arguments.get("message_ts", "")))
    if message is None or message.ephemeral_for:
        raise Refused("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    name = message.ts.replace(".", "")
    link = f"https://{TEAM_DOMAIN}.example.com/archives/{channel.id}/p{name}{thread}"
    return {"channel": channel.id, "permalink": link}


def update(workspace: Workspace, arguments: Json) -> Json:
    """Rewrite a message. Text alone also removes its blocks; without text and blocks both stay as they are."""
    message = find_own_message(
        workspace, arguments, missing="message_not_found", foreign="cant_update_message"
    )
    if arguments.get("text") is None and arguments.get("blocks") is None:
        if not arguments.get("metadata"):
            raise Refused("no_text")
        text, blocks = message.text, message.blocks
    else:
        text, blocks = read_content(arguments)
    changed = workspace.rewrite(message, text, blocks, metadata=arguments.get("metadata"))
    return {"channel": changed.channel, "ts": changed.ts, "text": changed.text, "message": changed.as_json()}


def delete(workspace: Workspace, arguments: Json) -> Json:
    message = find_own_message(
        workspace, arguments, missing="message_not_found", foreign="cant_delete_message"
    )
    workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}
