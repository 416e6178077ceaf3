"""TODO storage/outbox."""
