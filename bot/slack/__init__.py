"""Slack's Web API as the bot uses it: client, addresses, errors, people, files. Imports nothing about time tracking."""
