"""Sends the messages of the outbox, and rewrites live messages."""
