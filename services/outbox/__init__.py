"""Delivering what waits in the outbox, and keeping messages in Slack true."""
