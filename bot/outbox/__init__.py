"""Sending what waits in the outbox, and rewriting messages that show something else by now."""
