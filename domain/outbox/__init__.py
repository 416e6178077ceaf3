"""Kinds of messages to Slack, and of live messages, which are rewritten when what they show changes."""
