"""Renders outgoing and live messages, and sends them to Slack."""
