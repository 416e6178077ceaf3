"""Slack's methods that the outbox calls: each has a rate limit of its own in each workspace."""

POST_MESSAGE, UPDATE, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
RESPONSE_URL = "response_url"  # our name for calls to response URLs, which have no method
SEND_FILE = "files.getUploadURLExternal", "files.completeUploadExternal"
LOOK_UP = "conversations.open", "conversations.history"
