"""Slack's methods that the outbox calls. Each has its own rate limit in each workspace."""

POST_MESSAGE, UPDATE, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
RESPONSE_URL = "response_url"  # our name for calls to response URLs, which are no Slack method
SEND_FILE = "files.getUploadURLExternal", "files.completeUploadExternal"
LOOK_UP = "conversations.open", "conversations.history"
