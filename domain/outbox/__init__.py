"""TODO domain/outbox."""
