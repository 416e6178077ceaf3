"""The table of the Web API's methods: those that our bot calls."""

from collections.abc import Callable
from typing import Any

from local_slack.web_api import conversations, messages, modals, people, uploads
from local_slack.workspace import Workspace

Json = dict[str, Any]
Method = Callable[[Workspace, Json], Json]

METHODS: dict[str, Method] = {
    "api.test": lambda _workspace, _arguments: {},
    "auth.test": people.auth_test,
    "chat.delete": messages.delete,
    "chat.getPermalink": messages.permalink,
    "chat.postEphemeral": messages.post_ephemeral,
    "chat.postMessage": messages.post_message,
    "chat.update": messages.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.conversation_info,
    "conversations.open": conversations.open_conversation,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": uploads.complete_upload,
    "files.getUploadURLExternal": uploads.upload_address,
    "dnd.info": people.dnd_info,
    "users.info": people.user_info,
    "users.list": people.list_users,
    "users.lookupByEmail": people.lookup_by_email,
    "views.open": modals.open_view,
    "views.publish": modals.publish_view,
    "views.push": modals.push_view,
    "views.update": modals.update_view,
}
