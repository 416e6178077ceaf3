"""Slack's Web API as we use it: client, addresses, errors, people, files. Knows nothing of time tracking."""
