"""The methods of `files`: an upload address for the bytes, then the message that shows them."""

from typing import Any

from local_slack.files import LARGEST
from local_slack.refusals import Refused
from local_slack.workspace import BOT_USER, Message, Workspace

Json = dict[str, Any]


def upload_address(workspace: Workspace, arguments: Json) -> Json:
    name, length = str(arguments.get("filename") or ""), str(arguments.get("length") or "")
    if not name or not (length.isascii() and length.isdigit()) or int(length) == 0:
        raise Refused("invalid_arguments")
    if int(length) > LARGEST:
        raise Refused("file_upload_size_restricted")
    file_id, address = workspace.files.open_upload(name, int(length), user=BOT_USER)
    return {"file_id": file_id, "upload_url": address}


def complete_upload(workspace: Workspace, arguments: Json) -> Json:
    """Post a message with the files. Slack's answer does not name that message."""
    asked = arguments.get("files") or []
    if not asked or not all(isinstance(one, dict) and one.get("id") for one in asked):
        raise Refused("invalid_arguments")
    channel = workspace.channels.get(
        str(arguments.get("channel_id", ""))
    )  # unlike chat.postMessage, this method refuses a person's id
    if channel is None:
        raise Refused("channel_not_found")
    files = tuple(workspace.files.share(str(one["id"]), one.get("title")) for one in asked)
    text = str(arguments.get("initial_comment") or "")
    workspace.post(Message(channel.id, "", BOT_USER, text, files=files))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}
