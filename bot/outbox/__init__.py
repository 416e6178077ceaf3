"""Renders messages of the outbox and live messages, and sends them to Slack."""
