"""TODO bot/outbox."""
